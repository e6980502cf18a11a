import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.motion.normalise import bone_lengths
from stgcn_affect.motion.retarget import retarget
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")


def test_a_bone_of_a_hand_computed_length():
    rest = np.asarray(LAYOUT.rest)
    lengths = bone_lengths(rest[None], LAYOUT)
    spine = LAYOUT.bones.index((LAYOUT.index("root"), LAYOUT.index("spine")))
    lengths[spine] += 0.5  # the spine points straight up: all above it rises by half a metre
    moved = retarget(rest, LAYOUT, lengths) - rest
    above = ["spine", "neck", "head", "l_shoulder", "l_elbow", "l_hand", "r_shoulder", "r_elbow", "r_hand"]
    expected = np.zeros((16, 3))
    expected[[LAYOUT.index(joint) for joint in above], 1] = 0.5
    assert moved == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 2**32 - 1))
def test_lengths_are_replaced_and_directions_stay(seed):
    rng = np.random.default_rng(seed)
    positions = rng.normal(size=(2, 3, 16, 3))
    lengths = rng.uniform(0.1, 1, size=(2, 1, 15))
    moved = retarget(positions, LAYOUT, lengths)
    parent, child = np.array(LAYOUT.bones).T
    bone, before = (p[..., child, :] - p[..., parent, :] for p in (moved, positions))
    assert np.linalg.norm(bone, axis=-1) == pytest.approx(np.broadcast_to(lengths, (2, 3, 15)), abs=1e-5)
    assert (bone * before).sum(-1) == pytest.approx(lengths * np.linalg.norm(before, axis=-1), abs=1e-4)
    assert moved[..., LAYOUT.root, :] == pytest.approx(positions[..., LAYOUT.root, :], abs=1e-6)


def test_a_bone_without_length_stays_a_point():
    assert not retarget(np.zeros((1, 16, 3)), LAYOUT, np.ones(15)).any()


def test_wrong_number_of_lengths():
    with pytest.raises(InputError, match=r"each of 15 bones \(got \(16,\)\)"):
        retarget(np.zeros((1, 16, 3)), LAYOUT, np.ones(16))
