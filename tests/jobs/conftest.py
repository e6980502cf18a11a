import numpy as np
import pytest

from stgcn_affect.data.store import CycleStore
from stgcn_affect.skeleton.layout import load_layout


@pytest.fixture
def labelled():
    """Makes a store of cycles that have names only: ``[N]`` walkers and emotions."""
    return _labelled


def _labelled(walkers, emotions):
    count = len(walkers)
    layout = load_layout("emotion_gait16")
    return CycleStore(
        positions=np.zeros((count, 4, layout.num_joints, 3), np.float32),
        stride_time_s=np.ones(count, np.float32),
        height_m=np.ones(count, np.float32),
        subject=np.array(walkers),
        emotion=np.array(emotions),
        take=np.full(count, "1"),
        source=np.full(count, ""),
        layout=layout,
        name="made up",
    )
