from stgcn_affect.reporting.privacy_tables import privacy_tables

SPAN = "0.100 to 0.900"


def test_attacks_on_seen_subjects(results):
    rows = privacy_tables(results)["seen_subjects"].rows
    assert rows[0] == ("released", "re-identified", "95 % limits", "chance", "SVM", "random forest")
    assert rows[1] == ("raw cycles", "0.950", SPAN, "0.250", "0.950", "0.200")
    assert [row[0] for row in rows[2:]] == [
        "z_emotion",
        "class probabilities",
        "decoded walks (static)",
        "retargeted cycles (static)",
    ]
    assert [row[4] for row in rows[2:]] == ["0.300", "0.280", "0.270", "0.290"]


def test_attacks_on_unseen_subjects(results):
    rows = privacy_tables(results)["unseen_subjects"].rows
    assert rows[1:] == [("raw cycles", *[f"0.990 ({SPAN})"] * 4, "0.125")]
    assert len(rows[0]) == 6


def test_attacks_on_attributes(all_attacked):
    rows = privacy_tables(all_attacked)["attributes"].rows
    assert rows[0][:6] == ("attribute", "released", "balanced accuracy", "95 % limits", "chance", "subjects")
    assert rows[1] == ("gender", "raw cycles", "0.800", SPAN, "0.500", "3 f, 5 m", "0.800", "0.200")
    assert [row[:2] for row in rows[2:]] == [
        ("gender", "z_emotion"),
        ("age group", "raw cycles"),
        ("age group", "z_emotion"),
    ]
    assert rows[3][4] == "0.333"


def test_tables_are_those_of_what_was_attacked(results):
    assert list(privacy_tables(results)) == ["seen_subjects", "unseen_subjects"]
    assert privacy_tables(results)["seen_subjects"].words.startswith("Seen subjects (5 subjects, 6 models)")


def test_each_attack_has_its_own_numbers(all_attacked):
    tables = privacy_tables(all_attacked)
    names = ["seen_subjects", "held_out_takes", "unseen_subjects", "one_take", "attributes"]
    assert list(tables) == names
    assert [table.rows[1][1][:5] for table in tables.values()] == ["0.950", "0.970", "0.990", "0.980", "raw c"]


def test_how_fine_false_accepts_are_is_said(all_attacked):
    tables = privacy_tables(all_attacked)
    assert tables["unseen_subjects"].words.endswith("in steps of 0.004.")
    assert tables["one_take"].words.endswith(
        "in steps of 0.02: at 1 % they are those at no false accept, and their limits are biased upwards."
    )
