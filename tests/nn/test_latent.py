import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from stgcn_affect.nn.latent import ClassMeanProjection, RadialClip


def readout(*, weight, bias):
    made = nn.Linear(len(weight[0]), len(weight))
    with torch.no_grad():
        made.weight.copy_(torch.tensor(weight))
        made.bias.copy_(torch.tensor(bias))
    return made


def project(readout, z, label, **how):
    """Fit the projection on z and apply it to the read-out."""
    projection = ClassMeanProjection.fit(z, label)
    projection.apply(readout, **how)
    return projection


def random_readout(seed, *, inputs=6, outputs=5, cycles=40, labels=3):
    generator = torch.Generator().manual_seed(seed)
    made = readout(
        weight=torch.randn(outputs, inputs, generator=generator).tolist(),
        bias=torch.randn(outputs, generator=generator).tolist(),
    )
    x = torch.randn(cycles, inputs, generator=generator)
    return made, x, torch.arange(cycles) % labels


def test_two_labels_leave_the_line_through_their_means():
    made = readout(weight=[[1.0, 0.0], [0.0, 1.0]], bias=[0.0, 0.0])
    z = torch.tensor([[0.0, 3.0], [2.0, 3.0], [5.0, 0.0], [5.0, 6.0]])  # means (1, 3) and (5, 3): the line y = 3
    project(made, z, torch.tensor([0, 0, 1, 1]))
    assert made(torch.tensor([[7.0, -4.0], [0.0, 3.0]])).tolist() == [
        pytest.approx([7.0, 3.0], abs=1e-6),
        pytest.approx([0.0, 3.0], abs=1e-6),
    ]


def test_a_direction_that_identifies_the_subject_is_lost_however_little_it_varies():
    subject = torch.tensor([0.0, 1.0, 0.0, 1.0])
    emotion = torch.tensor([0, 0, 1, 1])
    x = torch.stack([emotion.float(), 1e-3 * subject], dim=1)
    made = readout(weight=[[1.0, 0.0], [0.0, 1.0]], bias=[0.0, 0.0])
    project(made, made(x), emotion)
    z = made(x)
    assert z[0].tolist() == pytest.approx(z[1].tolist(), abs=1e-7)
    assert z[2].tolist() == pytest.approx(z[3].tolist(), abs=1e-7)
    assert (z[2] - z[0]).tolist() == pytest.approx([1.0, 0.0], abs=1e-6)


@given(st.integers(0, 10_000))
def test_the_means_stay_and_the_rest_has_one_dimension_less_than_there_are_labels(seed):
    made, x, label = random_readout(seed)
    before = made(x).detach()
    project(made, before, label)
    after = made(x).detach()
    for code in range(3):
        assert torch.allclose(after[label == code].mean(dim=0), before[label == code].mean(dim=0), atol=1e-4)
    spread = torch.linalg.svdvals(after - after.mean(dim=0))
    assert (spread > 1e-3 * spread[0]).sum() == 2


@given(st.integers(0, 10_000))
def test_projecting_again_changes_nothing(seed):
    made, x, label = random_readout(seed)
    project(made, made(x).detach(), label)
    once = made(x).detach()
    project(made, once, label)
    assert torch.allclose(made(x), once, atol=1e-4)


def test_as_many_dimensions_as_the_means_span_stay_as_they_are():
    made, x, label = random_readout(0, outputs=2, labels=3)
    before = made(x).detach()
    project(made, before, label)
    assert torch.allclose(made(x), before, atol=1e-5)


def test_labels_with_one_mean_leave_only_that():
    made = readout(weight=[[1.0]], bias=[0.0])
    project(made, torch.tensor([[1.0], [3.0]]), torch.tensor([4, 4]))
    assert made(torch.tensor([[8.0]])).tolist() == [[2.0]]


def test_the_stretch_goes_out_from_the_centre_and_the_radius_is_that_before():
    made = readout(weight=[[1.0, 0.0], [0.0, 1.0]], bias=[0.0, 0.0])
    z = torch.tensor([[0.0, 3.0], [2.0, 3.0], [5.0, 0.0], [5.0, 6.0]])  # about (3, 3): 3, 1, 2 and 2 along the line
    _, centre, radius = project(made, z, torch.tensor([0, 0, 1, 1]), stretch=2.0)
    assert centre.tolist() == pytest.approx([3.0, 3.0])
    assert radius.item() == pytest.approx(2.0)
    assert made(torch.tensor([[7.0, -4.0]])).tolist() == [pytest.approx([11.0, 3.0], abs=1e-5)]


POINTS = torch.tensor([[4.0, 5.0], [1.0, 3.0], [1.0, 2.0]])
CENTRE = torch.tensor([1.0, 2.0])


def clip(radius):
    made = RadialClip(2)
    made.fit(CENTRE, torch.tensor(radius))
    return made


def test_before_it_is_fitted_nothing_is_clipped():
    assert RadialClip(2)(1e6 * POINTS).equal(1e6 * POINTS)


def test_points_outside_are_clipped_by_hand():
    points = torch.tensor([[4.0, 6.0], [1.0, 3.0], [1.0, 2.0]])  # 5, 1 and 0 from the centre
    expected = [[1.0 + 3.0 * 2 / 5, 2.0 + 4.0 * 2 / 5], [1.0, 3.0], [1.0, 2.0]]
    for found, wanted in zip(clip(2.0)(points).tolist(), expected, strict=True):
        assert found == pytest.approx(wanted)


def test_a_point_of_the_ball_stays_and_so_does_its_gradient():
    points = (CENTRE + torch.tensor([[0.3, -0.4], [0.0, 0.0]])).requires_grad_()
    clip(1.0)(points).sum().backward()
    assert points.grad.tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_outside_only_the_direction_counts():
    points = (CENTRE + torch.tensor([[3.0, 4.0]])).requires_grad_()
    found = clip(1.0)(points)
    assert torch.allclose(clip(1.0)(CENTRE + 10 * (points - CENTRE)), found)
    (found @ torch.tensor([3.0, 4.0])).sum().backward()  # along the ray nothing moves
    assert points.grad.tolist() == [pytest.approx([0.0, 0.0], abs=1e-6)]


def test_it_is_kept_with_the_weights():
    other = RadialClip(2)
    other.load_state_dict(clip(2.0).state_dict())
    assert other(5 * POINTS).equal(clip(2.0)(5 * POINTS))
