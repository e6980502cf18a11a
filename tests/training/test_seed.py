import random

import numpy as np
import torch

from stgcn_affect.training.seed import RandomState, seed_everything


def draws():
    return [random.random(), float(np.random.rand()), float(torch.rand(()))]  # noqa: NPY002


def test_one_seed_for_all_streams():
    seed_everything(3)
    first = draws()
    assert draws() != first
    seed_everything(3)
    assert draws() == first
    seed_everything(4)
    assert all(a != b for a, b in zip(draws(), first, strict=True))
    assert torch.are_deterministic_algorithms_enabled()


def state_draws(state):
    dropped = torch.nn.functional.dropout(torch.ones(20)).tolist()
    return state.batches.random(3).tolist(), torch.rand(3, generator=state.augmentation).tolist(), dropped


def test_a_state_is_taken_up_exactly_where_it_was():
    state = RandomState(1)
    first = state_draws(state)
    taken = state.state_dict()
    expected = state_draws(state)
    assert expected != first
    other = RandomState(2)
    other.load_state_dict(taken)
    assert state_draws(other) == expected


def test_the_streams_do_not_disturb_each_other():
    one = RandomState(1)
    one.batches.random(100)
    torch.rand(100, generator=one.augmentation)
    dropped = state_draws(one)[2]
    assert state_draws(RandomState(1))[2] == dropped
