import torch

from stgcn_affect.explain.relevance import apart

CHANNELS = torch.tensor([[[[1.0, 2.0]], [[3.0, -4.0]], [[5.0, 6.0]]]])


def test_one_channel_is_the_tempos():
    joints, tempo = apart(CHANNELS, 1)
    torch.testing.assert_close(joints, torch.tensor([[[6.0, 8.0]]]))
    torch.testing.assert_close(tempo, torch.tensor([-1.0]))


def test_without_a_tempo_all_are_the_joints():
    joints, tempo = apart(CHANNELS, None)
    torch.testing.assert_close(joints, torch.tensor([[[9.0, 4.0]]]))
    torch.testing.assert_close(tempo, torch.tensor([0.0]))
