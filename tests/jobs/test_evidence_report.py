import csv

import pytest

from stgcn_affect.jobs.evidence_report import (
    comparison_rows,
    curve_rows,
    disentanglement_rows,
    emotion_rows,
    markdown,
    report_text,
    write_report,
)

LIMITS = [0.1, 0.9]


def scores(accuracy, **more):
    block = {"balanced_accuracy": accuracy, "macro_f1": accuracy / 2, "ci95": LIMITS, "chance": 0.5}
    return block | {"n_subjects": 6, "n_cycles": 24, "seeds": 2, "confusion": [[1, 2], [3, 4]]} | more


def gained(difference, **more):
    return {"difference": difference, "ci95": [-0.1, 0.3], "p": 0.04321, **more}


def attacked(worst):
    return {"accuracy": worst, "attackers": {"svm": worst, "random_forest": 0.2}, "ci95": LIMITS}


def verified(value):
    names = ("rank1", "eer", "auc", "tar_at_far_1pct")
    return dict.fromkeys(names, value) | {"ci95": dict.fromkeys(names, LIMITS)}


def table():
    found = {f"{what}_{of}_{z}": 0.3 for what in ("emotion", "walker") for of in ("from", "nats_from") for z in LATENTS}
    found |= {"entropy_emotion_nats": 0.693, "entropy_walker_nats": 1.792, "cka": 0.125}
    found |= {"swap_emotion": 0.8, "swap_walker": 0.7, "swap_emotion_chance": 0.5, "swap_walker_chance": 0.167}
    return found | {"swap_emotion_ci95": LIMITS, "swap_walker_ci95": LIMITS}


LATENTS = ("z_emotion", "z_identity")


@pytest.fixture
def results():
    """Made up, with a number of its own wherever a table looks."""
    point = {"name": "reversal-0.2", "emotion": 0.61, "identity": 0.35, "identity_ci95": LIMITS}
    return {
        "dataset": {"name": "made up", "subjects": 6, "takes": 12, "cycles": 24, "emotions": ["happy", "sad"]},
        "protocol": {"kind": "grouped", "folds": 3, "seeds": [0, 7]},
        "emotion": scores(0.75),
        "baselines": {"svm on raw": scores(0.875), "majority": scores(0.5)},
        "comparison": {
            "best_baseline": "chosen per fold on inner validation",
            "best_baseline_scores": scores(0.7),
            **gained(0.05),
            "best_by_test_score": gained(-0.125, name="svm on raw"),
            "best_swap_trained": gained(0.1, name="lda on harmonics_swapped"),
            "plain_stgcn": gained(0.0),
        },
        "privacy": {
            "seen_subjects": {
                "chance": 0.25,
                "raw": attacked(0.95),
                "z_emotion": attacked(0.3),
                "static": {"decoded": attacked(0.27), "retargeted": attacked(0.28)},
                "z_emotion_minus_probabilities": gained(0.02),
                "p": 0.3,
                "models": 6,
                "subjects": 5,
            },
            "unseen_subjects": {
                "chance": 0.125,
                "smallest_far": 0.004,
                "raw": verified(0.99),
                "models": 6,
                "subjects": 8,
            },
            "verdict": {"hidden": False, "reasons": ["holds: one", "fails: two"]},
        },
        "disentanglement": table(),
        "curve": {"points": [point | {"identity_chance": 0.25, "models": 6}], "area": 0.4567},
        "ablation": {
            "no_within_class_variance": {
                "emotion": scores(0.6),
                **gained(0.05),
                "identity": attacked(0.45) | {"chance": 0.25, "models": 6},
            }
        },
        "failures": [],
    }


def test_a_table_in_markdown_by_hand():
    assert markdown([("a", "b"), ("1", "2")]) == "| a | b |\n|---|---|\n| 1 | 2 |"


def test_methods_stand_best_first_beside_chance_with_counts_and_seeds(results):
    rows = emotion_rows(results)
    assert [row[0] for row in rows[1:]] == [
        "svm on raw",
        "disentangled (the method)",
        "best baseline, chosen inside",
        "majority",
    ]
    assert rows[2] == ("disentangled (the method)", "0.750", "0.100 to 0.900", "0.375", "0.500", "6", "24", "2")
    assert len(rows[0]) == len(rows[1])


