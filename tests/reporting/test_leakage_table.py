from stgcn_affect.evaluation.results import Claim, result_table, select
from stgcn_affect.reporting.leakage_table import LEAKY_WORDS, leakage_rows
from stgcn_affect.reporting.markdown import results_section, write_report
from stgcn_affect.reporting.tables import result_name

SPAN = "0.100 to 0.900"


def test_the_honest_split_stands_last_below_what_leaks_beside_what_the_leak_adds(leaky):
    rows = leakage_rows(result_table(leaky))
    assert rows[0][:2] == ("split", "emotion")
    assert rows[1] == (
        "random clips: a subject's other clips are in training",
        *("0.900", SPAN, "0.450", "0.500", "1.8", "+0.250", "-0.100 to +0.300", "6", "24", "2"),
    )
    assert [row[6:8] for row in rows[2:]] == [("", "")] * 2
    assert rows[3][:3] == ("by subject, as every other score here", "0.650", SPAN)


def test_every_file_and_section_has_the_table_with_its_warning(leaky, tmp_path):
    write_report(leaky, tmp_path)
    text, row = (tmp_path / "report.md").read_text(), "| by subject, as every other score here | 0.650 |"
    assert f"## What a leaky split is worth\n\n{LEAKY_WORDS}\n\n| split | emotion |" in text
    assert "The rows above it are no results, whether higher or lower" in LEAKY_WORDS
    assert row in text
    assert "leakage,balanced_accuracy,,,random_clips,0.9,0.1,0.9,0.5" in (tmp_path / "results.csv").read_text()
    assert "random clips: a subject's other clips are in training,0.900," in (tmp_path / "leakage.csv").read_text()
    assert row in results_section(leaky, ["leakage"])


def test_an_evaluation_without_leaky_splits_says_nothing_of_them(results, tmp_path):
    write_report(results, tmp_path)
    assert "leak" not in (tmp_path / "report.md").read_text()
    assert not (tmp_path / "leakage.csv").exists()
    assert results_section(results, ["leakage"]).count("\n") == 0  # the caption alone


def test_a_leaky_result_is_named_as_such(leaky):
    (gain,) = select(result_table(leaky), claim=Claim.LEAKAGE_DIFFERENCE)
    assert result_name(gain) == "plain ST-GCN, random clips: a subject's other clips are in training, minus by subject"
