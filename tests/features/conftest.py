"""Cycles for tests of features: someone who stands, and two who walk."""

import numpy as np
import pytest

from stgcn_affect.motion.cycles import cut_cycles


@pytest.fixture
def standing():
    """Makes cycles ``[1, samples, V, 3]`` of a layout's rest pose, in double precision."""
    return _stand


def _stand(layout, samples=8):
    return np.repeat(np.asarray(layout.rest, float)[None, None], samples, axis=1)


@pytest.fixture
def walking(walk):
    """Cycles ``[2, 64, 16, 3]`` of two stiff subjects on the layout emotion_gait16, the second with wider steps."""
    cycles = [cut_cycles(walk(swing=swing))[0][0].positions for swing in (0.4, 0.5)]
    return np.stack(cycles).astype(float)
