import json
from functools import partial

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
    made = [Task(f"a/{n}", f"number {n}", (f"subject {n}",), partial(double, n, log)) for n in (1, 2, 3)]
    return [*made, Task("b/4", "number 4", (), partial(double, 4, log))], log


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_death_is_reported_and_the_rest_is_kept(tasks, tmp_path, jobs):
    work, log = tasks
    done, failures = run_tasks(work, tmp_path / "kept", key="k", jobs=jobs)
    assert done == {"a/1": {"twice": 2}, "a/2": {"twice": 4}, "b/4": {"twice": 8}}
    assert [(f.name, f.about, f.subjects) for f in failures] == [("a/3", "number 3", ("subject 3",))]
    assert "three is too many" in failures[0].error
    assert sorted(log.read_text().split()) == ["1", "2", "3", "4"]


def test_what_is_done_is_not_done_again_unless_the_key_changed(tasks, tmp_path):
    work, log = tasks
    first, _ = run_tasks(work, tmp_path / "kept", key="k")
    log.unlink()
    again, failures = run_tasks(work, tmp_path / "kept", key="k")
    assert again == first
    assert log.read_text().split() == ["3"]  # what died is tried again
    assert len(failures) == 1
    log.unlink()
    run_tasks(work, tmp_path / "kept", key="other")
    assert log.read_text().split() == ["1", "2", "3", "4"]


def test_results_are_json_files_by_name(tasks, tmp_path):
    work, _ = tasks
    run_tasks(work, tmp_path / "kept", key="k")
    assert json.loads((tmp_path / "kept" / "a" / "1.json").read_text())["result"] == {"twice": 2}


def test_progress_sees_tasks_end(tasks, tmp_path):
    work, _ = tasks
    seen = []

    def progress(items, total, label):
        seen.append((total, label))
        for item in items:
            seen.append(item[0].about)
            yield item

    run_tasks(work, tmp_path / "kept", key="k", progress=progress)
    assert seen[0] == (4, "tasks")
    assert sorted(seen[1:]) == ["number 1", "number 2", "number 3", "number 4"]


def test_an_unknown_backend_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"expected one of loky, dask \(got spark\)"):
        run_tasks([], tmp_path, key="k", backend="spark")


def test_dask_spreads_tasks_over_two_workers(tasks, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    work, _ = tasks
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        import dask

        with dask.config.set({"scheduler-address": cluster.scheduler_address}):
            done, failures = run_tasks(work, tmp_path / "kept", key="k", backend="dask")
    assert set(done) == {"a/1", "a/2", "b/4"}
    assert len(failures) == 1
