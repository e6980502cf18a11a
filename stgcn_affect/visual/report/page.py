"""The skeleton of the report page: head, contents, sections, and the scripts at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from stgcn_affect.visual.player_code import PLAYER_SCRIPT, PLAYER_STYLE
from stgcn_affect.visual.report.style import page_style

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
    """A part of the page.

    Args:
        name: of its place, for links; letters and hyphens.
        title: its heading, as text.
        body: HTML.
    """

    name: str
    title: str
    body: str


def report_page(sections: Sequence[Section], *, title: str, about: str, foot: str = "") -> str:
    """A whole HTML page that opens from disk and needs no network.

    Args:
        sections: in their order; each has an entry in the contents.
        title: of the page, as text.
        about: a line below the title, as text.
        foot: the last line, as text.
    """
    contents = "\n".join(f'<li><a href="#{one.name}">{escape(one.title)}</a></li>' for one in sections)
    parts = "\n".join(
        f'<section aria-labelledby="{one.name}">\n<h2 id="{one.name}">{escape(one.title)}</h2>\n{one.body}\n</section>'
        for one in sections
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{escape(title)}</title>
<style>
{page_style()}
{PLAYER_STYLE}
</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<header>
<h1>{escape(title)}</h1>
<p>{escape(about)}</p>
</header>
<nav aria-label="Contents">
<ol>
{contents}
</ol>
</nav>
<main id="main" tabindex="-1">
{parts}
</main>
<footer>{escape(foot)}</footer>
<script>
{PLAYER_SCRIPT}
{OPENS_FOR_PRINT}
</script>
</body>
</html>
"""
