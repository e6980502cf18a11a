import pytest

from stgcn_affect.config import SECTIONS
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.results_section import PARTS, identity_rows, replace_section, results_section

LIMITS = [0.25, 0.75]
RELEASES = ("raw", "retargeted", "z_identity", "probabilities", "z_emotion")


def scores(accuracy):
    return {"balanced_accuracy": accuracy, "ci95": LIMITS, "chance": 0.5, "n_subjects": 6, "n_cycles": 24, "seeds": 2}


def results(**verdict):
    gained = {"difference": -0.1, "ci95": [-0.3, 0.1]}
    return {
        "dataset": {"name": "toy", "subjects": 6, "takes": 12, "cycles": 24, "emotions": ["angry", "sad"]},
        "protocol": {"kind": "grouped", "folds": 3, "seeds": [0, 7]},
        "emotion": scores(0.6),
        "baselines": {"svm on raw": scores(0.8), "svm on raw_swapped": scores(0.7), "plain_stgcn": scores(0.9)},
        "comparison": {
            **gained,
            "best_baseline_scores": scores(0.71),
            "best_by_test_score": {"name": "svm on raw", **gained},
            "best_swap_trained": {"name": "svm on raw_swapped", **gained},
            "plain_stgcn": {"difference": 0.05, "ci95": [0.01, 0.09]},
        },
        "privacy": {
            "seen_subjects": {"chance": 0.125, "subjects": 5, "models": 4}
            | {release: {"accuracy": 0.5, "ci95": LIMITS} for release in RELEASES},
            "unseen_subjects": {"chance": 0.2, "subjects": 6, "models": 4}
            | {release: {"auc": 0.625, "ci95": {"auc": LIMITS}} for release in RELEASES},
            "verdict": {"hidden": False, "reasons": ["it leaks", "it leaks much"]} | verdict,
        },
        "disentanglement": {f"swap_{what}": 0.9 for what in ("emotion", "walker")}
        | {f"swap_{what}_ci95": LIMITS for what in ("emotion", "walker")}
        | {"swap_emotion_chance": 0.5, "swap_walker_chance": 0.125},
        "curve": {
            "points": [
                {"name": "leace", "emotion": 0.5, "identity": 0.2, "identity_ci95": LIMITS}
                | {"identity_chance": 0.125, "models": 4}
            ]
        },
        "ablation": {
            "no_within_class_variance": {"emotion": scores(0.55), **gained}
            | {"identity": {"accuracy": 0.7, "ci95": LIMITS, "chance": 0.125}}
        },
    }


def test_every_row_shows_limits_chance_counts_and_seeds():
    text = results_section(results(), ["scores"])
    assert text.startswith(
        "**toy**: 6 subjects, 12 takes, 24 cycles of angry, sad; emotion by grouped split, folds a seed: 3"
    )
    assert "| emotion: the method | 0.600 | 0.250 to 0.750 | 0.500 | 6 | 24 | 2 |" in text
    assert "| the method minus it | -0.100 | -0.300 to +0.100 |  | 6 | 24 | 2 |" in text
    assert "| best traditional by test score (svm on raw) | 0.800 |" in text
    assert "| best swap-trained (svm on raw_swapped) | 0.700 |" in text
    assert "| the method minus the plain ST-GCN | +0.050 | +0.010 to +0.090 |" in text
    assert "| seen subjects re-identified from raw cycles | 0.500 | 0.250 to 0.750 | 0.125 | 5 | 4 models | 2 |" in text
    assert (
        "| unseen subjects verified from z_emotion, AUC | 0.625 | 0.250 to 0.750 | 0.500 | 6 | 4 models | 2 |" in text
    )
    swap = "| swap test: judges of real cycles name the subject whose body it is | 0.900 | 0.250 to 0.750 | 0.125 |"
    assert swap in text
    assert text.endswith("Verdict: z_emotion is *not* shown to be hidden.\n\n- it leaks\n- it leaks much")
    assert "hand-made" not in text, "what was not evaluated has no row"


def test_a_section_shows_the_parts_that_are_wanted_in_their_order():
    leace = "| leace | 0.500 | 0.200 | 0.250 to 0.750 | 0.125 | 4 |"
    without = "| no within class variance | 0.550 | 0.250 to 0.750 | -0.100 | "
    without += "-0.300 to 0.100 | 0.700 | 0.250 to 0.750 | 0.125 |"
    both = results_section(results())
    assert both.index("Verdict") < both.index(leace)
    assert without not in both
    parts = results_section(results(), ["ablation", "curve"])
    assert parts.startswith("**toy**: 6 subjects")
    assert parts.index(without) < parts.index(leace)
    assert "Verdict" not in parts
    assert tuple(PARTS) == SECTIONS


def test_the_verdict_is_said_as_it_is():
    assert "Verdict: z_emotion is hidden.\n\n- fine\n\n" in results_section(results(hidden=True, reasons=["fine"]))


def test_z_emotion_stands_last_of_the_seen_subjects():
    names = [row[0] for row in identity_rows(results())]
    assert names.index("seen subjects re-identified from z_emotion") == len(RELEASES) - 1


def test_takes_and_single_takes_have_rows_where_they_were_attacked():
    found = results()
    found["privacy"]["seen_subjects"]["held_out_takes"] = {"chance": 0.125, "raw": {"accuracy": 0.75, "ci95": LIMITS}}
    found["privacy"]["unseen_subjects"]["one_take"] = {"raw": {"auc": 0.875, "ci95": {"auc": LIMITS}}}
    rows = {row[0]: row[1:] for row in identity_rows(found)}
    assert len(rows) == len(identity_rows(results())) + 2
    across = rows["the same, in another take of a known emotion, from raw cycles"]
    assert across == ("0.750", "0.250 to 0.750", "0.125", "5", "4 models", "2")
    once = rows["the same, enrolled on one take, from raw cycles, AUC"]
    assert once == ("0.875", "0.250 to 0.750", "0.500", "6", "4 models", "2")


def test_only_what_stands_between_the_marks_is_replaced():
    text = (
        "a\n<!-- results: x -->\nold\n<!-- end of results: x -->\nb\n<!-- results: y -->\n<!-- end of results: y -->\n"
    )
    said = replace_section(text, "x", "new", source="README.md")
    assert said == text.replace("old", "new")
    assert replace_section(said, "x", "new", source="README.md") == said


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
