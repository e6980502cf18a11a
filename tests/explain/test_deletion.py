import numpy as np
import pytest
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.explain.deletion import Curves, deletion_curves
from stgcn_affect.explain.replacement import Replacement

N, T, V = 2, 4, 3
CYCLES = CycleBatch(torch.ones(N, T, V, 3), torch.full((N,), 1.5), torch.tensor([0, 1]), torch.tensor([4, 5]))
ZEROS = Replacement(np.zeros((N, T, V, 3), np.float32), np.full(N, 1.0, np.float32))
TARGET = np.array([1, 1])


def reads_joint_1(cycles):
    """Class 1 is as probable as the mean of joint 1: 1 while it is there, 0 when it is all gone."""
    there = cycles.positions[:, :, 1].mean(dim=(1, 2)).numpy()
    return np.stack([1 - there, there], axis=1)


def reads_tempo(cycles):
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
    found = curves([3, 0, 1, 2], predict=reads_tempo)
    assert found.probability[0] == pytest.approx([0.5, 0, 0, 0, 0])
    assert curves([0, 1, 3, 2], predict=reads_tempo).probability[0] == pytest.approx([0.5, 0.5, 0.5, 0, 0])


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
