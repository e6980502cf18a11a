import math

import pytest
import torch

from stgcn_affect.nn.harmonics import uniform_phase
from stgcn_affect.nn.input_channels import CHANNELS, Anthropometrics, InputChannels

PI = math.pi


def one_harmonic(samples=8):
    """The left joint swings along x as 2 + 3 cos; the others rest at the origin."""
    positions = torch.zeros(1, samples, 3, 3)
    positions[0, :, 1, 0] = 2 + 3 * (2 * PI * uniform_phase(samples)).cos().float()
    return positions


def test_channels_of_a_one_harmonic_motion_by_hand(toy_graph):
    channels = InputChannels(toy_graph, cycle_samples=8, samples=4, harmonics=1, retarget=False)
    out = channels(one_harmonic(), torch.tensor([0.5]))
    assert out.shape == (1, len(CHANNELS), 4, 3)
    left = dict(zip(CHANNELS, out[0, :, :, 1], strict=True))
    expected = {
        "mean_x": [2, 2, 2, 2],
        "deviation_x": [3, 0, -3, 0],
        "velocity_x": [0, -12 * PI, 0, 12 * PI],  # -3 sin, 2 pi a cycle, two cycles a second
        "log_stride_time": [math.log(0.5)] * 4,
    }
    for name, row in left.items():
        wanted = torch.tensor(expected.get(name, [0.0] * 4), dtype=torch.float32)
        torch.testing.assert_close(row, wanted, atol=1e-5, rtol=1e-5, msg=lambda text, name=name: f"{name}: {text}")
    still = out[0, :-1, :, [0, 2]]
    assert still.abs().max() < 1e-5


def test_higher_harmonics_are_filtered_out(toy_graph):
    channels = InputChannels(toy_graph, cycle_samples=16, samples=8, harmonics=2, retarget=False)
    shaking = one_harmonic(16)
    shaking[..., 1] += (2 * PI * 5 * uniform_phase(16)).sin().float()[None, :, None]
    time = torch.tensor([1.0])
    torch.testing.assert_close(channels(shaking, time), channels(one_harmonic(16), time), atol=1e-5, rtol=0)


def test_output_is_channels_last(toy_graph, toy_cycles):
    cycles = toy_cycles()
    for retarget in (True, False):
        channels = InputChannels(toy_graph, cycle_samples=16, samples=8, harmonics=2, retarget=retarget)
        out = channels(cycles.positions, cycles.stride_time_s)
        assert out.is_contiguous(memory_format=torch.channels_last)


def test_training_cycles_come_out_with_mean_nought_and_spread_one(toy_graph, toy_cycles):
    cycles = toy_cycles()
    channels = InputChannels(toy_graph, cycle_samples=16, samples=8, harmonics=2, retarget=False)
    channels.fit(cycles.positions, cycles.stride_time_s)
    out = channels(cycles.positions, cycles.stride_time_s)
    torch.testing.assert_close(out.mean(dim=(0, 2)), torch.zeros(10, 3), atol=1e-4, rtol=0)
    spread = out.std(dim=(0, 2))
    assert spread.max() < 1.001
    for name in ("deviation_z", "velocity_z"):
        torch.testing.assert_close(spread[CHANNELS.index(name), 1:], torch.ones(2))
    torch.testing.assert_close(spread[CHANNELS.index("log_stride_time")], torch.ones(3))


