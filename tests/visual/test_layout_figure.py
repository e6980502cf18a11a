import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.visual.layout_figure import layout_figure, with_roles


def words(figure):
    return {text.get_text() for axes in figure.axes for text in axes.texts}


def test_joints_have_their_roles_behind_their_names():
    figure = layout_figure(load_layout("kinect20"))
    assert {"HipCenter (pelvis)", "KneeLeft (l_knee)", "HandLeft"} <= words(figure)
    assert len(figure.axes) == 2
    assert "root (pelvis)" in with_roles(load_layout("emotion_gait16")).joints
    assert "l_knee" in with_roles(load_layout("emotion_gait16")).joints


def test_a_pose_moves_the_joints_in_both_views():
    layout = load_layout("emotion_gait16")
    pose = np.asarray(layout.rest) + np.array([0, 10, 0])
    for axes in layout_figure(layout, pose=pose, title="moved").axes:
        assert min(float(np.asarray(line.get_ydata()).min()) for line in axes.lines) > 9
    with pytest.raises(InputError, match=r"a pose must have shape \[16, 3\] \(got \[2, 3\]\)"):
        layout_figure(layout, pose=np.zeros((2, 3)))


def test_all_embedded_layouts_can_be_drawn():
    assert "pelvis" in words(layout_figure(load_layout("plug_in_gait18")))
