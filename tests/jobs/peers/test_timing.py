import gc

import pytest

from stgcn_affect.jobs.peers.timing import alternate, measure_roof, pairwise_ratio


def test_computations_take_turns_and_every_second_round_runs_backwards():
    order = []
    runs = {name: lambda name=name: order.append((name, gc.isenabled())) for name in "abc"}
    times = alternate(runs, repeats=3, least_s=0.0)
    assert "".join(name for name, _ in order[-9:]) == "abccbaabc"
    assert not any(enabled for _, enabled in order[-9:])
    assert gc.isenabled()
    assert [len(found) for found in times.values()] == [3, 3, 3]


def test_short_computations_are_repeated_and_long_ones_are_not():
    calls = {"short": 0, "long": 0}

    def short() -> None:
        calls["short"] += 1

    def long() -> None:
        calls["long"] += 1
        sum(range(200_000))

    times = alternate({"short": short, "long": long}, repeats=2, least_s=1e-4)
    assert calls["short"] > 20
    assert calls["long"] == 3, "once to warm up, then once a round"
    assert max(times["short"]) < min(times["long"])


def test_the_ratio_is_the_median_of_pairs_between_its_quartiles():
    ratio = pairwise_ratio([2.0, 30.0, 4.0], [1.0, 10.0, 1.0])
    assert ratio == pytest.approx((3.0, 2.5, 3.5))


def test_a_roof_is_measured():
    assert all(value > 0 for value in measure_roof(small=True))
