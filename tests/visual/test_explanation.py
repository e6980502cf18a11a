from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout, layout_names, load_layout
from stgcn_affect.visual.explanation import draw_ranking, explanation_figure, ranking_figure
from stgcn_affect.visual.style import PAPER, new_figure, save_figure

ROWS = [
    {"joint": "r_hand", "mean": 0.2, "ci95": [0.1, 0.35]},
    {"joint": "l_hand", "mean": 0.5, "ci95": [0.4, 0.6]},
    {"joint": "head", "mean": -0.1, "ci95": None},
]
STRIDE_TIME = {"mean": 0.3, "ci95": [0.25, 0.4]}


def test_the_best_is_on_top_and_the_stride_time_is_set_apart(layout: Layout) -> None:
    axes = new_figure(width_in=4, height_in=3).add_subplot()
    draw_ranking(axes, rows=ROWS, layout=layout, stride_time=STRIDE_TIME)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["l_hand", "r_hand", "head", "stride time"]
    heights = axes.get_yticks()
    assert np.diff(heights).tolist() == [1.0, 1.0, pytest.approx(1.6)]
    low, high = axes.get_ylim()
    assert low > heights[-1] > heights[0] > high, "the first row is at the top"


def test_dots_and_whiskers_are_where_they_were_measured(layout: Layout) -> None:
    axes = new_figure(width_in=4, height_in=3).add_subplot()
    draw_ranking(axes, rows=ROWS, layout=layout)
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() not in ("None", "")]
    assert dots == [(0.5, 0.0), (0.2, 1.0), (-0.1, 2.0)]
    whiskers = [list(line.get_xdata()) for line in axes.lines if line.get_linewidth() == 1.4]
    assert whiskers == [[0.4, 0.6], [0.1, 0.35]]
    left, right = axes.get_xlim()
    assert left < -0.1
    assert right > 0.6


def test_sides_can_be_told_apart_without_their_names(layout: Layout) -> None:
    axes = new_figure(width_in=4, height_in=3).add_subplot()
    draw_ranking(axes, rows=ROWS, layout=layout, colour="#0072B2")
    markers = [line for line in axes.lines if line.get_marker() not in ("None", "")]
    looks = [(line.get_marker(), line.get_markerfacecolor()) for line in markers]
    assert looks == [("o", "#0072B2"), ("o", PAPER), ("D", "#0072B2")]


def test_only_the_top_is_shown_if_wished(layout: Layout) -> None:
    figure = ranking_figure({"sad": ROWS}, layout=layout, top=1)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["l_hand"]


def test_panels_share_the_axis_of_numbers(layout: Layout) -> None:
    wide = [{"joint": "root", "mean": 2.0, "ci95": [1.0, 3.0]}]
    figure = ranking_figure(
        {"sad": ROWS, "angry": wide, "happy": ROWS},
        layout=layout,
        stride_time={"sad": STRIDE_TIME},
        meaning="points",
        title="all",
    )
    panels = figure.axes
    assert [panel.get_title() for panel in panels[:3]] == ["sad", "angry", "happy"]
    assert panels[0].get_xlim() == panels[1].get_xlim()
    assert panels[0].get_xlim()[1] > 3.0
    assert not panels[3].axison
    assert {panel.get_xlabel() for panel in panels[:3]} == {"points"}
    assert [t.get_text() for t in figure.legends[0].get_texts()] == ["left joints", "midline joints", "right joints"]
    assert figure.get_size_inches()[0] == 9.0


def test_what_does_not_fit_is_an_error(layout: Layout) -> None:
    with pytest.raises(InputError, match=r"at least one ranking \(got none\)"):
        ranking_figure({}, layout=layout)
    with pytest.raises(InputError, match=r"one joint at least \(got none\)"):
        ranking_figure({"sad": []}, layout=layout)
    with pytest.raises(InputError, match=r"\(got 'tail'\)"):
        ranking_figure({"sad": [{"joint": "tail", "mean": 0.0, "ci95": None}]}, layout=layout)


def rows(values: npt.NDArray[np.float64], layout: Layout) -> list[dict]:
    means = values.mean(axis=0)
    return [
        {"joint": joint, "mean": mean, "ci95": [mean - 1, mean + 1]}
        for joint, mean in zip(layout.joints, means, strict=True)
    ]


@pytest.mark.tool
@pytest.mark.parametrize("name", layout_names())
def test_all_parts_are_there_and_fit_900_pixels(name: str, tmp_path: Path) -> None:
    layout = load_layout(name)
    walk = np.repeat(np.asarray(layout.rest, dtype=float)[None], 8, axis=0)
    values = np.linspace(-1.0, 2.0, 8 * layout.num_joints).reshape(8, -1)
    figure = explanation_figure(
        walk,
        values,
        layout=layout,
        name="sad",
        ranking=rows(values, layout),
        stride_time=STRIDE_TIME,
        events={"LHS": 0, "RHS": 50},
        top=6,
    )
    joint_phase, bodies, strip, ranking = (axes for axes in figure.axes if axes.get_label() != "<colorbar>")
    assert joint_phase.images[0].norm.vmax == pytest.approx(2.0)
    assert {"LHS", "RHS", "left arm"} <= {text.get_text() for text in joint_phase.texts}
    assert len(bodies.collections) == 2
    assert [text.get_text() for text in strip.texts if "%" not in text.get_text()] == ["sad"]
    assert len(ranking.get_yticks()) == 7
    assert figure.get_suptitle() == "sad"
    assert Image.open(save_figure(figure, path=tmp_path / "sad.png", dpi=100)).width == 900


def test_parts_stand_in_their_rows(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    values = np.linspace(0.0, 1.0, 8 * 16).reshape(8, 16)
    figure = explanation_figure(cycle, values, layout=layout, name="sad", ranking=rows(values, layout), title="why")
    figure.draw_without_rendering()
    parts = [axes.get_window_extent() for axes in figure.axes if axes.get_label() != "<colorbar>"]
    joint_phase, bodies, strip, ranking = parts
    assert joint_phase.x1 < bodies.x0
    assert min(joint_phase.y0, bodies.y0) > strip.y1
    assert strip.y0 > ranking.y1
    assert figure.get_suptitle() == "why"


def test_the_body_shows_the_walking_pose_and_the_mean_over_the_cycle(
    layout: Layout, cycle: npt.NDArray[np.float64]
) -> None:
    values = np.zeros((8, 16))
    values[:, 4], values[0, 5] = 1.0, 4.0  # means 1 and 1/2
    figure = explanation_figure(cycle, values, layout=layout, name="sad", ranking=rows(values, layout))
    dots = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"][1].collections[0]
    sizes = dots.get_sizes()
    assert np.argsort(-sizes)[:2].tolist() == [4, 5]
    low, half, high = sizes[0], sizes[5], sizes[4]
    assert half == pytest.approx((low + high) / 2)
    heights = np.asarray(dots.get_offsets())[:, 1]
    np.testing.assert_allclose(heights, cycle[2, :, 1])
