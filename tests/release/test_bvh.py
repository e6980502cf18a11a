import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.readers.bvh import read_bvh
from stgcn_affect.release.bvh import bvh_text
from stgcn_affect.skeleton.layout import layout_names, load_layout

pybvh = pytest.importorskip("pybvh")


def tumbling(layout, *, seed=0, frames=5):
    """A clip whose bones have lengths of their own and point anywhere in each frame."""
    rng = np.random.default_rng(seed)
    positions = np.zeros((frames, layout.num_joints, 3))
    positions[:, layout.root] = rng.normal(size=(frames, 3))
    for joint in layout.topological[1:]:
        bone = rng.normal(size=(frames, 3))
        bone *= rng.uniform(0.05, 0.6) / np.linalg.norm(bone, axis=1, keepdims=True)
        positions[:, joint] = positions[:, layout.parents[joint]] + bone
    return Clip(positions, 50.0, layout)


def read_by_pybvh(text, layout, tmp_path):
    path = tmp_path / "walk.bvh"
    path.write_text(text)
    found = pybvh.read_bvh_file(str(path))
    return found.joint_positions()[:, [found.joint_names.index(joint) for joint in layout.joints]], found.fps


@settings(max_examples=20, deadline=None)
@given(name=st.sampled_from(layout_names()), seed=st.integers(0, 10_000))
def test_positions_are_those_that_another_reader_finds(tmp_path_factory, name, seed):
    layout = load_layout(name)
    clip = tumbling(layout, seed=seed)
    found, fps_hz = read_by_pybvh(bvh_text(clip), layout, tmp_path_factory.mktemp("bvh"))
    assert fps_hz == pytest.approx(50.0)
    assert np.abs(found - clip.positions).max() < 1e-4


def test_a_bone_that_points_against_its_offset_or_has_no_length_is_right(tmp_path):
    layout = load_layout("emotion_gait16")
    rest = np.asarray(layout.rest, float)
    upside_down = rest * [1.0, -1.0, 1.0]
    positions = np.stack([rest, upside_down])
    positions[:, layout.index("l_hand")] = positions[:, layout.index("l_elbow")]
    found, _ = read_by_pybvh(bvh_text(Clip(positions, 30.0, layout)), layout, tmp_path)
    assert np.abs(found - positions).max() < 1e-4


def test_our_reader_finds_the_joints_without_a_layout(walk, tmp_path):
    clip = walk()
    path = tmp_path / "walk.bvh"
    path.write_text(bvh_text(clip))
    found = read_bvh(path)
    assert found.fps_hz == clip.fps_hz
    for role in ("pelvis", "neck", "l_wrist", "r_knee", "l_ankle"):
        wanted = clip.layout.role_position(clip.positions, role)
        assert np.abs(found.layout.role_position(found.positions, role) - wanted).max() < 1e-4


def test_a_bone_that_grows_is_refused_by_the_name_of_its_joint(walk):
    clip = walk()
    clip.positions[3, clip.layout.index("r_hand"), 1] -= 0.01
    with pytest.raises(InputError, match="'r_hand'"):
        bvh_text(clip)


def test_missing_values_are_refused(walk):
    clip = walk()
    clip.positions[3, 0] = np.nan
    with pytest.raises(InputError, match="missing values"):
        bvh_text(clip)
