"""Tasks on leaky splits."""

import json
import pickle
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from stgcn_affect.data.augment import mirror
from stgcn_affect.data.fold import fold_data
from stgcn_affect.evaluation.leakage import LEAKY, leaky_splits
from stgcn_affect.jobs import leakage_tasks as jobs
from stgcn_affect.jobs.emotion_tasks import network_task
from stgcn_affect.jobs.leakage_tasks import leakage_task, leakage_tasks
from stgcn_affect.settings import AugmentConfig


@pytest.fixture
def few(monkeypatch, synthetic_cycles):
    """Six subjects in two emotions, whom tasks get whatever the cache."""
    cycles = synthetic_cycles(walkers=6, takes=1, emotions=("happy", "sad"))
    monkeypatch.setattr(jobs, "open_run_cycles", lambda config, cache: cycles)
    monkeypatch.setattr("stgcn_affect.jobs.emotion_tasks.open_run_cycles", lambda config, cache: cycles)
    return cycles


def test_there_are_none_unless_asked_for_and_then_every_way_on_every_fold(few, small, tmp_path):
    assert leakage_tasks(small("protocol.kind=grouped", "protocol.folds=2"), few, tmp_path) == []
    config = small("protocol.kind=grouped", "protocol.folds=2", "evaluate.leakage=true", "evaluate.seeds=[0,3]")
    tasks = leakage_tasks(config, few, tmp_path)
    assert len({task.file for task in tasks}) == len({task.digest for task in tasks}) == len(tasks) == 2 * 2 * 3
    assert [task.name for task in tasks[:3]] == list(LEAKY)
    assert tasks[-1].about == "seed 3, fold 2: leaky split, best test epoch"
    assert [bool(task.call.keywords["copies"]) for task in tasks[:3]] == [False, True, False]
    assert pickle.loads(pickle.dumps(tasks[0].call)).keywords == tasks[0].call.keywords


@pytest.fixture
def no_validation(few, halves):
    """Six subjects split in two; the last epoch is the one that counts."""
    split = halves(few)[0]
    return replace(split, validation=np.zeros(0, np.int64), subjects=few.subject)


@pytest.mark.parametrize(("scores", "epoch"), [((0.1, 0.2, 0.3), 3), ((0.3, 0.2, 0.3), 1)])
def test_the_best_test_epoch_is_one_of_the_very_training_that_is_scored_by_subject(
    scores, epoch, no_validation, small, tmp_path, monkeypatch
):
    config, seen, left = small("train.epochs=3"), [], list(scores)
    monkeypatch.setattr(jobs, "balanced_accuracy", lambda truth, codes: seen.append((truth, codes)) or left.pop(0))
    found = leakage_task(config, tmp_path, no_validation, name="best_test_epoch", seed=0, copies=[])
    assert json.loads(json.dumps(found)) == found
    assert (found["epoch"], found["test"]) == (epoch, no_validation.test.tolist())
    assert found["predicted"] == seen[epoch - 1][1].tolist()
    by_subject = network_task(config, tmp_path, no_validation, name="plain_stgcn", seed=0)
    assert seen[-1][1].tolist() == by_subject["predicted"]


def test_truth_of_the_best_test_epoch_is_that_of_the_test_cycles(few, no_validation, small, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(jobs, "balanced_accuracy", lambda truth, codes: seen.append(truth) or 1.0)
    leakage_task(small(), tmp_path, no_validation, name="best_test_epoch", seed=0, copies=[])
    assert np.array(["happy", "sad"])[seen[0]].tolist() == few.emotion[no_validation.test].tolist()


def test_copies_are_mirrored_and_stand_behind_the_cycles_that_fit_the_weights(
    few, small, halves, tmp_path, monkeypatch
):
    (leaky, _), trained = leaky_splits(halves(few), few.emotion, seed=0), []
    start = jobs.start_training
    monkeypatch.setattr(
        jobs,
        "start_training",
        lambda *given, train, **more: trained.append(train) or start(*given, train=train, **more),
    )
    still = [f"augment.{name}=0" for name in asdict(AugmentConfig()) if name != "mirror_probability"]
    names = {"random_clips": [], "copies": leaky.copies.tolist()}
    found = [leakage_task(small(*still), tmp_path, leaky.split, name=n, seed=0, copies=c) for n, c in names.items()]
    data = fold_data(few, leaky.split, hold_out_take=True, seed=0)
    assert trained[0] is None
    fitted, copied = len(data.fit_index), data.batch(leaky.copies)
    assert trained[1].size == fitted + len(leaky.copies)
    assert trained[1].emotion[fitted:].tolist() == copied.emotion.tolist()
    image = mirror(copied, few.layout, torch.ones(copied.size, dtype=torch.bool))
    torch.testing.assert_close(trained[1].positions[fitted:], image.positions, atol=1e-5, rtol=0)
    assert [len(one["predicted"]) for one in found] == [len(leaky.split.test)] * 2
    assert "epoch" not in found[0]
