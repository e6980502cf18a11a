"""Splits by subject: no subject and no take is in two parts."""

from collections.abc import Sequence
from dataclasses import InitVar, dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.settings import Config, ProtocolConfig

Index = npt.NDArray[np.int64]
Names = Sequence[str] | npt.NDArray[Any]

PARTS = ("train", "validation", "test")


class HasSubjects(Protocol):
    """What a split by subject reads of a data set."""

    @property
    def subject(self) -> npt.NDArray[np.str_]:
        """``[N]`` the subject of every cycle."""

    @property
    def take_ids(self) -> Index:
        """``[N]`` the take of every cycle, as ``take_ids`` numbers them."""


@dataclass(frozen=True, eq=False)
class Split:
    """A split: the indices of the training, validation and test cycles.

    Args:
        name: the name of the split in the run's folders and tables.
        train: ``[n]`` indices of the cycles that weights, scalers and mean skeletons are fitted on.
        validation: ``[m]`` indices of those for early stopping and model choice; may be empty.
        test: ``[k]`` indices of those for the final scores alone.
        subjects: ``[N]`` the subject of every cycle of the set; checked, not kept.
        takes: ``[N]`` the take of every cycle (``take_ids``), or None where subjects suffice; checked, not kept.

    Raises:
        InputError: a part that is empty or no list of indices, a cycle, a subject or a take in two parts.
    """

    name: str
    train: Index
    validation: Index
    test: Index
    subjects: InitVar[Names]
    takes: InitVar[Names | None] = None

    def __post_init__(self, subjects: Names, takes: Names | None) -> None:
        subject = np.asarray(subjects)
        for part in PARTS:
            index = np.asarray(getattr(self, part))
            _check_index(f"split {self.name!r}, {part}", index, len(subject), may_be_empty=part == "validation")
            object.__setattr__(self, part, index.astype(np.int64))
        self._check_disjoint("cycle", np.arange(len(subject)))
        self._check_disjoint("subject", subject)
        if takes is not None:
            if len(takes) != len(subject):
                raise InputError(
                    f"split {self.name!r}: expected the take of each of {len(subject)} cycles (got {len(takes)})"
                )
            self._check_disjoint("take", np.asarray(takes))

    def __repr__(self) -> str:
        return f"Split({self.name!r}: " + ", ".join(f"{len(getattr(self, part))} {part}" for part in PARTS) + " cycles)"

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
    """Number the takes: ``[N]`` integers, equal where subject, emotion and take are the same."""
    ids: Index = np.zeros(len(subjects), np.int64)
    for column in (subjects, emotions, takes):  # numbers of rows that are sorted column by column
        names, codes = np.unique(np.asarray(column).astype(str), return_inverse=True)
        ids = np.unique(ids * len(names) + codes, return_inverse=True)[1]
    return ids


def protocol_splits(
    kind: str,
    subjects: Names,
    *,
    folds: int = ProtocolConfig.folds,
    test_subjects: int | Sequence[str] = ProtocolConfig.test_subjects,
    validation_subjects: int = ProtocolConfig.validation_subjects,
    seed: int = Config.seed,
    takes: Names | None = None,
) -> list[Split]:
    """Make the splits of a kind of protocol: fixed, grouped or leave-one-subject-out.

    Args:
        kind: "fixed" (``fixed_split``), "grouped" (``grouped_folds``) or "loso" (``leave_one_subject_out``).
        subjects: ``[N]`` the subject of every cycle.
        folds: the number of folds of "grouped".
        test_subjects: the number of test subjects of "fixed".
        validation_subjects: the number of validation subjects in each training part.
        seed: decides who is where.
        takes: ``[N]`` ``take_ids``, checked against the parts where given.

    Raises:
        InputError: an unknown kind, or too few subjects for it.
    """
    if kind == "fixed":
        return fixed_split(
            subjects, test_subjects=test_subjects, validation_subjects=validation_subjects, seed=seed, takes=takes
        )
    if kind == "grouped":
        return grouped_folds(subjects, folds=folds, validation_subjects=validation_subjects, seed=seed, takes=takes)
    if kind == "loso":
        return leave_one_subject_out(subjects, validation_subjects=validation_subjects, seed=seed, takes=takes)
    raise InputError(f"protocol: expected one of fixed, grouped, loso (got {kind!r})")


def leave_one_subject_out(
    subjects: Names, *, validation_subjects: int, seed: int, takes: Names | None = None
) -> list[Split]:
    """One split per subject, whose cycles are its test part, in the order of the names.

    Args:
        subjects: ``[N]`` the subject of every cycle.
        validation_subjects: how many of the other subjects are the validation part.
        seed: the seed of the choice of validation subjects.
        takes: ``[N]`` ``take_ids``, checked against the parts where given.

    Raises:
        InputError: fewer subjects than one to test, the validation subjects and two to train on.
    """
    names = _names(subjects)
    _check_enough(len(names), folds=len(names), largest=1, validation=validation_subjects, kind="leave-one-subject-out")
    tests = [[subject] for subject in names]
    return _splits(subjects, tests, validation_subjects, seed, [f"without-{subject}" for subject in names], takes)


