import re
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from stgcn_affect.reporting.html.elements import shade
from stgcn_affect.reporting.html.page import COLOURS, LINES_ON, POLICY, TEXT_ON, Section, page_style, report_page


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize(("line", "ground"), LINES_ON)
def test_edges_can_be_seen(line: str, ground: str) -> None:
    assert contrast(COLOURS[line], COLOURS[ground]) >= 3.0


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_every_shade_of_a_confusion_can_be_written_on(share: float) -> None:
    assert contrast(COLOURS["ink"], shade(share)) >= 4.5


def test_the_sheet_takes_its_colours_from_the_list_and_nothing_from_elsewhere() -> None:
    sheet = page_style()
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", sheet)) == set(COLOURS.values())
    used = set(re.findall(r"var\(--([a-z-]+)\)", sheet))
    assert used <= {name.replace("_", "-") for name in COLOURS}
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_motion_only_where_it_is_wanted_and_paper_is_thought_of() -> None:
    sheet = page_style()
    assert re.search(r"prefers-reduced-motion: no-preference\) \{ html \{ scroll-behavior", sheet)
    assert not re.search(r"animation|transition", sheet)
    assert "@media print" in sheet


SECTIONS = [Section("one", "First & <b>", Markup("<p>text</p>")), Section("two", "Second", Markup("<p>more</p>"))]


class _Page(HTMLParser):
    """Every start tag with its attributes, and whether the tags nest."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed() -> _Page:
    page = _Page()
    page.feed(report_page(SECTIONS, title="A <run>", about="about", foot="foot"))
    return page


def test_tags_nest_and_language_title_and_width_are_set() -> None:
    page = parsed()
    assert not page.open
    assert ("html", {"lang": "en"}) in page.tags
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in page.tags
    text = report_page(SECTIONS, title="A <run>", about="about", foot="foot")
    assert "<title>A &lt;run&gt;</title>" in text
    assert "<h1>A &lt;run&gt;</h1>" in text


def test_contents_and_the_skip_link_lead_to_places_on_the_page() -> None:
    page = parsed()
    places = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    links = [str(attrs["href"]) for tag, attrs in page.tags if tag == "a"]
    assert links == ["#main", "#one", "#two"]
    assert {link.removeprefix("#") for link in links} <= places
    assert {str(attrs["aria-labelledby"]) for tag, attrs in page.tags if tag == "section"} == {"one", "two"}


def test_nothing_may_be_loaded() -> None:
    page = parsed()
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}) in page.tags
    assert "default-src 'none'" in POLICY
    assert not [attrs for _, attrs in page.tags if "src" in attrs]
    assert not re.search(r"https?://", report_page(SECTIONS, title="", about=""))
