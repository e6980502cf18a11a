import json
from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.data.fold import fold_data
from stgcn_affect.jobs.attack_fold import attack_attributes, attack_fold
from stgcn_affect.jobs.attack_record import attack_from_json

QUICK = ("logistic_regression", "nearest_neighbour")


@pytest.fixture
def cycles(labelled):
    """Twelve subjects in three emotions."""
    return labelled(np.repeat([f"subject {i:02d}" for i in range(12)], 3), ["angry", "happy", "sad"] * 12)


@pytest.fixture
def releases(cycles):
    """Raw cycles that say who walks, the same decoded, the next subject retargeted."""
    code = np.unique(cycles.subject, return_inverse=True)[1]
    return {"raw": np.eye(12)[code], "decoded": np.eye(12)[code], "retargeted": np.eye(12)[(code + 1) % 12]}


def test_attackers_of_raw_cycles_meet_what_is_released_in_their_place(cycles, releases, small, halves):
    split = halves(cycles)[0]
    known = np.unique(cycles.subject[split.train])
    other = dict(zip(known, np.roll(known, -1), strict=True))  # someone whom the attackers know, or a tie decides
    shown = [other.get(name, name) for name in cycles.subject]
    releases["retargeted"] = np.eye(12)[np.searchsorted(np.unique(cycles.subject), shown)]
    found = attack_fold(releases, fold_data(cycles, split, hold_out_take=True, seed=0), attackers=QUICK)
    assert set(found) == {"known", "static", "unseen"}  # one take each, and nothing known of gender
    assert json.loads(json.dumps(found)) == found
    static = attack_from_json(found["static"])
    for name in QUICK:
        assert static.hits["decoded"][name].all()
        assert not static.hits["retargeted"][name].any()
    known = attack_from_json(found["known"])
    assert all(hits.all() for said in known.hits.values() for hits in said.values())  # they are learnt as they are
    assert list(found["unseen"]) == ["emotions", "one_take"]


def test_two_emotions_leave_no_inner_choice(labelled, small, halves):
    cycles = labelled(np.repeat([f"subject {i:02d}" for i in range(12)], 2), ["happy", "sad"] * 12)
    code = np.unique(cycles.subject, return_inverse=True)[1]
    releases = dict.fromkeys(("raw", "decoded", "retargeted"), np.eye(12)[code])
    found = attack_fold(releases, fold_data(cycles, halves(cycles)[0], hold_out_take=True, seed=0), attackers=QUICK)
    assert found["known"]["inner"] == found["static"]["inner"] == {}


def test_attributes_that_the_manifest_has_are_named_for_unseen_subjects(cycles, releases, halves):
    split = halves(cycles)[0]
    gender = np.where(np.isin(cycles.subject, np.unique(cycles.subject)[::2]), "f", "m")
    sources = np.array([f"{i}.bvh" for i in range(len(cycles))])
    facts = {source: {"gender": str(gender[i]), "unit": "metres"} for i, source in enumerate(sources)}
    known = replace(cycles, source=sources, attributes=facts)
    shown = {**releases, "told": (gender == "f")[:, None].astype(float)}
    found = attack_attributes(shown, known, split, attackers=QUICK)
    assert set(found) == {"gender"}
    assert set(found["gender"]["subjects"]) == set(cycles.subject[split.test])
    for name in QUICK:
        assert found["gender"]["said"]["told"][name] == found["gender"]["values"]
    assert attack_attributes(shown, cycles, split, attackers=QUICK) == {}
