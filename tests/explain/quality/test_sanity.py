import copy

import numpy as np
import pytest
import torch
from torch import nn

from stgcn_affect.explain.quality.sanity import (
    cascading_randomisation,
    emotion_layers,
    likeness,
    random_labels,
    reinitialise,
)


def head_times_motion(network):
    """A map that knows the head alone: its first weights, spread over the joints."""
    weights = network.emotion_head.weight.detach().numpy()[0]  # as many as joints
    return lambda cycles: np.broadcast_to(weights, cycles.positions.shape[:3])


def input_alone(network):
    del network
    return lambda cycles: cycles.positions[..., 2].numpy()


def gradient(network):
    """The gradient of the first emotion's logit by the joints, summed over axes: it knows every layer."""

    def maps(cycles):
        positions = cycles.positions.clone().requires_grad_()
        logits = network.emotion_head(network.encode_emotion(positions, cycles.stride_time_s))
        (slope,) = torch.autograd.grad(logits[:, 0].sum(), positions)
        return slope.sum(dim=-1).numpy()

    return maps


def test_layers_are_named_from_the_head_down(toy_network):
    assert emotion_layers(toy_network(blocks=2)) == (
        "emotion_head",
        "emotion_encoder.readout",
        "emotion_encoder.blocks.1",
        "emotion_encoder.blocks.0",
    )


def test_a_map_of_the_input_alone_is_found_out(toy_network, toy_cycles):
    found = cascading_randomisation(toy_network(), input_alone, toy_cycles())
    assert list(found) == ["emotion_head", "emotion_encoder.readout", "emotion_encoder.blocks.0"]
    for one in found.values():
        assert one.absolute == pytest.approx(np.ones(12))
        assert one.signed == pytest.approx(np.ones(12))


def test_a_map_that_knows_every_layer_changes_and_the_network_does_not(toy_network, toy_cycles):
    network, cycles = toy_network(), toy_cycles()
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    found = cascading_randomisation(network, gradient, cycles, draws=4)
    assert np.abs(found["emotion_encoder.blocks.0"].signed).mean() < 0.8
    assert found["emotion_head"].signed.shape == (12,)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_layers_forget_one_after_another(toy_network, toy_cycles):
    network = toy_network()
    only_readout = ("emotion_encoder.readout",)
    kept = cascading_randomisation(network, head_times_motion, toy_cycles(), layers=only_readout)
    assert kept["emotion_encoder.readout"].signed == pytest.approx(np.ones(12))
    both = cascading_randomisation(
        network, head_times_motion, toy_cycles(), layers=("emotion_head", *only_readout), seed=1
    )
    assert (both["emotion_head"].signed < 0.99).all()
    assert both["emotion_head"].signed == pytest.approx(both["emotion_encoder.readout"].signed)


def test_the_same_seed_gives_the_same_weights_and_the_random_state_stays(toy_network):
    network = toy_network()
    one, other = copy.deepcopy(network), copy.deepcopy(network)
    state = torch.random.get_rng_state()
    reinitialise(one.emotion_encoder.blocks[0], seed=5)
    reinitialise(other.emotion_encoder.blocks[0], seed=5)
    assert torch.equal(torch.random.get_rng_state(), state)
    weights = [n.emotion_encoder.blocks[0].spatial.linear.weight for n in (network, one, other)]
    assert torch.equal(weights[1], weights[2])
    assert not torch.equal(weights[0], weights[1])
    assert torch.equal(one.emotion_encoder.readout.weight, network.emotion_encoder.readout.weight)


def test_everything_learned_in_a_block_is_forgotten(toy_network):
    block = toy_network().emotion_encoder.blocks[0]
    with torch.no_grad():
        for value in (*block.parameters(), *block.buffers()):
            if value.is_floating_point():
                value.fill_(7.0)
    learned = {**dict(block.named_parameters()), "mean": block.spatial_norm.running_mean}
    reinitialise(block, seed=0)
    assert not [name for name, value in learned.items() if (value == 7.0).any()]
    assert (block.spatial.importance == 1).all()


def test_a_layer_that_cannot_start_anew_is_refused():
    class Strange(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(1))

    with pytest.raises(ValueError, match=r"reset_parameters \(got Strange\)"):
        reinitialise(nn.Sequential(Strange()), seed=0)


def test_likeness_of_magnitudes_and_of_signs():
    maps = np.array([[[1.0, -2.0, 3.0]]])
    found = likeness(maps, -maps)
    assert found.absolute == pytest.approx([1])
    assert found.signed == pytest.approx([-1])


def test_a_model_of_random_labels_is_compared_on_the_same_cycles(toy_cycles):
    found = random_labels(lambda c: c.positions[..., 2].numpy(), lambda c: -c.positions[..., 2].numpy(), toy_cycles())
    assert found.absolute == pytest.approx(np.ones(12))
    assert found.signed == pytest.approx(-np.ones(12))


def test_only_what_is_watched_is_compared_and_it_is_the_same(toy_network, toy_cycles):
    network, cycles = toy_network(), toy_cycles()
    every = cascading_randomisation(network, gradient, cycles)
    last = list(every)[-1]
    watched = cascading_randomisation(network, gradient, cycles, watched=(last,))
    assert list(watched) == [last]
    np.testing.assert_array_equal(watched[last].signed, every[last].signed)
