from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.maps.average import average_map
from stgcn_affect.explain.maps.dataset_maps import unseen_maps
from stgcn_affect.jobs.explain import file as module

CHOICE = MethodChoice("gradcam", 1)


def test_the_average_map_is_of_cycles_of_the_emotion(toy_explained):
    explained = toy_explained()
    found = unseen_maps([explained], CHOICE)
    rows = found.emotions == "sad"
    average, subjects, pooled_target = module._average([explained], CHOICE, "sad")
    np.testing.assert_allclose(
        average, average_map(found.maps[rows], subjects=found.subjects[rows], takes=found.takes[rows])
    )
    assert (subjects, pooled_target) == (1, None)


@pytest.mark.parametrize("target", ["sad", "sad-happy"])
def test_without_cycles_of_the_target_all_are_explained_for_it(toy_explained, target):
    explained = toy_explained()
    happy = replace(explained, test=explained.test[explained.cycles.emotion[explained.test] == "happy"])
    found = unseen_maps([happy], CHOICE, target=target)
    average, subjects, pooled_target = module._average([happy], CHOICE, target)
    np.testing.assert_allclose(average, average_map(found.maps, subjects=found.subjects, takes=found.takes))
    assert (subjects, pooled_target) == (1, target)


@pytest.mark.parametrize("target", ["sad", "sad-happy"])
def test_a_recording_of_an_unseen_subject_is_on_the_averages_scale(toy_explained, target):
    """The average's own cycles, taken as a recording, give the average's own map."""
    explained = toy_explained()
    average, _, pooled_target = module._average([explained], CHOICE, target)
    rows = explained.test if pooled_target else explained.test[explained.cycles.emotion[explained.test] == target]
    own = module._map(explained, explained.batch(rows), CHOICE, target, pooled_target)
    np.testing.assert_allclose(own, average, rtol=1e-4, atol=1e-6)
