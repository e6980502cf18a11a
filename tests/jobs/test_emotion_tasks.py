"""Tasks on emotion, and their truth on synthetic walkers whose factors are known."""

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.subject_baseline import OTHER_TAKES, with_baselines
from stgcn_affect.jobs import emotion_tasks
from stgcn_affect.jobs.digest import result_digest
from stgcn_affect.jobs.emotion_tasks import ON_FEATURES, baselines_task, network_task
from stgcn_affect.jobs.train_fold import fit_model
from stgcn_affect.training.checkpoint import read_model, save_model

CHANCE, THREE_SD = 0.25, 3 * np.sqrt(0.25 * 0.75 / 64)  # 64 takes are tested over both folds


@pytest.fixture
def opened(monkeypatch):
    """Tasks get these cycles, whatever the cache."""

    def use(cycles):
        monkeypatch.setattr(emotion_tasks, "open_run_cycles", lambda config, cache: cycles)
        return cycles

    return use


@pytest.fixture
def few(opened, synthetic_cycles):
    """Six subjects in two emotions."""
    return opened(synthetic_cycles(walkers=6, takes=1, emotions=("happy", "sad")))


@pytest.fixture
def quick_classifiers(monkeypatch):
    kept = {name: emotion_tasks.CLASSIFIERS[name] for name in ("lda", "svm_linear", "knn")}
    monkeypatch.setattr(emotion_tasks, "CLASSIFIERS", kept)
    return kept


@pytest.mark.parametrize("name", ["disentangled", "plain_stgcn", ON_FEATURES])
def test_a_network_says_an_emotion_for_every_test_cycle_and_says_it_again(name, few, small, halves, tmp_path):
    split = halves(few)[0]
    found = network_task(small(), tmp_path, split, name=name, seed=0)
    assert json.loads(json.dumps(found)) == found
    assert found["test"] == split.test.tolist()
    assert len(found["predicted"]) == len(split.test)
    assert set(found["predicted"]) <= {0, 1}
    assert network_task(small(), tmp_path, split, name=name, seed=0) == found
    assert ("adapted" in found) == (name != ON_FEATURES)


