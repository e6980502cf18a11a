"""Leaky splits: what scores are worth whose test clips, their subjects or their epoch the training has seen.

Published code scores emotion from gait by random clips, by clips that were augmented before they were split, and at the
epoch that is best on the test part. Here one network with the same settings is scored so and by subject, so that the
difference is that of the split alone (Kapoor & Narayanan 2023, "Leakage and the reproducibility crisis in
machine-learning-based science"; for subjects: Saeb et al. 2017).
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.evaluation.emotion import Codes, compare, emotion_block

Index = npt.NDArray[np.int64]
Names = npt.NDArray[np.str_]

RANDOM_CLIPS, COPIES, BEST_TEST_EPOCH, BY_SUBJECT = "random_clips", "copies", "best_test_epoch", "by_subject"
LEAKY = (RANDOM_CLIPS, COPIES, BEST_TEST_EPOCH)
"""Ways to split that let the training see what it is tested on, from the most common one on."""


class LeakySplit(NamedTuple):
    """A split by cycles instead of subjects.

    Args:
        split: no cycle is in two parts, but subjects and takes are.
        copies: ``[m]`` cycles of which a copy is in the training part, wherever the cycle itself is.
    """

    split: Split
    copies: Index


def leaky_splits(splits: Sequence[Split], emotions: Names, *, seed: int) -> list[LeakySplit]:
    """Splits of the same sizes whose cycles, and whose copies of cycles, are dealt at random instead of by subject.

    Every part keeps its number of cycles of each emotion, and where ``splits`` test each cycle once, so do these. A
    copy is dealt apart from its cycle: as many tested cycles have theirs in training as the training part's share.

    Args:
        splits: the splits by subject.
        emotions: ``[N]`` the emotion of every cycle.
        seed: decides which cycle and which copy is where.
    """
    rng = np.random.default_rng(seed)
    cycle, copy = _dealt(emotions, rng), _dealt(emotions, rng)
    apart = np.arange(len(emotions)).astype(str)  # a split is checked by subject: here each cycle stands for one
    return [
        LeakySplit(
            Split(
                one.name,
                train=np.sort(cycle[one.train]),
                validation=np.sort(cycle[one.validation]),
                test=np.sort(cycle[one.test]),
                subjects=apart,
            ),
            np.sort(copy[one.train]),
        )
        for one in splits
    ]


def leakage_block(leaky: Mapping[str, Codes], by_subject: Codes, cycles: CycleStore, *, seed: int) -> dict[str, Any]:
    """The block ``leakage`` of ``results.json``: the network's emotion by each way to split, the last one by subject.

    Where a leaky split tests the same cycles as the split by subject, its paired difference to it stands beside.

    Args:
        leaky: way to split to ``[seeds, N]`` codes of the network, -1 where there is no prediction.
        by_subject: the same of the split by subject.
        cycles: N labelled cycles.
        seed: the seed of the limits.
    """
    block: dict[str, Any] = {}
    for name, codes in leaky.items():
        block[name] = {"emotion": emotion_block(codes, cycles, seed=seed)}
        if np.array_equal(codes >= 0, by_subject >= 0):
            block[name] |= compare(codes, by_subject, cycles, seed=seed)
    return block | {BY_SUBJECT: {"emotion": emotion_block(by_subject, cycles, seed=seed)}}


def _dealt(emotions: Names, rng: np.random.Generator) -> Index:
    """A random order of N cycles in which each stands in the place of one of its own emotion."""
    order = np.arange(len(emotions))
    for name in np.unique(emotions):
        members = np.flatnonzero(emotions == name)
        order[members] = rng.permutation(members)
    return order
