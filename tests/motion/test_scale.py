import numpy as np
import pytest

from stgcn_affect.motion.scale import body_height, bone_lengths
from stgcn_affect.skeleton.layout import load_layout


def test_body_height_adds_up_bones(layout):
    rest = np.asarray(layout.rest)[None]
    # head 0.1811 + neck 0.26 + spine 0.25 + pelvis to hips 0.03 + thigh 0.4002 + shank 0.4211
    assert body_height(rest, layout) == pytest.approx(1.5424, abs=1e-4)
    assert body_height(rest * 100, layout) == pytest.approx(154.24, abs=1e-2)


def test_body_height_does_not_depend_on_posture(layout, walk_clip):
    standing = body_height(np.asarray(layout.rest)[None], layout)
    assert body_height(walk_clip().positions, layout) == pytest.approx(standing, abs=2e-3)


def test_body_height_without_a_chain_from_head_to_pelvis():
    coco = load_layout("coco17")
    positions = np.zeros((1, 17, 3))
    for role, y in {"head": 1.6, "l_shoulder": 1.4, "l_hip": 0.9, "l_knee": 0.5, "l_ankle": 0.1}.items():
        for name in (role, role.replace("l_", "r_")):
            positions[0, list(coco.role_indices(name)), 1] = y
    assert body_height(positions, coco) == pytest.approx(1.5, abs=0.01)


def test_bone_lengths_are_medians_in_the_order_of_bones(layout):
    positions = np.tile(np.asarray(layout.rest, float), (3, 1, 1))
    knee, shank = layout.index("l_knee"), layout.bones.index((layout.index("l_knee"), layout.index("l_foot")))
    positions[1, knee:, :] = np.nan
    lengths = bone_lengths(positions, layout)
    assert lengths.shape == (15,)
    assert lengths[shank] == pytest.approx(np.hypot(0.42, 0.03), abs=1e-6)
    assert bone_lengths(np.stack([positions, 2 * positions]), layout)[1] == pytest.approx(2 * lengths)
