import random

import numpy as np
import pytest
import torch

from stgcn_affect.data.augment import Augmentation
from stgcn_affect.training.fit_settings import FitSettings
from stgcn_affect.training.trainer import Training

FAST = {"epochs": 4, "patience": 0, "batch_size": 6, "learning_rate": 0.01, "transfer_every": 2, "decoded_samples": 8}


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
    """Makes a short training of a toy network."""

    def make(*, init=0, sizes=None, validation=others, augmentation=None, **settings):
        changes = Augmentation(toy_layout, mirror_probability=0.5, phase_shift_pct=3.0, noise_heights=0.01)
        return Training(
            toy_network(seed=init, **sizes or {}),
            toy_cycles(),
            validation,
            augmentation=augmentation or changes,
            settings=FitSettings(**FAST | settings),
        )

    return make
