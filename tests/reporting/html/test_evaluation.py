from stgcn_affect.evaluation.results import result_table
from stgcn_affect.reporting.html.evaluation import comparison_sentences


def test_a_lead_is_told_with_the_plain_network_and_the_best_afterwards(results):
    results["comparison"]["ci95"] = [0.01, 0.09]
    assert comparison_sentences(result_table(results)) == (
        "The method is better than the best traditional baseline, chosen inside: the difference is +0.050, 95 % limits"
        " +0.010 to +0.090, p = 0.0432 by sign flips over subjects. The method is within noise of the plain ST-GCN: the"
        " difference is +0.000, 95 % limits -0.100 to +0.300, p = 0.0432 by sign flips over subjects. The baseline that"
        " turns out best on the test subjects, which nobody could have chosen beforehand, has 0.875 (0.100 to 0.900)."
        " Within noise means that the paired 95 % limits over 2 seeds include 0."
    )
