import re
from html.parser import HTMLParser

from stgcn_affect.visual.report.page import POLICY, Section, report_page

SECTIONS = [Section("one", "First & <b>", "<p>text</p>"), Section("two", "Second", "<p>more</p>")]


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
