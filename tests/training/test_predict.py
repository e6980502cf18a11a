import numpy as np
import pytest
import torch

from stgcn_affect.data.augment import mirror
from stgcn_affect.errors import InputError
from stgcn_affect.training.predict import emotion_logits, emotion_probabilities, encode, eval_mode, mean_outputs


def test_every_module_and_weight_is_as_before_even_after_an_error():
    network = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Dropout(), torch.nn.Linear(2, 1))
    network.train()
    network[1].eval()
    network[0].bias.requires_grad_(False)
    network[2].weight.grad = torch.ones(1, 2)
    with eval_mode(network):
        assert not any(module.training for module in network.modules())
        assert not any(parameter.requires_grad for parameter in network.parameters())
    with pytest.raises(RuntimeError, match="shapes"), eval_mode(network):
        network(torch.ones(1, 3))
    assert [module.training for module in network.modules()] == [True, True, False, True]
    assert [p.requires_grad for p in network.parameters()] == [True, False, True, True]
    torch.testing.assert_close(network[2].weight.grad, torch.ones(1, 2))


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_gradients_can_be_taken_whatever_the_caller_is_in(mode):
    network = torch.nn.Linear(1, 1)
    with mode():
        with eval_mode(network):
            x = torch.ones(1, requires_grad=True)
            (slope,) = torch.autograd.grad((3 * x).sum(), x)
        assert not torch.is_grad_enabled()
    assert slope.item() == 3


@pytest.fixture
def lopsided(toy_network, toy_cycles):
    """A network and cycles of subjects whose left side differs from their right."""
    network, cycles = toy_network(), toy_cycles()
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    crooked = cycles.positions.clone()
    crooked[:, :, 1, 1] *= 0.8
    return network, cycles._replace(positions=crooked)


def all_mirrored(cycles, layout):
    return mirror(cycles, layout, torch.ones(len(cycles.emotion), dtype=torch.bool))


def test_a_cycle_and_its_mirror_image_are_encoded_the_same(lopsided, toy_layout):
    network, cycles = lopsided
    here, there = (encode(network, given, toy_layout) for given in (cycles, all_mirrored(cycles, toy_layout)))
    for one, other in zip(here, there, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
    plain = encode(network, all_mirrored(cycles, toy_layout), toy_layout, mirrored=False)
    assert not np.allclose(plain.z_emotion, encode(network, cycles, toy_layout, mirrored=False).z_emotion, atol=1e-3)


def test_the_average_by_hand(lopsided, toy_layout):
    network, cycles = lopsided
    image = all_mirrored(cycles, toy_layout)
    one, other = (network.encode(c.positions, c.stride_time_s) for c in (cycles, image))
    found = encode(network, cycles, toy_layout)
    z_emotion = (one.z_emotion + other.z_emotion) / 2
    torch.testing.assert_close(torch.from_numpy(found.z_emotion), z_emotion)
    torch.testing.assert_close(torch.from_numpy(found.z_identity), (one.z_identity + other.z_identity) / 2)
    torch.testing.assert_close(torch.from_numpy(found.probabilities), network.emotion_head(z_emotion).softmax(dim=1))


def test_not_mirrored_is_what_the_network_says(lopsided, toy_layout):
    network, cycles = lopsided
    out = network(cycles.positions, cycles.stride_time_s)
    found = encode(network, cycles, toy_layout, mirrored=False)
    torch.testing.assert_close(torch.from_numpy(found.z_emotion), out.z_emotion.detach())
    torch.testing.assert_close(torch.from_numpy(found.z_identity), out.z_identity.detach())
    torch.testing.assert_close(torch.from_numpy(found.probabilities), out.emotion_logits.softmax(dim=1).detach())


@pytest.mark.parametrize("mirrored", [True, False])
def test_batches_do_not_matter(lopsided, toy_layout, mirrored):
    network, cycles = lopsided
    whole, five = (encode(network, cycles, toy_layout, mirrored=mirrored, batch=size) for size in (256, 5))
    assert len(five.z_emotion) == len(cycles.emotion)
    for one, other in zip(whole, five, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("training", [True, False])
def test_the_network_is_as_before(lopsided, toy_layout, training):
    network, cycles = lopsided
    network.train(training)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    found = encode(network, cycles, toy_layout)
    assert network.training == training
    assert all(module.training == training for module in network.modules())
    for name, value in network.state_dict().items():
        assert value.equal(before[name]), name
    again = encode(network, cycles, toy_layout)
    assert all((a == b).all() for a, b in zip(found, again, strict=True)), "dropout was on"


def test_the_mode_is_as_before_after_an_error_too(toy_network, toy_cycles, toy_layout):
    network, odd = toy_network(cycle_samples=15).train(), toy_cycles(samples=15)
    with pytest.raises(InputError, match="even number of phase samples"):
        encode(network, odd, toy_layout)
    assert all(module.training for module in network.modules())


def test_names_stay_in_order_and_probabilities_sum_to_one(lopsided, toy_layout):
    network, cycles = lopsided
    found = encode(network, cycles, toy_layout)
    assert all(column.dtype == np.float32 for column in found)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, rtol=1e-5)
    last = encode(network, cycles.take(torch.tensor([11, 3])), toy_layout)
    np.testing.assert_allclose(last.z_identity, found.z_identity[[11, 3]], rtol=1e-4, atol=1e-5)


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


def test_means_over_any_number_of_inputs_are_those_over_all_rows():
    rows = torch.randn(200, 1, 2, 3, generator=torch.Generator().manual_seed(0))
    blocks = [torch.nn.ReLU(), torch.nn.Identity()]
    expected = rows.relu().mean(dim=0)
    for found in mean_outputs(blocks, (row[None] for row in rows)):
        torch.testing.assert_close(found, expected)
