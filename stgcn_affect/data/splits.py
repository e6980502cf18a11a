"""Splits by walker: nobody is in two parts, and no take is cut in two."""

from collections.abc import Sequence
from dataclasses import InitVar, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError

Index = npt.NDArray[np.int64]
Names = Sequence[str] | npt.NDArray[Any]

PARTS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Split:
    """Which cycles fit, which choose the model, and which judge it.

    Args:
        name: what the run's folders and tables call it.
        train: ``[n]`` indices of the cycles that fit weights, scalers and mean skeletons.
        validation: ``[m]`` indices that stop training and choose models.
        test: ``[k]`` indices that nothing looks at before the end.
        subjects: ``[N]`` the walker of every cycle of the set; checked, not kept.
        takes: ``[N]`` the take of every cycle (``take_ids``), or None where walkers say enough; checked, not kept.

    Raises:
        InputError: a part that is empty or no list of indices, a cycle, a walker or a take in two parts.
    """

    name: str
    train: Index
    validation: Index
    test: Index
    subjects: InitVar[Names]
    takes: InitVar[Names | None] = None

    def __post_init__(self, subjects: Names, takes: Names | None) -> None:
        walkers = np.asarray(subjects)
        for part in PARTS:
            index = np.asarray(getattr(self, part))
            _check_index(f"split {self.name!r}, {part}", index, len(walkers), may_be_empty=part == "validation")
            object.__setattr__(self, part, index.astype(np.int64))
        self._check_disjoint("cycle", np.arange(len(walkers)))
        self._check_disjoint("walker", walkers)
        if takes is not None:
            if len(takes) != len(walkers):
                raise InputError(
                    f"split {self.name!r}: expected the take of each of {len(walkers)} cycles (got {len(takes)})"
                )
            self._check_disjoint("take", np.asarray(takes))

    def _check_disjoint(self, what: str, labels: npt.NDArray[Any]) -> None:
        for i, first in enumerate(PARTS):
            for second in PARTS[i + 1 :]:
                both = np.intersect1d(labels[getattr(self, first)], labels[getattr(self, second)])
                if both.size:
                    shown = ", ".join(str(label) for label in both[:5])
                    raise InputError(
                        f"split {self.name!r}: expected no {what} in two parts, but {first} and {second} "
                        f"share {both.size} (got {shown})"
                    )


