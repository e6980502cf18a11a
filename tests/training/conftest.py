import random

import numpy as np
import pytest
import torch


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
