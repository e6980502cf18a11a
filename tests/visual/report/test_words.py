from stgcn_affect.visual.report.words import bullets, commands, folded, missing, paragraph, side_by_side, warning

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
        folded(BAD, ""),
    ):
        assert "<script>" not in made
        assert GOOD in made


def test_what_is_missing_comes_with_the_command_that_makes_it() -> None:
    assert "Missing: a map. Make it with <code>python x.py</code>" in missing("a map.", "python x.py")


def test_pieces_are_kept_in_order() -> None:
    assert bullets(["a", "b"]) == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    assert side_by_side(["<p>1</p>", "<p>2</p>"]).splitlines()[1:3] == ["<p>1</p>", "<p>2</p>"]
    assert "<code>a\nb</code>" in commands(["a", "b"])
    assert paragraph("x", kind="lead") == '<p class="lead">x</p>'
