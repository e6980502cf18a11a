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


def test_short_computations_are_repeated_and_long_ones_are_not(monkeypatch):
    now, calls = [0.0], {"short": 0, "long": 0}
    monkeypatch.setattr("stgcn_affect.jobs.peers.timing.time.process_time", lambda: now[0])

    def takes(name: str, seconds: float) -> None:
        calls[name] += 1
        now[0] += seconds

    runs = {"short": lambda: takes("short", 1e-5), "long": lambda: takes("long", 1e-3)}
    times = alternate(runs, repeats=2, least_s=1e-4)
    assert calls == {"short": 2 + 2 * 10, "long": 1 + 2}, "warmed up, then ten times and once a round"
    assert times["short"] == pytest.approx([1e-5, 1e-5])
    assert times["long"] == pytest.approx([1e-3, 1e-3])


def test_the_ratio_is_the_median_of_pairs_between_its_quartiles():
    ratio = pairwise_ratio([2.0, 30.0, 4.0], [1.0, 10.0, 1.0])
    assert ratio == pytest.approx((3.0, 2.5, 3.5))


def test_a_roof_is_measured():
    assert all(value > 0 for value in measure_roof(small=True))
