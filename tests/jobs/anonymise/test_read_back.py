from functools import partial

import numpy as np
import pytest

from stgcn_affect.data.walk import cut_walk
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.inputs import raw_features
from stgcn_affect.jobs.anonymise.inputs import model_of
from stgcn_affect.jobs.anonymise.read_back import anonymised_release, read_back
from stgcn_affect.release.anonymise import anonymise_walk, target_body
from stgcn_affect.synthetic.walkers import synthetic_walkers
from stgcn_affect.training.predict import encode


@pytest.fixture(scope="module")
def model(model_file):
    return model_of(model_file)


@pytest.fixture(scope="module")
def walks(model):
    return [cut_walk(clip, model.layout) for clip in synthetic_walkers(walkers=2, takes=1, seed=3).clips[:3]]


def test_a_row_for_each_recorded_cycle_comes_from_the_file_of_its_walk(model, walks):
    clips = [anonymise_walk(model, walk, target_body(model)) for walk in walks]
    found = read_back([partial(lambda clip: clip, clip) for clip in clips], [1, 3, 2], model, kind="npz")
    assert found.unreadable == 0
    again = [cut_walk(clip, model.layout).strides for clip in clips]
    rows = [raw_features(*strides) for strides in again]
    expected = [rows[0][:1], rows[1][:3], rows[2][:2]]
    np.testing.assert_allclose(found.rows, np.concatenate(expected), atol=1e-5)


def test_a_walk_that_cannot_be_read_counts_as_the_mean_of_the_others(model, walks):
    def fails():
        raise InputError("no foot moves")

    clip = anonymise_walk(model, walks[0], target_body(model))
    found = read_back([lambda: clip, fails], [2, 1], model, kind="npz")
    assert (found.walks[1], found.unreadable) == (None, 1)
    np.testing.assert_allclose(found.rows[2], found.rows[:2].mean(axis=0))
    nothing = read_back([fails, fails], [1, 1], model, kind="npz")
    assert nothing.unreadable == 2
    assert nothing.rows.shape == (2, found.rows.shape[1])
    assert not nothing.rows.any()  # a stride of a second, whose logarithm is 0, of a body that is a point


def test_the_release_is_what_anonymise_writes_of_each_recording_in_the_order_of_the_cycles(model, walks):
    latents = [encode(model.network, walk.batch(), model.layout).z_emotion for walk in walks]
    takes = np.concatenate([np.full(len(walk), number) for number, walk in zip((7, 2, 5), walks, strict=True)])
    order = np.random.default_rng(0).permutation(len(takes))
    found = anonymised_release(model, np.concatenate(latents)[order], takes[order])
    body = target_body(model)
    for number, walk in zip((7, 2, 5), walks, strict=True):
        own = raw_features(*cut_walk(anonymise_walk(model, walk, body), model.layout).strides)
        np.testing.assert_allclose(found[takes[order] == number][0], own[0], atol=1e-5)
