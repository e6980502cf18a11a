"""The closed-set attack: which of the subjects whose cycles fitted the weights is this?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.splits import take_ids
from stgcn_affect.evaluation.attackers import QUICK_ATTACKERS, Features, predict_subjects
from stgcn_affect.stats import bootstrap_ci95

Names = npt.NDArray[np.str_]
Index = npt.NDArray[np.int64]
Rounds = Sequence[tuple[Index, Index]]


@dataclass(frozen=True, eq=False)
class Attack:
    """One model's subjects, attacked.

    Args:
        chance: 1 over the number of subjects.
        subjects: ``[M]`` the subject of every attacked cycle.
        said: thing to attacker to ``[M]`` the subjects that it named.
        groups: ``[M]`` the round that each cycle was attacked in.
        inner: thing to attacker to its accuracy inside the attacker's own training part; empty where not asked for.
    """

    chance: float
    subjects: Names
    said: Mapping[str, Mapping[str, Names]]
    groups: Index
    inner: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @cached_property
    def hits(self) -> Mapping[str, Mapping[str, npt.NDArray[np.bool_]]]:
        """Thing to attacker to ``[M]`` booleans, whether it named the subject."""
        return {
            release: {name: who == self.subjects for name, who in said.items()} for release, said in self.said.items()
        }

    def strongest(self, release: str) -> str:
        """The attacker that counts: the best inside the training part, so that it is scored on the test part once."""
        inner = self.inner[release]
        return max(inner, key=lambda name: inner[name])


def held_out_emotion_rounds(emotions: Names, testable: npt.NDArray[np.bool_]) -> list[tuple[Index, Index]]:
    """Rounds of (attacker's training cycles, attacked cycles): each emotion in turn is what it has never seen.

    Where ``testable`` marks takes that the encoder never saw either, only those of the emotion are attacked.
    """
    rounds = []
    for emotion in np.unique(emotions):
        test = emotions == emotion
        unseen = test & testable
        rounds.append((np.flatnonzero(~test), np.flatnonzero(unseen if unseen.any() else test)))
    return rounds


def held_out_take_round(
    subjects: Names, emotions: Names, takes: npt.NDArray[Any], held: npt.NDArray[np.bool_]
) -> tuple[Rounds, npt.NDArray[Any]] | None:
    """The round in which attackers learn from the takes that fitted the encoder, in all emotions, and name the subject
    in the takes that it never saw, in the same emotions.

    Args:
        subjects: ``[N]`` names.
        emotions: ``[N]`` names.
        takes: ``[N]``, unique within subject and emotion.
        held: ``[N]`` whether the cycle is of a take held out of the encoder.

    Returns:
        the round, and ``[N]`` what to leave out inside it: a take of everybody in every emotion; every second cycle
        where there is only one take to learn from, and emotions where that has only one cycle. (Inside, attackers
        should meet what they meet outside: the best across emotions are not the best within one.) None where some
        subject's emotion has no take held out or none left.
    """
    cells = take_ids(subjects, emotions, np.zeros(len(subjects), int))
    if any(set(cells[part]) != set(cells) for part in (held, ~held)):
        return None
    members = [np.flatnonzero((cells == cell) & ~held) for cell in np.unique(cells)]
    take, cycle = np.zeros(len(subjects), dtype=np.int64), np.zeros(len(subjects), dtype=np.int64)
    for mine in members:
        take[mine] = np.unique(takes[mine], return_inverse=True)[1]
        cycle[mine] = np.arange(len(mine)) % 2
    leave_out = next((rank for rank in (take, cycle) if all(rank[mine].any() for mine in members)), emotions)
    return [(np.flatnonzero(~held), np.flatnonzero(held))], leave_out


def attack_seen_subjects(
    releases: Mapping[str, Features],
    subjects: Names,
    rounds: Rounds,
    *,
    attackers: Sequence[str] = QUICK_ATTACKERS,
    leave_out: npt.NDArray[Any] | None = None,
) -> Attack:
    """Attack every released thing with every attacker, over all rounds.

    Args:
        releases: name to ``[N, F]``, of seen subjects' cycles.
        subjects: ``[N]`` names.
        rounds: (cycles that attackers learn from, attacked cycles), such as those of ``held_out_emotion_rounds``.
        attackers: names of ``ATTACKERS``.
        leave_out: ``[N]`` emotions or takes; where given, attackers are also scored inside each round's training part,
            by leaving out one of these at a time, so that the strongest can be chosen without a look at the test part.
    """
    inner_rounds = [] if leave_out is None else _inner_rounds(rounds, leave_out)
    said, inner = {}, {}
    for release, features in releases.items():
        said[release] = {name: _said(name, features, features, subjects, rounds) for name in attackers}
        if inner_rounds:
            truth = np.concatenate([subjects[test] for _, test in inner_rounds])
            inner[release] = {
                name: float((_said(name, features, features, subjects, inner_rounds) == truth).mean())
                for name in attackers
            }
    return _attack(subjects, rounds, said, inner)


def attack_statically(
    learnt: Features,
    met: Mapping[str, Features],
    subjects: Names,
    rounds: Rounds,
    *,
    attackers: Sequence[str],
    inner: Mapping[str, float],
) -> Attack:
    """Attackers who know raw cycles meet the release, of which they never saw any.

    Args:
        learnt: ``[N, F]`` what attackers learn from.
        met: name to ``[N, F]`` what they meet instead, its columns those of ``learnt``.
        subjects: ``[N]`` names.
        rounds: as in ``attack_seen_subjects``.
        attackers: names of ``ATTACKERS``.
        inner: their scores inside, of the attack on what they learn from: the strongest there is the one that counts;
            empty where they were not scored.
    """
    longer = [(train, test + k * len(subjects)) for k in range(len(met)) for train, test in rounds]
    rows = np.concatenate(list(met.values()))
    named = {name: np.split(_said(name, learnt, rows, subjects, longer), len(met)) for name in attackers}
    said = {release: {name: named[name][k] for name in attackers} for k, release in enumerate(met)}
    return _attack(subjects, rounds, said, dict.fromkeys(met, inner) if inner else {})


def _attack(
    subjects: Names,
    rounds: Rounds,
    said: Mapping[str, Mapping[str, Names]],
    inner: Mapping[str, Mapping[str, float]],
) -> Attack:
    return Attack(
        chance=1.0 / len(np.unique(subjects)),
        subjects=np.concatenate([subjects[test] for _, test in rounds]),
        said=said,
        groups=np.repeat(np.arange(len(rounds)), [len(test) for _, test in rounds]),
        inner=inner,
    )


def _inner_rounds(rounds: Rounds, leave_out: npt.NDArray[Any]) -> list[tuple[Index, Index]]:
    inner = []
    for train, _ in rounds:
        there = leave_out[train]
        if len(np.unique(there)) > 1:
            inner += [(train[there != one], train[there == one]) for one in np.unique(there)]
    return inner


def _said(name: str, learnt: Features, met: Features, subjects: Names, rounds: Rounds) -> Names:
    """Whom the attacker named, round after round; rounds with the same training cycles share one fitted attacker."""
    sharing: defaultdict[bytes, list[int]] = defaultdict(list)
    for number, (train, _) in enumerate(rounds):
        sharing[train.tobytes()].append(number)
    said = [subjects[:0]] * len(rounds)
    for numbers in sharing.values():
        train = rounds[numbers[0]][0]
        tests = [rounds[number][1] for number in numbers]
        named = predict_subjects(name, learnt[train], subjects[train], met[np.concatenate(tests)])
        ends = np.cumsum([len(test) for test in tests])[:-1]
        for number, part in zip(numbers, np.split(named, ends), strict=True):
            said[number] = part
    return np.concatenate(said)


def seen_subjects_block(attacks: Sequence[Attack], *, seed: int = 0) -> dict[str, Any]:
    """The block ``privacy.seen_subjects`` of ``results.json``, as the mean over the models of a run.

    Per thing: worst, attackers {name: accuracy} and ci95 of the worst, by bootstrap over subjects. Worst is what each
    model's strongest attacker reached; where attackers were not scored inside, the largest of the accuracies, which
    errs on the side of the attacker.
    """
    subjects = np.concatenate([attack.subjects for attack in attacks])
    model = model_of(attacks)
    block: dict[str, Any] = {"chance": float(np.mean([attack.chance for attack in attacks]))}
    for release in attacks[0].hits:
        accuracy, hits = attacker_accuracy(attacks, release), strongest_hits(attacks, release)
        limits = bootstrap_ci95(_Resampled(hits, model), subjects, seed=seed)
        block[release] = {"accuracy": mean_over_models(hits, model), "attackers": accuracy, "ci95": limits}
    return block


def strongest_hits(attacks: Sequence[Attack], release: str) -> npt.NDArray[np.bool_]:
    """``[M]`` hits on a thing over all models, each by its own strongest attacker; where attackers were not scored
    inside, all by the one that is most accurate over the models, which errs on the side of the attacker.
    """
    accuracy = attacker_accuracy(attacks, release)
    top = max(accuracy, key=lambda name: accuracy[name])
    chosen = [attack.strongest(release) if attack.inner else top for attack in attacks]
    return np.concatenate([attack.hits[release][name] for attack, name in zip(attacks, chosen, strict=True)])


def attacker_accuracy(attacks: Sequence[Attack], release: str) -> dict[str, float]:
    """What each attacker reached on a thing, as the mean over the models."""
    model = model_of(attacks)
    return {
        name: mean_over_models(np.concatenate([attack.hits[release][name] for attack in attacks]), model)
        for name in attacks[0].hits[release]
    }


def model_of(attacks: Sequence[Attack]) -> Index:
    """``[M]``: which model each attacked cycle belongs to."""
    return np.repeat(np.arange(len(attacks)), [len(attack.subjects) for attack in attacks])


@dataclass(frozen=True, eq=False)
class _Resampled:
    hits: npt.NDArray[np.bool_]
    model: Index

    def __call__(self, index: Index) -> float:
        return mean_over_models(self.hits[index], self.model[index])


def mean_over_models(hits: npt.NDArray[Any], model: Index) -> float:
    """Mean of ``[M]`` values within each model, then over the models."""
    count = np.bincount(model)
    right = np.bincount(model, weights=hits, minlength=len(count))
    return float((right[count > 0] / count[count > 0]).mean())
