import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.released_maps import TrainingMaps, class_mean

MAPS = np.array([[[1.0, 0.0]], [[3.0, 0.0]], [[8.0, 6.0]], [[0.0, 9.0]]])  # M=4, T=1, V=2


def training(*, predicted=(0, 0, 0, 1), emotions=2):
    return TrainingMaps(MAPS, np.array(predicted), np.array(["ana", "ana", "ben", "ben"]), np.arange(4), emotions)


def test_class_means_are_over_subjects_who_count_alike():
    assert training().class_means.tolist() == [[[5.0, 3.0]], [[0.0, 9.0]]]


def test_an_emotion_that_is_never_predicted_has_the_mean_map_of_all():
    assert training(predicted=(1, 1, 1, 1)).class_means.tolist() == [[[3.0, 3.75]], [[3.0, 3.75]]]


def test_the_class_mean_is_shown_whatever_the_map():
    shown = class_mean(np.full((3, 1, 2), 100.0), np.array([1, 0, 1]), training())
    assert shown.tolist() == [[[0.0, 9.0]], [[5.0, 3.0]], [[0.0, 9.0]]]


@pytest.mark.parametrize("count", [3, 0])
def test_training_maps_need_an_emotion_a_subject_and_a_take_for_each(count):
    names = np.array(["ana"] * 4)[: 4 if count else 0]
    with pytest.raises(InputError, match=rf"one map or more.*\(got {count}, {len(names)}, {len(names)} and"):
        TrainingMaps(MAPS[:count], np.zeros(len(names), np.int64), names, np.arange(len(names)), 2)
