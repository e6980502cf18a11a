import numpy as np
import pytest
import torch

from stgcn_affect.data.augment import mirror
from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import emotion_decision
from stgcn_affect.explain.attribution.grad_cam import GradCam
from stgcn_affect.explain.attribution.methods import METHODS
from stgcn_affect.explain.attribution.target import Target
from stgcn_affect.explain.maps.cycle_maps import explain_cycles, explain_with_stride_time

EVERY = pytest.mark.parametrize("method", METHODS)


STACKS = {
    "averaged over time": {"blocks": 2},
    "read out per phase": {"blocks": 2, "phase_readout": True},
    "strided": {"channels": [4, 6], "strides": [1, 2], "phase_readout": True},
}


@pytest.fixture(params=STACKS)
def network(toy_network, toy_cycles, request):
    made = toy_network(**STACKS[request.param])
    cycles = toy_cycles()
    made.fit_statistics(cycles.positions, cycles.stride_time_s)
    return made


@pytest.fixture
def maps(network, toy_cycles, toy_layout):
    """Maps of the toy's cycles by a method, with what is given changed."""

    def make(method, cycles=None, **changes):
        arguments = {"block": 1, "target": 1, "reference": toy_cycles()} | changes
        return explain_cycles(network, cycles or toy_cycles(), toy_layout, method=method, **arguments)

    return make


@EVERY
def test_a_signed_map_of_every_cycle_at_full_phase(maps, method):
    found = maps(method)
    assert (found.shape, found.dtype) == ((12, 16, 3), np.float32)
    assert np.isfinite(found).all()
    assert found.std() > 0


@EVERY
def test_the_batch_changes_nothing(maps, method):
    whole = maps(method)
    scale = np.abs(whole).max()
    for batch in (1, 5):
        np.testing.assert_allclose(maps(method, batch=batch), whole, atol=1e-5 * scale, rtol=1e-5)


@EVERY
def test_the_map_of_a_mirrored_walk_is_the_mirrored_map(maps, method, toy_cycles, toy_layout):
    cycles = toy_cycles()
    image = mirror(cycles, toy_layout, torch.ones(12, dtype=torch.bool))
    straight = maps(method, cycles)
    back = np.roll(maps(method, image)[:, :, [0, 2, 1]], 8, axis=1)
    scale = np.abs(straight).max()
    np.testing.assert_allclose(back, straight, atol=1e-5 * scale)
    if method == "gradcam_reference":
        return  # without mirroring the reference is another: of the training cycles as they are
    alone = maps(method, cycles, mirrored=False)
    back = np.roll(maps(method, image, mirrored=False)[:, :, [0, 2, 1]], 8, axis=1)
    assert np.abs(back - alone).max() > 1e-3 * scale, "the network itself is not symmetric, or the test shows nothing"
    np.testing.assert_allclose((alone + back) / 2, straight, atol=1e-5 * scale)


def test_the_network_is_afterwards_as_it_was(network, toy_cycles, toy_layout):
    network.train()
    network.emotion_encoder.eval()
    network.emotion_head.bias.requires_grad_(False)
    network.decoder.to_stride_time.weight.grad = torch.ones_like(network.decoder.to_stride_time.weight)
    before = _state(network)
    for method in METHODS:
        explain_cycles(
            network, toy_cycles(), toy_layout, method=method, block=0, target=0, batch=7, reference=toy_cycles()
        )
        assert _state(network) == before, method


@EVERY
def test_nothing_is_left_after_an_error(network, toy_cycles, toy_layout, method, monkeypatch):
    network.train()
    before = _state(network)
    head = network.emotion_head.forward
    monkeypatch.setattr(network.emotion_head, "forward", lambda z: head(z) @ torch.ones(7, 1))
    with pytest.raises(RuntimeError):
        explain_cycles(network, toy_cycles(), toy_layout, method=method, block=0, target=0, reference=toy_cycles())
    assert _state(network) == before


