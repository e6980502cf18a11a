import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.ranking import draw_ranking, ranking_figure
from stgcn_affect.visual.style import PAPER, new_figure

ROWS = [
    {"joint": "r_hand", "mean": 0.2, "ci95": [0.1, 0.35]},
    {"joint": "l_hand", "mean": 0.5, "ci95": [0.4, 0.6]},
    {"joint": "head", "mean": -0.1, "ci95": None},
]
TEMPO = {"mean": 0.3, "ci95": [0.25, 0.4]}


def test_the_best_is_on_top_and_the_tempo_is_set_apart(layout: Layout) -> None:
    axes = new_figure(width_in=4, height_in=3).add_subplot()
    draw_ranking(axes, rows=ROWS, layout=layout, tempo=TEMPO)
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
        {"sad": ROWS, "angry": wide, "happy": ROWS}, layout=layout, tempo={"sad": TEMPO}, meaning="points", title="all"
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
