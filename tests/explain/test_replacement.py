import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.explain.replacement import replacement

POSITIONS = np.arange(24, dtype=np.float32).reshape(2, 2, 2, 3)  # N=2, T=2, V=2
TRAINING = np.stack([np.zeros((2, 2, 3)), np.ones((2, 2, 3))]) * np.array([1, 4])[:, None, None]


def made(kind, walkers=("ana", "ben")):
    return replacement(
        kind,
        POSITIONS,
        walkers=np.array(walkers),
        training_positions=TRAINING,
        training_stride_time_s=np.array([1.0, 1.2]),
    )


def test_the_mean_path_keeps_the_phase():
    found = made("mean_path")
    assert found.positions.shape == POSITIONS.shape
    assert (found.positions[:, 0] == 0.5).all()
    assert (found.positions[:, 1] == 2.0).all()
    assert found.stride_time_s == pytest.approx([1.1, 1.1])


def test_the_own_mean_pose_stands_still_and_is_the_walkers():
    found = made("own_mean_pose")
    assert found.positions[0, 0].tolist() == [[3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]
    assert (found.positions[:, 0] == found.positions[:, 1]).all()
    assert (found.positions[1] == found.positions[0] + 12).all()
    one_walker = made("own_mean_pose", walkers=("ana", "ana"))
    assert one_walker.positions[0, 0].tolist() == one_walker.positions[1, 1].tolist() == [[9, 10, 11], [12, 13, 14]]
    assert found.stride_time_s == pytest.approx([1.1, 1.1])


def test_an_unknown_kind_is_refused():
    with pytest.raises(InputError, match=r"mean_path, own_mean_pose \(got 'zeros'\)"):
        made("zeros")