def grouped_folds(
    subjects: Names, *, folds: int, validation_subjects: int, seed: int, takes: Names | None = None
) -> list[Split]:
    """Folds by subject: every subject is tested once, in folds whose numbers of subjects differ by one at most.

    Args:
        subjects: ``[N]`` the subject of every cycle.
        folds: the number of folds; between 2 and the number of subjects.
        validation_subjects: how many of the other subjects are the validation part; taken in turn, so that all
            subjects serve about equally often.
        seed: the seed of the assignment of subjects to folds.
        takes: ``[N]`` ``take_ids``, checked against the parts where given.

    Raises:
        InputError: too few subjects for the folds, with the numbers.
    """
    names = _names(subjects)
    if folds < 2:
        raise InputError(f"folds: expected 2 or more (got {folds})")
    largest = -(-len(names) // folds)
    _check_enough(len(names), folds=folds, largest=largest, validation=validation_subjects, kind=f"{folds} folds")
    counts = np.unique(np.asarray(subjects), return_counts=True)[1]
    cycles = dict(zip(names, counts.tolist(), strict=True))
    order = sorted(_shuffled(names, seed), key=lambda subject: -cycles[subject])
    tests: list[list[str]] = [[] for _ in range(folds)]
    for subject in order:  # the subjects with most cycles first, each to the emptiest fold
        min(tests, key=lambda fold: (len(fold), sum(cycles[name] for name in fold))).append(subject)
    return _splits(subjects, tests, validation_subjects, seed, [f"fold-{i:02d}" for i in range(folds)], takes)


def fixed_split(
    subjects: Names,
    *,
    test_subjects: int | Sequence[str],
    validation_subjects: int,
    seed: int,
    takes: Names | None = None,
) -> list[Split]:
    """One split, as a list of one: a number of test subjects chosen by seed, or those that are named.

    Raises:
        InputError: too few subjects, or a name that no subject has.
    """
    names = _names(subjects)
    if isinstance(test_subjects, int):
        chosen = _shuffled(names, seed)[: max(test_subjects, 0)]
    else:
        chosen = list(test_subjects)
        for subject in set(chosen) - set(names):
            raise InputError(f"test_subjects: expected subjects of the set, {listed(names)} (got {subject!r})")
    if not chosen:
        raise InputError(f"test_subjects: expected 1 or more (got {test_subjects})")
    _check_enough(len(names), folds=1, largest=len(set(chosen)), validation=validation_subjects, kind="a fixed split")
    return _splits(subjects, [chosen], validation_subjects, seed, ["fixed"], takes)


def subject_holdout(
    data: HasSubjects,
    *,
    test: int | Sequence[str] = ProtocolConfig.test_subjects,
    validation: int = ProtocolConfig.validation_subjects,
    seed: int = Config.seed,
) -> Split:
    """Split a data set by subject: some subjects to test, some to validate, all others to train.

    Args:
        data: a ``GaitDataset`` or a ``CycleStore``.
        test: the number of test subjects, or their names.
        validation: the number of validation subjects, who choose the epoch and fit the temperature.
        seed: decides who is where.

    Raises:
        InputError: too few subjects, or a name that no subject has.
    """
    return fixed_split(
        data.subject, test_subjects=test, validation_subjects=validation, seed=seed, takes=data.take_ids
    )[0]


def hold_out_take(subjects: Names, emotions: Names, takes: Names, *, seed: int) -> tuple[Index, Index]:
    """Hold out one take of each (subject, emotion), for attackers on seen subjects.

    A (subject, emotion) with a single take stays in the fitting part, so the second part may be empty.

    Args:
        subjects: ``[N]`` the subject of every cycle.
        emotions: ``[N]`` its emotion.
        takes: ``[N]`` its take, a name that need be unique only within subject and emotion.
        seed: the seed of the choice of take.

    Returns:
        indices to fit on and indices held out: together all N, no take in both.
    """
    subject, emotion = np.asarray(subjects), np.asarray(emotions)
    cell, take = take_ids(subject, emotion, np.zeros(len(subject), int)), take_ids(subject, emotion, takes)
    rng = np.random.default_rng(seed)
    names, first = np.unique(take, return_index=True)
    of_cells = np.split(names, np.flatnonzero(np.diff(cell[first])) + 1)  # a cell's takes have numbers in a row
    held = np.isin(take, [rng.choice(choices) for choices in of_cells if len(choices) > 1])
    return np.flatnonzero(~held), np.flatnonzero(held)


def _names(subjects: Names) -> list[str]:
    return [str(subject) for subject in np.unique(np.asarray(subjects))]


def _shuffled(names: Sequence[str], seed: int) -> list[str]:
    return [names[i] for i in np.random.default_rng(seed).permutation(len(names))]


def _splits(
    subjects: Names,
    tests: Sequence[Sequence[str]],
    validation_subjects: int,
    seed: int,
    names: Sequence[str],
    takes: Names | None,
) -> list[Split]:
    subject = np.asarray(subjects)
    ring = _shuffled(_names(subjects), seed + 1)
    splits = []
    for i, (name, test) in enumerate(zip(names, tests, strict=True)):
        start = i * validation_subjects % len(ring)
        free = [name for name in ring[start:] + ring[:start] if name not in test]
        parts = {"validation": free[:validation_subjects], "test": list(test), "train": free[validation_subjects:]}
        index = {part: np.flatnonzero(np.isin(subject, chosen)) for part, chosen in parts.items()}
        splits.append(Split(name, **index, subjects=subject, takes=takes))
    return splits


def _check_enough(subjects: int, *, folds: int, largest: int, validation: int, kind: str) -> None:
    if validation < 0:
        raise InputError(f"validation_subjects: expected 0 or more (got {validation})")
    need = max(folds, largest + validation + 2)
    if subjects < need:
        raise InputError(
            f"too few subjects for {kind}: {largest} to test, {validation} to validate and 2 to train on at once, "
            f"expected {need} subjects or more (got {subjects})"
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
