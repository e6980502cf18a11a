import csv
import json
from pathlib import Path

import pytest

from stgcn_affect.config import SECTIONS
from stgcn_affect.errors import InputError
from stgcn_affect.reporting.evaluation_tables import evaluation_tables
from stgcn_affect.reporting.headline import headline_table
from stgcn_affect.reporting.markdown import (
    PARTS,
    markdown_table,
    rebuild_sections,
    replace_section,
    replace_sections,
    report_text,
    results_section,
    write_report,
)

ROOT = Path(__file__).parents[2]
SPAN = "0.100 to 0.900"


def report(results):
    return report_text(results, evaluation_tables(results))


def test_a_table_in_markdown_by_hand():
    assert markdown_table([("a", "b"), ("1", "2")]) == "| a | b |\n|---|---|\n| 1 | 2 |"


def test_the_report_says_what_was_measured_and_how(results):
    text = report(results)
    assert "made up: 6 subjects, 12 takes, 24 cycles of happy, sad; grouped split, 3 folds, seeds 0, 7" in text
    assert "Verdict: z_emotion is not shown to be hidden.\n\n- holds: one\n- fails: two" in text
    assert "Seen subjects (5 subjects, 6 models)" in text
    assert "Unseen subjects (8 subjects, 6 models)" in text
    assert "re-identified): reversal 0.457." in text
    assert text.endswith("## Failed tasks\n\nNone.\n")


def test_raters_have_their_table_where_clips_are_rated(results):
    assert "rater" not in report(results)
    results["raters"] = results["emotion"] | {
        "per_class_recall": {"happy": 0.5, "sad": 1.0},
        "confusion": [[2, 2], [0, 4]],
    }
    text = report(results)
    assert "Raters perceived the acted emotion in 0.750 of the clips (mean over emotions, 95 % limits 0.100 to" in text
    assert "| acted, and perceived as | happy | sad |\n|---|---|---|\n| happy | 2 | 2 |\n| sad | 0 | 4 |" in text


def test_emotions_that_were_perceived_are_called_so(results):
    results["dataset"]["labels"] = "perceived"
    assert "24 cycles (emotions as raters perceived them) of happy, sad; grouped split" in report(results)
    results["dataset"]["from_camera"] = {"subjects": 1, "cycles": 5}
    assert "24 cycles (5 of them from one camera; emotions as raters perceived them) of" in report(results)


def test_poses_from_one_camera_are_flagged(results):
    assert "one camera" not in report(results)
    results["dataset"]["from_camera"] = {"subjects": 1, "cycles": 5}
    assert "24 cycles (5 of them from one camera) of happy, sad" in report(results)
    assert "\n\n5 of 24 cycles, of 1 subject, are poses from one camera: " in report(results)


def test_no_word_of_hidden_without_the_verdict(results):
    results["privacy"]["verdict"]["hidden"] = True
    assert "Verdict: z_emotion is hidden." in report(results)


def test_the_report_names_who_is_missing(results):
    results["failures"] = [
        {
            "about": "seed 0, fold 2: plain_stgcn",
            "subjects": ["ana", "ben"],
            "error": "Traceback ...\nMemoryError: big\n",
        }
    ]
    assert report(results).endswith("- seed 0, fold 2: plain_stgcn (subjects ana, ben): MemoryError: big\n")


