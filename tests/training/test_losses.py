import math

import pytest
import torch

from stgcn_affect.nn.decoder import Decoded
from stgcn_affect.nn.network import Latents, NetworkOutput
from stgcn_affect.training import losses
from stgcn_affect.training.losses import (
    SubjectRisks,
    Target,
    classification_terms,
    group_dro,
    input_gradient_penalty,
    latent_error,
    pose_error,
    risk_variance,
    subject_risks,
    total,
    within_class_variance,
)

LN = math.log


def test_total_is_the_weighted_sum():
    terms = {"emotion": torch.tensor(2.0), "within_class_variance": torch.tensor(0.5)}
    assert total(terms, {"emotion": 1.0, "within_class_variance": 4.0, "transfer": 100.0}) == 4.0
    with pytest.raises(KeyError, match="within_class_variance"):
        total(terms, {"emotion": 1.0})


@pytest.fixture
def output():
    """One cycle, two emotions, three subjects: odds of 3 to 1, of 2 to 1 to 1 twice, and of 1 to 3."""
    return NetworkOutput(
        z_emotion=torch.zeros(1, 2),
        z_identity=torch.zeros(1, 2),
        emotion_logits=torch.tensor([[LN(3), 0.0]]),
        identity_logits=torch.tensor([[LN(2), 0.0, 0.0]]),
        adversary_identity_logits=torch.tensor([[LN(2), 0.0, 0.0]]),
        adversary_emotion_logits=torch.tensor([[0.0, LN(3)]]),
    )


def test_classification_terms_by_hand(output):
    terms = classification_terms(output, torch.tensor([0]), torch.tensor([2]), label_smoothing=0.0)
    expected = {
        "emotion": -LN(3 / 4),
        "identity": -LN(1 / 4),
        "adversary_identity": -LN(1 / 4),
        "adversary_emotion": -LN(1 / 4),
    }
    assert {name: float(value) for name, value in terms.items()} == pytest.approx(expected, rel=1e-6)
    assert set(expected) < set(losses.TERMS)


def test_label_smoothing_is_for_the_heads_alone(output):
    terms = classification_terms(output, torch.tensor([0]), torch.tensor([2]), label_smoothing=0.1)
    # A tenth of the label is spread over all classes.
    expected = {
        "emotion": -0.95 * LN(3 / 4) - 0.05 * LN(1 / 4),
        "identity": -(0.9 + 0.1 / 3) * LN(1 / 4) - 0.1 / 3 * (LN(1 / 2) + LN(1 / 4)),
        "adversary_identity": -LN(1 / 4),
        "adversary_emotion": -LN(1 / 4),
    }
    assert {name: float(value) for name, value in terms.items()} == pytest.approx(expected, rel=1e-5)


def test_within_class_variance_by_hand():
    # Emotion 0 at -1 and 1, emotion 2 at 4 and 8 (none of 1). Within: 1 + 1 + 4 + 4; about the mean 3: 16 + 4 + 1 + 25.
    z = torch.tensor([[-1.0], [1.0], [4.0], [8.0]])
    assert float(within_class_variance(z, torch.tensor([0, 0, 2, 2]))) == pytest.approx(10 / 46)


