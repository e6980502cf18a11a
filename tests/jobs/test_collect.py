import itertools
import json
from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect import stats
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.mechanisms import MechanismFold
from stgcn_affect.evaluation.results import ADAPTED
from stgcn_affect.jobs.collect import collect
from stgcn_affect.jobs.tasks import Done, Failure, Task

SUBJECTS = ["ana", "ana", "ben", "ben", "eva", "eva", "tom", "tom"]
EMOTIONS = ["happy", "sad"] * 4  # codes 0, 1, 0, 1 ...
TRUTH = np.array([0, 1] * 4)


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch):
    """No number that is asserted here depends on how many samples the limits are of."""
    monkeypatch.setitem(stats.bootstrap_ci95.__kwdefaults__, "draws", 50)


@pytest.fixture
def cycles(labelled):
    return labelled(SUBJECTS, EMOTIONS)


@pytest.fixture
def done(privacy_fold, closed_attack):
    """Finished tasks of two folds of four cycles, whose numbers are worked out below."""
    return _done(privacy_fold, closed_attack)


def _task(kind, seed, fold, **fields):
    return Task(kind=kind, seed=seed, fold=fold, about=f"seed {seed}", digest="", call=dict, **fields)


def _done(privacy_fold, closed_attack, *, seeds=(0,)):
    """The method is right, the plain network right in the first fold; of two baselines, inner scores like the worse."""
    done = []
    release = closed_attack({"released": {"svm": np.array([1, 0, 0, 0], bool)}})

    def point(kind, strength, emotion):
        return MechanismFold(kind, strength, release, emotion).to_dict()

    for seed, fold in itertools.product(seeds, (0, 1)):

        def add(result, kind, name="", *, seed=seed, fold=fold, **fields):
            task = _task(kind, seed, fold, name=name, **fields)
            done.append(Done(task, json.loads(json.dumps(result))))

        test = [[0, 1, 2, 3], [4, 5, 6, 7]][fold]
        truth = TRUTH[test]
        wrong = 1 - truth
        good, bad = {"predicted": truth.tolist(), "inner": 0.6}, {"predicted": wrong.tolist(), "inner": 0.9}
        predicted = {
            "disentangled": truth,
            "plain_stgcn": wrong if fold else truth,
            "disentangled_on_hand_made": wrong,
            "no_within_class_variance": wrong,
        }
        for name, codes in predicted.items():
            sure = np.eye(2)[codes] * 0.4 + 0.3  # 0.7 and 0.3
            result = {"test": test, "predicted": codes.tolist(), "probabilities": sure.tolist()}
            add(result | ({"adapted": truth.tolist()} if name in ADAPTED else {}), "network", name)
        add({"test": test, "classifiers": {"svm": good}}, "baselines", "raw")
        add({"test": test, "classifiers": {"lda": bad}}, "baselines", "stride_time")
        add({"test": test, "classifiers": {"svm": {**good, "inner": 1.0}}}, "baselines", "raw", swapped=True)
        add(privacy_fold([1, 1, 0, 0]), "attacks")
        add([point("reversal", 1.0, 0.5)], "mechanism", "reversal", strengths=(1.0,))
        add([point("leace", None, 0.6)], "mechanism", "leace")
        add([point("no_within_class_variance", None, 0.5)], "ablation", "no_within_class_variance")
    return done


def _find(done, name, *, fold=0, seed=0):
    """The first finished task of a name."""
    return next(one for one in done if (one.task.name, one.task.fold, one.task.seed) == (name, fold, seed))


def test_seeds_that_test_other_cycles_have_no_vote(cycles, privacy_fold, closed_attack, small):
    """Seed 0 tests the first four cycles and seed 1 the others, as fixed splits may."""
    done = [one for one in _done(privacy_fold, closed_attack, seeds=(0, 1)) if one.task.seed == one.task.fold]
    found = collect(small("evaluate.permutations=20", "evaluate.seeds=[0,1]"), cycles, done, [])
    assert found["emotion"]["n_cycles"] == 8
    assert "disentangled_vote" not in found["baselines"]
    assert found["baselines"]["disentangled_on_both"]["n_cycles"] == 8


