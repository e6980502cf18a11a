import json

import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.old_results import read_results, upgrade_results

OLD = {
    "dataset": {"name": "toy", "walkers": 8},
    "protocol": {"kind": "grouped", "calibrated": "other_takes"},
    "emotion": {"accuracy": 0.5, "n_walkers": 8, "n_cycles": 16},
    "baselines": {"svm on mean_pose_and_tempo": {"n_walkers": 8}, "lda on tempo": {}},
    "comparison": {"best_by_test_score": {"name": "svm on mean_pose_and_tempo", "difference": 0.1}},
    "privacy": {
        "known_walkers": {
            "walkers": 6,
            "calibrated": {"worst": 0.5, "attackers": {"opposite_lda": 0.5}},
            "own_baseline": {"worst": 1.0},
        },
        "unseen_walkers": {"walkers": 8, "raw": {"auc": 0.9}},
        "verdict": {
            "hidden": False,
            "reasons": [
                "holds: known walkers: p = 0.072",
                "fails: above the class probabilities by 0.1, upper limit 0.2 against .05",
                "fails: unseen walkers: 0.8 against 0.7 of the probabilities + .05",
            ],
        },
    },
    "disentanglement": {"walker_from_z_emotion": 0.25},
    "ablation": {"no_scatter": {}, "no_slope": {}, "no_stride_time": {}},
}
NEW = {
    "dataset": {"name": "toy", "subjects": 8},
    "protocol": {"kind": "grouped", "subject_baseline": "other_takes"},
    "emotion": {"accuracy": 0.5, "n_subjects": 8, "n_cycles": 16},
    "baselines": {"svm on mean_pose_and_stride_time": {"n_subjects": 8}, "lda on stride_time": {}},
    "comparison": {"best_by_test_score": {"name": "svm on mean_pose_and_stride_time", "difference": 0.1}},
    "privacy": {
        "seen_subjects": {
            "subjects": 6,
            "relative_to_baseline": {"accuracy": 0.5, "attackers": {"reflected_lda": 0.5}},
            "subject_baseline": {"accuracy": 1.0},
        },
        "unseen_subjects": {"subjects": 8, "raw": {"auc": 0.9}},
        "verdict": {
            "hidden": False,
            "reasons": [
                "holds: seen subjects: p = 0.072",
                "fails: above the class probabilities by 0.1, upper limit 0.2 against 0.05",
                "fails: unseen subjects: 0.8 against 0.7 of the probabilities + 0.05",
            ],
        },
    },
    "disentanglement": {"walker_from_z_emotion": 0.25},
    "ablation": {"no_within_class_variance": {}, "no_input_gradient_penalty": {}, "no_stride_time": {}},
}


def test_old_keys_and_words_are_todays():
    assert upgrade_results(OLD) == NEW


def test_todays_results_stay_as_they_are():
    assert upgrade_results(NEW) == NEW


def test_a_file_is_read_with_todays_keys(tmp_path):
    path = tmp_path / "results.json"
    path.write_text(json.dumps(OLD))
    assert read_results(path) == NEW
    for content, words in (("{", "expected JSON"), ("[]", r"expected an object of results \(got list\)")):
        path.write_text(content)
        with pytest.raises(InputError, match=f"results.json: {words}"):
            read_results(path)


def test_deletion_curves_of_before_say_units_and_replacement():
    old = {"faithfulness": {"joint x phase, own mean pose": {"deletion": {}}}}
    about = {"units": "joint x phase", "replacement": "own_mean_pose"}
    assert upgrade_results(old) == {"faithfulness": {"joint x phase, own mean pose": about | {"deletion": {}}}}
    assert upgrade_results(upgrade_results(old)) == upgrade_results(old)