def test_input_gradient_penalty_by_hand():
    # Logits 3a, b and 0. With the direction (2, 0, 1), its mean 1 taken off: (3a) - b, whose gradient is (3, -1).
    x = torch.tensor([[1.0, 2.0], [-4.0, 0.0]], requires_grad=True)
    logits = x @ torch.tensor([[3.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert float(input_gradient_penalty(logits, x, torch.tensor([[2.0, 0.0, 1.0], [2.0, 0.0, 1.0]]))) == pytest.approx(
        10.0
    )
    assert float(input_gradient_penalty(logits, x, torch.tensor([[2.0, 0.0, 1.0], [5.0, 5.0, 5.0]]))) == pytest.approx(
        5.0
    )


def test_the_penalty_flattens_what_it_is_minimised_on():
    weight = torch.tensor([[3.0, -1.0]], requires_grad=True)
    x = torch.ones(4, 1, requires_grad=True)
    input_gradient_penalty(x @ weight, x, torch.tensor([[1.0, -1.0]] * 4)).backward()
    # (w1 - w2)^2 with w1 - w2 = 4.
    torch.testing.assert_close(weight.grad, torch.tensor([[8.0, -8.0]]))


def test_within_class_variance_is_zero_where_emotions_are_points():
    z = torch.tensor([[1.0, 2.0], [1.0, 2.0], [5.0, -3.0]])
    assert within_class_variance(z, torch.tensor([0, 0, 1])) == 0.0


def test_within_class_variance_is_one_where_emotions_do_not_differ():
    z = torch.tensor([[-1.0, 0.0], [1.0, 2.0], [-1.0, 0.0], [1.0, 2.0]])
    assert float(within_class_variance(z, torch.tensor([0, 0, 1, 1]))) == pytest.approx(1.0)


def test_within_class_variance_does_not_fall_when_the_latent_shrinks_and_is_finite_at_a_point():
    z = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
    emotion = torch.tensor([0, 0, 1, 1, 2, 2])
    torch.testing.assert_close(
        within_class_variance(0.01 * z + 5, emotion), within_class_variance(z, emotion), rtol=1e-3, atol=0
    )
    point = torch.ones(6, 3, requires_grad=True)
    within_class_variance(point, emotion).backward()
    assert point.grad.isfinite().all()


@pytest.fixture
def sized(toy_network):
    """A network whose decoder scales the hip by 0.1, the left by 0.5, the right by 1, the log stride time by 0.25."""
    network = toy_network()
    network.decoder.sigma.copy_(torch.tensor([0.1, 0.5, 1.0]).view(3, 1, 1).expand(-1, -1, 3))
    network.decoder.stride_time.copy_(torch.tensor([7.0, 0.25]))
    return network


def test_pose_error_is_zero_when_perfect(sized):
    target = Target(torch.randn(2, 8, 3, 3), torch.tensor([1.0, 1.2]))
    decoded = Decoded(target.positions[:, ::2], target.stride_time_s)
    assert pose_error(decoded, target, sized) == 0.0


def test_pose_error_by_hand(sized):
    target = Target(torch.zeros(1, 4, 3, 3), torch.tensor([1.0]))
    wrong = torch.zeros(1, 2, 3, 3)
    wrong[0, 0, 0, 0] = 0.2  # two sigma
    wrong[0, 1, 1, 2] = -2.0  # four sigma
    error = pose_error(Decoded(wrong, torch.tensor([math.e])), target, sized)
    assert float(error) == pytest.approx((4 + 16) / (2 * 3 * 3) + 16, rel=1e-6)


def test_pose_error_compares_equal_phases(sized):
    target = torch.arange(8.0).view(1, 8, 1, 1).expand(1, 8, 3, 3)
    decoded = Decoded(torch.tensor([0.0, 4.0]).view(1, 2, 1, 1).expand(1, 2, 3, 3), torch.tensor([1.0]))
    assert pose_error(decoded, Target(target, torch.tensor([1.0])), sized) == 0.0


def test_latent_error_by_hand():
    # z_emotion is 1 off in one of four numbers and varies by 1 and 4; z_identity is 3 off in two and varies by 9.
    asked = Latents(torch.tensor([[-1.0, 2.0], [1.0, -2.0]]), torch.tensor([[3.0], [-3.0]]))
    again = Latents(torch.tensor([[0.0, 2.0], [1.0, -2.0]]), torch.tensor([[0.0], [0.0]]))
    assert float(latent_error(again, asked)) == pytest.approx((1 / 4) / 2.5 + 9 / 9)
    assert latent_error(asked, asked) == 0.0


def test_latent_error_teaches_the_second_encoding_alone():
    asked = Latents(*(torch.randn(3, 2, requires_grad=True) for _ in range(2)))
    again = Latents(*(torch.randn(3, 2, requires_grad=True) for _ in range(2)))
    latent_error(again, asked).backward()
    assert all(z.grad is None for z in asked)
    assert all(z.grad.any() for z in again)


def test_latent_error_is_finite_for_a_single_cycle():
    one = Latents(torch.ones(1, 2), torch.ones(1, 2))
    assert latent_error(one, one) == 0.0


def test_each_subject_of_a_batch_has_its_mean_cross_entropy():
    """Odds of 3 to 1: subject 4 is right once and wrong once, subject 1 right."""
    logits = torch.tensor([[LN(3), 0.0]] * 3)
    risks = subject_risks(logits, torch.tensor([0, 0, 1]), torch.tensor([4, 1, 4]), label_smoothing=0.0)
    assert risks.subject.tolist() == [1, 4]
    assert risks.risk.tolist() == pytest.approx([-LN(3 / 4), -(LN(3 / 4) + LN(1 / 4)) / 2])
    smooth = subject_risks(logits[:1], torch.tensor([0]), torch.tensor([0]), label_smoothing=0.2)
    assert smooth.risk.tolist() == pytest.approx([-0.9 * LN(3 / 4) - 0.1 * LN(1 / 4)])


def test_the_variance_of_risks_falls_when_the_worse_subject_gains():
    risk = torch.tensor([1.0, 3.0], requires_grad=True)
    found = risk_variance(SubjectRisks(risk, torch.tensor([0, 1])))
    found.backward()
    assert found.item() == 1.0
    assert risk.grad.tolist() == [-1.0, 1.0]
    assert risk_variance(SubjectRisks(risk[:1], torch.tensor([0]))).item() == 0.0  # one subject has no variance


def test_group_dro_by_hand():
    """Weights of 1/4, 1/4 and 1/2; e^(ln 2 * 1) doubles the first, the second is not in the batch, the third stays."""
    weights = torch.tensor([0.25, 0.25, 0.5])
    risk = torch.tensor([1.0, 0.0], requires_grad=True)
    found = group_dro(SubjectRisks(risk, torch.tensor([0, 2])), weights, step=LN(2))
    assert weights.tolist() == pytest.approx([0.4, 0.2, 0.4])
    assert found.item() == pytest.approx(0.4)
    found.backward()
    assert risk.grad.tolist() == pytest.approx([0.4, 0.4])
    still = torch.tensor([0.25, 0.25, 0.5])
    group_dro(SubjectRisks(risk, torch.tensor([0, 2])), still, step=0.0)
    assert still.tolist() == [0.25, 0.25, 0.5]
