import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.reporting.html.figures import WIDTH_IN, drawn, inline_svg, map_words, narrow_map, narrow_ranking
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.relevance_scale import RelevanceScale
from stgcn_affect.visual.style import new_figure


@pytest.fixture
def figure() -> Figure:
    """With clip paths, markers and an image, which all need ids."""
    made = new_figure(width_in=3, height_in=2)
    axes = made.add_subplot()
    axes.plot([0, 1, 2], [0, 4, 1], marker="o")
    axes.imshow([[0, 1], [1, 0]], extent=(0, 1, 0, 1))
    return made


def ids(svg: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', svg)


def test_two_figures_share_no_id_and_every_reference_is_met(figure: Figure) -> None:
    first, second = (inline_svg(figure, prefix=prefix, label="x") for prefix in ("a", "b"))
    assert len(ids(first)) == len(set(ids(first))) > 5
    assert not set(ids(first)) & set(ids(second))
    for svg in (first, second):
        meant = re.findall(r"url\(#([^)]+)\)", svg) + re.findall(r'href="#([^"]+)"', svg)
        assert meant
        assert set(meant) <= set(ids(svg))


def test_it_is_one_image_with_words_and_nothing_that_a_page_should_not_have(figure: Figure) -> None:
    svg = inline_svg(figure, prefix="a", label='a "curve" <up>')
    root = ET.fromstring(svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", 'a "curve" <up>')
    assert root.get("viewBox") == "0 0 216 144"
    assert root.get("width") is None
    assert not re.search(r"<\?xml|<!DOCTYPE|<metadata|<style", svg)
    assert all(link.startswith(("#", "data:image/png")) for link in re.findall(r'href="([^"]*)"', svg))


def test_the_same_figure_gives_the_same_text(figure: Figure) -> None:
    assert inline_svg(figure, prefix="a", label="") == inline_svg(figure, prefix="a", label="")


def test_a_figure_has_a_caption_and_a_wide_one_a_box(figure: Figure) -> None:
    plain = drawn(figure, prefix="a", caption="x < y", label="")
    assert "<figcaption>x &lt; y</figcaption>" in plain
    assert 'class="box' not in plain
    assert '<div class="box wide" role="region" tabindex="0" aria-label="x &lt; y">' in drawn(
        figure, prefix="a", caption="x < y", label="", wide=True
    )


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
    stride_time = {"mean": 0.375, "ci95": [0.25, 0.5]}
    figure = narrow_ranking(rows, layout=layout, stride_time=stride_time, colour="#000000", meaning="mean", limit=0.8)
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
