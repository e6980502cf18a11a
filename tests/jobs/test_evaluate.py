import pickle
from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.inputs import INPUTS
from stgcn_affect.jobs import privacy_tasks as privacy
from stgcn_affect.jobs.emotion_tasks import SWAPPED_INPUTS, emotion_tasks
from stgcn_affect.jobs.evaluate import quick
from stgcn_affect.jobs.privacy_tasks import privacy_tasks


@pytest.fixture
def cycles(labelled):
    """Twelve subjects in two emotions."""
    return _many(labelled, 12)


def _many(labelled, subjects, emotions=("happy", "sad")):
    names = [f"subject {i:02d}" for i in range(subjects)]
    return labelled(np.repeat(names, len(emotions)).tolist(), list(emotions) * subjects)


def test_every_network_and_input_on_every_fold_for_every_seed(cycles, small, tmp_path):
    config = small("protocol.kind=grouped", "protocol.folds=3", "evaluate.seeds=[0,4]")
    tasks = emotion_tasks(config, cycles, tmp_path, tmp_path / "models", None)
    assert len({task.file for task in tasks}) == len(tasks) == 2 * 3 * (3 + len(INPUTS) + len(SWAPPED_INPUTS))
    for seed in (0, 4):
        tested = [t.subjects for t in tasks if (t.seed, t.name) == (seed, "disentangled")]
        assert sorted(sum(tested, ())) == sorted(set(cycles.subject))  # everybody once
    (first,) = [t for t in tasks if (t.seed, t.fold, t.name, t.swapped) == (4, 2, "harmonics", True)]
    assert first.about == "seed 4, fold 3: baselines on harmonics, swapped"
    assert first.call.keywords == {"name": "harmonics", "seed": 4, "swap": True}
    assert first.call.args[0].seed == 4
    assert pickle.loads(pickle.dumps(first.call)).keywords == first.call.keywords


def test_all_methods_share_their_folds(cycles, small, tmp_path):
    config = small("protocol.kind=loso")
    tests = {}
    for task in emotion_tasks(config, cycles, tmp_path, tmp_path / "models", None):
        tests.setdefault(task.fold, set()).add(
            (task.subjects, tuple(task.call.args[2].test), tuple(task.call.args[2].train))
        )
    assert len(tests) == 12
    assert all(len(parts) == 1 for parts in tests.values())


@pytest.mark.parametrize(
    ("kind", "expected"), [("grouped", "fold-01/model.pt"), ("loso", "fold-01/model.pt"), ("fixed", "model.pt")]
)
def test_a_runs_models_are_offered_to_the_method_of_its_seed_alone(kind, expected, cycles, small, tmp_path):
    config = small(f"protocol.kind={kind}", "evaluate.seeds=[0,1]")
    offered = {
        (task.seed, task.name, task.fold): task.call.keywords["trained"]
        for task in emotion_tasks(config, cycles, tmp_path, tmp_path / "models", tmp_path / "run")
        if task.call.keywords.get("trained")
    }
    assert {(seed, name) for seed, name, _ in offered} == {(0, "disentangled")}
    assert tmp_path / "run" / expected in offered.values()


def test_privacy_folds_have_galleries_and_everybody_is_unseen_once(cycles, small, tmp_path):
    config = small("evaluate.privacy_subjects=4", "evaluate.curve=[0,0.2,1.5]", "evaluate.noise=[2]")
    tasks = privacy_tasks(config, cycles, tmp_path, tmp_path / "models")
    assert len({task.file for task in tasks}) == len(tasks)
    methods = [task for task in tasks if task.kind == "attacks"]
    assert [len(task.subjects) for task in methods] == [4, 4, 4]
    assert sorted(sum((task.subjects for task in methods), ())) == sorted(set(cycles.subject))
    curve = {(task.name, task.strengths) for task in tasks if task.kind == "mechanism"}
    assert curve - {("leace", ())} == {  # .2 is the method itself
        ("reversal", (0.0,)),
        ("reversal", (1.5,)),
        ("plain", (2.0,)),
    }


