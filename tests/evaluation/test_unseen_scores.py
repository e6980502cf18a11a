import numpy as np
import pytest

from stgcn_affect.evaluation import unseen_scores
from stgcn_affect.evaluation.unseen_scores import DRAWS, _scores, unseen_subjects_block
from stgcn_affect.evaluation.unseen_subjects import OpenSetAttack, Pairs
from stgcn_affect.evaluation.verification import verification

KEYS = {"rank1", "eer", "auc", "tar_at_far_1pct", "ci95"}


def test_a_planted_identity_is_found(attacked):
    block = unseen_subjects_block([attacked("planted")["emotions"]])
    assert block["chance"] == 1 / 8
    scores = {key: value for key, value in block["z"].items() if key != "ci95"}
    assert scores == {"rank1": 1.0, "eer": 0.0, "auc": 1.0, "tar_at_far_1pct": 1.0}
    assert block["z"]["ci95"] == {key: [value, value] for key, value in scores.items()}


def test_noise_is_near_chance(attacked):
    block = unseen_subjects_block([attacked("noise")["emotions"]])
    assert set(block["z"]) == KEYS
    assert block["z"]["rank1"] == pytest.approx(1 / 8, abs=0.15)  # three standard deviations of 48 guesses
    assert block["z"]["auc"] == pytest.approx(0.5, abs=0.13)
    assert block["z"]["eer"] == pytest.approx(0.5, abs=0.13)
    for name, (lower, upper) in block["z"]["ci95"].items():
        assert lower <= block["z"][name] <= upper


def test_what_says_nothing_at_all_is_no_better_than_chance(attacked):
    block = unseen_subjects_block([attacked(lambda subject, rng: np.full((len(subject), 2), 3.0))["emotions"]])
    assert block["z"]["auc"] == block["z"]["eer"] == 0.5
    assert block["z"]["rank1"] == 1 / 8


def test_limits_of_rank_1_are_those_of_whole_galleries():
    """Subjects drawn twice leave others out; a smaller gallery would make every guess better."""
    rng = np.random.default_rng(0)
    names = np.array([f"subject {i:02d}" for i in range(20)])
    rounds = [Pairs(rng.normal(size=(20, 20)), names, names) for _ in range(30)]
    block = unseen_subjects_block([OpenSetAttack({"z": rounds}, {"z": "distance"})])
    lower, upper = block["z"]["ci95"]["rank1"]
    assert lower <= block["z"]["rank1"] <= upper
    assert (lower + upper) / 2 == pytest.approx(block["z"]["rank1"], abs=0.01)


def test_galleries_of_different_models_are_never_mixed(attacked):
    """Two models with latents turned against each other: within each all is found, across them nothing would be."""
    turn = np.linalg.qr(np.random.default_rng(5).normal(size=(12, 12)))[0]
    made = attacked("planted", unseen=8), attacked("planted", unseen=4, turn=turn)
    first, second = (attacks["emotions"] for attacks in made)
    for attack, size in ((first, 8), (second, 4)):
        assert all(len(pairs.gallery) == size for pairs in attack.pairs["z"])
    block = unseen_subjects_block([first, second])
    assert block["chance"] == (1 / 8 + 1 / 4) / 2
    assert block["z"]["rank1"] == block["z"]["auc"] == 1.0


def test_scores_are_the_mean_over_models_by_hand():
    names = np.array(["ana", "ben"])
    right, wrong = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    first = OpenSetAttack({"z": [Pairs(right, names, names), Pairs(wrong, names, names)]}, {"z": "distance"})
    second = OpenSetAttack({"z": [Pairs(right, names, names), Pairs(right, names, names)]}, {"z": "distance"})
    block = unseen_subjects_block([first, second])
    assert {key: block["z"][key] for key in ("rank1", "auc", "eer")} == {"rank1": 0.75, "auc": 0.75, "eer": 0.25}


def drawn_one_by_one(pairs, subjects):
    """AUC and true accepts at 1 % of one round among drawn subjects, written out pair by pair."""
    rows = [i for name in subjects for i in np.flatnonzero(pairs.probes == name)]
    columns = [k for k, name in enumerate(pairs.gallery) if name in subjects]
    scores = np.array([pairs.scores[i, k] for i in rows for k in columns])
    found = verification(scores, np.array([pairs.probes[i] == pairs.gallery[k] for i in rows for k in columns]))
    return found.auc, found.tar_at_far_1pct


def test_limits_are_those_of_subjects_drawn_one_by_one():
    rng = np.random.default_rng(1)
    names = np.array([f"subject {i}" for i in range(6)])
    pairs = Pairs(rng.normal(size=(12, 6)) + np.eye(6).repeat(2, axis=0), names.repeat(2), names)
    block = unseen_subjects_block([OpenSetAttack({"z": [pairs]}, {"z": "distance"})], seed=3)
    draws = np.random.default_rng(3).integers(6, size=(DRAWS, 6))
    expected = [drawn_one_by_one(pairs, names[draw]) for draw in draws if len(np.unique(draw)) > 1]
    for number, name in enumerate(("auc", "tar_at_far_1pct")):
        limits = np.quantile([found[number] for found in expected], [0.025, 0.975])
        assert block["z"]["ci95"][name] == pytest.approx(limits)


def test_a_model_has_one_threshold_for_all_its_rounds_by_hand():
    names = np.array(["ana", "ben"])
    first = Pairs(np.array([[0.9, 0.1], [0.2, 0.8]]), names, names)
    second = Pairs(np.array([[0.7, 0.85], [0.3, 0.4]]), names, names)  # the stranger at .85 is above all but .9
    block = unseen_subjects_block([OpenSetAttack({"z": [first, second]}, {"z": "distance"})])
    assert block["z"]["tar_at_far_1pct"] == 0.25
    assert block["smallest_far"] == 0.25
    two = unseen_subjects_block([OpenSetAttack({"z": [one]}, {"z": "distance"}) for one in (first, second)])
    assert two["z"]["tar_at_far_1pct"] == 0.5  # as two models: both of the first one's, none of the second one's
    assert two["smallest_far"] == 0.5


@pytest.mark.tool
def test_limits_of_true_accepts_at_1_percent_do_not_lean_upwards():
    """Ten subjects with one cycle in each of four emotions, 200 times: drawn scores lie above the point as often as
    not.

    With a threshold for each round of 90 pairs of strangers, three in four of them do.
    """
    rng = np.random.default_rng(0)
    names = np.array([f"subject {i}" for i in range(10)])
    middles = []
    for _ in range(200):
        face = rng.normal(size=(10, 6))
        rounds = []
        for _ in range(4):
            enrolled, probed = (
                x / np.linalg.norm(x, axis=1, keepdims=True) for x in face + rng.normal(size=(2, 10, 6))
            )
            rounds.append(Pairs(probed @ enrolled.T, names, names))
        times = rng.multinomial(10, np.full(10, 0.1), size=40).astype(float)
        point = _scores([rounds], names, np.ones((1, 10)))["tar_at_far_1pct"]
        middles.append(np.sign(_scores([rounds], names, times)["tar_at_far_1pct"] - point).mean())
    assert abs(np.mean(middles)) < 0.15


def test_draws_in_parts_are_those_at_once(attacked, monkeypatch):
    attack = attacked("noise")["one_take"]
    whole = unseen_subjects_block([attack])
    monkeypatch.setattr(unseen_scores, "AT_ONCE", 20_000)
    assert unseen_subjects_block([attack]) == whole
