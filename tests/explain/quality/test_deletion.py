import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.explain.quality.deletion import (
    Curves,
    Replacement,
    deletion_curves,
    motion_energy,
    order_by,
    order_without_stride_time_score,
    random_order,
    replacement,
    unit_scores,
)

POSITIONS = np.arange(24, dtype=np.float32).reshape(2, 2, 2, 3)  # N=2, T=2, V=2
TRAINING = np.stack([np.zeros((2, 2, 3)), np.ones((2, 2, 3))]) * np.array([1, 4])[:, None, None]


def made(kind, subjects=("ana", "ben")):
    return replacement(
        kind,
        POSITIONS,
        subjects=np.array(subjects),
        training_positions=TRAINING,
        training_stride_time_s=np.array([1.0, 1.2]),
    )


def test_the_mean_path_keeps_the_phase():
    found = made("mean_path")
    assert found.positions.shape == POSITIONS.shape
    assert (found.positions[:, 0] == 0.5).all()
    assert (found.positions[:, 1] == 2.0).all()
    assert found.stride_time_s == pytest.approx([1.1, 1.1])


def test_the_own_mean_pose_stands_still_and_is_the_subjects():
    found = made("own_mean_pose")
    assert found.positions[0, 0].tolist() == [[3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]
    assert (found.positions[:, 0] == found.positions[:, 1]).all()
    assert (found.positions[1] == found.positions[0] + 12).all()
    one_subject = made("own_mean_pose", subjects=("ana", "ana"))
    assert one_subject.positions[0, 0].tolist() == one_subject.positions[1, 1].tolist() == [[9, 10, 11], [12, 13, 14]]
    assert found.stride_time_s == pytest.approx([1.1, 1.1])


def test_an_unknown_kind_is_refused():
    with pytest.raises(InputError, match=r"mean_path, own_mean_pose \(got 'zeros'\)"):
        made("zeros")


MAP = np.array([[[1.0, -4.0], [2.0, 0.0], [-3.0, 1.0], [-1.0, 1.0]]])  # N=1, T=4, V=2


@pytest.mark.parametrize(
    ("part", "scores"), [("signed", [-1.0, -2.0]), ("positive", [3.0, 2.0]), ("magnitude", [7.0, 6.0])]
)
def test_a_joint_scores_the_sum_of_its_map(part, scores):
    assert unit_scores(MAP, part=part).tolist() == [scores]


def test_phase_bins_come_joint_by_joint_and_stride_time_last():
    assert unit_scores(MAP, bins=2).tolist() == [[3.0, -4.0, -4.0, 2.0]]
    assert unit_scores(MAP, bins=2, stride_time=np.array([-9.0])).tolist() == [[3.0, -4.0, -4.0, 2.0, -9.0]]
    assert unit_scores(MAP, part="magnitude", stride_time=np.array([-9.0])).tolist() == [[7.0, 6.0, 9.0]]
    with pytest.raises(InputError, match=r"divides 4 samples \(got 3\)"):
        unit_scores(MAP, bins=3)


def test_the_largest_goes_first():
    assert order_by(np.array([[0.1, 0.3, 0.2], [5.0, -1.0, 7.0]])).tolist() == [[1, 2, 0], [2, 0, 1]]


def test_equal_scores_are_in_random_order():
    scores = np.zeros((400, 3))
    scores[:, 2] = 1
    found = order_by(scores)
    assert (found[:, 0] == 2).all()
    assert 0.4 < (found[:, 1] == 0).mean() < 0.6


@given(st.integers(1, 6), st.integers(0, 9))
def test_random_orders_are_permutations_that_repeat(units, seed):
    found = random_order(5, units, seed=seed)
    assert (np.sort(found, axis=1) == np.arange(units)).all()
    assert (found == random_order(5, units, seed=seed)).all()


def test_energy_is_the_mean_squared_velocity_about_the_pelvis(toy_layout):
    phase = 2 * np.pi * np.arange(16) / 16
    positions = np.zeros((1, 16, 3, 3))
    positions[0, :, 1, 2] = 0.5 * np.cos(phase)
    positions[0, :, 2, 1] = 0.1 * np.sin(2 * phase)
    positions += np.sin(phase)[None, :, None, None]  # the pelvis takes everything with it
    turn = (2 * np.pi) ** 2
    expected = np.array([0, 0.5**2 / 2 * turn, 0.1**2 / 2 * 4 * turn])
    assert motion_energy(positions, toy_layout)[0] == pytest.approx(expected, abs=1e-9)
    binned = motion_energy(positions, toy_layout, bins=4)
    assert binned.shape == (1, 12)
    assert binned.reshape(3, 4).mean(axis=1) == pytest.approx(expected, abs=1e-9)


@given(st.permutations(range(4)))
def test_an_order_without_stride_time_score_deletes_stride_time_where_the_other_does(first):
    found = order_without_stride_time_score(np.array([first]), np.array([[1.0, 3.0, 2.0]]))[0].tolist()
    assert found.index(3) == first.index(3)
    assert [unit for unit in found if unit != 3] == [1, 2, 0]


N, T, V = 2, 4, 3
CYCLES = CycleBatch(torch.ones(N, T, V, 3), torch.full((N,), 1.5), torch.tensor([0, 1]), torch.tensor([4, 5]))
ZEROS = Replacement(np.zeros((N, T, V, 3), np.float32), np.full(N, 1.0, np.float32))
TARGET = np.array([1, 1])


def reads_joint_1(cycles):
    """Class 1 is as probable as the mean of joint 1: 1 while it is there, 0 when it is all gone."""
    there = cycles.positions[:, :, 1].mean(dim=(1, 2)).numpy()
    return np.stack([1 - there, there], axis=1)


def reads_stride_time(cycles):
    there = (cycles.stride_time_s - 1).numpy()
    return np.stack([1 - there, there], axis=1)


def curves(order, predict=reads_joint_1, cycles=CYCLES, target=TARGET, **more):
    return deletion_curves(predict, cycles, np.array([order] * len(target)), ZEROS, target, **more)


def test_the_decision_falls_with_the_joint_it_reads():
    first, last = curves([1, 0, 2]), curves([2, 0, 1])
    assert first.fraction == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert first.probability.tolist() == [[1, 0, 0, 0]] * 2
    assert last.probability.tolist() == [[1, 1, 1, 0]] * 2
    assert first.area() == pytest.approx([1 / 6] * 2)
    assert last.area() == pytest.approx([5 / 6] * 2)
    assert first.hit.tolist() == [[1, 0, 0, 0]] * 2


def test_the_area_of_a_curve_by_hand():
    curve = Curves(np.array([0, 0.5, 1]), np.array([[1.0, 0.5, 0.0], [1.0, 1.0, 0.0]]), np.ones((2, 3)))
    assert curve.area().tolist() == [0.5, 0.75]


def test_the_watched_class_is_the_given_one():
    found = curves([1, 0, 2], target=np.array([1, 0]))
    assert found.probability.tolist() == [[1, 0, 0, 0], [0, 1, 1, 1]]


def test_stride_time_is_one_more_unit():
    found = curves([3, 0, 1, 2], predict=reads_stride_time)
    assert found.probability[0] == pytest.approx([0.5, 0, 0, 0, 0])
    assert curves([0, 1, 3, 2], predict=reads_stride_time).probability[0] == pytest.approx([0.5, 0.5, 0.5, 0, 0])


def test_pieces_of_the_cycle_are_deleted_one_by_one():
    seen = []

    def remember(cycles):
        seen.append(cycles.positions[..., 0].numpy().copy())
        return reads_joint_1(cycles)

    found = curves([3, 0, 2, 1, 4, 5], predict=remember, bins=2, cycles=CYCLES)  # 3 is the second half of joint 1
    assert found.probability[0].tolist() == [1, 0.5, 0.5, 0, 0, 0, 0]
    assert seen[0][1].tolist() == [[1, 1, 1], [1, 1, 1], [1, 0, 1], [1, 0, 1]]
    assert seen[0][2].tolist() == [[0, 1, 1], [0, 1, 1], [1, 0, 1], [1, 0, 1]]


def test_fewer_steps_and_smaller_batches_give_the_same_points():
    whole = curves([2, 0, 1, 3], predict=reads_joint_1)
    coarse = curves([2, 0, 1, 3], steps=2)
    assert coarse.fraction.tolist() == [0, 0.5, 1]
    assert coarse.probability.tolist() == whole.probability[:, ::2].tolist()
    small = curves([2, 0, 1, 3], batch=1)
    assert small.probability.tolist() == whole.probability.tolist()


def test_each_cycle_has_its_own_order_and_its_labels_go_along():
    def keep(cycles):
        assert cycles.emotion.tolist() == [0] * 4 + [1] * 4
        assert cycles.subject.tolist() == [4] * 4 + [5] * 4
        return reads_joint_1(cycles)

    found = deletion_curves(keep, CYCLES, np.array([[1, 0, 2], [0, 2, 1]]), ZEROS, TARGET)
    assert found.probability.tolist() == [[1, 0, 0, 0], [1, 1, 1, 0]]
    assert (CYCLES.positions == 1).all()


@pytest.mark.parametrize(("order", "bins"), [([0, 1], 1), ([0, 1, 2, 3, 4], 1), (list(range(9)), 3)])
def test_an_order_that_does_not_fit_is_refused(order, bins):
    with pytest.raises(InputError, match=r"2 rows of 3 joints x"):
        curves(order, bins=bins)
