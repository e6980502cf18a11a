import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.tasks import Task, run_tasks


def double(number, log):
    with log.open("a") as file:
        file.write(f"{number}\n")
    if number == 3:
        raise ValueError("three is too many")
    return {"twice": 2 * number}


@pytest.fixture
def tasks(tmp_path):
    """Four tasks, one of which dies, and the log of those that ran."""
    log = tmp_path / "log.txt"
    return [_task(n, log) for n in (1, 2, 3, 4)], log


def _task(number, log, digest="d"):
    return Task(
        kind="double",
        seed=0,
        fold=number,
        about=f"number {number}",
        subjects=(f"subject {number}",),
        digest=digest,
        call=partial(double, number, log),
    )


def results(done):
    return {one.task.fold: one.result for one in done}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_death_is_reported_and_the_rest_is_kept(tasks, tmp_path, jobs):
    work, log = tasks
    done, failures = run_tasks(work, tmp_path / "kept", jobs=jobs)
    assert results(done) == {1: {"twice": 2}, 2: {"twice": 4}, 4: {"twice": 8}}
    assert [one.task for one in done] == [work[0], work[1], work[3]]  # in the order of the tasks
    assert [failure.task for failure in failures] == [work[2]]
    assert "three is too many" in failures[0].error
    assert sorted(log.read_text().split()) == ["1", "2", "3", "4"]


def test_what_is_done_is_not_done_again_unless_its_digest_changed(tasks, tmp_path):
    work, log = tasks
    first, _ = run_tasks(work, tmp_path / "kept")
    log.unlink()
    again, failures = run_tasks(work, tmp_path / "kept")
    assert results(again) == results(first)
    assert log.read_text().split() == ["3"]  # what died is tried again
    assert len(failures) == 1
    log.unlink()
    run_tasks([_task(1, log, digest="other"), *work[1:]], tmp_path / "kept")
    assert log.read_text().split() == ["1", "3"]


def test_results_are_json_files(tasks, tmp_path):
    work, _ = tasks
    run_tasks(work, tmp_path / "kept")
    kept = json.loads((tmp_path / "kept" / "seed-0" / "double" / "001" / "double.json").read_text())
    assert kept == {"digest": "d", "result": {"twice": 2}}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"name": "raw"}, "raw.json"),
        ({"name": "raw", "swapped": True}, "raw-swapped.json"),
        ({"name": "plain", "strengths": (0.5, 2.0)}, "plain-0.5-2.json"),
        ({}, "double.json"),
    ],
)
def test_the_file_follows_from_the_fields(fields, name, tmp_path):
    assert replace(_task(3, tmp_path), **fields).file == Path("seed-0/double/003") / name


def test_progress_sees_tasks_end(tasks, tmp_path):
    work, _ = tasks
    seen = []

    def progress(items, total, label):
        seen.append((total, label))
        for item in items:
            seen.append(item[0].about)
            yield item

    run_tasks(work, tmp_path / "kept", progress=progress)
    assert seen[0] == (4, "tasks")
    assert sorted(seen[1:]) == ["number 1", "number 2", "number 3", "number 4"]


def test_an_unknown_backend_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"expected one of loky, dask \(got spark\)"):
        run_tasks([], tmp_path, backend="spark")


def test_dask_spreads_tasks_over_two_workers(tasks, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    work, _ = tasks
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        import dask

        with dask.config.set({"scheduler-address": cluster.scheduler_address}):
            done, failures = run_tasks(work, tmp_path / "kept", backend="dask")
    assert set(results(done)) == {1, 2, 4}
    assert len(failures) == 1


def test_long_tasks_begin_first_and_results_keep_the_order_of_the_tasks(tmp_path):
    log = tmp_path / "log.txt"
    kinds = {1: "baselines", 2: "network", 4: "attacks", 5: "attacks", 6: "mechanism"}
    work = [replace(_task(number, log), kind=kind) for number, kind in kinds.items()]
    done, failures = run_tasks(work, tmp_path / "kept")
    assert log.read_text().split() == ["4", "5", "6", "2", "1"]
    assert [one.task for one in done] == work
    assert not failures
