"""Elements of an HTML page: tables, paragraphs, lists, warnings."""

import re
from collections.abc import Collection, Iterable, Sequence
from html import escape

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_hex, to_rgb

from stgcn_affect.errors import InputError
from stgcn_affect.reporting.html.page import COLOURS


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


_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?( %)?( to [+-]?\d+(\.\d+)?)?( \(.*\))?")
_LONG = re.compile(r"\S{28}")
_DENSE, _LOOSE = 70, 120
"""Letters a row from which a table is printed small, and from which its numbers may be broken on paper."""


def html_table(rows: Sequence[Sequence[str]], *, caption: str, strong: Collection[int] = ()) -> str:
    """Rows of text as a table.

    Args:
        rows: the first is the header; the first cell of each other row names it.
        caption: above the table.
        strong: numbers of the rows that stand out, the header being 0.

    Raises:
        InputError: no header, or rows of other lengths than the header.
    """
    lengths = sorted({len(row) for row in rows})
    if len(lengths) != 1 or not lengths[0]:
        raise InputError(f"table {caption!r}: expected a header and rows as long as it (got lengths {lengths})")
    numeric = [all(_NUMBER.fullmatch(row[i]) or not row[i] for row in rows[1:]) for i in range(lengths[0])]
    looks = [' class="n"' if one else "" for one in numeric]
    head = "".join(
        f'<th scope="col"{look}>{escape(cell)}</th>' if cell else "<td></td>"
        for cell, look in zip(rows[0], looks, strict=True)
    )
    body = []
    for place, row in enumerate(rows[1:], start=1):
        cells = "".join(_cell(cell, look) for cell, look in zip(row[1:], looks[1:], strict=True))
        kind = ' class="strong"' if place in strong else ""
        body.append(f'<tr{kind}><th scope="row">{escape(row[0])}</th>{cells}</tr>')
    letters = sum(max((len(row[i]) for row in rows[1:]), default=0) for i in range(lengths[0]))
    return _boxed(
        head, body, caption=caption, kind=" ".join(["dense"] * (letters > _DENSE) + ["loose"] * (letters > _LOOSE))
    )


def confusion_table(counts: npt.ArrayLike, *, names: Sequence[str], caption: str) -> str:
    """Counts ``[Q, Q]``, the truth first, as shares of each row with the counts below them; the shade is the share.

    Raises:
        InputError: counts and names do not fit together.
    """
    table, size = np.asarray(counts), len(names)
    if table.shape != (size, size):
        raise InputError(f"confusion_table: {size} names need counts [{size}, {size}] (got {list(table.shape)})")
    head = '<th scope="col">true (cycles)</th>' + "".join(f'<th scope="col">said {escape(name)}</th>' for name in names)
    body = []
    for name, row in zip(names, table, strict=True):
        total = row.sum()
        cells = "".join(_shaded(count, count / total if total else 0.0) for count in row)
        body.append(f'<tr><th scope="row">{escape(name)} ({total:g})</th>{cells}</tr>')
    return _boxed(head, body, caption=caption, kind="confusion")


def shade(share: float) -> str:
    """The colour of a cell by its share, 0 to 1."""
    paper, full = np.array(to_rgb(COLOURS["paper"])), np.array(to_rgb(COLOURS["full"]))
    red, green, blue = paper + min(max(share, 0.0), 1.0) * (full - paper)
    return to_hex((red, green, blue))


def _cell(text: str, look: str) -> str:
    """A cell; words such as digests may be broken anywhere."""
    kind = ' class="long"' if _LONG.search(text) else look
    return f"<td{kind}>{escape(text)}</td>"


def _shaded(count: float, share: float) -> str:
    return f'<td style="background: {shade(share)}">{100 * share:.0f} %<small>{count:g}</small></td>'


def _boxed(head: str, body: Sequence[str], *, caption: str, kind: str) -> str:
    look = f' class="{kind}"' if kind else ""
    words = escape(caption)
    return (
        f'<div class="box" role="region" tabindex="0" aria-label="{words}">\n'
        f"<table{look}>\n<caption>{words}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(body) + "\n</tbody>\n</table>\n</div>"
    )
