from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.average import average_map
from stgcn_affect.jobs.explain import file as module
from stgcn_affect.jobs.explain.file import read_recording
from stgcn_affect.jobs.explain.maps import Choice, unseen_maps
from stgcn_affect.skeleton.layout import load_layout

CHOICE = Choice("gradcam", 1)


@pytest.fixture
def recorded(walk, tmp_path):
    """A recording of the stiff subject as a file."""
    clip = walk(strides=3)
    path = tmp_path / "walk.npz"
    np.savez(path, positions=clip.positions, fps_hz=clip.fps_hz, joints=np.array(clip.layout.joints))
    return path


def test_a_recording_is_cut_into_cycles_of_the_wanted_layout(recorded):
    found = read_recording(recorded, load_layout("emotion_gait16"))
    assert found.words == []
    batch = found.batch()
    assert batch.positions.shape == (len(found.cycles), 64, 16, 3)
    np.testing.assert_allclose(batch.stride_time_s, 1.0, atol=0.02)


def test_joints_that_lack_are_named(recorded):
    with pytest.raises(InputError, match=r"walk\.npz: .* where these joints are: Toes_L, Toes_R \(got joints root"):
        read_recording(recorded, load_layout("bandai21"))


def test_a_frame_rate_that_is_given_is_stronger(recorded):
    found = read_recording(recorded, load_layout("emotion_gait16"), fps_hz=45.0)
    assert found.cycles[0].stride_time_s == pytest.approx(60 / 45, abs=0.02)


def test_the_average_beside_is_of_those_who_have_the_emotion(toy_explained):
    explained = toy_explained()
    found = unseen_maps([explained], CHOICE)
    rows = found.emotions == "sad"
    usual, subjects, asked = module._usual([explained], CHOICE, "sad")
    np.testing.assert_allclose(
        usual, average_map(found.maps[rows], subjects=found.subjects[rows], takes=found.takes[rows])
    )
    assert (subjects, asked) == (1, None)


@pytest.mark.parametrize("target", ["sad", "sad-happy"])
def test_where_nobody_has_it_all_are_asked_about_it(toy_explained, target):
    explained = toy_explained()
    happy = replace(explained, test=explained.test[explained.cycles.emotion[explained.test] == "happy"])
    found = unseen_maps([happy], CHOICE, target=target)
    usual, subjects, asked = module._usual([happy], CHOICE, target)
    np.testing.assert_allclose(usual, average_map(found.maps, subjects=found.subjects, takes=found.takes))
    assert (subjects, asked) == (1, target)


@pytest.mark.parametrize("target", ["sad", "sad-happy"])
def test_a_recording_of_an_unseen_subject_is_on_the_averages_scale(toy_explained, target):
    """The average's own cycles, taken as a recording, give the average's own map."""
    explained = toy_explained()
    usual, _, asked = module._usual([explained], CHOICE, target)
    rows = explained.test if asked else explained.test[explained.cycles.emotion[explained.test] == target]
    own = module._map(explained, explained.batch(rows), CHOICE, target, asked)
    np.testing.assert_allclose(own, usual, rtol=1e-4, atol=1e-6)


def test_an_outlier_is_one_to_most_models():
    scores = [np.array(row, np.float32) for row in ([0.5, 2.0, 3.0], [2.5, 1.0, 3.0], [0.5, 2.0, 3.0])]
    found = module._outliers(scores, [1.0, 2.0, 1.0])
    assert found["cycles"] == 2  # the first is one to one model of three
    assert found["farthest_over_border"] == pytest.approx((3 + 1.5 + 3) / 3)
