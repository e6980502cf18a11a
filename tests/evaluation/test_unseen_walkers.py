import numpy as np
import pytest

from stgcn_affect.evaluation.unseen_walkers import (
    VERIFIERS,
    OpenSetAttack,
    Pairs,
    attack_unseen_walkers,
    compare,
    rounds_over_emotions,
    unseen_walkers_block,
)

KEYS = {"rank1", "eer", "auc", "tar_at_far_1pct", "ci95"}


def walking(walkers, *, first=0, takes=2):
    """Codes, names and emotions of every walker x emotion x take."""
    subject, emotion, _ = np.indices((walkers, 3, takes)).reshape(3, -1)
    names = np.array([f"walker {s + first:02d}" for s in subject])
    return subject, names, np.array(["angry", "happy", "sad"])[emotion]


def faces(count, dim=12, seed=0):
    """[count, dim]: a direction of its own for each walker."""
    return np.random.default_rng(seed).normal(size=(count, dim))


def attacked(make, *, known=8, unseen=8, turn=None):
    """An attack on features ``make(subject codes, rng)`` of walkers known and unseen."""
    rng = np.random.default_rng(0)
    (a, a_names, a_emotions), (b, b_names, b_emotions) = walking(known), walking(unseen, first=known)
    rows = {"z": make(a, rng)}, {"z": make(b + known, rng)}
    if turn is not None:
        rows = tuple({"z": part["z"] @ turn} for part in rows)
    return attack_unseen_walkers(rows[0], a_names, a_emotions, rows[1], b_names, b_emotions)


def planted(subject, rng):
    return faces(40)[subject] + 0.05 * rng.normal(size=(len(subject), 12))


def noise(subject, rng):
    return rng.normal(size=(len(subject), 12))


def test_a_probe_is_compared_with_the_mean_of_each_walkers_enrolled_cycles_by_hand():
    features = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, -2.0], [3.0, 3.0], [0.0, -1.0], [0.0, 0.0]])
    walkers = np.array(["ana", "ana", "ben", "ana", "ben", "ben"])
    pairs = compare(lambda rows: rows, features, walkers, np.array([0, 1, 2]), np.array([3, 4, 5]))
    assert pairs.gallery.tolist() == ["ana", "ben"]
    assert pairs.probes.tolist() == ["ana", "ben", "ben"]
    half = np.sqrt(0.5)
    np.testing.assert_allclose(pairs.scores, [[1, -half], [-half, 1], [0, 0]], atol=1e-12)


def test_each_emotion_in_turn_is_probed_by_hand():
    walkers = np.array(["ana", "ana", "ben", "ben", "ben"])
    emotions = np.array(["sad", "happy", "sad", "happy", "happy"])
    rounds = [(enrol.tolist(), probe.tolist()) for enrol, probe in rounds_over_emotions(walkers, emotions)]
    assert rounds == [([0, 2], [1, 3, 4]), ([1, 3, 4], [0, 2])]


def test_only_the_enrolled_are_looked_for():
    walkers = np.array(["ana", "ana", "ben", "ben", "eva"])
    emotions = np.array(["sad", "happy", "sad", "happy", "happy"])
    rounds = [(enrol.tolist(), probe.tolist()) for enrol, probe in rounds_over_emotions(walkers, emotions)]
    assert rounds == [([0, 2], [1, 3]), ([1, 3, 4], [0, 2])]  # eva is enrolled once, and never looked for
    alone = rounds_over_emotions(np.array(["ana", "ana", "ben"]), np.array(["sad", "happy", "happy"]))
    assert [(enrol.tolist(), probe.tolist()) for enrol, probe in alone] == [([1, 2], [0])]  # one alone is no gallery


def test_a_planted_identity_is_found():
    block = unseen_walkers_block([attacked(planted)])
    assert block["chance"] == 1 / 8
    scores = {key: value for key, value in block["z"].items() if key != "ci95"}
    assert scores == {"rank1": 1.0, "eer": 0.0, "auc": 1.0, "tar_at_far_1pct": 1.0}
    assert block["z"]["ci95"] == {key: [value, value] for key, value in scores.items()}


