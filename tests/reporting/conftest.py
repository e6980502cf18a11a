"""Made-up results of an evaluation, and the smallest set of releases, baselines and parts that every table shows."""

import pytest

from stgcn_affect.skeleton.layout import load_layout

LIMITS = [0.1, 0.9]
LATENTS = ("z_emotion", "z_identity")


def scores(accuracy, **more):
    block = {"balanced_accuracy": accuracy, "macro_f1": accuracy / 2, "ci95": LIMITS, "chance": 0.5}
    return block | {"n_subjects": 6, "n_cycles": 24, "seeds": 2, "confusion": [[1, 2], [3, 4]]} | more


def gained(difference, **more):
    return {"difference": difference, "ci95": [-0.1, 0.3], "p": 0.04321, **more}


def attacked(accuracy):
    return {"accuracy": accuracy, "attackers": {"svm": accuracy, "random_forest": 0.2}, "ci95": LIMITS}


def verified(value):
    names = ("rank1", "eer", "auc", "tar_at_far_1pct")
    return dict.fromkeys(names, value) | {"ci95": dict.fromkeys(names, LIMITS)}


def disentangled():
    found = {f"{what}_{of}_{z}": 0.3 for what in ("emotion", "walker") for of in ("from", "nats_from") for z in LATENTS}
    found |= {"entropy_emotion_nats": 0.693, "entropy_walker_nats": 1.792, "cka": 0.125}
    found |= {"swap_emotion": 0.8, "swap_walker": 0.7, "swap_emotion_chance": 0.5, "swap_walker_chance": 0.167}
    return found | {"swap_emotion_ci95": LIMITS, "swap_walker_ci95": LIMITS}


@pytest.fixture
def results():
    """``results.json`` of an evaluation in which neither takes nor attributes were attacked."""
    point = {"name": "reversal-0.2", "emotion": 0.61, "identity": 0.35, "identity_ci95": LIMITS}
    return {
        "dataset": {"name": "made up", "subjects": 6, "takes": 12, "cycles": 24, "emotions": ["happy", "sad"]},
        "protocol": {"kind": "grouped", "folds": 3, "seeds": [0, 7]},
        "emotion": scores(0.75),
        "baselines": {
            "svm on raw": scores(0.875),
            "lda on harmonics_swapped": scores(0.625),
            "plain_stgcn": scores(0.65),
            "majority": scores(0.5),
        },
        "comparison": {
            "best_baseline": "chosen per fold on inner validation",
            "best_baseline_scores": scores(0.7),
            **gained(0.05),
            "best_by_test_score": gained(-0.125, name="svm on raw"),
            "best_swap_trained": gained(0.1, name="lda on harmonics_swapped"),
            "plain_stgcn": gained(0.0),
        },
        "privacy": {
            "seen_subjects": {
                "chance": 0.25,
                "raw": attacked(0.95),
                "z_emotion": attacked(0.3),
                "probabilities": attacked(0.28),
                "static": {"decoded": attacked(0.27), "retargeted": attacked(0.29)},
                "z_emotion_minus_probabilities": gained(0.02),
                "p": 0.31,
                "models": 6,
                "subjects": 5,
            },
            "unseen_subjects": {
                "chance": 0.125,
                "smallest_far": 0.004,
                "raw": verified(0.99),
                "models": 6,
                "subjects": 8,
            },
            "verdict": {"hidden": False, "reasons": ["holds: one", "fails: two"]},
        },
        "disentanglement": disentangled(),
        "curve": {"points": [point | {"identity_chance": 0.25, "models": 6}], "area": 0.4567},
        "ablation": {
            "no_within_class_variance": {
                "emotion": scores(0.6),
                **gained(0.05),
                "identity": attacked(0.45) | {"chance": 0.25, "models": 6},
            }
        },
        "failures": [],
    }


@pytest.fixture
def leaky(results):
    """The same, in which leaky splits were asked for."""
    leaks = {"random_clips": {"emotion": scores(0.9), **gained(0.25)}, "best_test_epoch": {"emotion": scores(0.8)}}
    return results | {"leakage": leaks | {"by_subject": {"emotion": scores(0.65)}}}


@pytest.fixture
def all_attacked(results):
    """The same, in which takes, one-take enrolment and an attribute were attacked too."""
    privacy = results["privacy"]
    privacy["seen_subjects"]["held_out_takes"] = {"chance": 0.2, "raw": attacked(0.97), "z_emotion": attacked(0.33)}
    privacy["unseen_subjects"]["z_emotion_minus_probabilities"] = gained(0.125)
    privacy["unseen_subjects"]["one_take"] = {"chance": 0.125, "smallest_far": 0.02, "raw": verified(0.98)}
    gender = {"chance": 0.5, "values": {"f": 3, "m": 5}, "models": 6, "raw": attacked(0.8), "z_emotion": attacked(0.6)}
    privacy["attributes"] = {"gender": gender, "age_group": {**gender, "chance": 0.333}}
    return results


@pytest.fixture
def trained():
    """``results.json`` of a training run."""
    return {
        "dataset": {"name": "toy", "subjects": 8, "takes": 16, "cycles": 32, "emotions": ["happy", "sad"]},
        "protocol": {"kind": "fixed", "folds": 1, "seeds": [0]},
        "emotion": scores(0.75, n_subjects=1, seeds=1),
        "privacy": {
            "seen_subjects": {"chance": 0.2, "z_emotion": attacked(0.3), "raw": attacked(1.0), "logits": attacked(0.4)}
        },
        "seconds": 12.4,
    }


@pytest.fixture(scope="session")
def layout():
    """The skeleton that maps and figures are drawn on."""
    return load_layout("emotion_gait16")
