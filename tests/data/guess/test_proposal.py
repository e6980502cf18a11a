from itertools import product
from pathlib import PurePath

import pytest

from stgcn_affect.data.guess.proposal import guess_labels, name_tokens


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


SUBJECTS, EMOTIONS, TAKES = ("ana", "ben", "eva"), ("angry", "happy", "sad"), ("1", "2")
SHORT2 = {"angry": "an", "happy": "ha", "sad": "sa"}
SHORT3 = {"angry": "Ang", "happy": "Hap", "sad": "Sad"}


def number(subject):
    return f"{SUBJECTS.index(subject) + 11}"


@pytest.mark.parametrize(
    ("name", "subject", "take", "sure"),
    [
        (lambda w, e, t: f"{w}_{e}_{t}.bvh", str, str, ("likely", "sure")),
        (lambda w, e, t: f"{e}-{w}-{t}.c3d", str, str, ("likely", "sure")),
        (lambda w, e, t: f"{t}_{w}_walk_{e}.csv", str, str, ("likely", "sure")),
        (lambda w, e, t: f"{w}/{e}/{t}.bvh", str, str, ("likely", "sure")),
        (lambda w, e, t: f"{e}/{w}{t}.bvh", str, str, ("likely", "sure")),
        (lambda w, e, t: f"{w.title()}{e.title()}{t}.bvh", str.title, str, ("likely", "sure")),
        (lambda w, e, t: f"{w}_{e}{t}.bvh", str, str, ("likely", "sure")),
        (lambda w, e, t: f"{w}_walk_{SHORT2[e]}_{t}.bvh", str, str, ("likely", "likely")),
        (lambda w, e, t: f"{SHORT3[e]}_{w}_{t}.bvh", str, str, ("likely", None)),
        (lambda w, e, t: f"{w}_{e[0].upper()}_{t}.bvh", str, str, ("likely", "unsure")),
        (lambda w, e, t: f"S{number(w)}_{e}_T{t}.bvh", lambda w: f"S{number(w)}", lambda t: f"T{t}", ("sure", "sure")),
        (lambda w, e, t: f"subject {number(w)}/trial {t} {e}.bvh", number, str, ("sure", "sure")),
        (lambda w, e, t: f"{e}/s{number(w)}t{t}.bvh", lambda w: f"s{number(w)}", lambda t: f"t{t}", ("sure", "sure")),
        (lambda w, e, t: f"{number(w)}_{e}_{t}.bvh", number, str, ("unsure", "sure")),
    ],
)
def test_orders_of_naming(name, subject, take, sure):
    combinations = list(product(SUBJECTS, EMOTIONS, TAKES))
    guesses = guess_labels([PurePath(name(*one)) for one in combinations])
    for (w, e, t), guess in zip(combinations, guesses, strict=True):
        found = tuple(guess[field].value for field in ("subject", "emotion", "take"))
        assert found == (subject(w), e, take(t))
        assert guess["subject"].sure == sure[0]
        assert sure[1] is None or guess["emotion"].sure == sure[1]


def only(field, *names):
    return [(guess[field].value, guess[field].sure) for guess in guess_labels([PurePath(name) for name in names])]


def test_takes_of_one_subject_whose_name_is_nowhere():
    names = [f"dataset-1_walk_{emotion}_{take:03}.bvh" for emotion in ("angry", "not-confident") for take in (1, 2)]
    assert set(only("subject", *names)) == {("", "unknown")}
    assert only("take", *names) == [("001", "likely"), ("002", "likely")] * 2
    assert [value for value, _ in only("emotion", *names)] == ["angry", "angry", "not-confident", "not-confident"]


def test_abbreviations_count_only_where_all_names_have_one():
    assert only("emotion", "ana_an.bvh", "ana_xy.bvh") == [("", "unknown")] * 2
    assert only("emotion", "an_1.bvh", "an_2.bvh") == [("", "unknown")] * 2
    assert only("emotion", "ana_an.bvh", "ana_su.bvh") == [("angry", "likely"), ("surprised", "likely")]


def test_folders_may_name_differently():
    names = [f"a/ana_{short}_1.bvh" for short in ("an", "sa")] + [f"b/ben_{word}_1.bvh" for word in ("joy", "fear")]
    assert [value for value, _ in only("emotion", *names)] == ["angry", "sad", "happy", "afraid"]


def test_two_words_for_emotions_in_a_name():
    assert only("emotion", "happy/sad_1.bvh") == [("sad", "unsure")]


def test_one_take_each_is_named_after_its_file_and_equal_takes_are_told_apart():
    assert only("take", "ana_sad.bvh", "ben_sad.bvh") == [("", "likely")] * 2
    assert only("take", "ana_sad_1.bvh", "ana_sad_1.c3d", "ben_sad_2.bvh")[:2] == [("ana_sad_1", "unsure")] * 2


def test_a_few_names_that_are_built_otherwise():
    names = [f"{w}_{e}_{t}.bvh" for w, e, t in product(SUBJECTS, EMOTIONS, TAKES)]
    guesses = only("subject", *names, "old_recording_of_tom_sad_7.bvh")
    assert guesses[0] == ("ana", "likely")
    assert guesses[-1][1] in ("unsure", "unknown")
