from stgcn_affect.errors import MOST_LETTERS, listed


def test_few_names_are_all_listed():
    assert listed(["head", "neck", 3]) == "head, neck, 3"
    assert listed([]) == ""


def test_many_names_are_counted():
    text = listed(f"joint_{n:03d}" for n in range(100))
    assert text.startswith("joint_000, joint_001, ")
    assert text.endswith(" and 82 more")
    assert len(text) < MOST_LETTERS + 20
    assert listed(["x" * 300, "y"]) == "x" * 300 + " and 1 more"
