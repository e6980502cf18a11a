import numpy as np
import torch

from stgcn_affect.explain.predict import emotion_logits, emotion_probabilities
from stgcn_affect.training.encode import encode


def test_it_is_what_encode_says(toy_network, toy_cycles, toy_layout):
    network, cycles = toy_network(), toy_cycles()
    expected = encode(network, cycles, toy_layout).probabilities
    np.testing.assert_allclose(emotion_probabilities(network, cycles, toy_layout), expected, atol=1e-6)


def test_the_batch_changes_nothing_and_the_network_stays_as_it_was(toy_network, toy_cycles, toy_layout):
    network, cycles = toy_network().train(), toy_cycles()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    whole, cut = (emotion_logits(network, cycles, toy_layout, batch=batch) for batch in (99, 5))
    np.testing.assert_allclose(whole, cut, atol=1e-6)
    assert network.training
    assert all(parameter.requires_grad for parameter in network.parameters())
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