def take_ids(subjects: Names, emotions: Names, takes: Names) -> Index:
    """A number per cycle, ``[N]``, equal where walker, emotion and take are: what must stay in one part."""
    table = np.stack([np.asarray(column).astype(str) for column in (subjects, emotions, takes)], axis=1)
    if not len(table):
        return np.zeros(0, np.int64)
    ids: Index = np.unique(table, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return ids


def leave_one_subject_out(
    subjects: Names, *, validation_walkers: int, seed: int, takes: Names | None = None
) -> list[Split]:
    """One split per walker, who alone is its test part, in the order of their names.

    Args:
        subjects: ``[N]`` the walker of every cycle.
        validation_walkers: how many walkers of each training part choose the model instead.
        seed: decides who they are.
        takes: ``[N]`` ``take_ids``, checked against the parts where given.

    Raises:
        InputError: fewer walkers than one to test, the validation walkers and two to train on.
    """
    walkers = _walkers(subjects)
    _check_enough(
        len(walkers), folds=len(walkers), largest=1, validation=validation_walkers, kind="leave-one-walker-out"
    )
    tests = [[walker] for walker in walkers]
    return _splits(subjects, tests, validation_walkers, seed, [f"without-{walker}" for walker in walkers], takes)


def grouped_folds(
    subjects: Names, *, folds: int, validation_walkers: int, seed: int, takes: Names | None = None
) -> list[Split]:
    """Folds by walker: every walker is tested once, in folds whose numbers of walkers differ by one at most.

    Args:
        subjects: ``[N]`` the walker of every cycle.
        folds: how many; between 2 and the number of walkers.
        validation_walkers: how many walkers of each training part choose the model instead; taken in turn, so that
            all walkers serve about equally often.
        seed: decides who is where.
        takes: ``[N]`` ``take_ids``, checked against the parts where given.

    Raises:
        InputError: too few walkers for the folds, with the numbers.
    """
    walkers = _walkers(subjects)
    if folds < 2:
        raise InputError(f"folds: expected 2 or more (got {folds})")
    largest = -(-len(walkers) // folds)
    _check_enough(len(walkers), folds=folds, largest=largest, validation=validation_walkers, kind=f"{folds} folds")
    names, counts = np.unique(np.asarray(subjects), return_counts=True)
    cycles = dict(zip(names.tolist(), counts.tolist(), strict=True))
    order = sorted(_shuffled(walkers, seed), key=lambda walker: -cycles[walker])
    tests: list[list[str]] = [[] for _ in range(folds)]
    for walker in order:  # the walkers with most cycles first, each to the emptiest fold
        min(tests, key=lambda fold: (len(fold), sum(cycles[w] for w in fold))).append(walker)
    return _splits(subjects, tests, validation_walkers, seed, [f"fold-{i:02d}" for i in range(folds)], takes)


def fixed_split(
    subjects: Names,
    *,
    test_walkers: int | Sequence[str],
    validation_walkers: int,
    seed: int,
    takes: Names | None = None,
) -> list[Split]:
    """One split, in a list like the others: a number of test walkers by seed, or those that are named.

    Raises:
        InputError: too few walkers, or a name that no walker has.
    """
    walkers = _walkers(subjects)
    if isinstance(test_walkers, int):
        chosen = _shuffled(walkers, seed)[: max(test_walkers, 0)]
    else:
        chosen = list(test_walkers)
        for walker in set(chosen) - set(walkers):
            raise InputError(f"test_walkers: expected walkers of the set, {', '.join(walkers)} (got {walker!r})")
    if not chosen:
        raise InputError(f"test_walkers: expected 1 or more (got {test_walkers})")
    _check_enough(len(walkers), folds=1, largest=len(set(chosen)), validation=validation_walkers, kind="a fixed split")
    return _splits(subjects, [chosen], validation_walkers, seed, ["fixed"], takes)


def hold_out_take(subjects: Names, emotions: Names, takes: Names, *, seed: int) -> tuple[Index, Index]:
    """For walkers that a model may know: one take of each (walker, emotion) aside, the rest to fit on.

    A (walker, emotion) with a single take stays in the fitting part, so the second part is empty where nobody has two.

    Args:
        subjects: ``[N]`` the walker of every cycle.
        emotions: ``[N]`` its emotion.
        takes: ``[N]`` its take, a name that need be unique only within walker and emotion.
        seed: decides which take.

    Returns:
        indices to fit on and indices held out; together all N, no take in both.
    """
    walker, emotion = np.asarray(subjects), np.asarray(emotions)
    cell, take = take_ids(walker, emotion, np.zeros(len(walker), int)), take_ids(walker, emotion, takes)
    rng = np.random.default_rng(seed)
    held = np.zeros(len(walker), bool)
    for one in np.unique(cell):
        choices = np.unique(take[cell == one])
        if len(choices) > 1:
            held |= take == rng.choice(choices)
    return np.flatnonzero(~held), np.flatnonzero(held)


def _walkers(subjects: Names) -> list[str]:
    return [str(walker) for walker in np.unique(np.asarray(subjects))]


def _shuffled(walkers: Sequence[str], seed: int) -> list[str]:
    return [walkers[i] for i in np.random.default_rng(seed).permutation(len(walkers))]


def _splits(
    subjects: Names,
    tests: Sequence[Sequence[str]],
    validation_walkers: int,
    seed: int,
    names: Sequence[str],
    takes: Names | None,
) -> list[Split]:
    walker = np.asarray(subjects)
    ring = _shuffled(_walkers(subjects), seed + 1)
    splits = []
    for i, (name, test) in enumerate(zip(names, tests, strict=True)):
        start = i * validation_walkers % len(ring)
        free = [w for w in ring[start:] + ring[:start] if w not in test]
        parts = {"validation": free[:validation_walkers], "test": list(test), "train": free[validation_walkers:]}
        index = {part: np.flatnonzero(np.isin(walker, who)) for part, who in parts.items()}
        splits.append(Split(name, **index, subjects=walker, takes=takes))
    return splits


def _check_enough(walkers: int, *, folds: int, largest: int, validation: int, kind: str) -> None:
    if validation < 0:
        raise InputError(f"validation_walkers: expected 0 or more (got {validation})")
    need = max(folds, largest + validation + 2)
    if walkers < need:
        raise InputError(
            f"too few walkers for {kind}: {largest} to test, {validation} to validate and 2 to train on at once, "
            f"expected {need} walkers or more (got {walkers})"
        )


def _check_index(what: str, index: npt.NDArray[Any], cycles: int, *, may_be_empty: bool) -> None:
    if index.size == 0:
        if not may_be_empty:
            raise InputError(f"{what}: expected one cycle or more (got none)")
    elif index.ndim != 1 or not np.issubdtype(index.dtype, np.integer):
        raise InputError(f"{what}: expected one list of integers (got shape {list(index.shape)}, {index.dtype})")
    elif index.min() < 0 or index.max() >= cycles:
        raise InputError(f"{what}: expected indices from 0 to {cycles - 1} (got {index.min()} to {index.max()})")
    elif len(np.unique(index)) != len(index):
        raise InputError(f"{what}: expected each cycle once (got {len(index) - len(np.unique(index))} repeated)")
