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
        ("GX030A/Straight/GX030A05.bvh", ["GX030A", "Straight", "05"]),
        ("S1/S10_walk.bvh", ["S1", "S10", "walk"]),
        ("Ana/AnaWalk.bvh", ["Ana", "Walk"]),
        ("Ana/Anabel.bvh", ["Ana", "Anabel"]),
        ("happy/happy_3.bvh", ["happy", "happy", "3"]),
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


def subjects(*names):
    return [guess["subject"].value for guess in guess_labels([PurePath(name) for name in names])]


def test_a_folder_whose_name_begins_its_files_names_is_the_subject():
    trials = [("GX030A", "05"), ("GX030A", "22"), ("GX033A", "10"), ("GX033A", "22"), ("GX036A", "10")]
    names = [f"{who}/{'Turn' if int(n) > 20 else 'Straight'}/{who}{n}.bvh" for who, n in trials]
    assert only("subject", *names) == [(who, "likely") for who, _ in trials]
    assert [value for value, _ in only("take", *names)] == [
        "Straight-05",
        "Turn-22",
        "Straight-10",
        "Turn-22",
        "Straight-10",
    ]
    assert subjects(*(name.split("/", 1)[1] for name in names)) != [who for who, _ in trials]
    assert subjects(*(f"{who}{n}.bvh" for who, n in trials)) == [""] * 5


@pytest.mark.parametrize(
    "names",
    [
        ["siteA/P01_1.bvh", "siteA/P02_1.bvh", "siteB/P01_1.bvh", "siteB/P02_1.bvh"],
        ["A/ana_sad.bvh", "A/ben_sad.bvh", "B/ana_happy.bvh", "B/ben_happy.bvh"],
        ["walk01.bvh", "walk02.bvh", "walk03.bvh", "walk04.bvh", "walk05.bvh"],
        [f"{emotion}_{n:02}.bvh" for emotion in ("angry", "sad") for n in range(1, 9)],
        ["trial01.bvh", "trial02.bvh", "trial03.bvh"],
        ["slow/run1.bvh", "fast/run1.bvh", "slow/run2.bvh", "fast/run2.bvh"],
        ["A-1/x_sad.bvh", "A-2/x_sad.bvh", "A-1/x_happy.bvh", "A-2/x_happy.bvh"],
    ],
)
def test_what_may_join_two_people_or_count_takes_is_no_subject(names):
    guesses = subjects(*names)
    folders = {}
    for name, guess in zip(names, guesses, strict=True):
        if guess:
            folders.setdefault(guess, set()).add(PurePath(name).parent)
    assert all(len(found) == 1 for found in folders.values())
    if "/" not in names[0]:
        assert set(guesses) == {""}


def test_folders_of_settings_do_not_part_a_subject():
    names = [f"session {n}/{who}_{emotion}.bvh" for n, emotion in ((1, "sad"), (2, "happy")) for who in SUBJECTS]
    assert subjects(*names) == list(SUBJECTS) * 2
    names = [f"{speed}/P{n:02}/walk.bvh" for speed in ("slow", "fast") for n in (1, 2)]
    assert subjects(*names) == ["P01", "P02"] * 2


def test_numbered_folders_are_subjects_and_numbers_in_them_takes():
    assert subjects("001/01.bvh", "001/02.bvh", "002/01.bvh", "002/02.bvh") == ["001", "001", "002", "002"]


def test_names_of_different_lengths_do_not_join_folders_either():
    names = ["x/ana_sad.bvh", "x/ben_sad.bvh", "y/ana_1_happy.bvh", "y/ben_2_happy.bvh"]
    assert subjects(*names) == [""] * 4
