import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.explain.check import check_arguments


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
    check_arguments(toy_explained(), *asked)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("saliency", None, None), r"--method: expected one of gradcam, .* \(got 'saliency'\)"),
        ((None, 2, None), r"--block: expected 0 to 1, .* \(got 2\)"),
        (("gradcam", -1, None), r"--block: expected 0 to 1, .* \(got -1\)"),
        (("gradient", 0, None), r"--block: expected none with --method gradient, .* \(got 0\)"),
        ((None, None, "bored"), r"--target: expected one of happy, sad, .* \(got 'bored'\)"),
        ((None, None, "sad-sad"), r"--target: .* \(got 'sad-sad'\)"),
    ],
)
def test_what_cannot_be_asked_is_named(toy_explained, asked, words):
    with pytest.raises(InputError, match=f"^{words}$"):
        check_arguments(toy_explained(), *asked)
