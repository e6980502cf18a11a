import pytest

from stgcn_affect.data import parallel
from stgcn_affect.data.parallel import each
from stgcn_affect.errors import InputError


def test_results_come_in_order_for_any_number_of_processes():
    for jobs in (1, 2, None):
        assert list(each(abs, [-3, 2, -1], files=[], jobs=jobs)) == [3, 2, 1]


def test_large_files_are_worth_processes(tmp_path, monkeypatch):
    asked = []

    class Pool:
        def __init__(self, n_jobs, **_):
            asked.append(n_jobs)

        def __call__(self, tasks):
            return (call(*given) for call, given, _ in tasks)

    monkeypatch.setattr(parallel, "Parallel", Pool)
    monkeypatch.setattr(parallel, "cpu_count", lambda: 8)
    (tmp_path / "a").write_bytes(b"12345")
    monkeypatch.setattr(parallel, "WORTH_BYTES", 6)
    assert list(each(abs, [-1, -2], files=[tmp_path / "a"])) == [1, 2]
    assert asked == []
    monkeypatch.setattr(parallel, "WORTH_BYTES", 5)
    assert list(each(abs, [-1, -2], files=[tmp_path / "a"])) == [1, 2]
    assert asked == [2]


def test_no_process_is_a_mistake():
    with pytest.raises(InputError, match=r"jobs: expected one process or more \(got -1\)"):
        each(abs, [1], files=[], jobs=-1)
