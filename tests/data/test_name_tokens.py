from pathlib import PurePath

import pytest

from stgcn_affect.data.name_tokens import name_tokens


@pytest.mark.parametrize(
    ("path", "tokens"),
    [
        ("Ana/angry_walk-02.bvh", ["Ana", "angry", "walk", "02"]),
        ("WalkAngryAna2.csv", ["Walk", "Angry", "Ana", "2"]),
        ("dataset-1_walk_not-confident_001.bvh", ["dataset", "1", "walk", "not-confident", "001"]),
        ("HappyBirthday.bvh", ["Happy", "Birthday"]),
        ("s01t2 (sad).v2.csv", ["s01t2", "sad", "v2"]),
        ("sadie_1.bvh", ["sadie", "1"]),
    ],
)
def test_names_are_cut_at_signs_and_around_emotions(path, tokens):
    assert name_tokens(PurePath(path)) == tokens
