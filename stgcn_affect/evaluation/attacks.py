"""All attacks on what one model of a privacy fold releases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from stgcn_affect.data.fold import FoldData
from stgcn_affect.data.manifest import ATTRIBUTES
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.attackers import LEARNED, Features, Known, also_reflected
from stgcn_affect.evaluation.attributes import AttributeAttack, attack_attribute, values_of_subjects
from stgcn_affect.evaluation.inputs import baseline_input, raw_features
from stgcn_affect.evaluation.pair_attacker import Grid
from stgcn_affect.evaluation.releases import release_grid
from stgcn_affect.evaluation.rounds import Index, Labels, Rounds, held_out_emotion_rounds, held_out_take_round
from stgcn_affect.evaluation.seen_subjects import (
    Attack,
    OtherPeople,
    attack_seen_subjects,
    attack_statically,
)
from stgcn_affect.evaluation.unseen_subjects import PLAIN_VERIFIERS, OpenSetAttack, attack_unseen_subjects
from stgcn_affect.training.model import Model
from stgcn_affect.training.predict import encode

STATIC = ("decoded", "anonymised", "retargeted")
"""Releases that are motions laid out like raw cycles, so that attackers trained on raw cycles can be tried on them."""


@dataclass(frozen=True, eq=False)
class FoldAttacks:
    """The results of all attacks on one model.

    Args:
        seen: on its seen subjects, across emotions.
        static: the same by attackers trained on raw cycles only, on those in ``STATIC``.
        unseen: way of enrolling to the attack on its unseen subjects.
        held_out_takes: on its seen subjects across takes, where every subject and emotion has several.
        attributes: attribute to the attack on it, of those that the manifest has for enough subjects.
    """

    seen: Attack
    static: Attack
    unseen: Mapping[str, OpenSetAttack]
    held_out_takes: Attack | None = None
    attributes: Mapping[str, AttributeAttack] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Convert the attacks to JSON's types."""
        return {
            "seen": self.seen.to_dict(),
            "static": self.static.to_dict(),
            "unseen": {way: attack.to_dict() for way, attack in self.unseen.items()},
            "held_out_takes": None if self.held_out_takes is None else self.held_out_takes.to_dict(),
            "attributes": {name: attack.to_dict() for name, attack in self.attributes.items()},
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "FoldAttacks":
        """The inverse of ``to_dict``."""
        takes = content["held_out_takes"]
        return cls(
            seen=Attack.from_dict(content["seen"]),
            static=Attack.from_dict(content["static"]),
            unseen={way: OpenSetAttack.from_dict(attack) for way, attack in content["unseen"].items()},
            held_out_takes=None if takes is None else Attack.from_dict(takes),
            attributes={name: AttributeAttack.from_dict(attack) for name, attack in content["attributes"].items()},
        )


class SubjectAttacks(NamedTuple):
    """Attacks on the subjects of one model, as in ``FoldAttacks``."""

    seen: Attack
    static: Attack
    unseen: Mapping[str, OpenSetAttack]


def attack_subjects(
    releases: Mapping[str, Features],
    data: FoldData,
    *,
    people: OtherPeople,
    static: Sequence[str],
    attackers: Sequence[str],
) -> SubjectAttacks:
    """Attack seen subjects across emotions, statically too, and unseen subjects by every way of enrolling.

    Args:
        releases: name to ``[N, F]`` of all cycles; "raw" is needed.
        data: the data of the fold. Cycles that no part of its split holds are of other people whom attackers know.
        people: what attackers of seen subjects learn from besides (``other_people``).
        static: releases laid out like raw cycles, which attackers of raw cycles are tried on.
        attackers: names of ``ALL_ATTACKERS``; of cycles relative to a subject baseline, some are tried reflected, too.
            Of ``LEARNED`` those that are named also verify unseen subjects, beside ``PLAIN_VERIFIERS``.
    """
    cycles, index, test = data.cycles, data.attackable, data.split.test
    attackers = with_reflected(attackers, data)
    classifiers = [name for name in attackers if name not in LEARNED]
    seen, rounds = {name: rows[index] for name, rows in releases.items()}, emotion_rounds(data, index)
    attack = attack_seen_subjects(
        seen,
        cycles.subject[index],
        rounds,
        attackers=attackers,
        leave_out=cycles.emotion[index],
        people=people,
    )
    learnt, labels = np.concatenate([index, data.further]), Labels(cycles.subject, cycles.emotion, cycles.take)
    return SubjectAttacks(
        seen=attack,
        static=attack_statically(
            seen["raw"],
            {name: seen[name] for name in static},
            cycles.subject[index],
            rounds,
            attackers=classifiers,
            inner={name: score for name, score in attack.inner.get("raw", {}).items() if name in classifiers},
        ),
        unseen=attack_unseen_subjects(
            {name: rows[learnt] for name, rows in releases.items()},
            labels.at(learnt),
            {name: rows[test] for name, rows in releases.items()},
            labels.at(test),
            verifiers=(*PLAIN_VERIFIERS, *(name for name in attackers if name in LEARNED)),
            raw=releases["raw"][learnt],
            grids=people.grids,
            reflected=_relative_to_baseline(data),
        ),
    )


def attack_fold(releases: Mapping[str, Features], data: FoldData, *, attackers: Sequence[str]) -> FoldAttacks:
    """Attack seen subjects across emotions, statically and across takes, unseen subjects, and attributes.

    Args:
        releases: name to ``[N, F]`` of all cycles; "raw" is needed.
        data: as for ``attack_subjects``.
        attackers: as for ``attack_subjects``.
    """
    cycles, index = data.cycles, data.attackable
    grids = {name: grid for name in releases if (grid := release_grid(name, releases[name], cycles.layout)) is not None}
    people = other_people(releases, releases["raw"], data, grids)
    static = [name for name in STATIC if name in releases]
    found = attack_subjects(releases, data, people=people, static=static, attackers=attackers)
    subjects, emotions, held = cycles.subject[index], cycles.emotion[index], np.isin(index, data.held_index)
    take_round = held_out_take_round(subjects, emotions, cycles.take[index], held)
    across_takes = None
    if take_round is not None:
        across_takes = attack_seen_subjects(
            {name: rows[index] for name, rows in releases.items()},
            subjects,
            take_round[0],
            attackers=with_reflected(attackers, data),
            leave_out=take_round[1],
            people=people,
        )
    classifiers = [name for name in with_reflected(attackers, data) if name not in LEARNED]
    return FoldAttacks(
        *found,
        held_out_takes=across_takes,
        attributes=attack_attributes(releases, cycles, data.split, attackers=classifiers),
    )


def attack_release(release: Features, data: FoldData, *, attackers: Sequence[str]) -> Attack:
    """Attack seen subjects across emotions in one release ``[N, F]`` of all cycles, called "released": a vector."""
    index, train = data.attackable, data.split.train
    raw = np.asarray(baseline_input("raw", data.recorded, train))
    return attack_seen_subjects(
        {"released": release[index]},
        data.cycles.subject[index],
        emotion_rounds(data, index),
        attackers=with_reflected(attackers, data),
        leave_out=data.cycles.emotion[index],
        people=other_people({"released": release}, raw, data, {}),
    )


def other_people(
    releases: Mapping[str, Features], raw: Features, data: FoldData, grids: Mapping[str, Grid]
) -> OtherPeople:
    """What attackers of seen subjects learn from everybody else: unseen subjects, and walkers that no part holds.

    Args:
        releases: name to ``[N, F]`` of all cycles.
        raw: ``[N, R]`` raw rows of all cycles.
        data: the data of the fold.
        grids: release to the layout of its rows, of motions and maps.
    """
    index = data.attackable
    subjects, emotions = data.cycles.subject, data.cycles.emotion
    others = np.flatnonzero(~np.isin(subjects, subjects[index]))
    known = {name: Known(rows, raw, subjects, emotions).at(others) for name, rows in releases.items()}
    return OtherPeople(emotions[index], known, grids)


def attack_latents(model: Model, data: FoldData) -> Attack | None:
    """Attack seen subjects across emotions in raw cycles and in both latents, with ``QUICK_ATTACKERS``.

    Returns:
        the attack; None where fewer than two training subjects have two emotions.
    """
    index, recorded = data.attackable, data.recorded
    subjects = data.cycles.subject[index]
    if len(np.unique(subjects)) < 2:
        return None
    encoded = encode(model.network, data.batch(index), model.layout)
    releases = {
        "raw": raw_features(np.asarray(recorded.positions[index]), recorded.stride_time_s[index]),
        "z_identity": encoded.z_identity,
        "z_emotion": encoded.z_emotion,
    }
    return attack_seen_subjects(releases, subjects, emotion_rounds(data, index))


def attack_attributes(
    releases: Mapping[str, Features], cycles: CycleStore, split: Split, *, attackers: Sequence[str]
) -> dict[str, AttributeAttack]:
    """The attacks on every attribute that the manifest has for enough subjects, by name."""
    found = {}
    for name in ATTRIBUTES:
        values = values_of_subjects(cycles.attribute(name), cycles.subject)
        attack = attack_attribute(releases, values, cycles.subject, split.train, split.test, attackers=attackers)
        if attack is not None:
            found[name] = attack
    return found


def check_attackable(cycles: CycleStore, split: Split, about: str) -> None:
    """Raise InputError, which begins with ``about``, where fewer than two subjects of a part have two emotions."""
    for part, index in (("training", split.train), ("unseen", split.test)):
        subjects, emotions = cycles.subject[index], cycles.emotion[index]
        several = sum(len(np.unique(emotions[subjects == name])) > 1 for name in np.unique(subjects))
        if several < 2:
            raise InputError(
                f"{about}: expected two or more {part} subjects with two or more emotions, to attack them across"
                f" emotions (got {several})"
            )


def emotion_rounds(data: FoldData, index: Index) -> Rounds:
    """The rounds of ``held_out_emotion_rounds`` over some training cycles of a fold."""
    return held_out_emotion_rounds(data.cycles.emotion[index], np.isin(index, data.held_index))


def with_reflected(attackers: Sequence[str], data: FoldData) -> Sequence[str]:
    """The attackers by name, and of cycles relative to a subject baseline also the reflected ones.

    What a subject's baseline lacks of the subject is left in the cycle with the opposite sign.
    """
    return also_reflected(attackers) if _relative_to_baseline(data) else [*attackers]


def _relative_to_baseline(data: FoldData) -> bool:
    return data.recorded.baseline is not None
