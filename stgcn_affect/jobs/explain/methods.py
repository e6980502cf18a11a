"""The table of methods: every map scored on unseen subjects, and the one to trust chosen without a look at those."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stgcn_affect.explain.attribution.methods import METHODS
from stgcn_affect.jobs.explain.maps import Choice
from stgcn_affect.jobs.explain.scores import Judged, deletion_scores, score_method
from stgcn_affect.jobs.run_data import Progress

INSANE = 0.3
"""A map that is still this much like itself (Spearman) once all weights are random shows the input, not the model."""

TruthOf = Callable[[Choice], Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class Scored:
    """One method and block.

    Args:
        choice: which.
        row: of the table, on unseen subjects.
        validation: what validation subjects say: deletion area of the map, of the energy order and of random orders.
        truth_all: truth of the maps of the run's own model, where its subjects are synthetic.
    """

    choice: Choice
    row: Mapping[str, Any]
    validation: Mapping[str, float]
    truth_all: float | None = None


def candidates(blocks: int, *, last_only: bool = False) -> list[Choice]:
    """Every method of ``METHODS``, on every block where it takes one."""
    several = [blocks - 1] if last_only else list(range(blocks))
    return [Choice(name, block) for name, about in METHODS.items() for block in (several if about.takes_block else [0])]


def score_candidates(
    choices: Sequence[Choice],
    unseen: Sequence[Judged],
    validation: Sequence[Judged],
    *,
    truth: TruthOf | None,
    truth_all: TruthOf | None,
    seed: int,
    progress: Progress | None = None,
) -> list[Scored]:
    """Score every candidate on unseen subjects, and once more, for the choice, on validation subjects.

    Args:
        choices: of ``candidates``.
        unseen: the models with unseen subjects' cycles.
        validation: the models with validation subjects' cycles; those without any are left out.
        truth: the truth of a choice on one-factor models, or None.
        truth_all: the same on the run's own model, or None.
        seed: of everything random.
        progress: watches candidates go by.
    """
    found = []
    for choice in choices if progress is None else progress(choices, len(choices), "methods"):
        row = score_method(unseen, choice, ground_truth=None if truth is None else truth(choice), seed=seed)
        seen = deletion_scores(validation, choice, seed=seed)["deletion"] if validation else {}
        everything = None if truth_all is None else float(truth_all(choice)["auc"])
        found.append(Scored(choice, row, {name: area["mean"] for name, area in seen.items()}, everything))
    return found


def methods_block(scored: Sequence[Scored]) -> dict[str, Any]:
    """The block ``methods``: every method with the scores of its best block, and those of all its blocks.

    The best block is the one that ``trusted`` would choose among the method's own.
    """
    block: dict[str, Any] = {}
    for name in dict.fromkeys(one.choice.method for one in scored):
        own = [one for one in scored if one.choice.method == name]
        best = max(own, key=_merit)
        block[name] = {"block": best.choice.block if METHODS[name].takes_block else None, **_row(best)}
        if METHODS[name].takes_block:
            block[name]["blocks"] = {str(one.choice.block): _row(one) for one in own}
    return block


def trusted(scored: Sequence[Scored]) -> dict[str, Any]:
    """The block ``trusted``: which method and block, and why.

    Of the maps that forget with the weights and, on validation subjects, lead a deletion that is faster than random and
    motion-energy orders do, the one that finds the true joints best; among equals, and where no truth is known, the
    one that deletes fastest on validation subjects. How unseen subjects' decisions fall has no say. The truth is that
    of the one-factor models, whose subjects are others, so the truth of the chosen map is the best of the candidates';
    that of the run's own model, ``ground_truth_all_auc``, chooses nothing.
    """
    sane = [one for one in scored if one.row["sanity_spearman"] < INSANE]
    true = [one for one in sane if _faster(one.validation)]
    best = max(true or sane or scored, key=_merit)
    row, validation = best.row, best.validation
    parts = [f"{len(sane)} of {len(scored)} maps forget with the weights"]
    if validation:
        parts[0] += f" and {len(true)} of these delete faster than chance and motion on validation subjects"
        parts.append(
            f"this one's deletion area there is {validation['map']:.3f}"
            f" (random {validation['random']:.3f}, motion energy {validation['energy']:.3f})"
        )
    if row["ground_truth_auc"] is not None:
        parts.append(f"it finds the joints that bear a known factor with a ROC AUC of {row['ground_truth_auc']:.3f}")
    parts.append(f"its likeness to itself after full randomisation is {row['sanity_spearman']:.3f}")
    block = best.choice.block if METHODS[best.choice.method].takes_block else None
    return {"method": best.choice.method, "block": block, "why": "; ".join(parts)}


def _row(one: Scored) -> dict[str, Any]:
    return {**one.row, "ground_truth_all_auc": one.truth_all, "validation_deletion": dict(one.validation)}


def _faster(validation: Mapping[str, float]) -> bool:
    return not validation or validation["map"] < min(validation["random"], validation["energy"])


def _merit(one: Scored) -> tuple[float, float]:
    """Larger is better: truth to two digits, then the speed of deletion on validation subjects."""
    truth = one.row["ground_truth_auc"]
    return (0.0 if truth is None else round(truth, 2), -one.validation.get("map", math.inf))
