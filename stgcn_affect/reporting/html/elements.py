"""Elements of an HTML page: tables, paragraphs, lists, warnings. Text is escaped; ``Markup`` is HTML already."""

import re
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from matplotlib.colors import to_hex, to_rgb

from stgcn_affect.errors import InputError
from stgcn_affect.reporting.html.page import COLOURS
from stgcn_affect.reporting.html.rendering import render


def joined(parts: Iterable[Markup]) -> Markup:
    """Parts of a page, one after the other."""
    return Markup("\n").join(parts)


def paragraph(text: str, *, kind: str = "") -> Markup:
    """An HTML paragraph; kind is "", "lead" or "warning"."""
    return Markup('<p class="{}">{}</p>').format(kind, text) if kind else Markup("<p>{}</p>").format(text)


def bullets(items: Iterable[str]) -> Markup:
    """An HTML list of items."""
    return Markup("<ul>\n{}\n</ul>").format(joined(Markup("<li>{}</li>").format(item) for item in items))


def heading(text: str) -> Markup:
    """A heading inside a section."""
    return Markup("<h3>{}</h3>").format(text)


def warning(*texts: str) -> Markup:
    """A warning that stands before the numbers."""
    return Markup('<div class="warning" role="note">{}</div>').format(Markup().join(map(paragraph, texts)))


def missing(what: str, command: str) -> Markup:
    """A note that says what is missing here, and which command makes it."""
    return warning(Markup("Missing: {} Make it with <code>{}</code>").format(what, command))


def commands(lines: Iterable[str]) -> Markup:
    """Commands, one a line."""
    return Markup('<pre tabindex="0"><code>{}</code></pre>').format("\n".join(lines))


def folded(summary: str, body: Markup) -> Markup:
    """HTML behind a line that opens it; print shows it open."""
    return Markup("<details>\n<summary>{}</summary>\n{}\n</details>").format(summary, body)


def side_by_side(parts: Iterable[Markup]) -> Markup:
    """HTML parts in as many columns as there is room for."""
    return Markup('<div class="side-by-side">\n{}\n</div>').format(joined(parts))


_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?( %)?( to [+-]?\d+(\.\d+)?)?( \(.*\))?")
_LONG = re.compile(r"\S{28}")
_DENSE, _LOOSE = 70, 120
"""Letters a row from which a table is printed small, and from which its numbers may be broken on paper."""


def html_table(rows: Sequence[Sequence[str]], *, caption: str, strong: Collection[int] = ()) -> Markup:
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
    columns = list(zip(*rows[1:], strict=True)) or [()] * lengths[0]
    looks = ["n" if all(_NUMBER.fullmatch(cell) or not cell for cell in column) else "" for column in columns]
    letters = sum(max(map(len, column), default=0) for column in columns)
    body = []
    for place, row in enumerate(rows[1:], start=1):
        cells = [_cell(cell, "long" if _LONG.search(cell) else look) for cell, look in zip(row, looks, strict=True)]
        body.append({"strong": place in strong, "name": row[0], "cells": cells[1:]})
    kind = " ".join(["dense"] * (letters > _DENSE) + ["loose"] * (letters > _LOOSE))
    head = [_cell(cell, look) for cell, look in zip(rows[0], looks, strict=True)]
    return render("table.html", caption=caption, kind=kind, head=head, rows=body)


def confusion_table(counts: npt.ArrayLike, *, names: Sequence[str], caption: str) -> Markup:
    """Counts ``[Q, Q]``, the truth first, as shares of each row with the counts below them; the shade is the share.

    Raises:
        InputError: counts and names do not fit together.
    """
    table, size = np.asarray(counts), len(names)
    if table.shape != (size, size):
        raise InputError(f"confusion_table: {size} names need counts [{size}, {size}] (got {list(table.shape)})")
    body = []
    for name, row in zip(names, table, strict=True):
        total = row.sum()
        shares = row / total if total else np.zeros(size)
        cells = [
            _cell(f"{100 * share:.0f} %", shade=shade(share), small=f"{count:g}")
            for count, share in zip(row, shares, strict=True)
        ]
        body.append({"strong": False, "name": f"{name} ({total:g})", "cells": cells})
    head = [_cell(text) for text in ("true (cycles)", *(f"predicted {name}" for name in names))]
    return render("table.html", caption=caption, kind="confusion", head=head, rows=body)


def shade(share: float) -> str:
    """The colour of a cell by its share, 0 to 1."""
    paper, full = np.array(to_rgb(COLOURS["paper"])), np.array(to_rgb(COLOURS["full"]))
    red, green, blue = paper + min(max(share, 0.0), 1.0) * (full - paper)
    return to_hex((red, green, blue))


def _cell(text: str, look: str = "", *, shade: str = "", small: str = "") -> dict[str, str]:
    """What the template of a table asks of a cell; "long" words such as digests may be broken anywhere."""
    return {"text": text, "look": look, "shade": shade, "small": small}
