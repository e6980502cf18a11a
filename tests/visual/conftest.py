import numpy as np
import numpy.typing as npt
import pytest

from stgcn_affect.skeleton.layout import Layout, load_layout


@pytest.fixture(scope="session")
def layout() -> Layout:
    return load_layout("emotion_gait16")


@pytest.fixture(scope="session")
def cycle(layout: Layout) -> npt.NDArray[np.float64]:
    """[8, 16, 3]: a body whose feet and hands swing, pelvis at the origin."""
    assert layout.rest is not None
    phase = 2 * np.pi * np.arange(8) / 8
    walk = np.repeat(np.asarray(layout.rest, dtype=float)[None], 8, axis=0) - layout.rest[0]
    for joint, size in (("l_foot", 0.3), ("r_foot", -0.3), ("l_hand", -0.15), ("r_hand", 0.15)):
        walk[:, layout.index(joint), 2] += size * np.cos(phase)
    return walk
