import re
import xml.etree.ElementTree as ET

import pytest
from matplotlib.figure import Figure

from stgcn_affect.visual.report.inline_svg import drawn, inline_svg
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
