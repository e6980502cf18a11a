import json

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.collect import collect
from stgcn_affect.jobs.tasks import Failure

SUBJECTS = ["ana", "ana", "ben", "ben", "eva", "eva", "tom", "tom"]
EMOTIONS = ["happy", "sad"] * 4  # codes 0, 1, 0, 1 ...
TRUTH = np.array([0, 1] * 4)


@pytest.fixture
def cycles(labelled):
    return labelled(SUBJECTS, EMOTIONS)


@pytest.fixture
def done(privacy_fold, closed_attack):
    """Finished tasks of two folds of four cycles, whose numbers are worked out below."""
    return _done(privacy_fold, closed_attack)


def _done(privacy_fold, closed_attack, *, seeds=(0,)):
    """The method is right, the plain network right in the first fold; of two baselines, inner scores like the worse."""
    tasks = {}
    for seed in seeds:
        for fold, test in (("000", [0, 1, 2, 3]), ("001", [4, 5, 6, 7])):
            where, truth = f"seed-{seed}/emotion/{fold}", TRUTH[test]
            wrong = 1 - truth
            good, bad = {"predicted": truth.tolist(), "inner": 0.6}, {"predicted": wrong.tolist(), "inner": 0.9}
            predicted = {
                "disentangled": truth,
                "plain_stgcn": truth if fold == "000" else wrong,
                "disentangled_on_hand_made": wrong,
            }
            predicted["no_within_class_variance"] = wrong
            for name, codes in predicted.items():
                tasks[f"{where}/{name}"] = {"test": test, "predicted": codes.tolist()}
            tasks[f"{where}/baselines-raw"] = {"test": test, "classifiers": {"svm": good}}
            tasks[f"{where}/baselines-stride_time"] = {"test": test, "classifiers": {"lda": bad}}
            tasks[f"{where}/baselines-raw_swapped"] = {"test": test, "classifiers": {"svm": {**good, "inner": 1.0}}}
            tasks[f"seed-{seed}/privacy/{fold}/method"] = privacy_fold([1, 1, 0, 0])
            release = closed_attack({"released": {"svm": np.array([1, 0, 0, 0], bool)}})
            tasks[f"seed-{seed}/privacy/{fold}/curve-reversal-1"] = {"reversal-1": {"known": release, "emotion": 0.5}}
            tasks[f"seed-{seed}/privacy/{fold}/curve-leace"] = {"leace": {"known": release, "emotion": 0.6}}
            tasks[f"seed-{seed}/privacy/{fold}/ablation-no_within_class_variance"] = {
                "no_within_class_variance": {"known": release, "emotion": 0.5}
            }
    return json.loads(json.dumps(tasks))


def test_every_block_by_hand(cycles, done, small):
    found = collect(small("evaluate.permutations=20"), cycles, done, [])
    assert json.loads(json.dumps(found)) == found
    assert found["protocol"] == {"kind": "fixed", "subject_baseline": "", "folds": 2, "seeds": [0]}
    assert found["dataset"]["subjects"] == 4
    assert found["emotion"]["balanced_accuracy"] == 1.0
    scores = {name: block["balanced_accuracy"] for name, block in found["baselines"].items()}
    assert scores == {
        "plain_stgcn": 0.5,
        "disentangled_on_hand_made": 0.0,
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


def test_a_part_taken_away_is_compared_with_the_method_and_is_no_baseline(cycles, done, small):
    found = collect(small("evaluate.permutations=20"), cycles, done, [])
    assert list(found["ablation"]) == ["no_within_class_variance"]
    about = found["ablation"]["no_within_class_variance"]
    assert about["emotion"]["balanced_accuracy"] == 0.0
    assert about["difference"] == 1.0
    assert (about["identity"]["accuracy"], about["identity"]["models"]) == (0.25, 2)
    assert "no_within_class_variance" not in found["baselines"]


def test_the_plain_network_is_the_method_without_disentanglement(cycles, done, small):
    for fold in ("000", "001"):
        release = done[f"seed-0/privacy/{fold}/curve-leace"]["leace"]
        done[f"seed-0/privacy/{fold}/curve-plain"] = {"plain": release, "noise-1": release}
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
    for name in ("seed-0/emotion/000/baselines-raw", "seed-0/emotion/001/baselines-raw"):
        done[name]["classifiers"]["svm"]["inner"] = 0.9  # a tie
    config = small("evaluate.permutations=20")
    assert collect(config, cycles, dict(reversed(done.items())), []) == collect(config, cycles, done, [])


def test_seeds_are_pooled(cycles, small, privacy_fold, closed_attack):
    done = _done(privacy_fold, closed_attack, seeds=(0, 5))
    done["seed-5/emotion/000/disentangled"]["predicted"] = [1, 0, 1, 0]
    found = collect(small("evaluate.permutations=20", "evaluate.seeds=[0,5]"), cycles, done, [])
    assert found["protocol"]["seeds"] == [0, 5]
    assert found["emotion"]["balanced_accuracy"] == 0.75
    assert (found["emotion"]["n_cycles"], found["emotion"]["seeds"]) == (8, 2)
    assert found["privacy"]["seen_subjects"]["models"] == 4


def test_a_dead_fold_is_reported_and_the_rest_is_kept(cycles, done, small):
    del done["seed-0/emotion/001/disentangled"], done["seed-0/privacy/000/method"]
    died = [Failure("seed-0/emotion/001/disentangled", "seed 0, fold 2: disentangled", ("eva", "tom"), "Boom\n")]
    found = collect(small("evaluate.permutations=20"), cycles, done, died)
    assert found["failures"] == [
        {"about": "seed 0, fold 2: disentangled", "subjects": ["eva", "tom"], "error": "Boom\n"}
    ]
    assert (found["emotion"]["n_cycles"], found["emotion"]["n_subjects"]) == (4, 2)
    assert found["baselines"]["svm on raw"]["n_cycles"] == 8
    assert found["comparison"]["plain_stgcn"]["difference"] == 0.0  # on what both predicted: the first fold
    assert found["privacy"]["seen_subjects"]["models"] == 1


@pytest.mark.parametrize(
    ("ending", "what"),
    [
        ("/disentangled", "the method"),
        ("/plain_stgcn", "the plain ST-GCN"),
        ("/baselines-raw_swapped", "the swap-trained baselines"),
        ("/method", "the attacks"),
    ],
)
def test_a_claim_without_a_single_fold_is_one_line(ending, what, cycles, done, small):
    left = {name: result for name, result in done.items() if not name.endswith(ending)}
    died = [Failure("x", "seed 0, fold 1: x", ("ana",), "Traceback ...\nMemoryError: too big\n")]
    with pytest.raises(InputError) as caught:
        collect(small(), cycles, left, died)
    expected = "no fold ended, so there is no evidence to report (got seed 0, fold 1: x: MemoryError: too big)"
    assert str(caught.value) == f"{what}: {expected}"
