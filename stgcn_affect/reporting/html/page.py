"""The HTML page of a report: sections, contents, style."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

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

_STYLE = """
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1rem/1.55 system-ui, sans-serif;
  overflow-wrap: break-word; }
header, nav, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 1.5rem 0 .5rem; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 2.5rem 0 .75rem; padding-top: .75rem;
  border-top: 2px solid var(--ink); }
h3 { font-size: 1.08rem; margin: 1.75rem 0 .5rem; }
h2, h3 { scroll-margin-top: .5rem; }
p, ul, ol, dl { max-width: 46rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--focus);
  outline-offset: 2px; }
.skip { position: absolute; left: -100vw; top: 0; padding: .6rem 1rem; z-index: 2; background: var(--link);
  color: var(--paper); }
.skip:focus { left: 0; }
nav ol { columns: 16rem; padding-left: 1.9rem; margin: .5rem 0; }
nav li { break-inside: avoid; padding: .2rem 0; }
footer { margin: 3rem auto 2rem; color: var(--soft-ink); font-size: .9rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9rem; background: var(--tint); }
code { padding: .05rem .25rem; overflow-wrap: anywhere; }
pre { padding: .75rem; margin: .75rem 0; overflow-x: auto; border: 1px solid var(--line); }
pre code { padding: 0; overflow-wrap: normal; }
.lead { font-size: 1.1rem; border-left: .3rem solid var(--link); padding: .5rem .9rem; margin: 1rem 0;
  background: var(--tint); }
.warning { border-left: .3rem solid var(--warning-line); padding: .5rem .9rem; margin: 1rem 0;
  background: var(--warning); }
.warning, .lead { max-width: 46rem; }
.warning p { margin: .25rem 0; }
.box { overflow-x: auto; margin: 1rem 0; max-width: 100%;
  background: linear-gradient(to left, var(--paper) 35%, transparent) right / 3rem 100% no-repeat local,
    linear-gradient(to left, var(--line), transparent) right top / .4rem calc(100% - 2px) no-repeat scroll; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .25rem 0 .5rem; color: var(--ink); }
.box caption { position: sticky; left: 0; max-width: min(46rem, 88vw); }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th, thead td { background: var(--tint); vertical-align: bottom; border-bottom: 2px solid var(--ink); }
tbody th { font-weight: 400; min-width: 8rem; }
tbody th, thead :first-child { position: sticky; left: 0; }
tbody th { background: var(--paper); }
tr.strong th, tr.strong td { font-weight: 700; }
.n { text-align: right; white-space: nowrap; }
thead .n { white-space: normal; min-width: 4.5rem; }
.long { overflow-wrap: anywhere; min-width: 9rem; }
.confusion td { text-align: center; min-width: 4.5rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.confusion small { display: block; font-size: .85em; }
details { margin: 1rem 0; }
summary { cursor: pointer; color: var(--link); font-weight: 600; min-height: 2rem; }
figure { margin: 1rem 0; }
figcaption { font-size: .9rem; max-width: 46rem; margin-bottom: .35rem; }
.drawn svg { display: block; width: 100%; height: auto; }
.drawn svg * { stroke-linejoin: round; stroke-linecap: butt; }
.drawn svg image { image-rendering: pixelated; }
.drawn { max-width: 44rem; }
.wide > svg { min-width: 30rem; }
main .walk-player .stage { grid-template-columns: repeat(auto-fit, minmax(8.5rem, 14rem)); }
.side-by-side { display: grid; gap: 1rem 2rem; align-items: end;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
.side-by-side figure { margin: 0; max-width: 34rem; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (max-width: 40rem) {
  table { font-size: .82rem; }
  th, td { padding: .3rem .35rem; }
  tbody th { min-width: 6.2rem; }
  .confusion td, .confusion tbody th { min-width: 3.4rem; }
}
@media (min-width: 84rem) {
  body { display: grid; grid-template-columns: 16rem minmax(0, 62rem); justify-content: center; column-gap: 1rem; }
  header, main, footer { grid-column: 2; margin-left: 0; margin-right: 0; }
  nav { grid-column: 1; grid-row: 1 / span 3; position: sticky; top: 0; align-self: start; padding-top: 1.5rem; }
  nav ol { columns: auto; }
}
@media print {
  @page { margin: 14mm; }
  body { font-size: 10pt; display: block; }
  header, nav, main, footer { max-width: none; padding: 0; }
  .skip { display: none; }
  .box { overflow: visible; }
  .box caption { position: static; max-width: none; }
  table { font-size: 8pt; width: 100%; }
  th, td { padding: .15rem .3rem; }
  tbody th { min-width: 0; }
  .dense { font-size: 6.5pt; }
  thead .n { min-width: 0; }
  .loose .n { white-space: normal; }
  .long, .wide > svg { min-width: 0; }
  .box { background: none; }
  tbody th, thead :first-child { position: static; }
  thead { display: table-header-group; }
  tr, figure, .lead, .warning { break-inside: avoid; }
  tbody tr:first-child { break-before: avoid; }
  h2, h3, caption, summary { break-after: avoid; }
  pre { white-space: pre-wrap; }
  .side-by-side { grid-template-columns: 1fr 1fr; }
}
"""


def page_style() -> str:
    """The style sheet, its colours first."""
    named = " ".join(f"--{name.replace('_', '-')}: {colour};" for name, colour in COLOURS.items())
    return f":root {{ {named} }}{_STYLE}"


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
