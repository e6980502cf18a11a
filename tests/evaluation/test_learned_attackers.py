"""Leaks that only those find who learnt from other people: from pairs of cycles, or what stands behind a release."""

import numpy as np
import pytest

from stgcn_affect.evaluation.attackers import ALL_ATTACKERS, Known
from stgcn_affect.evaluation.pair_attacker import Grid, name_by_pairs, pair_embedding
from stgcn_affect.evaluation.reversal_attacker import fit_reversal
from stgcn_affect.evaluation.rounds import Labels, held_out_emotion_rounds
from stgcn_affect.evaluation.seen_subjects import OtherPeople, attack_seen_subjects
from stgcn_affect.evaluation.unseen_scores import unseen_subjects_block
from stgcn_affect.evaluation.unseen_subjects import VERIFIERS, attack_unseen_subjects

EMOTIONS = np.array(["angry", "happy", "sad"])
SIGNS = np.array([[1, 1, -1, 1, -1, -1], [-1, 1, 1, -1, -1, 1], [1, -1, 1, -1, 1, -1]])


def planted(subjects, *, first=0, code_in_raw, seed=0):
    """What is known of subjects in three emotions and two takes.

    The release holds a code of the subject whose signs are those of the emotion: across emotions it looks like
    another one, unless one has learnt the signs. The raw cycles hold the code, or nothing of the subject.
    """
    subject, emotion, _ = np.indices((subjects, 3, 2)).reshape(3, -1)
    codes = np.random.default_rng(7).normal(size=(200, 6))[subject + first]
    rng = np.random.default_rng(seed + first)
    shown = np.eye(3)[emotion]
    released = np.concatenate([3 * shown, SIGNS[emotion] * codes], axis=1) + 0.05 * rng.normal(size=(len(subject), 9))
    raw = np.concatenate([3 * shown, codes if code_in_raw else rng.normal(size=codes.shape)], axis=1)
    names = np.array([f"subject {s + first:03d}" for s in subject])
    return Known(released, raw + 0.05 * rng.normal(size=raw.shape), names, EMOTIONS[emotion])


def accuracies(known, others):
    """By attacker, on seen subjects in an emotion that it did not learn from."""
    people = OtherPeople(known.emotions, {"z": others}, {})
    rounds = held_out_emotion_rounds(known.emotions, np.zeros(len(known.subjects), bool))
    attack = attack_seen_subjects(
        {"z": known.released},
        known.subjects,
        rounds,
        attackers=ALL_ATTACKERS,
        leave_out=known.emotions,
        people=people,
    )
    return {name: hits.mean() for name, hits in attack.hits["z"].items()}, attack.strongest("z")


@pytest.mark.tool  # all eight attackers, 10 s
def test_a_leak_that_only_pairs_find():
    known, others = planted(8, code_in_raw=False), planted(50, first=10, code_in_raw=False)
    found, strongest = accuracies(known, others)
    assert strongest == "pair"
    assert found.pop("pair") > 0.9
    assert max(found.values()) < 0.4  # chance 0.125; the code is in no raw cycle, so that nothing can be rebuilt


@pytest.mark.tool  # all eight attackers, 10 s
def test_a_leak_that_only_a_reversal_finds():
    """Eight other people are too few to learn from pairs, and enough to learn what was done to the raw cycles."""
    known, others = planted(8, code_in_raw=True), planted(8, first=10, code_in_raw=True)
    found, strongest = accuracies(known, others)
    assert strongest == "reversal"
    assert found.pop("reversal") > 0.7
    assert max(found.values()) < 0.6


@pytest.mark.parametrize(("code_in_raw", "others", "expected"), [(False, 60, "pair"), (True, 24, "reversal")])
def test_unseen_subjects_are_verified_by_who_learnt_from_others(code_in_raw, others, expected):
    seen, unseen = planted(others, first=20, code_in_raw=code_in_raw), planted(8, code_in_raw=code_in_raw)
    takes = np.tile(["1", "2"], 3 * (others + 8))
    labels, probed = (Labels(known.subjects, known.emotions, takes[: len(known.subjects)]) for known in (seen, unseen))
    attack = attack_unseen_subjects(
        {"z": seen.released}, labels, {"z": unseen.released}, probed, verifiers=tuple(VERIFIERS), raw=seen.raw
    )
    assert attack["emotions"].verifier == {"z": expected}
    assert unseen_subjects_block([attack["emotions"]])["z"]["auc"] > 0.9


def test_subjects_are_named_by_the_cosine_with_the_mean_of_their_known_rows_by_hand():
    known = np.array([[1.0, 0.0], [0.0, 9.0], [0.0, -1.0]])  # each row counts alike, whatever its length
    named = name_by_pairs(known, np.array(["ana", "ana", "ben"]), np.array([[5.0, 5.0], [0.1, -3.0]]))
    assert named.tolist() == ["ana", "ben"]


def test_rebuilt_cycles_are_the_raw_ones_where_the_release_keeps_them():
    known = planted(12, code_in_raw=True)
    rebuild, true = fit_reversal(known.raw @ np.diag(np.arange(1.0, 10.0)), known.raw, known.subjects)
    other = planted(4, first=50, code_in_raw=True)
    rebuilt = rebuild(other.raw @ np.diag(np.arange(1.0, 10.0)))
    distances = np.linalg.norm(other.raw[:, None] - other.raw[None], axis=2)
    again = np.linalg.norm(rebuilt[:, None] - rebuilt[None], axis=2)
    assert true.shape == (72, 9)
    np.testing.assert_allclose(again, distances, atol=0.3)  # components are a turn of the raw rows


def test_a_siamese_st_gcn_embeds_motions_and_repeats_itself(toy_graph):
    """Two samples of a motion, and a stride time behind; who walks is in the path of one joint."""
    grid = Grid(2, 3, toy_graph)
    subject = np.repeat(np.arange(12), 4)
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(48, grid.columns + 1)) * 0.1
    rows[:, :6] += np.random.default_rng(1).normal(size=(12, 6))[subject]
    names, emotions = np.array([f"s{s:02d}" for s in subject]), np.tile(["happy", "sad"], 24)
    embedded = [pair_embedding(rows, names, emotions, grid=grid)(rows) for _ in range(2)]
    assert embedded[0].shape == (48, 32)
    np.testing.assert_array_equal(*embedded)
    assert (name_by_pairs(embedded[0][::2], names[::2], embedded[0][1::2]) == names[1::2]).mean() > 0.9
