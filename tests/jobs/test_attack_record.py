import json

import numpy as np

from stgcn_affect.evaluation.attributes import AttributeAttack, attribute_block
from stgcn_affect.evaluation.seen_subjects import Attack, seen_subjects_block
from stgcn_affect.evaluation.unseen_scores import unseen_subjects_block
from stgcn_affect.evaluation.unseen_subjects import OpenSetAttack, Pairs
from stgcn_affect.jobs.attack_record import (
    attack_from_json,
    attack_to_json,
    attribute_from_json,
    attribute_to_json,
    open_set_from_json,
    open_set_to_json,
)


def test_a_closed_set_attack_comes_back_as_it_was():
    names = np.array(["ana", "ben", "ana"])
    said = {"raw": {"svm": names, "lda": np.array(["ana", "", "ben"])}}
    attack = Attack(0.5, names, said, np.array([0, 0, 1]), {"raw": {"svm": 0.9, "lda": 0.2}})
    again = attack_from_json(json.loads(json.dumps(attack_to_json(attack))))
    assert again.chance == 0.5
    assert again.subjects.tolist() == names.tolist()
    assert again.groups.tolist() == [0, 0, 1]
    assert again.inner == attack.inner
    assert {name: hit.tolist() for name, hit in again.hits["raw"].items()} == {
        "svm": [True, True, True],
        "lda": [True, False, False],
    }
    assert seen_subjects_block([again]) == seen_subjects_block([attack])


def test_an_attack_without_inner_scores_has_none_afterwards():
    names = np.array(["ana", "ben"])
    attack = Attack(0.5, names, {"raw": {"svm": names}}, np.zeros(2, int))
    assert attack_from_json(json.loads(json.dumps(attack_to_json(attack)))).inner == {}


def test_an_attack_on_an_attribute_comes_back_as_it_was():
    names, values = np.array(["ana", "tom", "uli"]), np.array(["f", "m", "m"])
    inner = {"raw": {"svm": 0.9, "lda": 1.0}}
    attack = AttributeAttack(names, values, {"raw": {"svm": values, "lda": values[::-1]}}, inner)
    again = attribute_from_json(json.loads(json.dumps(attribute_to_json(attack))))
    assert again.subjects.tolist() == names.tolist()
    assert again.hits("raw").tolist() == attack.hits("raw").tolist() == [False, True, False]
    assert attribute_block([again]) == attribute_block([attack])


def test_an_open_set_attack_comes_back_as_it_was():
    names = np.array(["ana", "ben"])
    pairs = {"z": [Pairs(np.array([[0.9, 0.1], [0.25, 0.75]]), names, names), Pairs(np.eye(2), names[::-1], names)]}
    attack = OpenSetAttack(pairs, {"z": "distance"})
    again = open_set_from_json(json.loads(json.dumps(open_set_to_json(attack))))
    assert again.verifier == {"z": "distance"}
    for mine, its in zip(pairs["z"], again.pairs["z"], strict=True):
        assert mine.scores.tolist() == its.scores.tolist()
        assert mine.probes.tolist() == its.probes.tolist()
        assert mine.gallery.tolist() == its.gallery.tolist()
    assert unseen_subjects_block([again]) == unseen_subjects_block([attack])
