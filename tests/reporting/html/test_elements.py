import re

import numpy as np
import pytest
from markupsafe import Markup

from stgcn_affect.errors import InputError
from stgcn_affect.reporting.html.elements import (
    bullets,
    commands,
    confusion_table,
    folded,
    html_table,
    missing,
    paragraph,
    shade,
    side_by_side,
    warning,
)

BAD = "<script>&"
GOOD = "&lt;script&gt;&amp;"


def test_text_stays_text() -> None:
    for made in (
        paragraph(BAD),
        paragraph(BAD, kind="lead"),
        bullets([BAD]),
        warning(BAD),
        missing(BAD, BAD),
        commands([BAD]),
        folded(BAD, Markup()),
    ):
        assert "<script>" not in made
        assert GOOD in made


def test_what_is_missing_comes_with_the_command_that_makes_it() -> None:
    assert "Missing: a map. Make it with <code>python x.py</code>" in missing("a map.", "python x.py")


def test_pieces_are_kept_in_order() -> None:
    assert bullets(["a", "b"]) == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    assert side_by_side([Markup("<p>1</p>"), Markup("<p>2</p>")]).splitlines()[1:3] == ["<p>1</p>", "<p>2</p>"]
    assert "<code>a\nb</code>" in commands(["a", "b"])
    assert paragraph("x", kind="lead") == '<p class="lead">x</p>'


def test_a_table_has_caption_scopes_and_a_box_to_scroll_in() -> None:
    table = html_table([("what", "score"), ("one", "0.125"), ("two", "0.500")], caption="Scores", strong=[2])
    assert "<caption>Scores</caption>" in table
    assert re.match(r'<div class="box" role="region" tabindex="0" aria-label="Scores">', table)
    assert '<thead><tr><th scope="col">what</th><th scope="col" class="n">score</th></tr></thead>' in table
    assert '<tr><th scope="row">one</th><td class="n">0.125</td></tr>' in table
    assert '<tr class="strong"><th scope="row">two</th><td class="n">0.500</td></tr>' in table


def test_only_columns_of_numbers_are_set_as_such() -> None:
    table = html_table(
        [("what", "limits", "words", "both"), ("a", "+0.1 to 0.2", "x", "0.1"), ("b", "", "y", "z")], caption=""
    )
    assert re.findall(r'<th scope="col"( class="n")?>(\w+)', table) == [
        ("", "what"),
        (' class="n"', "limits"),
        ("", "words"),
        ("", "both"),
    ]


def test_what_files_say_stays_text() -> None:
    table = html_table([("<b>", "x"), ("<script>alert(1)</script>", "a & b")], caption='"quoted" <i>')
    assert not re.search(r"<(script|b|i)>", table)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in table
    assert "a &amp; b" in table
    assert 'aria-label="&#34;quoted&#34; &lt;i&gt;"' in table


def test_an_empty_corner_is_no_heading_and_long_words_may_break() -> None:
    table = html_table([("", "digest"), ("a", "0" * 64)], caption="")
    assert "<thead><tr><td></td>" in table
    assert f'<td class="long">{"0" * 64}</td>' in table


def test_wide_tables_are_told_to_print_small() -> None:
    def kind(letters: int) -> list[str]:
        return re.findall(r'<table class="([^"]+)"', html_table([("a", "b"), ("x", "y" * letters)], caption=""))

    assert (kind(69), kind(70), kind(120)) == ([], ["dense"], ["dense loose"])


def test_rows_must_be_as_long_as_the_header() -> None:
    with pytest.raises(InputError, match=r"table 'T': .* \(got lengths \[1, 2\]\)"):
        html_table([("a", "b"), ("c",)], caption="T")
    with pytest.raises(InputError, match=r"\(got lengths \[\]\)"):
        html_table([], caption="T")


def test_a_confusion_has_shares_counts_and_shades() -> None:
    table = confusion_table([[3, 1], [0, 0]], names=["sad", "<happy>"], caption="c")
    assert '<th scope="row">sad (4)</th>' in table
    assert f'<td style="background: {shade(0.75)}">75 %<small>3</small></td>' in table
    assert table.count(f'<td style="background: {shade(0.0)}">0 %<small>0</small></td>') == 2
    assert "predicted &lt;happy&gt;" in table
    with pytest.raises(InputError, match=r"2 names need counts \[2, 2\] \(got \[3, 3\]\)"):
        confusion_table(np.zeros((3, 3)), names=["a", "b"], caption="")


def test_shades_go_from_paper_to_full() -> None:
    assert (shade(0), shade(1), shade(7)) == ("#ffffff", "#8cbfe0", "#8cbfe0")
