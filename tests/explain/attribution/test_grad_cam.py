import pytest
import torch
from captum.attr import LayerGradientXActivation
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import Decision
from stgcn_affect.explain.attribution.grad_cam import GradCam, captum_grad_cam, upsampling_matrix
from stgcn_affect.explain.attribution.target import Target
from stgcn_affect.nn.st_gcn import Encoder

# The block gives (5, 3, 4.5) and (4/3, 6, 0); the slope of the logit is (1/2, -1/2, 0) in both frames.
BY_HAND = torch.tensor([[[2.5, -1.5, 0.0], [2 / 3, -3.0, 0.0]]])


@pytest.mark.parametrize("pooling", ["time", "none"])
def test_the_map_by_hand(hand_decision, hand_input, pooling):
    torch.testing.assert_close(GradCam(hand_decision, 0, pooling=pooling).attribute(hand_input, 0), BY_HAND)


def test_an_average_over_joints_cancels_opposite_signs(hand_decision, hand_input):
    averaged = captum_grad_cam(hand_decision, 0, hand_input, 0)
    torch.testing.assert_close(averaged, torch.zeros(1, 2, 3))


def test_what_a_cycle_has_in_common_with_the_reference_is_no_evidence(hand_decision, hand_input):
    reference = torch.tensor([[[5.0, 1.0, 9.0], [0.0, 8.0, 0.0]]])
    found = GradCam(hand_decision, 0, reference=reference).attribute(hand_input, 0)
    torch.testing.assert_close(found, torch.tensor([[[0.0, -1.0, 0.0], [2 / 3, 1.0, 0.0]]]))


def test_targets(hand_decision, hand_input):
    cam = GradCam(hand_decision, 0)
    torch.testing.assert_close(cam.attribute(hand_input, Target(1)), -BY_HAND)
    torch.testing.assert_close(cam.attribute(hand_input, Target(0, minus=1)), 2 * BY_HAND)
    torch.testing.assert_close(cam.attribute(hand_input, Target(1, minus=0)), -2 * BY_HAND)
    two = cam.attribute(hand_input.repeat(2, 1, 1, 1), torch.tensor([1, 0]))
    torch.testing.assert_close(two, torch.cat([-BY_HAND, BY_HAND]))


def test_gradients_are_averaged_over_time_for_each_joint(toy_graph):
    decision = _random(toy_graph)
    x = torch.randn(3, 2, 4, 3)
    leaf = decision.up_to(0, x).detach().requires_grad_()
    (slope,) = torch.autograd.grad(decision.beyond(0, leaf)[:, 1].sum(), leaf)
    assert slope.std(dim=2).max() > 1e-3, "the slopes of a deeper block change over time, or the test shows nothing"
    expected = (slope.mean(dim=2, keepdim=True) * leaf).sum(dim=1).detach()
    torch.testing.assert_close(GradCam(decision, 0).attribute(x, 1), expected)


@pytest.mark.parametrize("block", [0, 1, 2])
def test_captums_gradient_is_averaged_over_time_and_joints(toy_graph, block):
    decision, x = _random(toy_graph), torch.randn(3, 2, 4, 3)
    leaf = decision.up_to(block, x).detach().requires_grad_()
    (slope,) = torch.autograd.grad(decision.beyond(block, leaf)[:, 1].sum(), leaf)
    expected = (slope.mean(dim=(2, 3), keepdim=True) * leaf).sum(dim=1).detach()
    assert expected.abs().max() > 1e-3
    found = captum_grad_cam(decision, block, x, 1)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)
    assert not found.requires_grad
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in decision.modules())


@pytest.mark.parametrize("block", [0, 1, 2])
def test_without_an_average_it_is_captums_gradient_x_activation(toy_graph, block):
    decision, x = _random(toy_graph), torch.randn(3, 2, 4, 3)
    captums = LayerGradientXActivation(decision, decision.encoder.blocks[block]).attribute(x, target=1).sum(dim=1)
    found = GradCam(decision, block, pooling="none").attribute(x, 1)
    torch.testing.assert_close(found, captums.detach(), rtol=0, atol=1e-6)


