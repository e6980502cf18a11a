import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.data.batch import StoredCycles
from stgcn_affect.errors import InputError
from stgcn_affect.jobs import growth as module
from stgcn_affect.jobs.growth import exponent, exponents, growth
from stgcn_affect.jobs.growth_case import Case, _Enough, _Memory, _Steps, _Watched, rss_anon_mb


@given(factor=st.floats(0.1, 10), power=st.floats(-2, 2))
def test_the_exponent_of_a_power(factor, power):
    x = [1, 3, 10]
    assert exponent(x, [factor * one**power for one in x]) == pytest.approx(power, abs=1e-6)


def test_exponents_are_of_rows_that_vary_the_same():
    rows = [{"varied": "cycles", "cycles": n, "step_ms": n, "start_s": n**2, "rss_anon_mb": 5} for n in (1, 10)]
    rows += [{"varied": "joints", "joints": 16, "step_ms": 1, "start_s": 1, "rss_anon_mb": 1}]
    found = exponents(rows)
    assert set(found) == {"cycles"}  # one value has no exponent
    assert found["cycles"] == pytest.approx({"step_ms": 1.0, "start_s": 2.0, "rss_anon_mb": 0.0}, abs=1e-9)


def test_a_cache_that_does_not_fit_is_told_before_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "KEPT_FREE", 1 << 60)
    with pytest.raises(InputError, match=r"expected 0.0 GB for a cache of 200 cycles, beside .* \(got 0.0 GB\)"):
        growth(quick=True, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_case_of_two_series_is_measured_once(monkeypatch):
    made = []

    def measured(case, *, folder):
        made.append((case.cycles, case.joints))
        return dict.fromkeys(module.MEASURES, float(len(made)))

    monkeypatch.setattr(module, "_in_a_process", measured)
    found = growth(quick=True)["cases"]
    assert made == [(200, 16), (400, 16), (200, 18)]
    assert [(case["varied"], case["step_ms"]) for case in found] == [
        *(("cycles", 1.0), ("cycles", 2.0)),
        *(("joints", 1.0), ("joints", 3.0)),
    ]


def test_a_cache_takes_its_positions_and_its_names():
    assert Case(cycles=10, joints=16, samples=64).cache_bytes == pytest.approx(10 * 16 * 64 * 3 * 4, rel=0.03)


def test_steps_are_measured_after_some_and_end_the_training_after_enough(monkeypatch):
    codes = torch.zeros(8, dtype=torch.int64)
    stored = StoredCycles(np.zeros((8, 2, 3, 3), np.float32), np.arange(8), codes.float(), codes, codes)
    watched, clock = _Watched(stored), iter(range(100))
    monkeypatch.setattr("time.process_time", lambda: float(next(clock)))
    steps = _Steps(lambda batch, _: batch, watched, of=2, count=10)
    for _ in range(1 + 5):  # a fifth of twenty cycles is one batch of four; five more are twenty
        batch = watched.take(torch.arange(4))
        assert steps(batch, torch.Generator()) is batch
    with pytest.raises(_Enough):
        steps(batch, torch.Generator())
    found = steps.found()
    assert found["step_ms"] == pytest.approx(1e3 * 1.0 * 2 / 4)  # a second for four cycles, two a step
    assert 0 < found["feeding"] < 1


@pytest.mark.skipif("not __import__('os').path.exists('/proc/self/status')")
def test_anonymous_memory_is_that_of_arrays_and_not_of_mapped_files(tmp_path):
    np.save(tmp_path / "file.npy", np.ones(8_000_000))
    before = rss_anon_mb()
    with _Memory() as memory:
        float(np.load(tmp_path / "file.npy", mmap_mode="r").sum())
    assert memory.most_mb < before + 32
    with _Memory() as memory:
        kept = np.ones(8_000_000)
        __import__("time").sleep(0.2)
    assert memory.most_mb > before + 32
    assert kept[0] == 1
