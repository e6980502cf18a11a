"""Pieces of text as HTML; whatever comes in is text, so what files say cannot become markup."""

from collections.abc import Iterable
from html import escape


def paragraph(text: str, *, kind: str = "") -> str:
    """A paragraph; kind is "", "lead" or "warning"."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "<ul>\n" + "\n".join(f"<li>{escape(item)}</li>" for item in items) + "\n</ul>"


def heading(text: str) -> str:
    """A heading inside a section."""
    return f"<h3>{escape(text)}</h3>"


def warning(*texts: str) -> str:
    """What is to be seen before the numbers."""
    return '<div class="warning" role="note">' + "".join(f"<p>{escape(text)}</p>" for text in texts) + "</div>"


def missing(what: str, command: str) -> str:
    """Says what the page would show here, and the command that makes it."""
    words = f"Missing: {escape(what)} Make it with <code>{escape(command)}</code>"
    return f'<div class="warning" role="note"><p>{words}</p></div>'


def commands(lines: Iterable[str]) -> str:
    """Commands, one a line."""
    return '<pre tabindex="0"><code>' + escape("\n".join(lines)) + "</code></pre>"


def folded(summary: str, body: str) -> str:
    """HTML behind a line that opens it; print shows it open."""
    return f"<details>\n<summary>{escape(summary)}</summary>\n{body}\n</details>"


def side_by_side(parts: Iterable[str]) -> str:
    """HTML parts in as many columns as there is room for."""
    return '<div class="side-by-side">\n' + "\n".join(parts) + "\n</div>"