def test_captums_takes_any_target(hand_decision, hand_input):
    first, second = (captum_grad_cam(hand_decision, 0, hand_input, code) for code in (0, 1))
    lead = captum_grad_cam(hand_decision, 0, hand_input, Target(0, minus=1))
    torch.testing.assert_close(lead, first - second)


def test_any_layer_of_a_module_will_do(hand_decision, hand_input):
    layer = hand_decision.encoder.blocks[0]
    torch.testing.assert_close(GradCam(hand_decision, layer).attribute((hand_input,), 0), BY_HAND)
    assert not any(module._forward_hooks for module in hand_decision.modules())


def test_layers_and_outputs_that_do_not_fit_are_refused(hand_decision, hand_input):
    with pytest.raises(InputError, match=r"layer Linear: expected one output \[B, C, T, V\] .* \(got \(1, 2\)\)"):
        GradCam(hand_decision, hand_decision.head).attribute(hand_input, 0)
    with pytest.raises(InputError, match=r"layer Linear: .* \(got none: the model does not use the layer\)"):
        GradCam(hand_decision, torch.nn.Linear(1, 1)).attribute(hand_input, 0)
    block = hand_decision.encoder.blocks[0]
    with pytest.raises(InputError, match=r"model .*: expected logits \[B, Q\] as its output \(got \(1, 1, 2, 3\)\)"):
        GradCam(block, block).attribute(hand_input, 0)
    assert not any(module._forward_hooks for module in hand_decision.modules())


def test_input_errors(hand_decision, hand_input):
    with pytest.raises(InputError, match=r"pooling: expected one of time, none \(got 'max'\)"):
        GradCam(hand_decision, 0, pooling="max")
    with pytest.raises(InputError, match=r"block: expected one of the encoder's blocks 0 to 0 \(got 1\)"):
        GradCam(hand_decision, 1)
    with pytest.raises(InputError, match=r"block: expected one of the encoder's blocks 0 to 0 \(got 1\)"):
        captum_grad_cam(hand_decision, 1, hand_input, 0)
    with pytest.raises(InputError, match=r"target: expected the code of one of 2 classes \(got 2\)"):
        GradCam(hand_decision, 0).attribute(hand_input, 2)


def _random(graph):
    torch.manual_seed(3)
    encoder = Encoder(2, graph, width=4, blocks=3, embedding_dim=3)
    return Decision(encoder, torch.nn.Linear(3, 2)).eval()


def test_two_samples_to_four_by_hand():
    expected = torch.tensor([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0], [0.5, 0.5]])
    torch.testing.assert_close(upsampling_matrix(2, 4), expected)


@pytest.mark.parametrize("samples", [1, 2, 7])
def test_as_many_samples_stay_as_they_are(samples):
    torch.testing.assert_close(upsampling_matrix(samples, samples), torch.eye(samples))


@given(few=st.integers(1, 16), many=st.integers(1, 40))
def test_no_sign_comes_into_being_a_flat_map_stays_flat_and_the_mean_is_kept(few, many):
    matrix = upsampling_matrix(few, many)
    assert matrix.shape == (many, few)
    assert (matrix >= 0).all()
    torch.testing.assert_close(matrix.sum(dim=1), torch.ones(many))
    torch.testing.assert_close(matrix.sum(dim=0) / many, torch.full((few,), 1 / few))


@given(few=st.integers(1, 12), times=st.integers(1, 6), shift=st.integers(0, 11))
def test_it_is_circular(few, times, shift):
    matrix = upsampling_matrix(few, few * times)
    torch.testing.assert_close(matrix.roll((shift * times, shift), dims=(0, 1)), matrix)
