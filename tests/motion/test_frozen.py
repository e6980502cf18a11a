import numpy as np

from stgcn_affect.motion.frozen import frozen as find_frozen
from walking_figure import FIGURE, frozen, walking_figure

CLIP = walking_figure(FIGURE, fps_hz=60)


def found(clip):
    return find_frozen(clip.positions, 1.7, clip.layout, clip.fps_hz)


def test_a_walk_is_not_frozen():
    mask, words, lines = found(CLIP)
    assert (mask.any(), words, lines) == (False, [], [])


def test_a_wrist_is_frozen_from_a_tenth_of_a_second_on():
    wrist = FIGURE.index("l_wrist")
    mask, words, _ = found(frozen(CLIP, ["l_wrist"], 1.0, 1.5))
    assert np.argwhere(mask)[[0, -1]].tolist() == [[61, wrist], [89, wrist]]
    assert words == [(wrist, "frozen for 0.48 s at 1.00 s, while the body moves")]
    assert not found(frozen(CLIP, ["l_wrist"], 1.0, 1.1))[0].any()


def test_a_foot_may_stand():
    assert not found(frozen(CLIP, ["l_ankle", "l_toe"], 1.0, 2.4))[0].any()
    assert found(frozen(CLIP, ["l_ankle"], 1.0, 2.7))[0].any()


def test_repeated_frames_are_told():
    mask, words, lines = found(frozen(CLIP, FIGURE.joints, 1.0, 1.5))
    assert np.flatnonzero(mask.all(axis=1))[[0, -1]].tolist() == [61, 89]
    assert words == []
    assert lines == ["the whole body stays at one spot for 0.48 s at 1.00 s, as where frames are repeated"]
