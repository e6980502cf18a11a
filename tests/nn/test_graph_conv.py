import numpy as np
import pytest
import torch
from torch_geometric.explain.algorithm.utils import clear_masks, set_masks

from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import layout_names, load_layout

ONE_EACH = torch.tensor([[[1.0], [10.0], [100.0]]])  # hip, left, right


@pytest.fixture
def conv(toy_graph):
    """Two channels out: what the partitions root, centripetal and centrifugal bring, weighed 1, 2, 4 and 0, 0, 1."""
    layer = SkeletonConv(1, 2, toy_graph)
    with torch.no_grad():
        layer.linear.weight.copy_(torch.tensor([[1.0, 2.0, 4.0], [0.0, 0.0, 1.0]]))
        layer.linear.bias.copy_(torch.tensor([0.5, -1.0]))
    return layer


def with_random_weights(channels, out, graph, *, fused, seed=0):
    torch.manual_seed(seed)
    layer = SkeletonConv(channels, out, graph, fused=fused)
    torch.nn.init.uniform_(layer.importance, 0.2, 2.0)
    return layer


def test_adjacency_of_the_toy_by_hand(conv):
    # The hip has three neighbours with itself, left and right have two. Rows: hip, left, right x three partitions.
    expected = [
        [1 / 3, 0, 0],
        [0, 0, 0],
        [0, 1 / 3, 1 / 3],
        [0, 1 / 2, 0],
        [1 / 2, 0, 0],
        [0, 0, 0],
        [0, 0, 1 / 2],
        [1 / 2, 0, 0],
        [0, 0, 0],
    ]
    np.testing.assert_allclose(conv.adjacency().detach(), expected, rtol=1e-6)


@pytest.mark.parametrize("fused", [True, False])
def test_one_convolution_by_hand(conv, fused):
    # hip: root 1/3, centrifugal 110/3; left: root 5, centripetal 1/2; right: root 50, centripetal 1/2.
    conv.fused = fused
    expected = [[0.5 + 1 / 3 + 440 / 3, 110 / 3 - 1], [0.5 + 5 + 1, -1], [0.5 + 50 + 1, -1]]
    torch.testing.assert_close(conv(ONE_EACH), torch.tensor([expected]))


@pytest.mark.parametrize("fused", [True, False])
def test_importance_weighs_single_edges(conv, fused):
    conv.fused = fused
    hip_to_left = (torch.tensor([0, 1]) == conv.edge_index.T).all(dim=1)
    with torch.no_grad():
        conv.importance[hip_to_left] = 3.0
    expected = [[0.5 + 1 / 3 + 440 / 3, 110 / 3 - 1], [0.5 + 5 + 3, -1], [0.5 + 50 + 1, -1]]
    torch.testing.assert_close(conv(ONE_EACH), torch.tensor([expected]))


@pytest.mark.parametrize("shape", [(2,), (2, 5)], ids=["3-D", "4-D"])
@pytest.mark.parametrize("name", layout_names())
def test_fused_and_message_paths_are_equal_and_so_are_their_gradients(name, shape):
    graph = SkeletonGraph(load_layout(name))
    x = torch.randn(*shape, graph.num_joints, 3, generator=torch.Generator().manual_seed(1))
    outputs, gradients = [], []
    for fused in (True, False):
        layer = with_random_weights(3, 4, graph, fused=fused)
        seen = x.clone().requires_grad_()
        out = layer(seen)
        assert out.shape == (*shape, graph.num_joints, 4)
        out.square().sum().backward()
        outputs.append(out)
        gradients.append([seen.grad, *(parameter.grad for parameter in layer.parameters())])
    torch.testing.assert_close(outputs[0], outputs[1], rtol=1e-5, atol=1e-5)
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("max_hop", [1, 2])
def test_paths_are_equal_for_neighbours_further_off(toy_layout, max_hop):
    graph = SkeletonGraph(toy_layout, max_hop)
    x = torch.randn(4, 3, 2, generator=torch.Generator().manual_seed(0))
    one, other = (with_random_weights(2, 5, graph, fused=fused)(x) for fused in (True, False))
    torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)


def test_an_edge_mask_of_ones_changes_nothing_and_of_zeros_leaves_the_self_loops(conv, toy_graph):
    edges = torch.from_numpy(toy_graph.edge_index)
    set_masks(conv, torch.ones(4), edges, apply_sigmoid=False)
    torch.testing.assert_close(conv(ONE_EACH), with_nothing_masked(conv))
    set_masks(conv, torch.zeros(4), edges, apply_sigmoid=False)
    loops_alone = [[0.5 + 1 / 3, -1], [0.5 + 5, -1], [0.5 + 50, -1]]
    torch.testing.assert_close(conv(ONE_EACH), torch.tensor([loops_alone]))


def with_nothing_masked(conv):
    clear_masks(conv)
    return conv(ONE_EACH)


def test_a_mask_reaches_the_one_bone_that_it_names(conv, toy_graph):
    edges = torch.from_numpy(toy_graph.edge_index)
    mask = ((edges[0] != 2) | (edges[1] != 0)).float()  # right to hip is cut
    set_masks(conv, mask, edges, apply_sigmoid=False)
    expected = [[0.5 + 1 / 3 + 40 / 3, 10 / 3 - 1], [6.5, -1], [51.5, -1]]
    torch.testing.assert_close(conv(ONE_EACH), torch.tensor([expected]))


def test_an_edge_mask_gets_a_gradient_in_a_4d_batch_and_the_fused_path_is_back_afterwards(conv, toy_graph):
    edges = torch.from_numpy(toy_graph.edge_index)
    mask = torch.nn.Parameter(torch.zeros(4))
    x = torch.randn(2, 5, 3, 1, generator=torch.Generator().manual_seed(0))
    plain = conv(x)
    set_masks(conv, mask, edges)
    conv(x).square().sum().backward()
    assert mask.grad is not None
    assert (mask.grad != 0).all()
    clear_masks(conv)
    assert not conv.explain
    torch.testing.assert_close(conv(x), plain)


def test_state_dict_holds_what_is_learned_alone(conv):
    assert set(conv.state_dict()) == {"importance", "linear.weight", "linear.bias"}
