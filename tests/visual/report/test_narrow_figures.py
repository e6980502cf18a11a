import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.relevance_scale import RelevanceScale
from stgcn_affect.visual.report.narrow_figures import WIDTH_IN, map_words, narrow_map, narrow_ranking

SCALE = RelevanceScale(limit=1.0, signed=True)


def test_a_map_is_as_wide_as_a_phone_and_names_its_joints(layout: Layout) -> None:
    figure = narrow_map(np.zeros((8, 16)), layout=layout, scale=SCALE, events={"LHS": 0.0}, meaning="for")
    assert figure.get_size_inches()[0] == WIDTH_IN
    panel, bar = figure.axes
    assert {text.get_text() for text in panel.get_yticklabels()} == set(layout.joints)
    assert bar.get_xlabel() == "for"
    with pytest.raises(InputError, match=r"\[T, 16\] \(got \[8, 3\]\)"):
        narrow_map(np.zeros((8, 3)), layout=layout, scale=SCALE, events={}, meaning="")


def test_rankings_share_their_largest_number(layout: Layout) -> None:
    rows = [{"joint": "head", "mean": 0.25, "ci95": [0.125, 0.5]}, {"joint": "neck", "mean": 0.125, "ci95": None}]
    tempo = {"mean": 0.375, "ci95": [0.25, 0.5]}
    figure = narrow_ranking(rows, layout=layout, tempo=tempo, colour="#000000", meaning="mean", limit=0.8)
    (panel,) = figure.axes
    assert panel.get_xlim()[1] == pytest.approx(1.04 * 0.8)
    assert [text.get_text() for text in panel.get_yticklabels()] == ["head", "neck", "stride time"]


def test_a_map_in_words_names_its_extremes(layout: Layout) -> None:
    relevance = np.zeros((8, 16))
    relevance[2, layout.index("head")], relevance[6, layout.index("l_foot")] = 0.5, -0.25
    assert map_words(relevance, layout=layout, name="sad") == (
        "Relevance for sad by joint and phase of the gait cycle: most for it at head, 25 % of the cycle; most against"
        " it at l_foot, 75 % of the cycle."
    )
    assert map_words(np.zeros((8, 16)), layout=layout, name="sad").endswith("gait cycle: none.")
