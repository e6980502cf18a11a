import networkx as nx
import numpy as np
import pytest
import torch

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import ROLES, Layout, layout_names, load_layout


def chain(pelvis: tuple[str, ...] = ("b",)) -> Layout:
    """a - b - c, rooted at a, seen from the pelvis."""
    roles = dict.fromkeys(ROLES, ("a",)) | {"pelvis": pelvis}
    rest = np.array([[0, 2, 0], [0, 1, 0], [0, 1, 0.5]], dtype=np.float32)
    return Layout(name="chain", joints=("a", "b", "c"), parents=(-1, 0, 1), mirror=(), roles=roles, rest=rest)


def test_adjacency_of_a_chain_by_hand() -> None:
    # Neighbours with oneself: a has 2, b has 3, c has 2. Rows are targets; b is the centre.
    root = [[1 / 2, 0, 0], [0, 1 / 3, 0], [0, 0, 1 / 2]]
    centripetal = [[0, 1 / 2, 0], [0, 0, 0], [0, 1 / 2, 0]]
    centrifugal = [[0, 0, 0], [1 / 3, 0, 1 / 3], [0, 0, 0]]
    adjacency = SkeletonGraph(chain()).adjacency
    assert adjacency.dtype == np.float32
    np.testing.assert_allclose(adjacency, [root, centripetal, centrifugal], rtol=1e-6)


def test_two_hops_put_siblings_in_the_root_group() -> None:
    graph = SkeletonGraph(chain(), max_hop=2)
    np.testing.assert_array_equal(graph.partition, [[0, 1, 0], [2, 0, 2], [0, 1, 0]])
    np.testing.assert_allclose(graph.adjacency.sum(axis=0), np.full((3, 3), 1 / 3), rtol=1e-6)


def test_several_pelvis_joints_count_from_the_nearest() -> None:
    graph = SkeletonGraph(chain(pelvis=("a", "c")))
    np.testing.assert_array_equal(graph.centre_hops, [0, 1, 0])
    np.testing.assert_array_equal(graph.partition, [[0, 2, -1], [1, 0, 1], [-1, 2, 0]])


def test_hops_and_edges_by_hand() -> None:
    graph = SkeletonGraph(chain())
    np.testing.assert_array_equal(graph.hops, [[0, 1, 2], [1, 0, 1], [2, 1, 0]])
    np.testing.assert_array_equal(graph.edge_index, [[0, 1, 1, 2], [1, 0, 2, 1]])
    assert graph.edge_index.dtype == np.int64


def test_max_hop_below_one_is_an_error() -> None:
    with pytest.raises(InputError, match=r"max_hop must be at least 1 \(got 0\)"):
        SkeletonGraph(chain(), max_hop=0)


@pytest.mark.parametrize("max_hop", [1, 2])
@pytest.mark.parametrize("name", layout_names())
def test_every_layout_has_weights_that_sum_to_one_and_distances_like_networkx(name: str, max_hop: int) -> None:
    graph = SkeletonGraph(load_layout(name), max_hop)
    np.testing.assert_allclose(graph.adjacency.sum(axis=(0, 2)), 1, rtol=1e-6)
    lengths = dict(nx.all_pairs_shortest_path_length(graph.to_networkx()))
    joints = graph.layout.joints
    np.testing.assert_array_equal(graph.hops, [[lengths[a][b] for b in joints] for a in joints])


@pytest.mark.parametrize("max_hop", [1, 2])
def test_partition_edges_gather_what_the_dense_product_gathers(max_hop: int) -> None:
    graph = SkeletonGraph(load_layout("emotion_gait16"), max_hop)
    x = np.random.default_rng(0).normal(size=(16, 5))
    (source, target), partition, weight = graph.partition_edges()
    gathered = np.zeros((3, 16, 5))
    np.add.at(gathered, (partition, target), weight[:, None] * x[source])
    np.testing.assert_allclose(gathered, graph.adjacency @ x, atol=1e-6)


def test_partition_edges_end_with_the_self_loops() -> None:
    edges = SkeletonGraph(chain()).partition_edges()
    np.testing.assert_array_equal(edges.edge_index, [[0, 1, 1, 2, 0, 1, 2], [1, 0, 2, 1, 0, 1, 2]])
    np.testing.assert_array_equal(edges.partition, [2, 1, 1, 2, 0, 0, 0])
    np.testing.assert_allclose(edges.weight, [1 / 3, 1 / 2, 1 / 2, 1 / 3, 1 / 2, 1 / 3, 1 / 2], rtol=1e-6)


def test_networkx_view_names_joints_and_can_be_written() -> None:
    graph = SkeletonGraph(load_layout("emotion_gait16")).to_networkx()
    assert nx.is_tree(graph)
    knee = graph.nodes["l_knee"]
    assert (knee["roles"], knee["mirror"], knee["centre_hops"]) == ("l_knee", "r_knee", 2)
    assert knee["y"] == pytest.approx(0.5)
    assert graph.edges["l_knee", "l_foot"]["length_m"] == pytest.approx(np.hypot(0.42, 0.03), rel=1e-5)
    read = nx.parse_graphml("\n".join(nx.generate_graphml(graph)))
    assert dict(read.nodes(data=True)) == dict(graph.nodes(data=True))
    assert dict(read.adj) == dict(graph.adj)


def test_data_view_is_a_valid_undirected_graph() -> None:
    data = SkeletonGraph(chain()).to_data()
    data.validate(raise_on_error=True)
    assert data.is_undirected()
    assert not data.has_self_loops()
    assert data.num_nodes == 3
    assert data.joints == ["a", "b", "c"]
    torch.testing.assert_close(data.edge_type, torch.tensor([2, 1, 1, 2]))
    torch.testing.assert_close(data.pos, torch.tensor([[0, 2, 0], [0, 1, 0], [0, 1, 0.5]]))
