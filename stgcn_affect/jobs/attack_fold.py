"""Every attack on what one model of a privacy fold releases."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.manifest import ATTRIBUTES
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.evaluation.attackers import OPPOSED, OPPOSITE
from stgcn_affect.evaluation.attributes import attack_attribute, values_of_walkers
from stgcn_affect.evaluation.seen_subjects import (
    attack_known_walkers,
    attack_statically,
    held_out_emotion_rounds,
    held_out_take_round,
)
from stgcn_affect.evaluation.unseen_subjects import Labels, attack_unseen_walkers
from stgcn_affect.jobs.attack_record import attack_to_json, attribute_to_json, open_set_to_json
from stgcn_affect.jobs.train_fold import FoldData, attackable

Features = npt.NDArray[np.floating]

STATIC = ("decoded", "retargeted")
"""Motions, laid out like raw cycles, so that attackers who know raw cycles can be shown them."""


def attack_fold(things: Mapping[str, Features], data: FoldData, *, attackers: Sequence[str]) -> dict[str, Any]:
    """Attack known walkers across emotions, statically and across takes, unseen walkers, and attributes.

    Args:
        things: name to ``[N, F]`` of all cycles.
        data: of the fold.
        attackers: names of ``ATTACKERS``; where walks were calibrated, some look for the opposite too.

    Returns:
        the parts known, static, unseen {way of enrolling: attack}, and, where there are takes or attributes to attack,
        held_out_takes and attributes {name: attack}; as JSON's types.
    """
    cycles, known = data.cycles, attackable(data)
    attackers = with_opposed(attackers, data)
    walkers, emotions = cycles.subject[known], cycles.emotion[known]
    held = np.isin(known, data.held_index)
    mine = {name: rows[known] for name, rows in things.items()}
    rounds = held_out_emotion_rounds(emotions, held)
    attack = attack_known_walkers(mine, walkers, rounds, attackers=attackers, leave_out=emotions)
    met = {name: mine[name] for name in STATIC}
    static = attack_statically(
        mine["raw"], met, walkers, rounds, attackers=attackers, inner=attack.inner.get("raw", {})
    )
    parts: dict[str, Any] = {
        "known": attack_to_json(attack),
        "static": attack_to_json(static),
        "unseen": unseen_walkers(mine, things, data, known),
    }
    there = held_out_take_round(walkers, emotions, cycles.take[known], held)
    if there is not None:
        again = attack_known_walkers(mine, walkers, there[0], attackers=attackers, leave_out=there[1])
        parts["held_out_takes"] = attack_to_json(again)
    attributes = attack_attributes(things, cycles, data.split, attackers=attackers)
    return parts | ({"attributes": attributes} if attributes else {})


def with_opposed(attackers: Sequence[str], data: FoldData) -> Sequence[str]:
    """The attackers by name; where takes were compared with each other, those who look for the opposite as well."""
    return [*attackers, *(OPPOSITE + name for name in OPPOSED)] if _compared(data) else attackers


def unseen_walkers(
    mine: Mapping[str, Features], things: Mapping[str, Features], data: FoldData, known: npt.NDArray[np.int64]
) -> dict[str, Any]:
    """The open-set attacks on the test walkers by way of enrolling, whose verifiers learn from the known ones."""
    cycles, test = data.cycles, data.split.test
    labels = Labels(cycles.subject, cycles.emotion, cycles.take)
    theirs = {name: rows[test] for name, rows in things.items()}
    attacks = attack_unseen_walkers(mine, labels.at(known), theirs, labels.at(test), opposite=_compared(data))
    return {way: open_set_to_json(attack) for way, attack in attacks.items()}


def attack_attributes(
    things: Mapping[str, Features], cycles: CycleStore, split: Split, *, attackers: Sequence[str]
) -> dict[str, Any]:
    """The attacks on every attribute that the manifest has for enough walkers, by name."""
    found = {}
    for name in ATTRIBUTES:
        values = values_of_walkers(cycles.attribute(name), cycles.subject)
        attack = attack_attribute(things, values, cycles.subject, split.train, split.test, attackers=attackers)
        if attack is not None:
            found[name] = attribute_to_json(attack)
    return found


def _compared(data: FoldData) -> bool:
    return data.recorded.baseline is not None
