import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps import released_maps
from stgcn_affect.explain.maps.average import MIN_SUBJECTS
from stgcn_affect.explain.maps.released_maps import (
    MECHANISMS,
    TrainingMaps,
    class_mean,
    coarse_phases,
    joint_set,
    near_class_mean,
    projection,
    similar_maps,
)

MAPS = np.array([[[1.0, 0.0]], [[3.0, 0.0]], [[8.0, 6.0]], [[0.0, 9.0]]])  # M=4, T=1, V=2
SAD = np.zeros(1, np.int64)


def training(maps=MAPS, *, predicted=(0, 0, 0, 1), subjects=("ana", "ana", "ben", "ben"), emotions=2):
    return TrainingMaps(maps, np.array(predicted), np.array(subjects), np.arange(len(maps)), emotions)


def two_kinds(*, left=MIN_SUBJECTS, right=MIN_SUBJECTS):
    """Maps of one emotion: subjects whose left joint matters, and subjects whose right one does."""
    maps = np.array([[[2.0 + i, 0.0]] for i in range(left)] + [[[0.0, 4.0 + i]] for i in range(right)])
    names = [f"subject {i}" for i in range(left + right)]
    return training(maps, predicted=[0] * len(maps), subjects=names, emotions=1)


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


def test_a_map_shows_the_mean_of_the_group_that_it_is_like_whatever_its_size():
    maps = np.array([[[0.001, 0.0]], [[50.0, 60.0]]])
    shown = similar_maps(maps, np.zeros(2, np.int64), two_kinds(), groups=2)
    assert shown.tolist() == [[[3.0, 0.0]], [[0.0, 5.0]]]


def test_a_group_of_too_few_subjects_is_not_shown():
    few = two_kinds(left=MIN_SUBJECTS - 1, right=MIN_SUBJECTS + 1)
    assert len(few.group_means(0, 2)) == 1
    np.testing.assert_array_equal(similar_maps(MAPS[:1], SAD, few, groups=2), few.class_means[:1])


def test_groups_are_counted_in_subjects_not_in_cycles():
    maps = np.array([[[1.0, 0.0]]] * 5 + [[[0.0, 1.0]]] * 5)
    one = training(maps, predicted=[0] * 10, subjects=["ana"] * 5 + ["b", "c", "d", "e", "f"], emotions=1)
    assert len(one.group_means(0, 2)) == 1


def test_a_map_is_projected_on_the_line_of_two_class_means_and_clipped_at_their_distance():
    along = training(np.array([[[1.0, 0.0]], [[-1.0, 0.0]]]), predicted=(0, 1), subjects=("ana", "ben"))
    maps = np.array([[[0.5, 7.0]], [[9.0, 1.0]]])
    np.testing.assert_allclose(projection(maps, np.zeros(2, np.int64), along), [[[0.5, 0.0]], [[1.0, 0.0]]], atol=1e-12)


def test_class_means_that_are_all_the_same_span_nothing():
    same = training(predicted=(1, 1, 1, 1))
    np.testing.assert_allclose(projection(MAPS, np.zeros(4, np.int64), same), np.repeat([[[3.0, 3.75]]], 4, axis=0))


def test_a_deviation_is_clipped_to_a_multiple_of_the_class_mean():
    alone = training(np.array([[[3.0, 4.0]]]), predicted=(0,), subjects=("ana",), emotions=1)
    maps = np.array([[[3.0, 4.5]], [[3.0, 104.0]]])
    shown = near_class_mean(maps, np.zeros(2, np.int64), alone, clip=0.2)
    np.testing.assert_allclose(shown, [[[3.0, 4.5]], [[3.0, 5.0]]])


def test_the_first_joints_are_a_set_without_order():
    maps = np.array([[[9.0, -20.0, 3.0], [1.0, 4.0, 0.0]]])
    assert joint_set(maps, SAD, training(), joints=2).tolist() == [[[1.0, 0.0, 1.0], [1.0, 0.0, 1.0]]]


def test_pieces_of_the_cycle_show_their_mean():
    maps = np.array([[[1.0], [3.0], [-2.0], [0.0]]])
    assert coarse_phases(maps, SAD, training(), bins=2).tolist() == [[[2.0], [2.0], [-1.0], [-1.0]]]
    with pytest.raises(InputError, match=r"divides 4 samples \(got 3\)"):
        coarse_phases(maps, SAD, training(), bins=3)


@given(arrays(np.float64, (5, 2, 3), elements=st.floats(-9, 9)), arrays(np.int64, 5, elements=st.integers(0, 1)))
def test_mechanisms_keep_the_shape_and_show_a_map_as_they_would_alone(maps, emotions):
    """What a walk shows does not depend on the walks beside it."""
    known = training(np.arange(36.0).reshape(6, 2, 3) % 7 - 3, predicted=[0, 0, 0, 1, 1, 1], subjects=list("abcdef"))
    for mechanism in MECHANISMS.values():
        shown = mechanism(maps, emotions, known)
        assert shown.shape == maps.shape
        np.testing.assert_allclose(mechanism(maps[2:3], emotions[2:3], known)[0], shown[2], atol=1e-9)


def test_similar_maps_show_no_more_maps_than_asked_for(monkeypatch):
    monkeypatch.setattr(released_maps, "MIN_SUBJECTS", 1)
    rng = np.random.default_rng(0)
    known = training(rng.normal(size=(30, 2, 3)), predicted=[0] * 30, subjects=[f"s{i}" for i in range(30)], emotions=1)
    shown = similar_maps(rng.normal(size=(200, 2, 3)), np.zeros(200, np.int64), known, groups=3)
    assert len(np.unique(shown.round(9), axis=0)) == 3