def test_every_block_by_hand(cycles, done, small):
    found = collect(small("evaluate.permutations=20"), cycles, done, [])
    assert json.loads(json.dumps(found)) == found
    assert found["protocol"] == {"kind": "fixed", "subject_baseline": "", "folds": 2, "seeds": [0]}
    assert found["dataset"]["subjects"] == 4
    assert found["emotion"]["balanced_accuracy"] == 1.0
    scores = {name: block["balanced_accuracy"] for name, block in found["baselines"].items()}
    assert scores == {
        "plain_stgcn": 0.5,
        "disentangled_adapted": 1.0,
        "plain_stgcn_adapted": 1.0,
        "disentangled_on_hand_made": 0.0,
        "disentangled_vote": 1.0,
        "disentangled_on_both": 0.5,  # a tie, which the first emotion gets
        "svm on raw": 1.0,
        "lda on stride_time": 0.0,
        "svm on raw_swapped": 1.0,
        "majority": 0.5,
    }
    assert all(set(block) == set(found["emotion"]) for block in found["baselines"].values())
    points = {point["name"]: (point["emotion"], point["identity"]) for point in found["curve"]["points"]}
    assert points.pop("leace") == (0.6, 0.25)
    assert points == {
        "reversal-0.2": (0.7, 0.5),
        "reversal-1": (0.5, 0.25),
        "decoded": (0.5, 0.0),
        "retargeted": (0.9, 1.0),
    }
    assert found["curve"]["area"] == pytest.approx(0.25 * 0.5 + 0.5 * 0.7)
    assert found["failures"] == []


def test_human_raters_stand_beside_the_methods_where_clips_were_rated(cycles, done, small):
    config = small("evaluate.permutations=20")
    assert "raters" not in collect(config, cycles, done, [])
    sources = [f"{i}.bvh" for i in range(8)]
    seen = {source: {"perceived_emotion": "sad"} for source in sources}
    found = collect(config, replace(cycles, source=np.array(sources), attributes=seen), done, [])
    assert found["raters"]["balanced_accuracy"] == 0.5
    assert found["raters"]["confusion"] == [[0, 4], [0, 4]]
    assert "raters" not in found["baselines"]


def test_leaky_splits_stand_beside_the_plain_network_by_subject(cycles, done, small):
    """The plain network is right in the first fold alone; with copies all are right, at the best test epoch three."""
    config = small("evaluate.permutations=20")
    assert "leakage" not in collect(config, cycles, done, [])
    late = {"best_test_epoch": [0, 1, 0, 1, 0, 1, 1, 1], "copies": TRUTH.tolist()}
    for name, codes in late.items():
        for fold, test in enumerate(([0, 1, 2, 3], [4, 5, 6, 7])):
            found = {"test": test, "predicted": [codes[i] for i in test]}
            done.append(Done(_task("leakage", 0, fold, name=name), found))
    found = collect(config, cycles, done, [])
    assert list(found["leakage"]) == ["copies", "best_test_epoch", "by_subject"]
    scores = {name: block["emotion"]["balanced_accuracy"] for name, block in found["leakage"].items()}
    assert scores == {"copies": 1.0, "best_test_epoch": 0.875, "by_subject": 0.5}
    assert found["leakage"]["copies"]["difference"] == 0.5
    assert found["protocol"]["folds"] == 2
    assert not set(late) & set(found["baselines"])


def test_a_part_taken_away_is_compared_with_the_method_and_is_no_baseline(cycles, done, small):
    found = collect(small("evaluate.permutations=20"), cycles, done, [])
    assert list(found["ablation"]) == ["no_within_class_variance"]
    about = found["ablation"]["no_within_class_variance"]
    assert about["emotion"]["balanced_accuracy"] == 0.0
    assert about["difference"] == 1.0
    assert (about["identity"]["accuracy"], about["identity"]["models"]) == (0.25, 2)
    assert "no_within_class_variance" not in found["baselines"]


def test_the_plain_network_is_the_method_without_disentanglement(cycles, done, small):
    for fold in (0, 1):
        (point,) = _find(done, "leace", fold=fold).result
        plain = [{**point, "kind": "plain"}, {**point, "kind": "noise", "strength": 1.0}]
        done.append(Done(_task("mechanism", 0, fold, name="plain", strengths=(1.0,)), plain))
    about = collect(small("evaluate.permutations=20"), cycles, done, [])["ablation"]["no_disentanglement"]
    assert about["emotion"]["balanced_accuracy"] == 0.5
    assert about["difference"] == 0.5
    assert about["identity"]["accuracy"] == 0.25


