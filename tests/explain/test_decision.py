import pytest
import torch

from stgcn_affect.errors import InputError
from stgcn_affect.explain.decision import TEMPO, emotion_decision, identity_decision
from stgcn_affect.nn.streams import CHANNELS


def test_the_decisions_are_the_networks_own(toy_network, toy_cycles):
    network, cycles = toy_network(blocks=2), toy_cycles()
    out = network(cycles.positions, cycles.stride_time_s)
    x = network.emotion_streams(cycles.positions, cycles.stride_time_s)
    torch.testing.assert_close(emotion_decision(network)(x), out.emotion_logits)
    x = network.identity_streams(cycles.positions, cycles.stride_time_s)
    body = network.body(cycles.positions, cycles.stride_time_s)
    torch.testing.assert_close(identity_decision(network)(x, body), out.identity_logits)


def test_the_emotions_decision_does_not_saturate_where_the_ball_does(toy_network, toy_cycles):
    network, cycles = toy_network(blocks=2).eval(), toy_cycles()
    x = network.emotion_streams(cycles.positions, cycles.stride_time_s).requires_grad_()
    free = emotion_decision(network)(x)
    network.emotion_ball.fit(torch.zeros(3), torch.tensor(1e-3))  # all cycles lie outside
    assert not torch.allclose(network.emotion_head(network.read_emotion(x)), free)
    torch.testing.assert_close(emotion_decision(network)(x), free)


def test_a_decision_can_be_cut_at_every_block(toy_network):
    network = toy_network(blocks=3)
    x, body = torch.randn(2, 10, 8, 3), torch.randn(2, 3)
    for block in range(3):
        decision = emotion_decision(network)
        torch.testing.assert_close(decision.beyond(block, decision.up_to(block, x)), decision(x))
        decision = identity_decision(network)
        torch.testing.assert_close(decision.beyond(block, decision.up_to(block, x), body), decision(x, body))


@pytest.mark.parametrize("block", [-1, 3])
def test_a_block_that_there_is_not(toy_network, block):
    with pytest.raises(InputError, match=rf"block: expected one of the encoder's blocks 0 to 2 \(got {block}\)"):
        emotion_decision(toy_network(blocks=3)).up_to(block, torch.zeros(1, 10, 8, 3))


def test_the_tempo_is_known_by_its_name(toy_network):
    assert CHANNELS[TEMPO] == "log_stride_time"
    assert emotion_decision(toy_network()).tempo == identity_decision(toy_network()).tempo == TEMPO
