import numpy as np
import pytest

from stgcn_affect.data.walk import read_walk
from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import load_layout


@pytest.fixture
def recorded(walk, tmp_path):
    """A recording of the stiff walker as a file."""
    clip = walk(strides=3)
    path = tmp_path / "walk.npz"
    np.savez(path, positions=clip.positions, fps_hz=clip.fps_hz, joints=np.array(clip.layout.joints))
    return path


def test_a_recording_is_cut_into_cycles_of_the_wanted_layout(recorded):
    found = read_walk(recorded, load_layout("emotion_gait16"))
    assert found.notes == ()
    batch = found.batch()
    assert batch.positions.shape == (len(found.cycles), 64, 16, 3)
    np.testing.assert_allclose(batch.stride_time_s, 1.0, atol=0.02)


def test_joints_that_lack_are_named(recorded):
    with pytest.raises(InputError, match=r"walk\.npz: .* where these joints are: Toes_L, Toes_R \(got joints root"):
        read_walk(recorded, load_layout("bandai21"))


def test_a_frame_rate_that_is_given_is_stronger(recorded):
    found = read_walk(recorded, load_layout("emotion_gait16"), fps_hz=45.0)
    assert found.cycles[0].stride_time_s == pytest.approx(60 / 45, abs=0.02)


def test_a_walk_from_one_camera_is_flagged_on_any_layout(recorded):
    plain = read_walk(recorded, load_layout("emotion_gait16"))
    found = read_walk(recorded, load_layout("emotion_gait16"), quality="camera")
    assert (plain.from_camera, found.from_camera) == (False, True)
    assert found.notes[0].startswith("poses from one camera: ")
    assert repr(found).endswith("1 notes, from one camera)")
    with pytest.raises(InputError, match=r"quality must be camera or mocap \(got 'video'\)"):
        read_walk(recorded, quality="video")
