import pytest
import torch
from torch.nn.functional import cross_entropy

from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.layout import layout_names, load_layout


def test_shapes(toy_network, toy_cycles):
    cycles = toy_cycles()
    out = toy_network()(cycles.positions, cycles.stride_time_s)
    shapes = {name: tuple(value.shape) for name, value in out._asdict().items()}
    assert shapes == {
        "z_emotion": (12, 3),
        "z_identity": (12, 4),
        "emotion_logits": (12, 2),
        "identity_logits": (12, 3),
        "adversary_identity_logits": (12, 3),
        "adversary_emotion_logits": (12, 2),
    }


@pytest.mark.parametrize("name", layout_names())
def test_every_layout_goes_through_and_back(name):
    layout = load_layout(name)
    network = DisentangledSTGCN.build(layout, emotions=4, subjects=5, width=4, blocks=1, decoder_width=4).eval()
    positions = torch.randn(2, 64, layout.num_joints, 3)
    z_emotion, z_identity = network.encode(positions, torch.ones(2))
    assert network.decode(z_emotion, z_identity).positions.shape == positions.shape
    assert network.decode(z_emotion, z_identity, 16).positions.shape == (2, 16, layout.num_joints, 3)


def test_forward_and_encode_agree(toy_network, toy_cycles):
    network, cycles = toy_network(), toy_cycles()
    given = cycles.positions, cycles.stride_time_s
    out, latents = network(*given), network.encode(*given)
    assert out.z_emotion.equal(latents.z_emotion)
    assert out.z_identity.equal(latents.z_identity)
    assert out.z_emotion.equal(network.encode_emotion(*given))
    assert out.z_identity.equal(network.encode_identity(*given))
    assert out.emotion_logits.equal(network.emotion_head(out.z_emotion))


@pytest.mark.parametrize("retarget", [True, False])
def test_z_emotion_does_not_depend_on_the_bones_lengths_when_retargeted(toy_network, toy_cycles, retarget):
    network, cycles = toy_network(retarget=retarget), toy_cycles()
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    longer = cycles.positions.clone()
    longer[:, :, 1] *= 1.2
    longer[:, :, 2] *= 0.9
    here, there = (network.encode(positions, cycles.stride_time_s) for positions in (cycles.positions, longer))
    same = torch.allclose(here.z_emotion, there.z_emotion, atol=1e-3)
    assert same == retarget
    assert not torch.allclose(here.z_identity, there.z_identity, atol=1e-2)


@pytest.mark.parametrize(
    ("encoder", "latent", "adversary", "logits", "labels"),
    [
        ("emotion_encoder", "z_emotion", "identity_adversary", "adversary_identity_logits", "subject"),
        ("identity_encoder", "z_identity", "emotion_adversary", "adversary_emotion_logits", "emotion"),
    ],
)
def test_an_adversarys_gradient_reaches_its_encoder_reversed(
    toy_network, toy_cycles, encoder, latent, adversary, logits, labels
):
    network, cycles = toy_network(), toy_cycles()
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    truth = getattr(cycles, labels)

    def gradients(predicted):
        network.zero_grad()
        cross_entropy(predicted, truth).backward()
        parts = getattr(network, encoder), getattr(network, adversary)
        return [[parameter.grad.clone() for parameter in part.parameters()] for part in parts]

    out = network(cycles.positions, cycles.stride_time_s, reversal=0.5)
    encoder_reversed, adversary_reversed = gradients(getattr(out, logits))
    out = network(cycles.positions, cycles.stride_time_s)
    encoder_plain, adversary_plain = gradients(getattr(network, adversary)(getattr(out, latent)))
    for one, other in zip(encoder_reversed, encoder_plain, strict=True):
        torch.testing.assert_close(one, -0.5 * other)
    for one, other in zip(adversary_reversed, adversary_plain, strict=True):
        torch.testing.assert_close(one, other)
    assert any(gradient.any() for gradient in encoder_plain)


def test_the_branches_share_no_gradient(toy_network, toy_cycles):
    network, cycles = toy_network(), toy_cycles()
    out = network(cycles.positions, cycles.stride_time_s)
    (out.emotion_logits.square().sum() + out.adversary_identity_logits.square().sum()).backward()
    assert all(parameter.grad is None for parameter in network.identity_encoder.parameters())
    assert all(parameter.grad is None for parameter in network.decoder.parameters())
    assert all(parameter.grad is not None for parameter in network.emotion_encoder.parameters())


def test_state_dict_round_trip_carries_the_statistics(toy_network, toy_cycles):
    network, cycles = toy_network(seed=1), toy_cycles()
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    other = toy_network(seed=2)
    other.load_state_dict(network.state_dict())
    for one, two in zip(
        network(cycles.positions, cycles.stride_time_s), other(cycles.positions, cycles.stride_time_s), strict=True
    ):
        assert one.equal(two)
    one, two = (n.decode(torch.ones(2, 3), torch.ones(2, 4)) for n in (network, other))
    assert one.positions.equal(two.positions)
    assert one.stride_time_s.equal(two.stride_time_s)


def test_fit_statistics_reaches_every_part(toy_network, toy_cycles):
    network, cycles = toy_network(), toy_cycles()
    given = cycles.positions, cycles.stride_time_s
    network.fit_statistics(*given)
    for part in (network.emotion_channels, network.identity_channels):
        torch.testing.assert_close(part(*given).mean(dim=(0, 2)), torch.zeros(10, 3), atol=1e-3, rtol=0)
    torch.testing.assert_close(network.anthropometrics(*given).mean(dim=0), torch.zeros(3), atol=1e-3, rtol=0)
    torch.testing.assert_close(network.anthropometrics(*given).std(dim=0), torch.ones(3))
    series = network.decoder.coefficients(cycles.positions)
    torch.testing.assert_close(network.decoder.mean, series.mean(dim=0))
    assert not torch.allclose(network.decoder.stride_time, torch.tensor([0.0, 1.0]))


def test_fit_statistics_looks_at_nothing_that_is_learned(toy_network, toy_cycles):
    network, cycles = toy_network(), toy_cycles()
    before = {name: parameter.clone() for name, parameter in network.named_parameters()}
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    assert all(parameter.equal(before[name]) for name, parameter in network.named_parameters())
    assert all(buffer.isfinite().all() for buffer in network.buffers())


def test_only_the_emotion_branch_can_be_kept_from_the_stride_time(toy_network, toy_cycles):
    cycles = toy_cycles()
    slower = 1.5 * cycles.stride_time_s
    for given in (True, False):
        network = toy_network(stride_time=given)
        network.fit_statistics(cycles.positions, cycles.stride_time_s)
        as_it_was, changed = (network.encode(cycles.positions, time) for time in (cycles.stride_time_s, slower))
        assert torch.equal(as_it_was.z_emotion, changed.z_emotion) != given
        assert not torch.equal(as_it_was.z_identity, changed.z_identity)
