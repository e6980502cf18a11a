import numpy as np
import pytest

from stgcn_affect.data.fold import fold_data
from stgcn_affect.evaluation.rounds import Labels
from stgcn_affect.evaluation.unseen_subjects import attack_unseen_subjects
from stgcn_affect.jobs.train_fold import fit_model


@pytest.fixture
def trained_model(synthetic_cycles, small, halves):
    """A model of the first fold of six subjects in three emotions, and the fold's data."""
    cycles = synthetic_cycles(walkers=6, takes=1, emotions=("happy", "neutral", "sad"))
    data = fold_data(cycles, halves(cycles)[0], hold_out_take=True, seed=0)
    return fit_model(small(), data, seed=0), data


@pytest.fixture
def faces():
    """Makes ``[count, dim]``: a direction of its own for each subject."""
    return _faces


@pytest.fixture
def walking():
    """Makes codes and labels of every subject x emotion x take."""
    return _walking


@pytest.fixture
def attacked():
    """Makes attacks by way of enrolling, on features "planted", "noise" or made from subject codes and a generator."""
    return _attacked


def _faces(count, dim=12, seed=0):
    return np.random.default_rng(seed).normal(size=(count, dim))


def _walking(subjects, *, first=0, takes=2):
    subject, emotion, take = np.indices((subjects, 3, takes)).reshape(3, -1)
    names = np.array([f"subject {s + first:02d}" for s in subject])
    return subject, Labels(names, np.array(["angry", "happy", "sad"])[emotion], take)


def _attacked(make, *, known=8, unseen=8, turn=None):
    rng = np.random.default_rng(0)
    make = {"planted": _planted, "noise": _noise}.get(make, make)
    (a, a_labels), (b, b_labels) = _walking(known), _walking(unseen, first=known)
    rows = {"z": make(a, rng)}, {"z": make(b + known, rng)}
    if turn is not None:
        rows = tuple({"z": part["z"] @ turn} for part in rows)
    return attack_unseen_subjects(rows[0], a_labels, rows[1], b_labels)


def _planted(subject, rng):
    return _faces(40)[subject] + 0.05 * rng.normal(size=(len(subject), 12))


def _noise(subject, rng):
    return rng.normal(size=(len(subject), 12))