def test_noise_is_near_chance():
    block = unseen_walkers_block([attacked(noise)])
    assert set(block["z"]) == KEYS
    assert block["z"]["rank1"] == pytest.approx(1 / 8, abs=0.15)  # three standard deviations of 48 guesses
    assert block["z"]["auc"] == pytest.approx(0.5, abs=0.13)
    assert block["z"]["eer"] == pytest.approx(0.5, abs=0.13)
    for name, (lower, upper) in block["z"]["ci95"].items():
        assert lower <= block["z"][name] <= upper


def test_what_says_nothing_at_all_is_no_better_than_chance():
    block = unseen_walkers_block([attacked(lambda subject, rng: np.full((len(subject), 2), 3.0))])
    assert block["z"]["auc"] == block["z"]["eer"] == 0.5
    assert block["z"]["rank1"] == 1 / 8


def test_limits_of_rank_1_are_those_of_whole_galleries():
    """Walkers drawn twice leave others out; a smaller gallery would make every guess better."""
    rng = np.random.default_rng(0)
    names = np.array([f"walker {i:02d}" for i in range(20)])
    rounds = [Pairs(rng.normal(size=(20, 20)), names, names) for _ in range(30)]
    block = unseen_walkers_block([OpenSetAttack({"z": rounds}, {"z": "distance"})])
    lower, upper = block["z"]["ci95"]["rank1"]
    assert lower <= block["z"]["rank1"] <= upper
    assert (lower + upper) / 2 == pytest.approx(block["z"]["rank1"], abs=0.01)


def test_galleries_of_different_models_are_never_mixed():
    """Two models with latents turned against each other: within each all is found, across them nothing would be."""
    turn = np.linalg.qr(np.random.default_rng(5).normal(size=(12, 12)))[0]
    first, second = attacked(planted, unseen=8), attacked(planted, unseen=4, turn=turn)
    for attack, size in ((first, 8), (second, 4)):
        assert all(len(pairs.gallery) == size for pairs in attack.pairs["z"])
    block = unseen_walkers_block([first, second])
    assert block["chance"] == (1 / 8 + 1 / 4) / 2
    assert block["z"]["rank1"] == block["z"]["auc"] == 1.0


def test_scores_are_the_mean_over_models_by_hand():
    names = np.array(["ana", "ben"])
    right, wrong = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    first = OpenSetAttack({"z": [Pairs(right, names, names), Pairs(wrong, names, names)]}, {"z": "distance"})
    second = OpenSetAttack({"z": [Pairs(right, names, names), Pairs(right, names, names)]}, {"z": "distance"})
    block = unseen_walkers_block([first, second])
    assert {key: block["z"][key] for key in ("rank1", "auc", "eer")} == {"rank1": 0.75, "auc": 0.75, "eer": 0.25}


def test_the_attacker_weighs_what_tells_known_walkers_apart():
    """The walker is a whisper in three columns beside loud noise: plain distances do not hear it."""

    def whisper(subject, rng):
        said = np.concatenate([faces(40, 3)[subject], np.zeros((len(subject), 40))], axis=1)
        return said + np.array([0.02] * 3 + [1.0] * 40) * rng.normal(size=(len(subject), 43))

    attack = attacked(whisper, known=20)
    assert attack.verifier == {"z": "discriminant"}
    assert unseen_walkers_block([attack])["z"]["auc"] > 0.9


def test_the_verifier_is_chosen_without_the_unseen():
    rng = np.random.default_rng(0)
    subject, names, emotions = walking(8)
    known = {"z": planted(subject, rng)}
    chosen = [
        attack_unseen_walkers(known, names, emotions, {"z": rows}, names, emotions).verifier["z"]
        for rows in (planted(subject, rng), noise(subject, rng), -1e3 * noise(subject, rng))
    ]
    assert len(set(chosen)) == 1


def test_too_few_known_walkers_to_choose_are_attacked_all_the_same():
    attack = attacked(planted, known=3, unseen=4)
    assert attack.verifier == {"z": next(iter(VERIFIERS))}
    assert unseen_walkers_block([attack])["z"]["rank1"] == 1.0
