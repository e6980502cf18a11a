import numpy as np
import pytest

from stgcn_affect.motion.mean_pose import mean_pose


def test_it_stands_upright_faces_forward_and_is_one_high(layout, walk_clip):
    pose = mean_pose(walk_clip(yaw=2.0).positions * 100, layout)
    assert pose[layout.root] == pytest.approx(np.zeros(3), abs=1e-6)
    head, left, right = (layout.role_position(pose, role) for role in ("head", "l_hip", "r_hip"))
    ankles = (layout.role_position(pose, "l_ankle") + layout.role_position(pose, "r_ankle")) / 2
    assert head[1] - ankles[1] == pytest.approx(1.0, abs=0.05)
    assert left[0] == pytest.approx(-right[0], abs=1e-4)
    assert left[0] > 0


def test_frames_with_gaps_do_not_count_and_without_whole_ones_there_is_none(layout, walk_clip):
    positions = walk_clip().positions.copy()
    positions[3, 5] = np.nan
    assert mean_pose(positions, layout) == pytest.approx(mean_pose(np.delete(positions, 3, axis=0), layout))
    positions[:, 5] = np.nan
    assert mean_pose(positions, layout) is None
    assert mean_pose(np.zeros((9, 16, 3)), layout) is None
