import random
from dataclasses import asdict

import numpy as np
import pytest
import torch

from stgcn_affect.data.augment import Augmentation
from stgcn_affect.settings import AugmentConfig, LossConfig, TrainConfig
from stgcn_affect.training.trainer import Trainer

FAST = {"epochs": 4, "patience": 0, "batch_size": 6, "learning_rate": 0.01, "transfer_every": 2, "decoded_samples": 8}
PLAIN = {"choose_from": 0.0, "average_from": 1.0, "project_emotion": False, "clip_latent": 0.0}
NO_CHANGE = dict.fromkeys(asdict(AugmentConfig()), 0.0)


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
def others(toy_cycles):
    """Cycles of subjects that do not train."""
    cycles = toy_cycles(subjects=2, seed=9)
    return cycles._replace(positions=1.1 * cycles.positions, subject=torch.full_like(cycles.subject, -1))


@pytest.fixture
def prepare(toy_network, toy_cycles, toy_layout, others):
    """Makes a trainer that has begun a short training of a toy network, without the last steps unless asked for."""

    def make(*, init=0, seed=0, sizes=None, validation=others, augmentation=None, weights=None, **settings):
        strengths = NO_CHANGE | {"mirror_probability": 0.5, "phase_shift_pct": 3.0, "noise_heights": 0.01}
        loss = LossConfig(
            **dict.fromkeys(asdict(LossConfig()), 1.0)
            | dict.fromkeys(("input_gradient_penalty", "risk_variance", "group_dro"), 0.0)
            | (weights or {})
        )
        trainer = Trainer(TrainConfig(**FAST | PLAIN | settings), loss, seed=seed)
        trainer.start(
            toy_network(seed=init, **sizes or {}),
            toy_cycles(),
            validation,
            augmentation=augmentation or Augmentation(toy_layout, **strengths),
        )
        return trainer

    return make
