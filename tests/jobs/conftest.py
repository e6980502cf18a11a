import random

import numpy as np
import pytest
import torch

from stgcn_affect.config import load_config
from stgcn_affect.data.splits import grouped_folds
from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.evaluation.unseen_subjects import OpenSetAttack, Pairs
from stgcn_affect.jobs.attack_record import attack_to_json, open_set_to_json

LATENTS = ("z_emotion", "z_identity")
SMALL = (
    *("network.width=4", "network.blocks=1", "network.decoder_width=4", "network.identity_dim=8"),
    *("train.epochs=2", "protocol.validation_subjects=1", "evaluate.swap_copies=1"),
)


@pytest.fixture(autouse=True)
def _random_as_before():
    """Training seeds everything and asks for deterministic algorithms; other tests are not to notice."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002
    deterministic = torch.are_deterministic_algorithms_enabled()
    yield
    random.setstate(states[0])
    np.random.set_state(states[1])  # noqa: NPY002
    torch.set_rng_state(states[2])
    torch.use_deterministic_algorithms(deterministic)


@pytest.fixture
def small():
    """Makes settings of a small network that trains for two epochs, with overrides on top."""
    return lambda *overrides: load_config(None, [*SMALL, *overrides])


@pytest.fixture
def halves():
    """Makes the splits of two grouped folds with one validation subject."""
    return lambda cycles: grouped_folds(cycles.subject, folds=2, validation_subjects=1, seed=0)


NAMES = np.array(["ana", "ben", "eva", "tom"])


@pytest.fixture
def closed_attack():
    """Makes the record of an attack on four subjects, ``{thing: {attacker: hits}}``."""
    return _attack


@pytest.fixture
def privacy_fold():
    """Makes what a privacy fold leaves: z_emotion is hit as told, probabilities never, raw cycles always."""
    return _fold


def _attack(hits):
    said = {t: {a: np.where(hit, NAMES, "nobody") for a, hit in of.items()} for t, of in hits.items()}
    inner = {t: {a: float(np.mean(hit)) for a, hit in of.items()} for t, of in hits.items()}
    return attack_to_json(Attack(0.25, NAMES, said, np.zeros(4, int), inner))


def _fold(z_emotion):
    always, never = np.ones(4, bool), np.zeros(4, bool)
    releases = {"raw": always, "retargeted": always, "z_identity": always, "z_emotion": np.array(z_emotion, bool)}
    releases |= {"probabilities": never, "decoded": never}
    pairs = [Pairs(np.eye(4), NAMES, NAMES)]
    unseen = OpenSetAttack(dict.fromkeys(releases, pairs), dict.fromkeys(releases, "distance"))
    table = {f"{what}_{of}_{z}": 0.5 for what in ("emotion", "walker") for of in ("from", "nats_from") for z in LATENTS}
    table |= {f"entropy_{what}_nats": 1.5 for what in ("emotion", "walker")}
    table |= {f"swap_{what}": 0.75 for what in ("emotion_chance", "walker_chance")}
    swap = {"lender": [*"abcd"], "body": [*"bcda"], "emotion": [True, True, False, True], "subject": [True] * 4}
    return {
        "swap": swap,
        "known": _attack({release: {"svm": hit} for release, hit in releases.items()}),
        "static": _attack({"decoded": {"svm": never}, "retargeted": {"svm": always}}),
        "unseen": dict.fromkeys(("emotions", "one_take"), open_set_to_json(unseen)),
        "emotion": {"z_emotion": 0.7, "decoded": 0.5, "retargeted": 0.9},
        "disentanglement": table | {"cka": float(np.mean(z_emotion))},
    }