def test_files_are_written_and_a_csv_holds_what_the_report_shows(all_attacked, tmp_path):
    write_report(all_attacked, tmp_path)
    text = (tmp_path / "report.md").read_text()
    for name in evaluation_tables(all_attacked):
        with (tmp_path / f"{name}.csv").open(newline="") as file:
            rows = list(csv.reader(file))
        assert markdown_table(rows) in text
    for name in ("confusion", "curve"):
        assert f"({name}.png)" in text
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_the_long_table_is_written_in_full(results, tmp_path):
    write_report(results, tmp_path)
    with (tmp_path / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    (found,) = [r for r in rows if (r["claim"], r["release"], r["attacker"]) == ("seen_subjects", "z_emotion", "")]
    assert (found["value"], found["low"], found["high"], found["p"]) == ("0.3", "0.1", "0.9", "0.31")
    assert (found["subjects"], found["cycles"], found["models"], found["seeds"]) == ("5", "", "6", "2")


def test_a_section_has_a_caption_rows_and_the_verdict(results):
    text = results_section(results, ["scores"])
    assert text.startswith(
        "**made up**: 6 subjects, 12 takes, 24 cycles of happy, sad; emotion by grouped split, folds a seed: 3; seeds"
        " 0, 7."
    )
    assert f"| emotion: the method | 0.750 | {SPAN} | 0.500 | 1.5 | 6 | 24 | 2 |" in text
    assert f"| seen subjects re-identified from z_emotion | 0.300 | {SPAN} | 0.250 | 1.2 | 5 | 6 models | 2 |" in text
    swap = "| swap test: subject of decoded cycles, recognised by classifiers of real cycles | 0.700 |"
    assert f"{swap} {SPAN} | 0.167 | 4.2 | 5 | 6 models | 2 |" in text
    assert text.endswith("Verdict: z_emotion is not shown to be hidden.\n\n- holds: one\n- fails: two")


def test_a_section_shows_the_parts_that_are_wanted_in_their_order(results):
    point = f"| reversal-0.2 | 0.610 | 1.2 | 0.350 | {SPAN} | 0.250 | 6 |"
    gain = "+0.050 | -0.100 to +0.300"
    without = f"| no within class variance | 0.600 | 1.2 | {SPAN} | {gain} | 0.450 | {SPAN} | 0.250 |"
    both = results_section(results)
    assert both.index("Verdict") < both.index(point)
    assert without not in both
    parts = results_section(results, ["ablation", "curve"])
    assert parts.startswith("**made up**: 6 subjects")
    assert parts.index(without) < parts.index(point)
    assert "Verdict" not in parts
    assert tuple(PARTS) == SECTIONS


def test_the_emotion_alone_has_no_verdict_and_shows_what_raters_perceived(results):
    text = results_section(results, ["emotion"])
    assert "| emotion: the method | 0.750 |" in text
    assert "re-identified" not in text
    assert "Verdict" not in text
    assert "perceived" not in text  # where nothing was rated
    rated = {"per_class_recall": {"happy": 0.75, "sad": 0.5}, "confusion": [[3, 1], [2, 2]]}
    results["raters"] = results["emotion"] | rated
    text = results_section(results, ["emotion"])
    assert text.endswith("| acted, and perceived as | happy | sad |\n|---|---|---|\n| happy | 3 | 1 |\n| sad | 2 | 2 |")
    assert "| emotion: human raters | 0.750 |" in text


def test_the_factorial_has_every_combination_by_hand(results):
    part = results["ablation"].pop("no_within_class_variance")
    results["ablation"] = {"no_reversal": part, "no_reversal+no_projection": part, "no_decoder": part}
    rows = [line.split(" | ") for line in results_section(results, ["factorial"]).splitlines() if line.startswith("|")]
    assert [row[:3] for row in rows[2:]] == [["| on", "on", "on"], ["| off", "on", "on"], ["| off", "on", "off"]]
    assert [row[3] for row in rows[2:]] == ["0.750", "0.600", "0.600"]
    assert [row[6] for row in rows[2:]] == ["0.300", "0.450", "0.450"]


def test_only_what_stands_between_the_marks_is_replaced(tmp_path):
    text = (
        "a\n<!-- results: x -->\nold\n<!-- end of results: x -->\nb\n<!-- results: y -->\n<!-- end of results: y -->\n"
    )
    new = replace_section(text, "x", "new", source="README.md")
    assert new == text.replace("old", "new")
    assert replace_section(new, "x", "new", source="README.md") == new
    (tmp_path / "README.md").write_text(text)
    both = replace_sections(tmp_path / "README.md", {"x": "new", "y": "more"})
    assert both == new.replace("<!-- results: y -->\n", "<!-- results: y -->\nmore\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!-- results: x -->",
        "<!-- end of results: x --> <!-- results: x -->",
        "<!-- results: x --><!-- end of results: x --><!-- results: x --><!-- end of results: x -->",
    ],
)
def test_missing_marks_are_named(text):
    with pytest.raises(InputError, match=r"^README.md: expected the marks <!-- results: x --> and "):
        replace_section(text, "x", "new", source="README.md")


def test_a_document_is_rebuilt_from_results_that_are_there(results, tmp_path):
    document, path = tmp_path / "results.md", tmp_path / "results.json"
    document.write_text("a\n<!-- results: x -->\nold\n<!-- end of results: x -->\nb\n")
    path.write_text(json.dumps(results))
    rebuild_sections(document, {"x": path}, ["scores"])
    section = results_section(results, ["scores"])
    assert document.read_text() == f"a\n<!-- results: x -->\n{section}\n<!-- end of results: x -->\nb\n"


def marked(page, name):
    return page.split(f"<!-- results: {name} -->")[1].split(f"<!-- end of results: {name} -->")[0]


def test_the_pages_have_the_labels_of_the_tables_today(all_attacked):
    """The published numbers stay where labels change; they are not computed again for that."""
    pages = [(ROOT / name).read_text(encoding="utf-8") for name in ("docs/results.md", "README.md")]
    shown = results_section(all_attacked, ["scores", "curve"])
    labels = [line.split(" | ")[0] for line in shown.splitlines() if line.startswith("| ")]
    named = ("svm", "lda", "reversal")  # baselines and points of the curve have other names there
    synthetic = marked(pages[0], "synthetic")
    assert len(labels) > 15
    assert [one for one in labels if f"{one} |" not in synthetic and not any(name in one for name in named)] == []
    heads = [line for line in shown.splitlines() if line.startswith("|") and line.endswith(("seeds |", "models |"))]
    assert [head for head in heads if head not in synthetic] == []
    ablation = results_section(all_attacked, ["ablation"]).splitlines()
    assert [line for line in ablation if line.startswith(("|  |", "The method"))] == [
        line for line in marked(pages[0], "ablation").splitlines() if line.startswith(("|  |", "The method"))
    ]
    rendered, published = headline_table({"one": all_attacked}), marked(pages[1], "headline").strip()
    rows = [[line.split(" | ")[0] for line in table.splitlines()[2:]] for table in (rendered, published)]
    assert rows[0] == rows[1]
