from stgcn_affect.reporting.growth_tables import growth_pictures, growth_tables

CASE = {"cycles": 1000, "joints": 16, "step_ms": 12.34, "feeding": 0.0123, "start_s": 0.5, "write_s": 0.25}
MEMORY = {"rss_anon_mb": 500.4, "rss_anon_start_mb": 450.0}
FOUND = {
    "cases": [
        {"varied": "cycles", **CASE, **MEMORY},
        {"varied": "cycles", **CASE, **MEMORY, "cycles": 10_000, "step_ms": 12.5},
        {"varied": "joints", **CASE, **MEMORY},
    ],
    "exponents": {"cycles": {"step_ms": 0.0056, "start_s": 0.1, "rss_anon_mb": 0.02}},
}


def test_a_table_for_each_thing_that_was_varied():
    cycles, joints = growth_tables(FOUND)
    assert cycles[0][:3] == ("cycles", "ms a step", "feeding")
    assert cycles[1] == ("1,000", "12.3", "1.2 %", "0.5", "500", "450", "0.2")
    assert cycles[2][:2] == ("10,000", "12.5")
    assert cycles[3] == ("exponent", "0.01", "", "0.10", "0.02", "", "")
    assert joints[1:] == [("16", "12.3", "1.2 %", "0.5", "500", "450", "0.2")]


def test_the_figure_has_both_measures_of_each():
    labels = [(axes.get_xlabel(), axes.get_ylabel()) for axes in growth_pictures(FOUND).axes]
    assert labels == [("", "ms a step"), ("", ""), ("cycles", "RssAnon, MB"), ("joints V", "")]
