"""Attacks to JSON's types and back, for results that are kept between runs."""

from typing import Any

import numpy as np

from stgcn_affect.evaluation.known_walkers import Attack
from stgcn_affect.evaluation.unseen_walkers import OpenSetAttack, Pairs


def attack_to_json(attack: Attack) -> dict[str, Any]:
    """A closed-set attack."""
    return {
        "chance": attack.chance,
        "walkers": attack.walkers.tolist(),
        "groups": attack.groups.tolist(),
        "said": {t: {name: who.tolist() for name, who in said.items()} for t, said in attack.said.items()},
        "inner": {thing: dict(scores) for thing, scores in attack.inner.items()},
    }


def attack_from_json(content: dict[str, Any]) -> Attack:
    """What ``attack_to_json`` gave."""
    return Attack(
        chance=content["chance"],
        walkers=np.array(content["walkers"], dtype=np.str_),
        groups=np.array(content["groups"], dtype=np.int64),
        said={
            thing: {name: np.array(who, dtype=np.str_) for name, who in said.items()}
            for thing, said in content["said"].items()
        },
        inner=content["inner"],
    )


def open_set_to_json(attack: OpenSetAttack) -> dict[str, Any]:
    """An open-set attack."""
    return {
        "verifier": dict(attack.verifier),
        "pairs": {
            thing: [
                {"scores": p.scores.round(6).tolist(), "probes": p.probes.tolist(), "gallery": p.gallery.tolist()}
                for p in rounds
            ]
            for thing, rounds in attack.pairs.items()
        },
    }


def open_set_from_json(content: dict[str, Any]) -> OpenSetAttack:
    """What ``open_set_to_json`` gave."""
    return OpenSetAttack(
        pairs={
            thing: [
                Pairs(np.array(p["scores"], float), np.array(p["probes"], np.str_), np.array(p["gallery"], np.str_))
                for p in rounds
            ]
            for thing, rounds in content["pairs"].items()
        },
        verifier=content["verifier"],
    )
