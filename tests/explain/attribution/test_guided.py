import pytest
import torch
from captum.attr import GuidedGradCam as CaptumGuidedGradCam

from stgcn_affect.explain.attribution.decision import Decision
from stgcn_affect.explain.attribution.grad_cam import GradCam, captum_grad_cam
from stgcn_affect.explain.attribution.guided import GuidedGradCam, guided_gradient
from stgcn_affect.explain.attribution.target import Target
from stgcn_affect.nn.st_gcn import Encoder


def test_the_guided_gradient_by_hand(hand_decision, hand_input):
    # Only the hip's slope of 1/2 gets past the block's ReLU; 1/2 of it by the shortcut, 1/6 to each of the three.
    expected = torch.tensor([2 / 3, 1 / 6, 1 / 6]).expand(1, 1, 2, 3)
    torch.testing.assert_close(guided_gradient(hand_decision, hand_input, 0), expected)


def test_the_map_by_hand(hand_decision, hand_input):
    found = GuidedGradCam(hand_decision, 0).attribute(hand_input, 0)
    torch.testing.assert_close(found, torch.tensor([[[5 / 3, -1 / 4, 0.0], [4 / 9, -1 / 2, 0.0]]]))


def test_a_difference_clips_the_slope_of_the_difference(hand_decision, hand_input):
    lead = guided_gradient(hand_decision, hand_input, Target(0, minus=1))
    torch.testing.assert_close(lead, 2 * guided_gradient(hand_decision, hand_input, 0))


@pytest.mark.filterwarnings("ignore:Setting backward hooks", "ignore:Input Tensor 0 did not already require")
def test_captums_is_ours_where_the_usual_average_and_positive_evidence_are_taken(toy_graph):
    torch.manual_seed(4)
    decision = Decision(Encoder(2, toy_graph, width=4, blocks=2, embedding_dim=3), torch.nn.Linear(3, 2)).eval()
    x = torch.randn(2, 2, 4, 3)
    ours = guided_gradient(decision, x, 1).abs().sum(dim=1) * captum_grad_cam(decision, 1, x, 1)
    captums = CaptumGuidedGradCam(decision, decision.encoder.blocks[1]).attribute(x, target=1).abs().sum(dim=1)
    assert (captums > 1e-4).any()
    torch.testing.assert_close(ours.clamp_min(0), captums.detach(), atol=1e-6, rtol=1e-5)


def test_a_map_of_fewer_samples_is_interpolated_in_time_alone(toy_graph):
    torch.manual_seed(4)
    encoder = Encoder(2, toy_graph, channels=[4, 4], strides=[1, 2], embedding_dim=3)
    decision = Decision(encoder, torch.nn.Linear(3, 2)).eval()
    x = torch.randn(2, 2, 4, 3)
    cam = GradCam(decision, 1).attribute(x, 1)
    first, second = cam[:, 0], cam[:, 1]
    finer = torch.stack([first, (first + second) / 2, second, (first + second) / 2], dim=1)
    expected = guided_gradient(decision, x, 1).abs().sum(dim=1) * finer
    torch.testing.assert_close(GuidedGradCam(decision, 1).attribute(x, 1), expected)


@pytest.mark.parametrize("fails", [False, True])
def test_no_hook_is_left(hand_decision, hand_input, fails):
    if fails:
        with pytest.raises(RuntimeError):
            guided_gradient(hand_decision, hand_input.repeat(1, 2, 1, 1), 0)
    else:
        guided_gradient(hand_decision, hand_input, 0)
    for module in hand_decision.modules():
        hooks = (module._forward_hooks, module._forward_pre_hooks, module._backward_hooks, module._backward_pre_hooks)
        assert not any(hooks)