def test_the_best_baseline_is_the_one_that_was_best_inside(cycles, done, small):
    comparison = collect(small("evaluate.permutations=20"), cycles, done, [])["comparison"]
    assert (
        comparison["best_baseline_scores"]["balanced_accuracy"] == 0.0
    )  # lda on stride_time, though svm is right here
    assert comparison["difference"] == 1.0
    assert comparison["best_by_test_score"]["name"] == "svm on raw"
    assert comparison["best_by_test_score"]["difference"] == 0.0
    assert comparison["best_swap_trained"]["name"] == "svm on raw_swapped"  # never among the best baselines
    assert comparison["plain_stgcn"]["difference"] == 0.5
    assert {"best_baseline", "ci95", "p"} <= set(comparison)


def test_the_order_in_which_tasks_end_changes_nothing(cycles, done, small):
    for fold in (0, 1):
        _find(done, "raw", fold=fold).result["classifiers"]["svm"]["inner"] = 0.9  # a tie
    config = small("evaluate.permutations=20")
    assert collect(config, cycles, done[::-1], []) == collect(config, cycles, done, [])


def test_seeds_are_pooled(cycles, small, privacy_fold, closed_attack):
    done = _done(privacy_fold, closed_attack, seeds=(0, 5))
    _find(done, "disentangled", seed=5).result["predicted"] = [1, 0, 1, 0]
    found = collect(small("evaluate.permutations=20", "evaluate.seeds=[0,5]"), cycles, done, [])
    assert found["protocol"]["seeds"] == [0, 5]
    assert found["emotion"]["balanced_accuracy"] == 0.75
    assert (found["emotion"]["n_cycles"], found["emotion"]["seeds"]) == (8, 2)
    assert found["privacy"]["seen_subjects"]["models"] == 4


def test_a_dead_fold_is_reported_and_the_rest_is_kept(cycles, done, small):
    lost = _find(done, "disentangled", fold=1)
    left = [one for one in done if one != lost and (one.task.kind, one.task.fold) != ("attacks", 0)]
    died = [Failure(replace(lost.task, about="seed 0, fold 2: disentangled", subjects=("eva", "tom")), "Boom\n")]
    found = collect(small("evaluate.permutations=20"), cycles, left, died)
    assert found["failures"] == [
        {"about": "seed 0, fold 2: disentangled", "subjects": ["eva", "tom"], "error": "Boom\n"}
    ]
    assert (found["emotion"]["n_cycles"], found["emotion"]["n_subjects"]) == (4, 2)
    assert found["baselines"]["svm on raw"]["n_cycles"] == 8
    assert found["comparison"]["plain_stgcn"]["difference"] == 0.0  # on what both predicted: the first fold
    assert found["privacy"]["seen_subjects"]["models"] == 1


@pytest.mark.parametrize(
    ("lost", "what"),
    [
        ({"name": "disentangled"}, "the method"),
        ({"name": "plain_stgcn"}, "the plain ST-GCN"),
        ({"swapped": True}, "the swap-trained baselines"),
        ({"kind": "attacks"}, "the attacks"),
    ],
)
def test_a_claim_without_a_single_fold_is_one_line(lost, what, cycles, done, small):
    left = [one for one in done if any(getattr(one.task, field) != value for field, value in lost.items())]
    task = replace(_task("network", 0, 0), about="seed 0, fold 1: x")
    died = [Failure(task, "Traceback ...\nMemoryError: too big\n")]
    with pytest.raises(InputError) as caught:
        collect(small(), cycles, left, died)
    expected = "expected one finished fold or more (got seed 0, fold 1: x: MemoryError: too big)"
    assert str(caught.value) == f"{what}: {expected}"


def test_the_privacy_folds_give_points_of_their_own(cycles, done, small):
    kept = [one for one in done if one.task.kind != "mechanism"]
    points = collect(small("evaluate.permutations=20"), cycles, kept, [])["curve"]["points"]
    assert [(point["kind"], point["strength"]) for point in points] == [
        ("decoded", None),
        ("retargeted", None),
        ("reversal", 0.2),
    ]
    assert [(point["emotion"], point["identity"]) for point in points] == [(0.5, 0.0), (0.9, 1.0), (0.7, 0.5)]


def test_with_two_emotions_the_attacker_that_did_best_counts(cycles, done, small):
    """One emotion to learn from leaves nothing to choose by inside: the choice errs on the side of the attacker."""
    for one in done:
        if one.task.kind == "attacks":
            seen = one.result["attacks"]["seen"]
            seen["inner"] = {}
            seen["predictions"]["z_emotion"]["knn"] = ["ana", "ben", "eva", "nobody"]
    found = collect(small("evaluate.permutations=20"), cycles, done, [])["curve"]["points"]
    assert {point["name"]: point["identity"] for point in found}["reversal-0.2"] == 0.75
