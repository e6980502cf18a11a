from stgcn_affect.evaluation.results import result_table
from stgcn_affect.reporting.evaluation_tables import (
    HEAD,
    comparison_rows,
    disentanglement_rows,
    emotion_results,
    evaluation_tables,
    identity_results,
    method_rows,
    summary_rows,
    training_rows,
)

SPAN = "0.100 to 0.900"


def test_methods_stand_best_first_beside_chance_with_counts_and_seeds(results):
    rows = method_rows(result_table(results))
    assert [row[0] for row in rows[1:]] == [
        "svm on raw",
        "the method",
        "best traditional baseline, chosen inside",
        "plain ST-GCN",
        "lda on harmonics_swapped",
        "majority class",
    ]
    assert rows[2] == ("the method", "0.750", SPAN, "0.375", "0.500", "1.5", "6", "24", "2")
    assert len(rows[0]) == len(rows[1])


def test_comparisons_have_signs(results):
    rows = comparison_rows(result_table(results))
    assert rows[1] == ("best traditional baseline, chosen inside", "+0.050", "-0.100 to +0.300", "0.0432")
    assert [row[:2] for row in rows[2:]] == [
        ("best traditional baseline by test score (svm on raw)", "-0.125"),
        ("best swap-trained baseline (lda on harmonics_swapped)", "+0.100"),
        ("plain ST-GCN", "+0.000"),
    ]


def test_disentanglement(results):
    rows = disentanglement_rows(result_table(results))
    assert rows[1] == ("emotion, balanced accuracy", "0.300", "0.300", "chance 0.500")
    assert rows[4] == ("subject, lower bound on information (nats)", "0.300", "0.300", "entropy 1.792")
    assert rows[5][1:] == (f"0.800 ({SPAN})", "", "chance 0.500")
    assert rows[6][1:] == ("", f"0.700 ({SPAN})", "chance 0.167")
    assert rows[7][1] == "0.125"


def test_a_summary_shows_limits_chance_counts_and_seeds(all_attacked):
    table = result_table(all_attacked)
    rows = summary_rows(emotion_results(table) + identity_results(table))
    assert rows[0] == HEAD
    assert rows[1] == ("emotion: the method", "0.750", SPAN, "0.500", "1.5", "6", "24", "2")
    assert rows[3] == (
        *("the method minus the best traditional baseline, chosen inside", "+0.050", "-0.100 to +0.300", ""),
        *("", "6", "24", "2"),
    )
    assert [row[0] for row in rows[8:]] == [
        "seen subjects re-identified from raw cycles",
        "seen subjects re-identified from the class probabilities",
        "seen subjects re-identified from z_emotion",
        "seen subjects re-identified in held-out takes, from raw cycles",
        "seen subjects re-identified in held-out takes, from z_emotion",
        "unseen subjects, verification AUC, raw cycles",
        "unseen subjects, verification AUC, one-take enrolment, raw cycles",
        "unseen subjects, verification AUC, z_emotion minus the class probabilities",
    ]
    assert rows[10][1:] == ("0.300", SPAN, "0.250", "1.2", "5", "6 models", "2")
    assert rows[12][1:4] == ("0.330", SPAN, "0.200")
    assert rows[13][1:] == ("0.990", SPAN, "0.500", "", "8", "6 models", "2")


def test_a_method_that_was_not_evaluated_has_no_row(results):
    names = [row[0] for row in summary_rows(emotion_results(result_table(results)))]
    assert "emotion: the method on hand-made features" not in names
    results["baselines"]["disentangled_on_hand_made"] = results["emotion"]
    rows = summary_rows(emotion_results(result_table(results)))
    assert [row[0] for row in rows] == [*names, "emotion: the method on hand-made features"]


def test_human_raters_stand_last_in_the_summary_and_by_their_score_among_the_methods(results):
    block = {name: value for name, value in results["emotion"].items() if name != "seeds"}
    results["raters"] = block | {"balanced_accuracy": 0.7125, "n_cycles": 20}
    rows = summary_rows(emotion_results(result_table(results)))
    assert rows[-1] == ("emotion: human raters", "0.713", SPAN, "0.500", "1.4", "6", "20", "")
    names = [row[0] for row in method_rows(result_table(results))]
    assert names[2:4] == ["the method", "human raters"]


def test_what_was_acted_stands_against_what_was_perceived(results):
    assert "raters" not in evaluation_tables(results)
    results["raters"] = results["emotion"] | {
        "per_class_recall": {"happy": 0.5, "sad": 0.75},
        "confusion": [[2, 2], [1, 3]],
    }
    assert evaluation_tables(results)["raters"].rows == [
        ("acted, and perceived as", "happy", "sad"),
        ("happy", "2", "2"),
        ("sad", "1", "3"),
    ]


def test_a_training_run_has_rows_for_what_it_scored(trained):
    assert training_rows(result_table(trained))[1:] == [
        ("emotion of unseen subjects, balanced accuracy", "0.750", SPAN, "0.500", "1.5", "1", "24"),
        ("emotion of unseen subjects, macro F1", "0.375", "", "0.500", "", "1", "24"),
        ("seen subjects re-identified from raw cycles", "1.000", SPAN, "0.200", "5.0", "", ""),
        ("seen subjects re-identified from z_emotion", "0.300", SPAN, "0.200", "1.5", "", ""),
    ]


def test_every_table_is_there_and_only_attacks_have_words(all_attacked):
    tables = evaluation_tables(all_attacked)
    attacks = ["seen_subjects", "held_out_takes", "unseen_subjects", "one_take", "attributes"]
    assert list(tables) == ["emotion", "comparison", *attacks, "disentanglement", "curve", "ablation"]
    assert [name for name, table in tables.items() if table.words] == attacks
