import numpy as np
import pytest
import torch

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.target import Target, contrast, lead, target_weights, two_emotions

EMOTIONS = ("angry", "happy", "sad")
WITH_MINUS = ("angry", "not-confident", "sad")


def test_targets_are_read_from_names():
    assert Target.emotion("happy", EMOTIONS) == Target(1)
    assert Target.emotion("sad", EMOTIONS, minus="angry") == Target(2, minus=0)
    assert Target.subject("eva", ["ana", "eva"]) == Target(1, head="identity")


def test_an_unknown_name_is_an_input_error_that_lists_those_known():
    with pytest.raises(InputError, match=r"target: expected an emotion, one of angry, happy, sad \(got 'glad'\)"):
        Target.emotion("glad", EMOTIONS)
    with pytest.raises(InputError, match=r"one of angry, happy, sad \(got 'glad'\)"):
        Target.emotion("sad", EMOTIONS, minus="glad")
    with pytest.raises(InputError, match=r"target: expected a subject of the training, one of ana, eva \(got 'tom'\)"):
        Target.subject("tom", ["ana", "eva"])


@pytest.mark.parametrize(
    ("target", "rows"),
    [
        (1, [[0, 1, 0], [0, 1, 0]]),
        (Target(2), [[0, 0, 1], [0, 0, 1]]),
        (Target(2, minus=0), [[-1, 0, 1], [-1, 0, 1]]),
        (Target(1, minus=1), [[0, 0, 0], [0, 0, 0]]),
        (torch.tensor([2, 0]), [[0, 0, 1], [1, 0, 0]]),
    ],
)
def test_weights_of_the_logits(target, rows):
    torch.testing.assert_close(contrast(target, batch=2, classes=3), torch.tensor(rows, dtype=torch.float32))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (3, r"code of one of 3 classes \(got 3\)"),
        (Target(0, minus=-1), r"code of one of 3 classes \(got -1\)"),
        (torch.tensor([0, 5]), r"code of one of 3 classes \(got 5\)"),
        (torch.tensor([0]), r"one code for each of 2 cycles \(got shape \(1,\)\)"),
    ],
)
def test_codes_that_no_logit_has(target, words):
    with pytest.raises(InputError, match=words):
        contrast(target, batch=2, classes=3)


def test_the_lead_of_an_emotion_is_over_the_mean_of_all_logits():
    expected = torch.tensor([[-1.0, 2.0, -1.0]] * 2) / 3
    torch.testing.assert_close(lead("happy", EMOTIONS, batch=2), expected)
    codes = torch.tensor([1, 0])
    each = lead(codes, EMOTIONS, batch=2)
    torch.testing.assert_close(each, torch.tensor([[-1.0, 2.0, -1.0], [2.0, -1.0, -1.0]]) / 3)
    torch.testing.assert_close(each.sum(dim=1), torch.zeros(2))  # what moves all logits alike is no evidence
    with pytest.raises(InputError, match=r"one of angry, happy, sad \(got 'glad'\)"):
        lead("glad", EMOTIONS, batch=2)


def test_weights_of_the_logits_are_a_target_as_they_are():
    weights = torch.tensor([[0.5, -0.5], [1.0, 0.0]])
    assert contrast(weights, batch=2, classes=2) is weights
    with pytest.raises(InputError, match=r"weights of 3 logits for each of 2 cycles \(got shape \(2, 2\)\)"):
        contrast(weights, batch=2, classes=3)


def test_targets_as_weights_of_the_logits_by_hand():
    third = 1 / 3
    own = target_weights(None, torch.tensor([0, 2]), WITH_MINUS)
    np.testing.assert_allclose(own, [[1 - third, -third, -third], [-third, -third, 1 - third]], atol=1e-6)
    one = target_weights("not-confident", torch.tensor([0]), WITH_MINUS)
    np.testing.assert_allclose(one, [[-third, 1 - third, -third]], atol=1e-6)
    np.testing.assert_array_equal(
        target_weights("not-confident-sad", torch.tensor([0, 1]), WITH_MINUS), [[0, 1, -1]] * 2
    )
    np.testing.assert_array_equal(target_weights("sad-not-confident", torch.tensor([0]), WITH_MINUS), [[0, -1, 1]])


@pytest.mark.parametrize("target", ["bored", "sad-bored", "sad-sad", "sad-", "-", "not-confident-angry-sad"])
def test_a_target_that_is_none_is_named(target):
    with pytest.raises(InputError, match=r"target: expected one of angry, not-confident, sad, or two .*\(got") as error:
        two_emotions(target, WITH_MINUS)
    assert repr(target) in str(error.value)