def test_comparisons_have_signs(results):
    rows = comparison_rows(results)
    assert rows[1] == ("best baseline, chosen inside", "+0.050", "-0.100 to 0.300", "0.0432")
    assert [row[:2] for row in rows[2:]] == [
        ("best by test score (svm on raw)", "-0.125"),
        ("best swap-trained (lda on harmonics_swapped)", "+0.100"),
        ("plain ST-GCN", "+0.000"),
    ]


def test_disentanglement_and_curve(results):
    rows = disentanglement_rows(results)
    assert rows[1] == ("emotion, balanced accuracy", "0.300", "0.300", "chance 0.500")
    assert rows[4] == ("subject, lower bound on information (nats)", "0.300", "0.300", "entropy 1.792")
    assert rows[5][1] == "0.800 (0.100 to 0.900)"
    assert rows[6][2] == "0.700 (0.100 to 0.900)"
    assert rows[7][1] == "0.125"
    assert curve_rows(results)[1:] == [("reversal-0.2", "0.610", "0.350", "0.100 to 0.900", "0.250", "6")]


def test_the_report_says_what_was_measured_and_how(results):
    text = report_text(results, {name: [("x",), (name,)] for name in TABLES})
    assert "made up: 6 subjects, 12 takes, 24 cycles of happy, sad; grouped, 3 folds, seeds 0, 7" in text
    assert "Verdict: z_emotion is not shown to be hidden.\n\n- holds: one\n- fails: two" in text
    assert "Seen subjects (5 subjects, 6 models)" in text
    assert "Unseen subjects (8 subjects, 6 models)" in text
    assert "strengths: 0.457." in text
    assert text.endswith("## What died\n\nNothing.\n")
    for name in TABLES:
        assert f"| {name} |" in text


def test_no_word_of_hidden_without_the_verdict(results):
    results["privacy"]["verdict"]["hidden"] = True
    assert "Verdict: z_emotion is hidden." in report_text(results, {name: [("x",)] for name in TABLES})


def test_the_report_names_who_is_missing(results):
    results["failures"] = [
        {
            "about": "seed 0, fold 2: plain_stgcn",
            "subjects": ["ana", "ben"],
            "error": "Traceback ...\nMemoryError: big\n",
        }
    ]
    text = report_text(results, {name: [("x",)] for name in TABLES})
    assert text.endswith("- seed 0, fold 2: plain_stgcn (subjects ana, ben): MemoryError: big\n")


TABLES = ("emotion", "comparison", "seen_subjects", "unseen_subjects", "disentanglement", "curve", "ablation")


def test_takes_and_attributes_have_tables_where_they_were_attacked(results, tmp_path):
    privacy = results["privacy"]
    privacy["seen_subjects"]["held_out_takes"] = {"chance": 0.25, "raw": attacked(0.97)}
    privacy["unseen_subjects"]["one_take"] = {"chance": 0.125, "smallest_far": 0.001, "raw": verified(0.98)}
    privacy["attributes"] = {"gender": {"chance": 0.5, "values": {"f": 3, "m": 5}, "models": 6, "raw": attacked(0.6)}}
    write_report(results, tmp_path)
    text = (tmp_path / "report.md").read_text()
    for name, number in (("held_out_takes", "0.970"), ("one_take", "0.980"), ("attributes", "0.600")):
        with (tmp_path / f"{name}.csv").open(newline="") as file:
            rows = list(csv.reader(file))
        assert markdown(rows) in text
        assert any(number in cell for cell in rows[1])


def test_files_are_written_and_a_csv_holds_what_the_report_shows(results, tmp_path):
    write_report(results, tmp_path)
    text = (tmp_path / "report.md").read_text()
    for name in TABLES:
        with (tmp_path / f"{name}.csv").open(newline="") as file:
            rows = list(csv.reader(file))
        assert markdown(rows) in text
    for name in ("confusion", "curve"):
        assert f"({name}.png)" in text
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
