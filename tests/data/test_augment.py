from dataclasses import asdict

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.data.augment import Augmentation, limb_scale, mirror, phase_shift, speed, turn
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.settings import AugmentConfig
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")
NO_CHANGE = dict.fromkeys(asdict(AugmentConfig()), 0.0)
V = LAYOUT.num_joints


def make_batch(size=3, samples=8, seed=0):
    positions = torch.randn(size, samples, V, 3, generator=torch.Generator().manual_seed(seed))
    positions = positions - positions[:, :, [LAYOUT.root]]
    codes = torch.arange(size)
    return CycleBatch(positions, torch.ones(size), codes, codes)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_mirror_swaps_sides_half_a_cycle_on():
    batch = make_batch(samples=4)
    there = mirror(batch, LAYOUT, torch.tensor([True, False, True]))
    left, right = LAYOUT.index("l_foot"), LAYOUT.index("r_foot")
    torch.testing.assert_close(there.positions[0, 0, left], batch.positions[0, 2, right] * torch.tensor([-1.0, 1, 1]))
    assert torch.equal(there.positions[1], batch.positions[1])
    back = mirror(there, LAYOUT, torch.tensor([True, False, True]))
    assert torch.equal(back.positions, batch.positions)


def test_mirror_needs_an_even_number_of_samples():
    with pytest.raises(InputError, match=r"even number of phase samples \(got 5\)"):
        mirror(make_batch(samples=5), LAYOUT, torch.ones(3, dtype=torch.bool))


def test_phase_shift_by_whole_samples_rolls():
    batch = make_batch(samples=8)
    shifted = phase_shift(batch, torch.tensor([0.0, 1 / 8, -2 / 8]))
    torch.testing.assert_close(shifted.positions[0], batch.positions[0])
    torch.testing.assert_close(shifted.positions[1], torch.roll(batch.positions[1], -1, dims=0))
    torch.testing.assert_close(shifted.positions[2], torch.roll(batch.positions[2], 2, dims=0))


def test_half_a_cycle_twice_is_the_same_cycle():
    batch = make_batch(samples=8)
    half = torch.full((3,), 0.5)
    twice = phase_shift(phase_shift(batch, half), half)
    torch.testing.assert_close(twice.positions, batch.positions, atol=1e-5, rtol=1e-5)


def test_phase_shift_follows_a_sine_between_the_samples():
    phase = torch.arange(16) / 16
    positions = torch.sin(2 * torch.pi * phase)[None, :, None, None].expand(1, 16, V, 3)
    shifted = phase_shift(CycleBatch(positions, *(torch.ones(1) for _ in range(3))), torch.tensor([0.03]))
    torch.testing.assert_close(shifted.positions[0, :, 0, 0], torch.sin(2 * torch.pi * (phase + 0.03)))


def test_turn_a_quarter_takes_forward_to_left():
    batch = make_batch(size=1)
    batch.positions[..., :] = torch.tensor([0.0, 0.5, 1.0])
    turned = turn(batch, torch.tensor([90.0]))
    torch.testing.assert_close(turned.positions[0, 0, 0], torch.tensor([1.0, 0.5, 0.0]))


def test_speed_shortens_the_stride_time():
    faster = speed(make_batch(), torch.tensor([1.0, 2.0, 0.5]))
    assert faster.stride_time_s.tolist() == [1.0, 0.5, 2.0]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000))
def test_limb_scale_keeps_directions_and_scales_lengths(seed):
    batch = make_batch(size=2, samples=3, seed=seed)
    factor = 0.5 + torch.rand(2, V, generator=generator(seed))
    scaled = limb_scale(batch, LAYOUT, factor)
    parents, children = np.array(LAYOUT.bones).T
    before = batch.positions[:, :, children] - batch.positions[:, :, parents]
    after = scaled.positions[:, :, children] - scaled.positions[:, :, parents]
    torch.testing.assert_close(after, before * factor[:, None, children, None], atol=1e-4, rtol=1e-4)
    assert scaled.positions[:, :, LAYOUT.root].abs().max() < 1e-5


def test_augmentation_without_strength_changes_nothing():
    batch = make_batch()
    same = Augmentation(LAYOUT, **NO_CHANGE)(batch, generator())
    assert all(torch.equal(a, b) for a, b in zip(same, batch, strict=True))


def test_augmentation_is_repeatable_and_keeps_labels():
    batch = make_batch()
    augment = Augmentation(
        LAYOUT,
        mirror_probability=0.5,
        phase_shift_pct=5,
        turn_deg=10,
        speed_pct=10,
        noise_heights=0.01,
        limb_scale_pct=5,
    )
    first, again, other = (augment(batch, generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(first.positions, again.positions)
    assert not torch.equal(first.positions, other.positions)
    assert torch.equal(first.emotion, batch.emotion)
    assert first.positions.dtype == torch.float32
    assert ((first.stride_time_s - 1).abs() < 0.12).all()


def test_augmentation_scales_both_sides_alike():
    batch = make_batch()
    scaled = Augmentation(LAYOUT, **NO_CHANGE | {"limb_scale_pct": 20})(batch, generator())
    parents, children = np.array(LAYOUT.bones).T

    def lengths(b):
        return (b.positions[:, :, children] - b.positions[:, :, parents]).norm(dim=-1)

    ratio = lengths(scaled) / lengths(batch)
    bone = {LAYOUT.joints[c]: i for i, c in enumerate(children)}
    torch.testing.assert_close(ratio[:, :, bone["l_knee"]], ratio[:, :, bone["r_knee"]])
    assert (ratio[:, :, bone["l_knee"]] - 1).abs().max() > 0.01


@pytest.mark.parametrize("wrong", [{"mirror_probability": 1.5}, {"turn_deg": -1}, {"speed_pct": 100}])
def test_augmentation_refuses_strengths_out_of_range(wrong):
    with pytest.raises(InputError, match=f"augmentation {next(iter(wrong))}: expected a number from 0"):
        Augmentation(LAYOUT, **wrong)


def test_the_defaults_are_those_of_the_settings():
    assert {name: getattr(Augmentation(LAYOUT), name) for name in NO_CHANGE} == asdict(AugmentConfig())
