import numpy as np
import pytest
import torch

from stgcn_affect.motion.retarget import retarget as retarget_motion
from stgcn_affect.nn.retarget import Retarget
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import ROLES, Layout, layout_names, load_layout


@pytest.fixture
def leg():
    """Foot, hip, knee in this order, rooted at the hip: a chain whose file order is not the tree's."""
    layout = Layout(
        name="leg", joints=("foot", "hip", "knee"), parents=(2, -1, 1), mirror=(), roles=dict.fromkeys(ROLES, ("hip",))
    )
    return Retarget(SkeletonGraph(layout))


STANDING = torch.tensor([[0.0, -3.0, 4.0], [0.0, 0.0, 0.0], [0.0, -3.0, 0.0]])  # 3 down, then 4 forward


def test_bones_and_their_lengths_by_hand(leg):
    torch.testing.assert_close(leg.bones(STANDING), torch.tensor([[0.0, 0.0, 4.0], [0.0, -3.0, 0.0]]))
    twice = torch.stack([STANDING, 3 * STANDING])[None]
    torch.testing.assert_close(leg.bone_lengths(twice), torch.tensor([[8.0, 6.0]]))


def test_retarget_by_hand(leg):
    leg.lengths.copy_(torch.tensor([2.0, 5.0]))
    expected = torch.tensor([[0.0, -5.0, 2.0], [0.0, 0.0, 0.0], [0.0, -5.0, 0.0]])
    torch.testing.assert_close(leg(STANDING), expected)
    torch.testing.assert_close(leg(STANDING + torch.tensor([7.0, 8.0, 9.0])), expected)


def test_fit_takes_the_mean_over_cycles(leg):
    leg.fit(torch.stack([STANDING, 3 * STANDING])[:, None])
    torch.testing.assert_close(leg.lengths, torch.tensor([8.0, 6.0]))


@pytest.mark.parametrize("name", layout_names())
def test_directions_are_kept_and_lengths_are_as_asked(name):
    graph = SkeletonGraph(load_layout(name))
    retarget = Retarget(graph)
    rng = torch.Generator().manual_seed(0)
    motion = torch.randn(2, 5, graph.num_joints, 3, generator=rng)
    wanted = torch.rand(len(graph.bones), generator=rng) + 0.1
    retarget.lengths.copy_(wanted)
    before, after = retarget.bones(motion), retarget.bones(retarget(motion))
    torch.testing.assert_close(after.norm(dim=-1), wanted.expand(2, 5, -1))
    cosine = torch.nn.functional.cosine_similarity(before, after, dim=-1)
    torch.testing.assert_close(cosine, torch.ones_like(cosine))
    assert not retarget(motion)[:, :, graph.layout.root].any()


def test_equal_to_the_retargeting_of_motion():
    layout = load_layout("emotion_gait16")
    ours = Retarget(SkeletonGraph(layout))
    motion = np.random.default_rng(0).normal(size=(4, 16, 3)).astype(np.float32)
    lengths = np.linspace(0.1, 0.5, 15, dtype=np.float32)
    ours.lengths.copy_(torch.from_numpy(lengths))
    theirs = retarget_motion(motion, layout, lengths)
    root = theirs[:, layout.root, None]
    np.testing.assert_allclose(ours(torch.from_numpy(motion)), theirs - root, atol=1e-5)


@pytest.mark.parametrize("function", ["forward", "bone_lengths"])
def test_the_gradient_is_finite_at_a_bone_of_length_nought(leg, function):
    folded = torch.zeros(1, 2, 3, 3, requires_grad=True)
    out = getattr(leg, function)(folded)
    assert out.isfinite().all()
    out.sum().backward()
    assert folded.grad.isfinite().all()


def test_the_gradient_by_hand(leg):
    # The foot's height changes with the direction of its own bone alone: by 1 / 4, its length, when an end is lifted.
    leg.lengths.fill_(1.0)
    motion = STANDING.clone().requires_grad_()
    leg(motion)[0, 1].backward()
    torch.testing.assert_close(motion.grad[:, 1], torch.tensor([0.25, 0.0, -0.25]), atol=1e-6, rtol=0)
    assert motion.grad[:, [0, 2]].abs().max() < 1e-6
