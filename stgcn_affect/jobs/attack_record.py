"""Attacks to JSON's types and back, for results that are kept between runs."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.evaluation.attributes import AttributeAttack
from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.evaluation.unseen_subjects import OpenSetAttack, Pairs

Names = npt.NDArray[np.str_]


def attack_to_json(attack: Attack) -> dict[str, Any]:
    """A closed-set attack."""
    return {
        "chance": attack.chance,
        "subjects": attack.subjects.tolist(),
        "groups": attack.groups.tolist(),
        "said": _said_to_json(attack.said),
        "inner": {release: dict(scores) for release, scores in attack.inner.items()},
    }


def attack_from_json(content: dict[str, Any]) -> Attack:
    """What ``attack_to_json`` gave."""
    return Attack(
        chance=content["chance"],
        subjects=np.array(content["subjects"], dtype=np.str_),
        groups=np.array(content["groups"], dtype=np.int64),
        said=_said_from_json(content["said"]),
        inner=content["inner"],
    )


def attribute_to_json(attack: AttributeAttack) -> dict[str, Any]:
    """An attack on an attribute."""
    return {
        "subjects": attack.subjects.tolist(),
        "values": attack.values.tolist(),
        "said": _said_to_json(attack.said),
        "inner": {release: dict(scores) for release, scores in attack.inner.items()},
    }


def attribute_from_json(content: dict[str, Any]) -> AttributeAttack:
    """What ``attribute_to_json`` gave."""
    return AttributeAttack(
        subjects=np.array(content["subjects"], dtype=np.str_),
        values=np.array(content["values"], dtype=np.str_),
        said=_said_from_json(content["said"]),
        inner=content["inner"],
    )


def open_set_to_json(attack: OpenSetAttack) -> dict[str, Any]:
    """An open-set attack."""
    return {
        "verifier": dict(attack.verifier),
        "pairs": {
            release: [
                {"scores": p.scores.round(6).tolist(), "probes": p.probes.tolist(), "gallery": p.gallery.tolist()}
                for p in rounds
            ]
            for release, rounds in attack.pairs.items()
        },
    }


def open_set_from_json(content: dict[str, Any]) -> OpenSetAttack:
    """What ``open_set_to_json`` gave."""
    return OpenSetAttack(
        pairs={
            release: [
                Pairs(np.array(p["scores"], float), np.array(p["probes"], np.str_), np.array(p["gallery"], np.str_))
                for p in rounds
            ]
            for release, rounds in content["pairs"].items()
        },
        verifier=content["verifier"],
    )


def _said_to_json(said: Mapping[str, Mapping[str, Names]]) -> dict[str, dict[str, list[str]]]:
    return {release: {name: who.tolist() for name, who in named.items()} for release, named in said.items()}


def _said_from_json(content: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[str, Names]]:
    return {
        release: {name: np.array(who, dtype=np.str_) for name, who in named.items()}
        for release, named in content.items()
    }
