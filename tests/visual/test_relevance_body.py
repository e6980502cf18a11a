from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout, layout_names, load_layout
from stgcn_affect.visual.relevance_body import relevance_body_figure, walking_bodies_figure, walking_pose
from stgcn_affect.visual.style import save_figure


def names(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()[0].isdigit()]


def test_pose_is_the_nearest_sample_and_time_is_circular() -> None:
    cycle = np.arange(10.0).repeat(6).reshape(10, 2, 3)
    assert walking_pose(cycle)[0, 0] == 2
    assert walking_pose(cycle, phase_pct=37.0)[0, 0] == 4
    assert walking_pose(cycle, phase_pct=99.0)[0, 0] == 0


def test_strongest_joints_are_named_whatever_their_sign(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    relevance = np.zeros(16)
    relevance[[3, 9, 12]] = (0.2, -0.9, 0.4)
    figure = relevance_body_figure(cycle[2], relevance, layout=layout, top=3, title="sad")
    assert names(figure) == ["1. r_hand", "2. l_foot", "3. head"]
    assert figure.get_suptitle() == "sad"


def test_both_views_have_the_dots_of_the_scale(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    relevance = np.linspace(-1, 1, 16)
    dots = relevance_body_figure(cycle[2], relevance, layout=layout).axes[0].collections
    assert len(dots) == 2
    for view in dots:
        colours, sizes = view.get_facecolors(), view.get_sizes()
        assert (to_hex(colours[0]), to_hex(colours[15])) == ("#0072b2", "#d55e00")
        assert sizes.argmin() in (7, 8)
        np.testing.assert_allclose(sizes, sizes[::-1])


def test_views_stand_apart_at_one_height(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    left, right = relevance_body_figure(cycle[2], np.ones(16), layout=layout).axes[0].collections
    left_at, right_at = np.asarray(left.get_offsets()), np.asarray(right.get_offsets())
    np.testing.assert_allclose(left_at[:, 1], right_at[:, 1])
    assert left_at[:, 0].max() < 0 < right_at[:, 0].min()


@pytest.mark.parametrize("name", layout_names())
def test_names_run_into_nothing_in_any_layout(name: str) -> None:
    layout = load_layout(name)
    assert layout.rest is not None
    head_first = np.arange(layout.num_joints)[np.argsort(np.argsort(layout.rest[:, 1]))].astype(float)
    figure = relevance_body_figure(np.asarray(layout.rest), head_first, layout=layout)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    boxes = [text.get_window_extent() for text in axes.texts if text.get_text()[0].isdigit()]
    assert len(boxes) == 5
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])
    for dots in axes.collections:
        at = axes.transData.transform(dots.get_offsets())
        assert not any(box.contains(x, y) for box in boxes for x, y in at)


def test_files_of_both_kinds(tmp_path: Path, layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = relevance_body_figure(cycle[2], np.arange(16.0), layout=layout)
    for ending in ("png", "svg"):
        assert save_figure(figure, path=tmp_path / f"body.{ending}").stat().st_size > 1000


def test_one_number_for_each_joint(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    with pytest.raises(InputError, match=r"for each of 16 joints \(got an array \[64, 16\]\)"):
        relevance_body_figure(cycle[2], np.zeros((64, 16)), layout=layout)


def test_two_views_of_each_pose_in_one_scale(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = walking_bodies_figure({"sad": cycle[0], "happy": 1.2 * cycle[2]}, layout=layout, title="walks")
    assert [axes.get_title() for axes in figure.axes] == ["sad", "happy", "", ""]
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes}) == 1
    above, below = (figure.axes[i].lines[-1].get_xydata() for i in (0, 2))
    assert above.shape == below.shape
    assert not np.allclose(above, below)


def test_no_pose_is_an_error(layout: Layout) -> None:
    with pytest.raises(InputError, match="got none"):
        walking_bodies_figure({}, layout=layout)
