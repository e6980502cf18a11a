"""The membership attack, which asks whether a subject is among those that a model was trained on."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.prediction import probabilities
from stgcn_affect.errors import InputError
from stgcn_affect.stats import SubjectMeans, percentile_limits, subject_draws, subject_means
from stgcn_affect.training.confidence import outlier_score
from stgcn_affect.training.model import Model
from stgcn_affect.training.predict import emotion_logits

Signals = Mapping[str, SubjectMeans]
"""What an attacker measures of each subject, by name; a larger one speaks for a member."""

CHANCE = 0.5


def membership_signals(model: Model, data: GaitDataset, index: npt.NDArray[np.int64]) -> Signals:
    """What a model's answers show of the subjects of some cycles.

    A model is surer of what it was fitted on: ``loss`` is the log-likelihood of the true emotion (Yeom et al., "Privacy
    risk in machine learning", CSF 2018), ``confidence`` the largest probability, which needs no labels, and
    ``typical_input`` the negative outlier score, since the input is normalised by members.

    Args:
        model: trained.
        data: its cycles.
        index: the cycles of the subjects who are asked for.
    """
    batch = data.batch(index)
    p = probabilities(emotion_logits(model.network, batch, model.layout), temperature=model.temperature)
    rows = np.arange(len(index))
    values = {
        "loss": np.log(np.maximum(p[rows, batch.emotion.numpy()], 1e-12)),
        "confidence": p.max(axis=1),
        "typical_input": -outlier_score(model.network, batch).astype(np.float64),
    }
    subjects, takes = data.store.subject[index], data.store.take_ids[index]
    return {name: subject_means(value, subjects=subjects, takes=takes) for name, value in values.items()}


def membership_attack(models: Sequence[tuple[Signals, Signals]], *, seed: int = 0) -> dict[str, Any]:
    """The area under the ROC curve of naming members by a threshold on a signal, with limits over subjects.

    Each model's members are compared with its own non-members; the areas of several models are averaged.

    Args:
        models: for each model the signals of its training subjects and those of its test subjects.
        seed: the seed of the bootstrap.

    Returns:
        chance, how many members, non_members and models there are, auc and ci95 of the attack on each signal, and
        those of the strongest one, by name; that one was picked by this score, so it errs on the attacker's side.
        ``ci95`` is None where either side has one subject only.

    Raises:
        InputError: no model.
    """
    if not models:
        raise InputError("membership attack: expected one model or more (got none)")
    attacks = {name: _area([(a[name], b[name]) for a, b in models], seed=seed) for name in models[0][0]}
    strongest = max(attacks, key=lambda name: attacks[name]["auc"])
    (members, others) = (_names([pair[side]["loss"] for pair in models]) for side in (0, 1))
    return {
        "chance": CHANCE,
        "members": len(members),
        "non_members": len(others),
        "models": len(models),
        "attacks": attacks,
        "strongest": strongest,
        **attacks[strongest],
    }


def _area(pairs: Sequence[tuple[SubjectMeans, SubjectMeans]], *, seed: int) -> dict[str, Any]:
    """Mean over models of the share of pairs (member, non-member) in which the member has the larger value."""
    names = _names([side for pair in pairs for side in pair])
    drawn = np.concatenate([np.ones((1, len(names))), subject_draws(len(names), seed=seed)])
    shares = np.full((len(pairs), len(drawn)), np.nan)
    for row, (members, others) in zip(shares, pairs, strict=True):
        gap = members.values[:, None] - others.values[None, :]
        wins = (gap > 0) + 0.5 * (gap == 0)
        of_members, of_others = (drawn[:, np.searchsorted(names, one.subjects)] for one in (members, others))
        weight = of_members.sum(axis=1) * of_others.sum(axis=1)
        found = np.einsum("dm,mn,dn->d", of_members, wins, of_others)
        np.divide(found, weight, out=row, where=weight > 0)
    drawn_areas = np.nanmean(shares[:, ~np.isnan(shares).all(axis=0)], axis=0)
    enough = all(len(_names([pair[side] for pair in pairs])) > 1 for side in (0, 1))
    return {
        "auc": float(drawn_areas[0].round(9)),
        "ci95": percentile_limits(drawn_areas[1:].round(9)).tolist() if enough else None,
    }


def _names(of: Sequence[SubjectMeans]) -> npt.NDArray[np.str_]:
    return np.unique(np.concatenate([one.subjects for one in of]))
