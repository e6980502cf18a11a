import pytest

from stgcn_affect.jobs.privacy_rows import attribute_rows, known_rows, privacy_tables, unseen_rows

LIMITS = [0.1, 0.9]


def attacked(worst):
    return {"accuracy": worst, "attackers": {"svm": worst, "random_forest": 0.2}, "ci95": LIMITS}


def verified(value):
    names = ("rank1", "eer", "auc", "tar_at_far_1pct")
    return dict.fromkeys(names, value) | {"ci95": dict.fromkeys(names, LIMITS)}


@pytest.fixture
def privacy():
    known = {"chance": 0.25, "raw": attacked(0.95), "z_emotion": attacked(0.3), "p": 0.3, "models": 6, "subjects": 5}
    known |= {"static": {"decoded": attacked(0.27)}, "z_emotion_minus_probabilities": {"difference": 0, "ci95": LIMITS}}
    unseen = {"chance": 0.125, "smallest_far": 0.004, "raw": verified(0.99), "models": 6, "subjects": 8}
    return {"seen_subjects": known, "unseen_subjects": unseen}


def test_attacks_on_seen_subjects(privacy):
    privacy["seen_subjects"]["held_out_takes"] = {"chance": 0.25, "raw": attacked(0.97)}
    known = privacy["seen_subjects"]
    rows = known_rows(known, static=known["static"])
    assert rows[0] == ("released", "re-identified", "95 % limits", "chance", "svm", "random forest")
    assert rows[1] == ("raw", "0.950", "0.100 to 0.900", "0.250", "0.950", "0.200")
    assert [row[0] for row in rows[1:]] == ["raw", "z_emotion", "decoded (static)"]


def test_attacks_on_unseen_subjects(privacy):
    privacy["unseen_subjects"]["one_take"] = {"chance": 0.125, "smallest_far": 0.02, "raw": verified(0.98)}
    rows = unseen_rows(privacy["unseen_subjects"])
    assert rows[1:] == [("raw", *["0.990 (0.100 to 0.900)"] * 4, "0.125")]
    assert len(rows[0]) == 6


def test_attacks_on_attributes():
    gender = {"chance": 0.5, "values": {"f": 3, "m": 5}, "models": 2, "raw": attacked(0.8), "z_emotion": attacked(0.6)}
    rows = attribute_rows({"gender": gender, "age_group": {**gender, "chance": 0.333}})
    assert rows[0][:6] == ("attribute", "released", "named", "95 % limits", "chance", "subjects")
    assert rows[1] == ("gender", "raw", "0.800", "0.100 to 0.900", "0.500", "3 f, 5 m", "0.800", "0.200")
    assert [row[:2] for row in rows[2:]] == [("gender", "z_emotion"), ("age group", "raw"), ("age group", "z_emotion")]
    assert rows[3][4] == "0.333"


def test_tables_are_those_of_what_was_attacked(privacy):
    assert list(privacy_tables(privacy)) == ["seen_subjects", "unseen_subjects"]
    words = privacy_tables(privacy)["seen_subjects"][0]
    assert words.startswith("Seen subjects (5 subjects, 6 models)")
    privacy["seen_subjects"]["held_out_takes"] = {"chance": 0.25, "raw": attacked(0.97)}
    privacy["unseen_subjects"]["one_take"] = {"chance": 0.125, "smallest_far": 0.02, "raw": verified(0.98)}
    privacy["attributes"] = {"gender": {"chance": 0.5, "values": {"f": 3, "m": 5}, "raw": attacked(0.8)}}
    names = ["seen_subjects", "held_out_takes", "unseen_subjects", "one_take", "attributes"]
    tables = privacy_tables(privacy)
    assert list(tables) == names
    assert [rows[1][1][:5] for _, rows in tables.values()] == ["0.950", "0.970", "0.990", "0.980", "raw"]


def test_how_fine_false_accepts_are_is_said(privacy):
    privacy["unseen_subjects"]["one_take"] = {"chance": 0.125, "smallest_far": 0.02, "raw": verified(0.98)}
    tables = privacy_tables(privacy)
    assert tables["unseen_subjects"][0].endswith("in steps of 0.004.")
    assert tables["one_take"][0].endswith("in steps of 0.02: at 1 % they are those at none, and their limits lean up.")
