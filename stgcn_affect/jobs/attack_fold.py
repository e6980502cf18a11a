"""Every attack on what one model of a privacy fold releases."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.fold import FoldData
from stgcn_affect.data.manifest import ATTRIBUTES
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.evaluation.attackers import REFLECTED, REFLECTED_ATTACKERS
from stgcn_affect.evaluation.attributes import attack_attribute, values_of_subjects
from stgcn_affect.evaluation.seen_subjects import (
    attack_seen_subjects,
    attack_statically,
    held_out_emotion_rounds,
    held_out_take_round,
)
from stgcn_affect.evaluation.unseen_subjects import Labels, attack_unseen_subjects
from stgcn_affect.jobs.attack_record import attack_to_json, attribute_to_json, open_set_to_json

Features = npt.NDArray[np.floating]

STATIC = ("decoded", "retargeted")
"""Motions, laid out like raw cycles, so that attackers who know raw cycles can be shown them."""


def attack_fold(releases: Mapping[str, Features], data: FoldData, *, attackers: Sequence[str]) -> dict[str, Any]:
    """Attack seen subjects across emotions, statically and across takes, unseen subjects, and attributes.

    Args:
        releases: name to ``[N, F]`` of all cycles.
        data: of the fold.
        attackers: names of ``ATTACKERS``; where walks were calibrated, some look for the opposite too.

    Returns:
        the parts known, static, unseen {way of enrolling: attack}, and, where there are takes or attributes to attack,
        held_out_takes and attributes {name: attack}; as JSON's types.
    """
    cycles, known = data.cycles, data.attackable
    attackers = with_reflected(attackers, data)
    subjects, emotions = cycles.subject[known], cycles.emotion[known]
    held = np.isin(known, data.held_index)
    mine = {name: rows[known] for name, rows in releases.items()}
    rounds = held_out_emotion_rounds(emotions, held)
    attack = attack_seen_subjects(mine, subjects, rounds, attackers=attackers, leave_out=emotions)
    met = {name: mine[name] for name in STATIC}
    static = attack_statically(
        mine["raw"], met, subjects, rounds, attackers=attackers, inner=attack.inner.get("raw", {})
    )
    parts: dict[str, Any] = {
        "known": attack_to_json(attack),
        "static": attack_to_json(static),
        "unseen": unseen_subjects(mine, releases, data, known),
    }
    there = held_out_take_round(subjects, emotions, cycles.take[known], held)
    if there is not None:
        again = attack_seen_subjects(mine, subjects, there[0], attackers=attackers, leave_out=there[1])
        parts["held_out_takes"] = attack_to_json(again)
    attributes = attack_attributes(releases, cycles, data.split, attackers=attackers)
    return parts | ({"attributes": attributes} if attributes else {})


def with_reflected(attackers: Sequence[str], data: FoldData) -> Sequence[str]:
    """The attackers by name; where takes were compared with each other, those who look for the opposite as well."""
    return [*attackers, *(REFLECTED + name for name in REFLECTED_ATTACKERS)] if _compared(data) else attackers


def unseen_subjects(
    mine: Mapping[str, Features], releases: Mapping[str, Features], data: FoldData, known: npt.NDArray[np.int64]
) -> dict[str, Any]:
    """The open-set attacks on the test subjects by way of enrolling, whose verifiers learn from the known ones."""
    cycles, test = data.cycles, data.split.test
    labels = Labels(cycles.subject, cycles.emotion, cycles.take)
    theirs = {name: rows[test] for name, rows in releases.items()}
    attacks = attack_unseen_subjects(mine, labels.at(known), theirs, labels.at(test), opposite=_compared(data))
    return {way: open_set_to_json(attack) for way, attack in attacks.items()}


def attack_attributes(
    releases: Mapping[str, Features], cycles: CycleStore, split: Split, *, attackers: Sequence[str]
) -> dict[str, Any]:
    """The attacks on every attribute that the manifest has for enough subjects, by name."""
    found = {}
    for name in ATTRIBUTES:
        values = values_of_subjects(cycles.attribute(name), cycles.subject)
        attack = attack_attribute(releases, values, cycles.subject, split.train, split.test, attackers=attackers)
        if attack is not None:
            found[name] = attribute_to_json(attack)
    return found


def _compared(data: FoldData) -> bool:
    return data.recorded.baseline is not None