def test_maps_are_of_what_evaluation_mode_decides(network, maps, toy_cycles):
    expected = maps("gradcam")
    network.train()
    with torch.inference_mode():
        np.testing.assert_array_equal(maps("gradcam"), expected)
    cycles = toy_cycles()
    x = network.eval().emotion_channels(cycles.positions, cycles.stride_time_s)
    direct = GradCam(emotion_decision(network), 1).attribute(x, 1).detach().numpy()
    at_the_layers_samples = maps("gradcam", mirrored=False)[:, :: 16 // direct.shape[1]]
    np.testing.assert_allclose(at_the_layers_samples, direct, atol=1e-6)


def test_cycles_made_in_inference_mode_can_be_explained(maps, toy_cycles):
    with torch.inference_mode():
        cycles = type(toy_cycles())(*(column.clone() for column in toy_cycles()))
    np.testing.assert_array_equal(maps("gradcam", cycles), maps("gradcam"))


@EVERY
def test_targets_of_every_cycle_its_own_and_of_differences(maps, method, toy_cycles):
    codes = toy_cycles().emotion
    own = maps(method, target=codes, batch=5)
    for code in (0, 1):
        alike = (codes == code).numpy()
        np.testing.assert_allclose(own[alike], maps(method, target=code)[alike], atol=1e-5, rtol=1e-5)
    if method in ("gradient", "guided_gradcam"):
        return  # a length, and a clipped gradient: neither is linear in the logits
    lead = maps(method, target=Target(1, minus=0))
    np.testing.assert_allclose(maps(method, target=Target(0, minus=1)), -lead, atol=1e-5)
    np.testing.assert_allclose(lead, maps(method, target=1) - maps(method, target=0), atol=1e-5)


@EVERY
def test_subjects_are_explained_too(maps, method):
    ana, eva = (maps(method, target=Target(code, head="identity")) for code in (0, 2))
    assert ana.shape == (12, 16, 3)
    assert np.abs(ana - eva).max() > 0


def test_no_cycles_no_maps(maps, toy_cycles):
    assert maps("gradcam", toy_cycles().take(torch.zeros(0, dtype=torch.long))).shape == (0, 16, 3)


def test_the_stride_time_has_a_share_of_its_own(network, toy_cycles, toy_layout):
    cycles = toy_cycles()
    arguments = {"method": "integrated_gradients", "block": 0, "target": 1}
    found = explain_with_stride_time(network, cycles, toy_layout, **arguments)
    assert found.stride_time.shape == (12,)
    logits = [
        network.emotion_head(network.encode_emotion(c.positions, c.stride_time_s))[:, 1]
        for c in (cycles, mirror(cycles, toy_layout, torch.ones(12, dtype=torch.bool)))
    ]
    nothing = emotion_decision(network)(torch.zeros(1, 10, 8, 3))[0, 1]
    gained = (torch.stack(logits).mean(dim=0) - nothing).detach().numpy()
    np.testing.assert_allclose(found.maps.sum(axis=(1, 2)) / 2 + found.stride_time, gained, atol=2e-2)


def test_evidence_against_the_mean_of_both_images_has_mean_zero(maps):
    # Beyond the last block the decision is linear: the slopes are the same for all cycles and both images.
    assert abs(maps("gradcam_reference").mean()) < 1e-6
    assert abs(maps("gradcam").mean()) > 1e-4


@pytest.mark.parametrize(
    ("method", "changes", "words"),
    [
        ("cam", {}, r"method: expected one of gradcam, .*integrated_gradients \(got 'cam'\)"),
        ("gradcam", {"block": 2}, r"block: expected one of the encoder's blocks 0 to 1 \(got 2\)"),
        ("gradcam", {"block": -1}, r"block: expected one of the encoder's blocks 0 to 1 \(got -1\)"),
        ("gradcam", {"target": 2}, r"target: expected the code of one of 2 classes \(got 2\)"),
        ("gradcam_reference", {"reference": None}, r"expected training cycles as reference \(got None\)"),
    ],
)
def test_input_errors(maps, method, changes, words):
    with pytest.raises(InputError, match=words):
        maps(method, **changes)


def _state(network):
    hooks = [len(m._forward_hooks) + len(m._backward_hooks) + len(m._forward_pre_hooks) for m in network.modules()]
    hooks += [len(m._backward_pre_hooks) for m in network.modules()]
    modes = [module.training for module in network.modules()]
    needs = [p.requires_grad for p in network.parameters()]
    grads = [None if p.grad is None else p.grad.sum().item() for p in network.parameters()]
    return hooks, modes, needs, grads, sum(p.double().sum().item() for p in network.state_dict().values())