def test_a_subjects_own_cycles_adapt_what_is_said_of_them_alone(few, small, halves, monkeypatch):
    """Latents of the tested subjects are all beyond the training ones, so that only adaptation tells them apart."""
    split = halves(few)[0]
    plain = network_task(small("train.epochs=20"), None, split, name="plain_stgcn", seed=0)
    encode = emotion_tasks.encode

    def with_offset(network, cycles, layout):
        found = encode(network, cycles, layout)
        if cycles.size != len(split.test):
            return found
        offset = np.repeat(10.0 * np.arange(1, 4), len(split.test) // 3)[:, None]  # another one for each subject
        return found._replace(z_emotion=found.z_emotion + offset)

    assert np.unique(few.subject[split.test]).tolist() == few.subject[split.test][:: len(split.test) // 3].tolist()
    monkeypatch.setattr(emotion_tasks, "encode", with_offset)
    moved = network_task(small("train.epochs=20"), None, split, name="plain_stgcn", seed=0)
    assert moved["adapted"] == plain["adapted"]
    assert len(set(plain["adapted"])) == 2
    beside = small("protocol.subject_baseline=other_takes")
    assert "adapted" not in network_task(beside, None, split, name="plain_stgcn", seed=0)


def test_test_subjects_change_no_weight_and_no_statistic(few, small, halves):
    split = halves(few)[0]
    is_outlier = np.array(few.positions)
    is_outlier[split.test] = 1.5 * is_outlier[split.test][::-1]
    models = [
        fit_model(small(), fold_data(cycles, split, hold_out_take=True, seed=0), seed=0).network.state_dict()
        for cycles in (few, replace(few, positions=is_outlier))
    ]
    assert all(models[0][name].equal(models[1][name]) for name in models[0])


@pytest.fixture
def kept_model(few, small, halves, tmp_path):
    """A model of the first fold, and where it is."""
    split = halves(few)[0]
    model = fit_model(small(), fold_data(few, split, hold_out_take=True, seed=0), seed=0)
    digest = result_digest("model", small(), few, split, seed=0)
    save_model(tmp_path / "model.pt", replace(model, digest=digest))
    return split, tmp_path / "model.pt"


def test_a_model_of_the_same_subjects_and_settings_is_not_trained_again(kept_model, small, tmp_path, monkeypatch):
    split, path = kept_model
    fresh = network_task(small(), tmp_path, split, name="disentangled", seed=0)

    def never(*_, **__):
        raise AssertionError("trained")

    monkeypatch.setattr(emotion_tasks, "fit_model", never)
    same = small("train.log_every=3", "data.cache=elsewhere", "evaluate.permutations=5")
    assert network_task(same, tmp_path, split, name="disentangled", seed=0, trained=path) == fresh


@pytest.mark.parametrize(
    "override",
    [
        "train.reversal=0.9",
        "network.width=5",
        "loss.within_class_variance=0",
        "augment.turn_deg=0",
        "seed=3",
        "synthetic.seed=4",
    ],
)
def test_a_model_of_other_settings_is_trained_anew(override, kept_model, small, tmp_path, monkeypatch):
    split, path = kept_model
    trained = []
    monkeypatch.setattr(emotion_tasks, "fit_model", lambda *_, **__: trained.append(1) or read_model(path))
    network_task(small(override), tmp_path, split, name="disentangled", seed=0, trained=path)
    assert trained


def test_a_model_of_other_subjects_or_none_is_trained_anew(kept_model, few, small, halves, tmp_path, monkeypatch):
    _, path = kept_model
    trained = []
    monkeypatch.setattr(emotion_tasks, "fit_model", lambda *_, **__: trained.append(1) or read_model(path))
    for number, there in ((1, path), (0, tmp_path / "none.pt")):
        network_task(small(), tmp_path, halves(few)[number], name="disentangled", seed=0, trained=there)
    assert len(trained) == 2


def test_baselines_train_on_validation_subjects_too_and_never_on_tested_ones(few, small, halves, tmp_path, monkeypatch):
    split = halves(few)[0]
    seen = []

    def watched(name, train, emotion, subjects, test, *, swap_copies, seed):
        seen.append((set(subjects), len(train), len(test), swap_copies))
        return emotion_tasks_run(name, train, emotion, subjects, test, swap_copies=swap_copies, seed=seed)

    emotion_tasks_run = emotion_tasks.run_baseline
    monkeypatch.setattr(emotion_tasks, "run_baseline", watched)
    monkeypatch.setattr(emotion_tasks, "CLASSIFIERS", {"lda": emotion_tasks.CLASSIFIERS["lda"]})
    for swap, copies in ((False, 0), (True, 1)):
        found = baselines_task(small(), tmp_path, split, name="raw", seed=0, swap=swap)
        assert json.loads(json.dumps(found)) == found
        assert found["test"] == split.test.tolist()
        subjects, trained, tested, given = seen.pop()
        assert subjects == set(few.subject[np.concatenate([split.train, split.validation])])
        assert not subjects & set(few.subject[split.test])
        assert (trained, tested, given) == (len(split.train) + len(split.validation), len(split.test), copies)


def close(found, expected):
    """Whether two results of a task are alike but for the rounding of some processors."""
    if isinstance(found, dict):
        return found.keys() == expected.keys() and all(close(found[name], expected[name]) for name in found)
    return (
        np.allclose(found, expected, atol=1e-5)
        if np.issubdtype(np.asarray(found).dtype, np.number)
        else found == expected
    )


@pytest.mark.tool
def test_compared_with_its_subjects_others_a_walk_says_the_same_in_any_body(few, opened, small, halves, tmp_path):
    """A posture that tested subjects have in all their walks, and their pace, are gone before anything judges them."""
    split = halves(few)[0]
    tested = np.zeros(len(few), np.float32)
    tested[split.test] = 1.0
    stooped = replace(
        few,
        positions=few.positions + 0.05 * tested[:, None, None, None],
        stride_time_s=few.stride_time_s * (1.0 + 0.4 * tested),
    )
    for task in (
        partial(network_task, small("train.epochs=20"), tmp_path, split, name="disentangled", seed=0),
        partial(baselines_task, small(), tmp_path, split, name="raw", seed=0, swap=False),
    ):
        plain, alone = (task() for cycles in (few, stooped) if opened(cycles))
        compared, alike = (task() for cycles in (few, stooped) if opened(with_baselines(cycles, of=OTHER_TAKES)))
        assert close(compared, alike)
        assert not close(alone, plain)


def emotion_read(cycles, small, halves):
    """Balanced accuracy of each classifier over both folds' test subjects."""
    codes = np.unique(cycles.emotion, return_inverse=True)[1]
    right: dict = {}
    for split in halves(cycles):
        found = baselines_task(small(), None, split, name="harmonics", seed=0, swap=False)
        for name, said in found["classifiers"].items():
            right.setdefault(name, []).extend(codes[split.test] == said["predicted"])
    return {name: np.mean(hits) for name, hits in right.items()}


@pytest.mark.tool
def test_the_emotion_of_synthetic_walkers_is_found(opened, synthetic_cycles, small, halves, quick_classifiers):
    found = emotion_read(opened(synthetic_cycles(walkers=16, takes=1)), small, halves)
    assert set(found) == set(quick_classifiers)
    assert max(found.values()) > CHANCE + 2 * THREE_SD


@pytest.mark.usefixtures("quick_classifiers")
@pytest.mark.tool
def test_without_emotion_factors_there_is_no_emotion_to_find(opened, synthetic_cycles, small, halves):
    found = emotion_read(opened(synthetic_cycles(walkers=16, takes=1, emotion_factors=())), small, halves)
    assert all(abs(score - CHANCE) < THREE_SD for score in found.values())


@pytest.mark.tool
@pytest.mark.usefixtures("quick_classifiers")
def test_random_labels_are_read_at_chance(opened, synthetic_cycles, small, halves):
    cycles = synthetic_cycles(walkers=16, takes=1)
    rng = np.random.default_rng(0)
    label = {take: rng.choice(np.unique(cycles.emotion)) for take in np.unique(cycles.take_ids)}
    shuffled = np.array([label[take] for take in cycles.take_ids])  # cycles of one take keep one label
    found = emotion_read(opened(replace(cycles, emotion=shuffled)), small, halves)
    assert all(abs(score - CHANCE) < THREE_SD for score in found.values())