@pytest.mark.parametrize("there", [True, False])
def test_the_curve_has_leace_where_its_extra_is_installed(there, cycles, small, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(privacy, "can_erase", lambda: there)
    tasks = privacy_tasks(small("evaluate.curve=[]", "evaluate.noise=[]"), cycles, tmp_path, tmp_path / "models")
    assert any(task.name == "leace" for task in tasks) is there
    assert ("without LEACE, which needs an extra: pip install 'stgcn_affect[erasure]'" in caplog.text) is not there


def test_the_method_is_attacked_on_further_partitions_and_the_curve_on_the_first(cycles, small, tmp_path):
    """The first partition stays what it is alone, so that finished pieces serve; no two train and test alike."""
    settings = ("evaluate.privacy_subjects=4", "evaluate.curve=[0]", "evaluate.noise=[]", "evaluate.seeds=[0,1]")
    alone = privacy_tasks(small(*settings), cycles, tmp_path, tmp_path / "models")
    tasks = privacy_tasks(small(*settings, "evaluate.privacy_partitions=3"), cycles, tmp_path, tmp_path / "models")
    assert {task.file for task in alone} < {task.file for task in tasks}
    further = [task for task in tasks if task.file not in {one.file for one in alone}]
    assert all(task.kind == "attacks" for task in further)
    methods = [task for task in tasks if task.kind == "attacks"]
    assert len(methods) == len({task.subjects for task in methods}) == 2 * 3 * 3
    for seed in (0, 1):
        tested = sum((task.subjects for task in methods if task.seed == seed), ())
        assert sorted(tested) == sorted(3 * sorted(set(cycles.subject)))
    same = {task.file: task for task in tasks}
    assert all(same[one.file].digest == one.digest for one in alone)


def test_parts_are_taken_away_in_both_protocols(cycles, small, tmp_path):
    config = small("evaluate.privacy_subjects=4", "evaluate.ablation=[no_within_class_variance]")
    for tasks in (
        emotion_tasks(config, cycles, tmp_path, tmp_path / "models", None),
        privacy_tasks(config, cycles, tmp_path, tmp_path / "models"),
    ):
        folds = {task.fold for task in tasks}
        assert {task.fold for task in tasks if task.name == "no_within_class_variance"} == folds


def test_small_galleries_are_warned_of(cycles, small, tmp_path, caplog):
    tasks = privacy_tasks(small(), cycles, tmp_path, tmp_path / "models")
    assert len([task for task in tasks if task.kind == "attacks"]) == 2
    assert "12 subjects make galleries of 6 unseen ones, fewer than the 8 asked for" in caplog.text


@pytest.mark.parametrize(("subjects", "validation", "known"), [(10, 0, 5), (12, 1, 5), (12, 0, 0)])
def test_it_says_beforehand_that_too_few_seen_subjects_allow_no_verdict(
    subjects, validation, known, labelled, small, tmp_path, caplog
):
    config = small(f"protocol.validation_subjects={validation}")
    privacy_tasks(config, _many(labelled, subjects), tmp_path, tmp_path / "models")
    words = f"of {subjects} subjects a model is trained on {known} at least, and more than 5 are needed for a verdict"
    assert (words in caplog.text) is (known > 0)


def test_who_cannot_be_attacked_is_said_before_anything_is_trained(labelled, small, tmp_path):
    one_emotion_each = labelled([f"subject {i}" for i in range(8)], ["happy", "sad"] * 4)
    with pytest.raises(InputError, match=r"two or more training subjects with two or more emotions.* \(got 0\)"):
        privacy_tasks(small(), one_emotion_each, tmp_path, tmp_path / "models")
    with pytest.raises(InputError, match="too few subjects for 2 folds"):
        privacy_tasks(small(), _many(labelled, 3), tmp_path, tmp_path / "models")


def test_quick_is_a_small_copy(small):
    config = small("train.epochs=100", "evaluate.seeds=[3,4]")
    before = repr(config)
    little = quick(config)
    assert repr(config) == before
    assert (little.train.epochs, little.protocol.kind, little.protocol.folds) == (8, "grouped", 2)
    assert little.evaluate.seeds == [3]
    assert (little.synthetic.walkers, little.synthetic.takes) == (16, 2)
    less = quick(small("train.epochs=2", "synthetic.walkers=10", "synthetic.takes=1"))
    assert quick(small("evaluate.privacy_partitions=4")).evaluate.privacy_partitions == 1
    assert (less.train.epochs, less.synthetic.walkers, less.synthetic.takes) == (2, 10, 1)


def digests(config, cycles, tmp_path):
    """Digest of every task by its fields."""
    tasks = emotion_tasks(config, cycles, tmp_path, tmp_path / "models", None) + privacy_tasks(
        config, cycles, tmp_path, tmp_path / "models"
    )
    return {(task.seed, task.file): task.digest for task in tasks}


def test_finished_tasks_depend_on_data_and_settings_not_on_how_many_there_are(cycles, small, tmp_path):
    few = digests(small("evaluate.privacy_subjects=4"), cycles, tmp_path)
    more = digests(
        small(
            "evaluate.privacy_subjects=4",
            "evaluate.seeds=[0,1]",
            "evaluate.privacy_partitions=3",
            "evaluate.permutations=7",
            "evaluate.curve=[3]",
            "evaluate.ablation=[no_within_class_variance]",
            "benchmark.shows=[curve]",
            "train.threads=2",
        ),
        cycles,
        tmp_path,
    )
    same = set(few) & set(more)
    assert len(same) > 20
    assert all(few[task] == more[task] for task in same)


@pytest.mark.parametrize(
    ("override", "unchanged"),
    [("train.epochs=3", {"baselines"}), ("evaluate.swap_copies=2", {"network", "attacks", "mechanism"})],
)
def test_a_setting_voids_what_depends_on_it_alone(override, unchanged, cycles, small, tmp_path):
    before, after = (digests(config, cycles, tmp_path) for config in (small(), small(override)))
    assert {task[1].parts[1] for task in before if before[task] == after[task]} == unchanged


def test_other_data_void_everything(cycles, small, tmp_path):
    before = digests(small(), cycles, tmp_path)
    after = digests(small(), replace(cycles, digest="another"), tmp_path)
    assert not [task for task in before if before[task] == after[task]]
