import numpy as np
import numpy.typing as npt
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.film_strip import (
    draw_film_strips,
    film_strip_figure,
    relevance_strip_figure,
    strip_sheet_figure,
)
from stgcn_affect.visual.relevance_scale import RelevanceScale, relevance_scale
from stgcn_affect.visual.style import new_figure


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
    values = np.arange(8 * 16).reshape(8, 16)
    colours = relevance_scale([values]).colours(values)
    draw_film_strips(axes, cycles={"a": cycle}, layout=layout, poses=2, joint_colours={"a": colours})
    np.testing.assert_allclose(axes.collections[1].get_facecolors(), colours[4])


def test_joint_sizes_follow_the_poses(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    axes = new_figure(width_in=2, height_in=2).add_subplot()
    colours = relevance_scale([np.zeros(1)]).colours(np.zeros((8, 16)))
    sizes = np.arange(8 * 16.0).reshape(8, 16)
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


def test_panels_have_titles_names_and_one_scale(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    panels = [("known", {"ana": cycle, "ben": 1.1 * cycle}), ("unseen", {"eva": cycle}), ("more", {"tom": cycle})]
    figure = strip_sheet_figure(panels, layout=layout, poses=4, title="subjects")
    shown = [axes for axes in figure.axes if axes.texts]
    assert [axes.get_title() for axes in shown] == ["known", "unseen", "more"]
    assert [axes.texts[0].get_text() for axes in shown] == ["ana", "eva", "tom"]
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in shown}) == 1
    assert not figure.axes[3].axison


def test_colours_go_by_name(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = strip_sheet_figure([("", {"ana": cycle})], layout=layout, poses=1, colours={"ana": "#123456"})
    assert "#123456" in {line.get_color() for line in figure.axes[0].lines}


def test_a_sheet_needs_a_panel(layout: Layout) -> None:
    with pytest.raises(InputError, match="got none"):
        strip_sheet_figure([], layout=layout)


MAP = np.linspace(-1.0, 1.0, 8 * 16).reshape(8, 16)


def test_dots_have_the_relevance_of_their_moment(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = relevance_strip_figure({"sad": cycle}, {"sad": MAP}, layout=layout, poses=4, title="walk")
    scale = RelevanceScale(limit=1.0, signed=True)
    dots = figure.axes[0].collections
    assert len(dots) == 4
    for moment, pose in zip((0, 2, 4, 6), dots, strict=True):
        np.testing.assert_allclose(pose.get_facecolors(), scale.colours(MAP[moment]))
        sizes = pose.get_sizes()
        assert np.argmax(sizes) == np.argmax(np.abs(MAP[moment]))
    assert figure.get_suptitle() == "walk"


def test_strips_share_one_scale(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = relevance_strip_figure(
        {"a": cycle, "b": cycle}, {"a": MAP, "b": 0.5 * MAP}, layout=layout, poses=1, meaning="points"
    )
    first, second = figure.axes[0].collections
    np.testing.assert_allclose(second.get_facecolors(), RelevanceScale(limit=1.0, signed=True).colours(0.5 * MAP[0]))
    assert (second.get_sizes() < first.get_sizes()).all()
    assert figure.axes[1].get_xlabel() == "points"


def test_the_figure_has_the_height_that_its_bodies_need(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    one, two = (
        relevance_strip_figure(dict.fromkeys(names, cycle), dict.fromkeys(names, MAP), layout=layout).get_size_inches()
        for names in ("a", "ab")
    )
    assert one[0] == two[0] == 9.0
    assert one[1] < two[1] < 2 * one[1]


def test_map_and_cycle_must_fit(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    with pytest.raises(InputError, match=r"'sad' needs a map of its cycle's shape \[8, 16\] \(got \[4, 16\]\)"):
        relevance_strip_figure({"sad": cycle}, {"sad": MAP[:4]}, layout=layout)
    with pytest.raises(InputError, match=r"\(got \[0\]\)"):
        relevance_strip_figure({"sad": cycle}, {}, layout=layout)
    with pytest.raises(InputError, match="expected a cycle"):
        relevance_strip_figure({}, {}, layout=layout)
