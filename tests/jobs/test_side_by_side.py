import os
from functools import partial

import pytest

from stgcn_affect.jobs import side_by_side as module
from stgcn_affect.jobs.side_by_side import processes, side_by_side


@pytest.mark.parametrize(
    ("jobs", "calls", "device", "expected"),
    [
        (None, 9, "cpu", 4),
        (None, 3, "cpu", 3),
        (2, 9, "cpu", 2),
        (9, 2, "cpu", 2),
        (None, 9, "cuda", 1),
        (None, 0, "cpu", 1),
    ],
)
def test_one_process_a_core_and_never_more_than_calls(jobs, calls, device, expected, monkeypatch):
    monkeypatch.setattr(module.joblib, "cpu_count", lambda only_physical_cores: 4)
    assert processes(jobs, calls, device=device) == expected


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_calls_and_progress_sees_them(jobs):
    seen = []

    def progress(items, total, label):
        for item in items:
            seen.append((item, total, label))
            yield item

    found = side_by_side(
        [partial(pow, number, 2) for number in (3, 1, 2)], jobs=jobs, progress=progress, label="squares"
    )
    assert found == [9, 1, 4]
    assert seen == [(9, 3, "squares"), (1, 3, "squares"), (4, 3, "squares")]


def test_one_job_runs_in_this_process_and_two_do_not():
    assert side_by_side([os.getpid, os.getpid], jobs=1) == [os.getpid()] * 2
    assert os.getpid() not in side_by_side([os.getpid, os.getpid], jobs=2)
