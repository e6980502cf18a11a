import numpy as np
import pytest
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.maps.explained_model import JudgedModel
from stgcn_affect.explain.quality import faithfulness as quality
from stgcn_affect.explain.quality.deletion import Replacement, motion_energy, unit_scores
from stgcn_affect.explain.quality.faithfulness import (
    deletion_orders,
    deletion_scores,
    faithfulness_scores,
    order_curves,
    pool_curves,
)

N, V = 6, 3
REPLACED = Replacement(np.zeros((N, 16, V, 3), np.float32), np.full(N, 1.0, np.float32))
WHO = {"subjects": np.array(["a", "a", "a", "b", "b", "c"]), "takes": np.arange(N)}


def cycles():
    """Joint 2 moves most; joint 1 stands at 1, and it alone is read."""
    positions = torch.zeros(N, 16, V, 3)
    positions[:, :, 1] = 1
    positions[:, :, 2, 0] = torch.cos(2 * torch.pi * torch.arange(16) / 16)
    return CycleBatch(positions, torch.full((N,), 1.5), torch.zeros(N, dtype=torch.long), torch.arange(N))


def reads_joint_1(batch):
    there = batch.positions[:, :, 1].mean(dim=(1, 2)).numpy()
    return np.stack([1 - there, there], axis=1)


def true_map(batch):
    maps = np.zeros(batch.positions.shape[:3], np.float32)
    maps[:, :, 1] = 1
    return maps


def curves(toy_layout, *, stride_time=None, maps=true_map, **more):
    given = cycles()
    orders = deletion_orders(
        unit_scores(maps(given), stride_time=stride_time),
        motion_energy(given.positions.numpy(), toy_layout),
        random_draws=40,
    )
    return order_curves(reads_joint_1, given, orders, REPLACED, np.ones(N, int), **more)


def test_a_true_map_falls_at_once_and_stands_at_once(toy_layout):
    found = faithfulness_scores(curves(toy_layout), **WHO)
    assert found["deletion"]["map"]["mean"] == pytest.approx(1 / 6)
    assert found["deletion"]["reversed"]["mean"] == pytest.approx(5 / 6)
    assert found["deletion"]["random"]["mean"] == pytest.approx(0.5, abs=0.08)
    assert found["deletion"]["energy"]["mean"] > 0.45  # 2 moves most, 0 and 1 do not: 1 is second or last
    assert found["insertion"]["map"]["mean"] == pytest.approx(5 / 6)
    assert found["insertion"]["reversed"]["mean"] == pytest.approx(1 / 6)
    against = found["deletion_difference"]["map_minus_random"]
    assert against["mean"] == pytest.approx(1 / 6 - found["deletion"]["random"]["mean"])
    assert against["ci95"][1] < 0
    assert found["deletion_difference"]["map_minus_reversed"]["mean"] == pytest.approx(-2 / 3)
    assert found["insertion_difference"]["map_minus_energy"]["mean"] > 0
    assert found["deletion"]["map"]["n_subjects"] == 3
    assert set(found["deletion"]) == set(found["insertion"]) == {"map", "reversed", "energy", "random"}


def test_mean_curves_are_there_to_be_drawn(toy_layout):
    found = faithfulness_scores(curves(toy_layout), **WHO)["curves"]
    assert found["fraction"] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert found["deletion"]["map"]["probability"] == pytest.approx([1, 0, 0, 0])
    assert found["deletion"]["map"]["accuracy"] == pytest.approx([1, 0, 0, 0])
    assert found["insertion"]["map"]["probability"] == pytest.approx([0, 1, 1, 1])


def test_insertion_puts_back_in_the_maps_order(toy_layout):
    """A map that ranks the joint second: it is back after two of three joints."""

    def second(batch):
        maps = true_map(batch)
        maps[:, :, 0] = 2
        return maps

    found = faithfulness_scores(curves(toy_layout, maps=second), **WHO)
    assert found["curves"]["insertion"]["map"]["probability"] == pytest.approx([0, 0, 1, 1])
    assert found["curves"]["deletion"]["map"]["probability"] == pytest.approx([1, 1, 0, 0])


def test_energy_deletes_stride_time_where_the_map_does(toy_layout):
    given = cycles()
    scores = unit_scores(true_map(given), stride_time=np.full(N, 8.0))  # after joint 1 (16), before 0 and 2 (0)
    orders = deletion_orders(scores, motion_energy(given.positions.numpy(), toy_layout), random_draws=2)
    assert (orders["map"][:, :2] == [1, 3]).all()
    assert (orders["energy"][:, :2] == [2, 3]).all()
    assert (orders["reversed"] == orders["map"][:, ::-1]).all()
    assert (orders["energy_reversed"] == orders["energy"][:, ::-1]).all()
    assert not (orders["random_0"] == orders["random_1"]).all()


def test_subjects_count_alike_and_models_are_pooled(toy_layout):
    one = curves(toy_layout)
    both = pool_curves([one, one])
    assert both["map"].probability.shape == (2 * N, 4)
    assert both["random"].hit.shape == (2 * N, 4)
    two_models = {"subjects": np.concatenate([WHO["subjects"]] * 2), "takes": np.concatenate([WHO["takes"]] * 2)}
    assert faithfulness_scores(both, **two_models)["deletion"] == faithfulness_scores(one, **WHO)["deletion"]
    altered = one | {
        "map": one["map"]._replace(probability=np.repeat([[1.0], [0.0]], [3, 3], axis=0) * np.ones((N, 4)))
    }
    assert faithfulness_scores(altered, **WHO)["deletion"]["map"]["mean"] == pytest.approx(1 / 3)  # a 1, b 0, c 0


CHOICE = MethodChoice("gradcam", 1)


def test_the_joint_that_decides_is_deleted_first_by_a_map_that_knows_it(toy_explained, monkeypatch):
    """The model reads the left joint alone, planted; a map of it has the smallest area, one of the hip the largest."""
    explained = toy_explained()

    def planted(joint):
        def maps(self, choice):
            found = np.zeros((len(self.index), 16, 3), np.float32)
            found[:, :, joint] = 1
            return found

        return maps

    training = torch.from_numpy(explained.cycles.positions[explained.train]).mean(dim=0)

    def predict(network, cycles, layout):
        """Sure as long as the left joint is where it was; the mean path tells nothing."""
        there = (cycles.positions[:, :, 1] - training[:, 1]).abs().amax(dim=(1, 2)) > 1e-4
        return np.where(there.numpy()[:, None], [[0.0, 1.0]], [[0.5, 0.5]])

    monkeypatch.setattr(quality, "emotion_probabilities", predict)
    areas = {}
    for joint in (0, 1):
        monkeypatch.setattr(JudgedModel, "maps", planted(joint))
        one = JudgedModel(explained, explained.test)
        one.__dict__["stride_time"] = np.zeros(4)
        areas[joint] = deletion_scores([one], CHOICE, seed=0)["deletion"]["map"]["mean"]
    # Of four units the left joint goes first: 1, .5, .5, .5, .5 under a trapezoid.
    assert areas[1] == pytest.approx(0.5 + 0.5 * 0.25 / 2)
    assert areas[0] > areas[1]
