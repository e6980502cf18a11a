"""Figures as SVG inside a page, where several must not share an id."""

import re
from html import escape
from io import BytesIO

from matplotlib import rc_context
from matplotlib.figure import Figure

_HEAD = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_SIZE = re.compile(r'<svg\b[^>]*?viewBox="([^"]+)"[^>]*>', re.DOTALL)
_EXTRA = re.compile(r"<metadata>.*?</metadata>|<style\b.*?</style>|<!--.*?-->", re.DOTALL)


def inline_svg(figure: Figure, *, prefix: str, label: str) -> str:
    """A figure as an ``<svg>`` element that scales to its column and is one image to a screen reader.

    Args:
        figure: drawn with ``new_figure``.
        prefix: of all its ids; no other figure of the page may have it.
        label: what there is to see, for those who cannot.
    """
    content = BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "stgcn_affect"}):
        figure.savefig(content, format="svg", dpi=150, metadata={"Date": None, "Creator": None})
    text = _EXTRA.sub("", _HEAD.sub("", content.getvalue().decode("utf-8"), count=1))
    start = _SIZE.match(text)
    box = start[1] if start else "0 0 1 1"
    inside = text[start.end() if start else 0 :].strip()
    inside = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', inside)
    inside = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", inside)
    inside = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', inside)
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="{box}" xmlns="http://www.w3.org/2000/svg"'
        f' xmlns:xlink="http://www.w3.org/1999/xlink">{inside}'
    )


def drawn(figure: Figure, *, prefix: str, caption: str, label: str, wide: bool = False) -> str:
    """A figure in the page with a caption above it and a description for those who cannot see it; a wide one scrolls in
    a box of its own on a phone.
    """
    svg = inline_svg(figure, prefix=prefix, label=label)
    if wide:
        svg = f'<div class="box wide" role="region" tabindex="0" aria-label="{escape(caption)}">\n{svg}\n</div>'
    return f'<figure class="drawn">\n<figcaption>{escape(caption)}</figcaption>\n{svg}\n</figure>'
