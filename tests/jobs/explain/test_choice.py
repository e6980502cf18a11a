import json

import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.explain.choice import check_arguments, run_choice


@pytest.mark.parametrize(
    "asked",
    [
        (None, None, None),
        ("gradcam", 1, "sad"),
        ("gradient", None, "sad-happy"),
        (None, 0, "happy-sad"),
    ],
)
def test_what_can_be_asked(toy_explained, asked):
    check_arguments(toy_explained().model, *asked)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("saliency", None, None), r"--method: expected one of gradcam, .* \(got 'saliency'\)"),
        ((None, 2, None), r"--block: expected 0 to 1, .* \(got 2\)"),
        (("gradcam", -1, None), r"--block: expected 0 to 1, .* \(got -1\)"),
        (("gradient", 0, None), r"--block: expected none with --method gradient, .* \(got 0\)"),
        ((None, None, "bored"), r"target: expected one of happy, sad, .* \(got 'bored'\)"),
        ((None, None, "sad-sad"), r"target: .* \(got 'sad-sad'\)"),
    ],
)
def test_what_cannot_be_asked_is_named(toy_explained, asked, words):
    with pytest.raises(InputError, match=f"^{words}$"):
        check_arguments(toy_explained().model, *asked)


def test_the_table_of_the_run_is_read(toy_explained, tmp_path):
    (tmp_path / "explanations").mkdir()
    path, model = tmp_path / "explanations" / "results.json", toy_explained().model
    table = {"trusted": {"method": "gradcam"}, "methods": {"gradcam": {"block": 0}}}
    path.write_text(json.dumps(table))
    assert run_choice(tmp_path, model, None, None) == ("gradcam", 0)
    assert run_choice(tmp_path, model, "gradient", None).method == "gradient"


@pytest.mark.parametrize("table", ["{", "[]", "{}"])
def test_a_table_that_cannot_be_read_is_named(toy_explained, tmp_path, table):
    (tmp_path / "explanations").mkdir()
    (tmp_path / "explanations" / "results.json").write_text(table)
    with pytest.raises(InputError, match=r"results\.json: "):
        run_choice(tmp_path, toy_explained().model, None, None)
