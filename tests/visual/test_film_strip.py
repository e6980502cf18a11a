import numpy as np
import numpy.typing as npt
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.film_strip import draw_film_strips, film_strip_figure
from stgcn_affect.visual.style import new_figure, value_colours


def test_strip_has_the_poses_names_and_phases(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = film_strip_figure({"happy": cycle, "sad": cycle}, layout=layout, poses=4, title="walks")
    axes = figure.axes[0]
    assert [t.get_text() for t in axes.texts] == ["happy", "sad", "0 %", "25 %", "50 %", "75 %"]
    assert len(axes.patches) == 2 * 4  # heads
    assert axes.get_title() == "walks"


def test_poses_stand_apart_on_one_ground(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    axes = new_figure(width_in=2, height_in=2).add_subplot()
    draw_film_strips(axes, cycles={"a": cycle}, layout=layout, poses=4)
    heads = [patch.center[0] for patch in axes.patches]
    steps = np.diff(heads)
    np.testing.assert_allclose(steps, steps[0], atol=1e-6)
    widest = np.ptp(cycle[..., 2], axis=1).max()
    assert steps[0] > widest
    lowest = min(float(np.min(line.get_ydata())) for line in axes.lines)
    assert lowest == pytest.approx(0.0, abs=1e-9)


def test_joint_colours_follow_the_poses(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    axes = new_figure(width_in=2, height_in=2).add_subplot()
    colours = value_colours(np.arange(8 * 16).reshape(8, 16))
    draw_film_strips(axes, cycles={"a": cycle}, layout=layout, poses=2, joint_colours={"a": colours})
    np.testing.assert_allclose(axes.collections[1].get_facecolors(), colours[4])


def test_joint_sizes_follow_the_poses(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    axes = new_figure(width_in=2, height_in=2).add_subplot()
    colours, sizes = value_colours(np.zeros((8, 16))), np.arange(8 * 16.0).reshape(8, 16)
    looks = {"joint_colours": {"a": colours}, "joint_sizes_pt": {"a": sizes}}
    draw_film_strips(axes, cycles={"a": cycle}, layout=layout, poses=2, **looks)
    np.testing.assert_allclose(axes.collections[1].get_sizes(), sizes[4] ** 2)


def test_more_room_moves_the_poses_apart_by_parts_of_the_height(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    steps = []
    for room in (0.1, 0.3):
        axes = new_figure(width_in=2, height_in=2).add_subplot()
        draw_film_strips(axes, cycles={"a": cycle}, layout=layout, poses=2, room=room)
        steps.append(axes.patches[1].center[0] - axes.patches[0].center[0])
    assert steps[1] - steps[0] == pytest.approx(0.2 * np.ptp(cycle[..., 1]))


def test_nothing_to_draw_is_an_error(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    with pytest.raises(InputError, match=r"got 0 and 8"):
        film_strip_figure({}, layout=layout)
    with pytest.raises(InputError, match=r"got 1 and 0"):
        film_strip_figure({"a": cycle}, layout=layout, poses=0)
