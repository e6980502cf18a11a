import json

import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import DEFAULT_BLOCK, DEFAULT_METHOD
from stgcn_affect.jobs.explain.choice import chosen_block, trusted_choice
from stgcn_affect.jobs.explain.maps import Choice

TABLE = {
    "trusted": {"method": "guided_gradcam", "block": 0, "why": ""},
    "methods": {"guided_gradcam": {"block": 0}, "gradcam": {"block": 1}, "gradient": {"block": None}},
}


@pytest.fixture
def scored(tmp_path):
    """Makes a run with a table of methods."""

    def make(table):
        (tmp_path / "explanations").mkdir()
        (tmp_path / "explanations" / "results.json").write_text(table if isinstance(table, str) else json.dumps(table))
        return tmp_path

    return make


def test_without_a_table_the_package_is_trusted_as_far_as_there_are_blocks(toy_explained, tmp_path):
    explained = toy_explained()
    assert trusted_choice(tmp_path, explained, None, None) == (DEFAULT_METHOD, min(DEFAULT_BLOCK, 1))
    assert trusted_choice(tmp_path, explained, "gradcam", 0) == ("gradcam", 0)


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ((None, None), ("guided_gradcam", 0)),
        ((None, 1), ("guided_gradcam", 1)),
        (("gradcam", None), ("gradcam", 1)),
        (("gradcam", 0), ("gradcam", 0)),
        (("lrp", None), ("lrp", min(DEFAULT_BLOCK, 1))),
    ],
)
def test_the_runs_own_table_is_stronger_and_what_is_asked_strongest(toy_explained, scored, asked, chosen):
    assert trusted_choice(scored(TABLE), toy_explained(), *asked) == chosen


@pytest.mark.parametrize(
    "table",
    [
        "{",
        "[]",
        "{}",
        {"trusted": {"method": "magic"}, "methods": {}},
        TABLE | {"methods": {"guided_gradcam": {"block": 7}}},
    ],
)
def test_a_table_of_something_else_is_named(toy_explained, scored, table):
    run = scored(table)
    with pytest.raises(InputError, match=r"results\.json: expected .* \(got .*\)$"):
        trusted_choice(run, toy_explained(), None, None)


def test_a_method_without_blocks_has_none():
    assert chosen_block(Choice("gradcam", 1)) == 1
    assert chosen_block(Choice("gradient", 1)) is None
