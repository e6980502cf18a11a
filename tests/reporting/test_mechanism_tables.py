from stgcn_affect.evaluation.results import result_table
from stgcn_affect.reporting.mechanism_tables import ablation_rows, area_words, curve_rows

SPAN = "0.100 to 0.900"


def test_the_points_of_the_curve(results):
    assert curve_rows(result_table(results))[1:] == [("reversal-0.2", "0.610", "1.2", "0.350", SPAN, "0.250", "6")]


def test_every_mechanism_has_an_area_and_the_best_comes_first(results):
    results["privacy"]["curve_area"] = {"noise": 0.25, "reversal": 0.5}
    assert area_words(result_table(results)).endswith("re-identified): reversal 0.500, noise 0.250.")


def test_the_method_stands_above_the_method_without_each_part(results):
    head, method, part = ablation_rows(result_table(results))
    assert len(head) == len(method) == len(part)
    assert method == ("the method", "0.750", "1.5", SPAN, "", "", "0.300", SPAN, "0.250")
    gain = ("+0.050", "-0.100 to +0.300")
    assert part == ("no within class variance", "0.600", "1.2", SPAN, *gain, "0.450", SPAN, "0.250")
