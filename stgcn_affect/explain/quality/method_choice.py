"""The table of attribution methods, and the choice of the method to trust, without regard to unseen subjects."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import DEFAULT_BLOCK, DEFAULT_METHOD, METHODS, MethodChoice
from stgcn_affect.explain.maps.explained_model import JudgedModel
from stgcn_affect.explain.quality.faithfulness import deletion_scores
from stgcn_affect.explain.quality.method_scores import score_method

SANITY_LIMIT = 0.3
"""A map whose Spearman with itself is this large once all weights are random shows the input, not the model."""

TruthOf = Callable[[MethodChoice], Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class ScoredMethod:
    """The scores of one method at one block.

    Args:
        choice: which.
        row: the row of the table, on unseen subjects.
        validation: deletion areas on validation subjects: of the map's order, of motion energy's and of random ones.
        truth: ``one_factor_truth``, where it was measured.
        truth_all: ``all_factors_truth`` on the run's own model, where its subjects are synthetic.
    """

    choice: MethodChoice
    row: Mapping[str, Any]
    validation: Mapping[str, float]
    truth: Mapping[str, Any] | None = None
    truth_all: Mapping[str, Any] | None = None


def candidates(blocks: int, *, last_only: bool = False) -> list[MethodChoice]:
    """Every method of ``METHODS``, on every block where it takes one."""
    several = [blocks - 1] if last_only else list(range(blocks))
    return [
        MethodChoice(name, block)
        for name, about in METHODS.items()
        for block in (several if about.takes_block else [0])
    ]


def score_candidate(
    choice: MethodChoice,
    unseen: Sequence[JudgedModel],
    validation: Sequence[JudgedModel],
    *,
    truth: TruthOf | None,
    truth_all: TruthOf | None,
    seed: int,
) -> ScoredMethod:
    """Score a candidate on unseen subjects and, for the choice of one, on validation subjects.

    Args:
        choice: one of ``candidates``.
        unseen: the models with unseen subjects' cycles.
        validation: the models with validation subjects' cycles; those without any are left out.
        truth: gives ``one_factor_truth`` of a choice, or None.
        truth_all: gives ``all_factors_truth`` of a choice, or None.
        seed: the seed of everything random.
    """
    found = None if truth is None else truth(choice)
    row = score_method(unseen, choice, ground_truth=found, seed=seed)
    areas = deletion_scores(validation, choice, seed=seed)["deletion"] if validation else {}
    by_order = {name: area["mean"] for name, area in areas.items()}
    return ScoredMethod(choice, row, by_order, found, None if truth_all is None else truth_all(choice))


def methods_block(scored: Sequence[ScoredMethod]) -> dict[str, Any]:
    """The block ``methods``: every method with the scores of its best block, and those of all its blocks.

    The best block is the one that ``trusted`` would choose among the method's own.
    """
    block: dict[str, Any] = {}
    for name in dict.fromkeys(one.choice.method for one in scored):
        own = [one for one in scored if one.choice.method == name]
        best = max(own, key=_merit)
        block[name] = {"block": best.choice.used_block, **_row(best)}
        if METHODS[name].takes_block:
            block[name]["blocks"] = {str(one.choice.block): _row(one) for one in own}
    return block


def trusted(scored: Sequence[ScoredMethod]) -> dict[str, Any]:
    """The block ``trusted``: which method and block, and why.

    Candidates pass if their maps change with the weights (``SANITY_LIMIT``) and if, on validation subjects, deletion in
    their order is faster than in random and in motion-energy order. Of these the one with the largest ground-truth AUC
    is trusted; among equals, and where there is no ground truth, the one with the smallest deletion area on validation
    subjects. Scores on unseen subjects choose nothing, and neither does ``ground_truth_all_auc``, of the run's own
    model. The ground-truth AUC of the trusted method is the best of several, on other subjects than the run's.
    """
    sane = [one for one in scored if one.row["sanity_spearman"] < SANITY_LIMIT]
    true = [one for one in sane if _faster(one.validation)]
    best = max(true or sane or scored, key=_merit)
    row, validation = best.row, best.validation
    parts = [f"{len(sane)} of {len(scored)} maps change with the weights"]
    if validation:
        parts[0] += (
            f" and {len(true)} of these delete faster than random and motion-energy orders on validation subjects"
        )
        parts.append(
            f"the deletion area of this one there is {validation['map']:.3f}"
            f" (random {validation['random']:.3f}, motion energy {validation['energy']:.3f})"
        )
    if row["ground_truth_auc"] is not None:
        parts.append(f"it finds the joints of a known factor with a ROC AUC of {row['ground_truth_auc']:.3f}")
    parts.append(f"its likeness to itself after full randomisation is {row['sanity_spearman']:.3f}")
    return {"method": best.choice.method, "block": best.choice.used_block, "why": "; ".join(parts)}


def choose(
    table: Mapping[str, Any] | None, *, blocks: int, method: str | None = None, block: int | None = None
) -> MethodChoice:
    """The method and block to explain by: what is given, else what the run's table of methods trusts, else the default.

    Args:
        table: the ``results.json`` of a run's explanation, with ``trusted`` and ``methods``; None where there is none.
        blocks: the blocks of the encoder.
        method: one of ``METHODS``; it takes its best block of the table.
        block: in the place of that one.

    Raises:
        InputError: the table has no such blocks, or names a method or block that does not exist.
    """
    name, best = method or DEFAULT_METHOD, min(DEFAULT_BLOCK, blocks - 1)
    if table is not None:
        try:
            name = method or table["trusted"]["method"]
            scored = table["methods"].get(name, {}).get("block")
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(f"expected the table of methods that explaining a run writes (got {error!r})") from error
        best = best if scored is None else scored
    if name not in METHODS or not 0 <= best < blocks:
        raise InputError(f"expected a method and a block of this run's models (got {name!r} and {best!r})")
    return MethodChoice(name, best if block is None else block)


def _row(one: ScoredMethod) -> dict[str, Any]:
    truth_all = None if one.truth_all is None else float(one.truth_all["auc"])
    return {**one.row, "ground_truth_all_auc": truth_all, "validation_deletion": dict(one.validation)}


def _faster(validation: Mapping[str, float]) -> bool:
    return not validation or validation["map"] < min(validation["random"], validation["energy"])


def _merit(one: ScoredMethod) -> tuple[float, float]:
    """Larger is better: truth to two digits, then the speed of deletion on validation subjects."""
    truth = one.row["ground_truth_auc"]
    return (0.0 if truth is None else round(truth, 2), -one.validation.get("map", math.inf))
