import json
from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.subject_baseline import OTHER_TAKES, with_baselines
from stgcn_affect.evaluation.attackers import LEARNED, REFLECTED
from stgcn_affect.evaluation.attacks import (
    FoldAttacks,
    attack_attributes,
    attack_fold,
    attack_release,
    other_people,
    with_reflected,
)

QUICK = ("logistic_regression", "nearest_neighbour")


@pytest.fixture(autouse=True)
def _quick(monkeypatch, shorten_attackers):
    shorten_attackers(monkeypatch)


def data_of(cycles, split):
    return fold_data(cycles, split, hold_out_take=True, seed=0)


@pytest.fixture
def cycles(labelled):
    """Twelve subjects in three emotions."""
    return labelled(np.repeat([f"subject {i:02d}" for i in range(12)], 3), ["angry", "happy", "sad"] * 12)


@pytest.fixture
def releases(cycles):
    """Raw cycles that say who walks, the same decoded, the next subject retargeted."""
    code = np.unique(cycles.subject, return_inverse=True)[1]
    return {"raw": np.eye(12)[code], "decoded": np.eye(12)[code], "retargeted": np.eye(12)[(code + 1) % 12]}


def test_attackers_of_raw_cycles_attack_what_is_released_in_their_place(cycles, releases, halves):
    split = halves(cycles)[0]
    seen = np.unique(cycles.subject[split.train])
    other = dict(zip(seen, np.roll(seen, -1), strict=True))  # someone whom the attackers know, or a tie decides
    shown = [other.get(name, name) for name in cycles.subject]
    releases["retargeted"] = np.eye(12)[np.searchsorted(np.unique(cycles.subject), shown)]
    found = attack_fold(releases, data_of(cycles, split), attackers=QUICK)
    assert found.held_out_takes is None  # one take each
    assert found.attributes == {}  # nothing known of gender
    static = found.static
    for name in QUICK:
        assert static.hits["decoded"][name].all()
        assert not static.hits["retargeted"][name].any()
    for hits in found.seen.hits.values():
        assert all(hits[name].all() for name in QUICK)  # they are learnt as they are
        assert list(hits) == list(QUICK)
    assert list(found.unseen) == ["emotions", "one_take", "same_emotion"]
    again = FoldAttacks.from_dict(json.loads(json.dumps(found.to_dict())))
    assert again.to_dict() == found.to_dict()


def test_attackers_learn_from_everybody_who_is_not_attacked_by_hand(cycles, releases, halves):
    """From the other half of the subjects; of walkers that no part of the split holds, too."""
    split = halves(cycles)[0]
    few = replace(split, test=split.test[:3], subjects=cycles.subject)  # the rest of the other half is in no part
    for one, further in ((split, 0), (few, len(split.test) - 3)):
        data = data_of(cycles, one)
        people = other_people(releases, releases["raw"], data, {})
        known = people.others["decoded"]
        assert len(data.further) == further
        assert set(known.subjects) == set(cycles.subject) - set(cycles.subject[data.attackable])
        assert not set(known.subjects) & set(cycles.subject[data.attackable])
        assert known.released.shape == (len(cycles) - len(data.attackable), 12)
        assert people.emotions.tolist() == cycles.emotion[data.attackable].tolist()


def test_all_eight_attack_where_they_are_asked_for(cycles, releases, halves):
    found = attack_fold(releases, data_of(cycles, halves(cycles)[0]), attackers=("nearest_neighbour", *LEARNED))
    for hits in found.seen.hits.values():
        assert list(hits) == ["nearest_neighbour", "pair", "reversal"]
    assert set(found.static.hits["decoded"]) == {"nearest_neighbour"}


def test_two_emotions_leave_no_inner_choice(labelled, halves):
    cycles = labelled(np.repeat([f"subject {i:02d}" for i in range(12)], 2), ["happy", "sad"] * 12)
    code = np.unique(cycles.subject, return_inverse=True)[1]
    releases = dict.fromkeys(("raw", "decoded", "retargeted"), np.eye(12)[code])
    found = attack_fold(releases, data_of(cycles, halves(cycles)[0]), attackers=QUICK)
    assert found.seen.inner == found.static.inner == {}


def test_attributes_that_the_manifest_has_are_named_for_unseen_subjects(cycles, releases, halves):
    split = halves(cycles)[0]
    gender = np.where(np.isin(cycles.subject, np.unique(cycles.subject)[::2]), "f", "m")
    sources = np.array([f"{i}.bvh" for i in range(len(cycles))])
    facts = {source: {"gender": str(gender[i]), "unit": "metres"} for i, source in enumerate(sources)}
    described = replace(cycles, source=sources, attributes=facts)
    shown = {**releases, "worn": (gender == "f")[:, None].astype(float)}
    found = attack_attributes(shown, described, split, attackers=QUICK)
    assert set(found) == {"gender"}
    assert set(found["gender"].subjects) == set(cycles.subject[split.test])
    for name in QUICK:
        assert (found["gender"].predictions["worn"][name] == found["gender"].values).all()
    assert attack_attributes(shown, cycles, split, attackers=QUICK) == {}


def test_only_training_subjects_with_two_emotions_are_attacked(labelled, halves):
    cycles = labelled([f"subject {i // 2:02d}" for i in range(24)], ["happy", "sad"] * 11 + ["sad"] * 2)
    split = halves(cycles)[0]
    index = data_of(cycles, split).attackable
    expected = set(cycles.subject[split.train]) - {"subject 11"}
    assert set(cycles.subject[index]) == expected


def test_a_release_that_says_who_walks_is_hit(cycles, releases, halves):
    data = data_of(cycles, halves(cycles)[0])
    attack = attack_release(releases["raw"], data, attackers=QUICK)
    assert set(attack.subjects) == set(data.subjects)
    assert attack.hits["released"]["nearest_neighbour"].all()


def test_cycles_relative_to_a_baseline_are_attacked_by_reflected_ones_too(synthetic_cycles, halves):
    cycles = synthetic_cycles(walkers=6, takes=1, emotions=("happy", "neutral", "sad"))
    split = halves(cycles)[0]
    assert with_reflected(QUICK, data_of(cycles, split)) == list(QUICK)
    relative = data_of(with_baselines(cycles, of=OTHER_TAKES), split)
    assert with_reflected(QUICK, relative)[: len(QUICK) + 1] == [*QUICK, REFLECTED + "logistic_regression"]
