import copy

from stgcn_affect.reporting.headline import headline_table

SPAN = "(0.100 to 0.900)"


def test_the_headline_has_a_column_for_each_data_set(results):
    hidden = copy.deepcopy(results)
    hidden["privacy"]["verdict"]["hidden"] = True
    hidden["dataset"]["subjects"] = 7
    gain = "(-0.100 to +0.300)"
    expected = [
        ("", "one", "two"),
        ("---", "---", "---"),
        ("data", "6 subjects, 12 takes, 24 cycles", "7 subjects, 12 takes, 24 cycles"),
        ("emotion: the method", f"0.750 {SPAN}, 1.5 times chance 0.500"),
        ("emotion: best traditional baseline, chosen inside", f"0.700 {SPAN}, 1.4 times chance 0.500"),
        ("the method minus the best traditional baseline, chosen inside", f"+0.050 {gain}"),
        ("emotion: best baseline by test score, picked afterwards", f"0.875 {SPAN}, 1.8 times chance 0.500"),
        ("emotion: plain ST-GCN", f"0.650 {SPAN}, 1.3 times chance 0.500"),
        ("the method minus the plain ST-GCN", f"+0.000 {gain}"),
        ("seen subjects re-identified from raw cycles", f"0.950 {SPAN}, 3.8 times chance 0.250"),
        ("seen subjects re-identified from z_emotion", f"0.300 {SPAN}, 1.2 times chance 0.250"),
        ("verdict", "z_emotion is not shown to be hidden", "z_emotion is hidden"),
    ]
    lines = headline_table({"one": results, "two": hidden}).splitlines()
    rows = [tuple(cell.strip() for cell in line[1:-1].split("|")) for line in lines]
    assert rows == [row if len(row) == 3 else (*row, row[1]) for row in expected]


def test_the_best_afterwards_may_be_swap_trained(results):
    results["baselines"]["lda on harmonics_swapped"]["balanced_accuracy"] = 0.9
    assert f"picked afterwards | 0.900 {SPAN}, 1.8 times chance 0.500 |" in headline_table({"one": results})


def test_what_one_set_lacks_is_an_empty_cell_and_what_all_lack_no_row(results):
    less = copy.deepcopy(results)
    del less["baselines"]["plain_stgcn"], less["comparison"]["plain_stgcn"]
    row = f"| emotion: plain ST-GCN |  | 0.650 {SPAN}, 1.3 times chance 0.500 |"
    assert row in headline_table({"a": less, "b": results})
    assert "plain" not in headline_table({"a": less})


def test_unseen_subjects_beside_the_class_probabilities(all_attacked):
    """The condition of the verdict that seen subjects say nothing of."""
    row = "| unseen subjects, verification AUC, z_emotion minus the class probabilities | +0.125 (-0.100 to +0.300) |"
    assert row in headline_table({"one": all_attacked})
