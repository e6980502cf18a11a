"""The HTML page of a report: sections, contents, style."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from stgcn_affect.reporting.html.rendering import render, source
from stgcn_affect.visual.player_code import PLAYER_SCRIPT, PLAYER_STYLE

COLOURS = {
    "ink": "#222222",
    "soft_ink": "#595959",
    "paper": "#FFFFFF",
    "tint": "#F1F4F7",
    "line": "#8A929A",
    "link": "#005A8C",
    "focus": "#0072B2",
    "warning": "#FFF3DC",
    "warning_line": "#8A5A00",
    "full": "#8CBFE0",
}
"""Name to colour; ``full`` is the cell of a confusion table that holds all of its row."""

TEXT_ON = (
    ("ink", "paper"),
    ("soft_ink", "paper"),
    ("link", "paper"),
    ("paper", "link"),
    ("ink", "tint"),
    ("link", "tint"),
    ("ink", "warning"),
    ("link", "warning"),
    ("ink", "full"),
)
"""Which colour is written on which."""

LINES_ON = (("line", "paper"), ("focus", "paper"), ("focus", "tint"), ("warning_line", "warning"))
"""Which colour edges what on which."""


def page_style() -> str:
    """The style sheet, its colours first."""
    named = " ".join(f"--{name.replace('_', '-')}: {colour};" for name, colour in COLOURS.items())
    return f":root {{ {named} }}\n{source('style.css')}"


POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
"""What a browser lets the page load: nothing but what stands in it."""

OPENS_FOR_PRINT = """
(() => {
  let shut = [];
  const open = () => {
    shut = [...document.querySelectorAll("details:not([open])")];
    shut.forEach((part) => { part.open = true; });
  };
  window.addEventListener("beforeprint", open);
  window.addEventListener("afterprint", () => shut.forEach((part) => { part.open = false; }));
})();
"""


@dataclass(frozen=True)
class Section:
    """A section of the page.

    Args:
        name: the name of its place, for links; letters and hyphens.
        title: its heading, as text.
        body: HTML.
    """

    name: str
    title: str
    body: Markup


def report_page(sections: Sequence[Section], *, title: str, about: str, foot: str = "") -> str:
    """A whole HTML page that opens from disk and needs no network.

    Args:
        sections: in their order; each has an entry in the contents.
        title: the title of the page, as text.
        about: a line below the title, as text.
        foot: the last line, as text.
    """
    return render(
        "page.html",
        sections=sections,
        title=title,
        about=about,
        foot=foot,
        policy=POLICY,
        style=f"{page_style()}\n{PLAYER_STYLE}",
        script=f"{PLAYER_SCRIPT}\n{OPENS_FOR_PRINT}",
    )