def test_a_joint_that_never_moves_is_not_blown_up(toy_graph):
    channels = InputChannels(toy_graph, cycle_samples=8, samples=4, harmonics=1, retarget=False)
    channels.fit(one_harmonic(), torch.tensor([1.0]))
    moved = one_harmonic()
    wobble = 0.001 * (2 * PI * uniform_phase(8)).cos().float()
    moved[0, :, 2, 0] += wobble
    out = channels(moved, torch.tensor([1.0]))[0, CHANNELS.index("deviation_x")]
    # 3 cos at four phases spreads by sqrt(18 / 3); what never moves counts as spread by a tenth of that.
    torch.testing.assert_close(out[:, 1], torch.tensor([3.0, 0.0, -3.0, 0.0]) / 6**0.5, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(
        out[:, 2], torch.tensor([1.0, 0.0, -1.0, 0.0]) * 0.001 / (0.1 * 6**0.5), atol=1e-5, rtol=0
    )
    torch.testing.assert_close(out[:, 0], torch.zeros(4), atol=1e-5, rtol=0)


def test_a_channel_that_no_training_cycle_spreads_does_not_explode(toy_graph):
    channels = InputChannels(toy_graph, cycle_samples=8, samples=4, harmonics=1, retarget=False)
    channels.fit(one_harmonic().expand(5, -1, -1, -1), torch.ones(5))
    out = channels(one_harmonic() + 0.001, torch.tensor([1.1]))
    assert out.abs().max() < 300


def test_retargeting_takes_the_bones_lengths_out(toy_graph, toy_cycles):
    cycles = toy_cycles()
    channels = InputChannels(toy_graph, cycle_samples=16, samples=8, harmonics=2, retarget=True)
    channels.fit(cycles.positions, cycles.stride_time_s)
    longer = cycles.positions.clone()
    longer[:, :, 1] *= 1.3
    assert not torch.allclose(longer, cycles.positions, atol=0.05)
    torch.testing.assert_close(
        channels(longer, cycles.stride_time_s), channels(cycles.positions, cycles.stride_time_s), atol=1e-3, rtol=0
    )


def test_without_the_stride_time_every_cycle_takes_a_second(toy_graph, toy_cycles):
    cycles = toy_cycles()
    sizes = {"cycle_samples": 16, "samples": 8, "harmonics": 2, "retarget": False}
    without, given = InputChannels(toy_graph, **sizes, stride_time=False), InputChannels(toy_graph, **sizes)
    second = torch.ones_like(cycles.stride_time_s)
    expected = given(cycles.positions, second)
    for time in (second, cycles.stride_time_s, 3 * cycles.stride_time_s):
        torch.testing.assert_close(without(cycles.positions, time), expected)
    without.fit(cycles.positions, cycles.stride_time_s)
    out = without(cycles.positions, cycles.stride_time_s)
    assert out.isfinite().all()
    assert (out[:, CHANNELS.index("log_stride_time")] == 0).all()


def test_too_few_samples_are_an_error(toy_graph):
    with pytest.raises(ValueError, match=r"3 harmonics need at least 7 samples \(got 6\)"):
        InputChannels(toy_graph, samples=6, harmonics=3, retarget=False)


def standing(left, right):
    """One frame of the toy with legs of these lengths."""
    return torch.tensor([[[0.0, 0.0, 0.0], [0.0, -left, 0.0], [0.0, 0.0, right]]])


def test_measures_by_hand(toy_graph):
    body = Anthropometrics(toy_graph)
    assert body.size == 3
    swinging = torch.stack([standing(1.0, 2.0), standing(3.0, 2.0)], dim=1)
    out = body(swinging, torch.tensor([math.e]))
    torch.testing.assert_close(out, torch.tensor([[2.0, 2.0, 1.0]]))


def test_standardisation_by_hand(toy_graph):
    body = Anthropometrics(toy_graph)
    cycles = torch.stack([standing(1.0, 2.0), standing(3.0, 2.0)])
    time = torch.tensor([1.0, math.e])
    body.fit(cycles, time)
    root = 0.5**0.5
    # The left bone is 2 on average and spreads by the square root of 2; the right one has one length in all.
    expected = [[-root, 0.0, -root], [root, 0.0, root]]
    torch.testing.assert_close(body(cycles, time), torch.tensor(expected))


def test_a_bone_of_one_length_in_all_is_not_blown_up(toy_graph):
    body = Anthropometrics(toy_graph)
    body.fit(standing(1.0, 1.0).expand(4, -1, -1, -1), torch.ones(4))
    out = body(standing(1.0, 1.01)[None], torch.ones(1))
    torch.testing.assert_close(out, torch.tensor([[0.0, 10.0, 0.0]]), atol=1e-3, rtol=1e-3)
