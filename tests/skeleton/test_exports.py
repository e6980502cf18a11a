import json
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pydot
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.exports import partition_graph, write_graph
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout, load_layout


def read(path: Path) -> nx.DiGraph:
    """A written graph as networkx reads it, numbers as numbers."""
    if path.suffix == ".graphml":
        return nx.read_graphml(path)
    if path.suffix == ".gexf":
        return nx.read_gexf(path)
    if path.suffix == ".json":
        return nx.node_link_graph(json.loads(path.read_text()), edges="edges")
    (dot,) = pydot.graph_from_dot_file(str(path))
    made = nx.DiGraph()
    for node in dot.get_nodes():
        made.add_node(json.loads(node.get_name()), **plain(node.get_attributes()))
    for edge in dot.get_edges():
        ends = json.loads(edge.get_source()), json.loads(edge.get_destination())
        made.add_edge(*ends, **plain(edge.get_attributes()))
    return made


def plain(attributes: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in attributes.items():
        text = json.loads(value)
        try:
            found[key] = float(text)
        except ValueError:
            found[key] = text
    return found


def renamed(layout: Layout, change: dict[str, str]) -> Layout:
    content = json.loads(json.dumps(layout.to_dict()))
    content["joints"] = {change.get(j, j): p and change.get(p, p) for j, p in content["joints"].items()}
    content["mirror"] = [[change.get(j, j) for j in pair] for pair in content["mirror"]]
    content["roles"] = {role: [change.get(j, j) for j in joints] for role, joints in content["roles"].items()}
    return Layout.from_dict(content)


@pytest.mark.parametrize("kind", ["graphml", "gexf", "dot", "json"])
@pytest.mark.parametrize("name", ["emotion_gait16", "coco17", "hard names", "no rest"])
def test_every_format_reads_back(tmp_path: Path, kind: str, name: str) -> None:
    layout = load_layout(name if name[-1] in "67" else "emotion_gait16")
    if name == "hard names":
        layout = renamed(layout, {"root": "mixamorig:Hips", "neck": 'the "neck" & <b>', "l_hip": "node"})
    elif name == "no rest":
        layout = replace(layout, rest=None)
    graph = SkeletonGraph(layout)
    learned = 1 + 0.01 * np.arange(len(graph.partition_edges().partition), dtype=np.float32)
    made = partition_graph(graph, importance={"importance": learned, "importance_identity": 2 * learned})
    back = read(write_graph(made, path=tmp_path / f"skeleton.{kind}"))
    assert list(back.nodes) == list(layout.joints)
    assert set(back.edges) == set(made.edges)
    for joint, about in made.nodes(data=True):
        assert back.nodes[joint].items() >= about.items()
    for source, target, about in made.edges(data=True):
        found = back.edges[source, target]
        assert found["partition"] == about["partition"]
        for key in ("weight", "bone", "importance", "importance_identity"):
            assert found[key] == pytest.approx(about[key], abs=1e-7)


def test_edges_are_those_of_the_convolution(toy_layout: Layout) -> None:
    graph = SkeletonGraph(toy_layout)
    made = partition_graph(graph)
    found = {(a, b): (about["partition"], round(about["weight"], 4)) for a, b, about in made.edges(data=True)}
    assert found == {
        ("hip", "hip"): ("root", 0.3333),
        ("left", "left"): ("root", 0.5),
        ("right", "right"): ("root", 0.5),
        ("hip", "left"): ("centripetal", 0.5),
        ("hip", "right"): ("centripetal", 0.5),
        ("left", "hip"): ("centrifugal", 0.3333),
        ("right", "hip"): ("centrifugal", 0.3333),
    }
    assert [made.nodes[joint]["side"] for joint in toy_layout.joints] == ["middle", "left", "right"]
    assert made.nodes["left"]["y"] == -0.5
    assert "importance" not in made.edges["hip", "left"]


def test_importances_follow_the_order_of_partition_edges(toy_layout: Layout) -> None:
    graph = SkeletonGraph(toy_layout)
    edges = graph.partition_edges()
    made = partition_graph(graph, importance={"importance": 10.0 * edges.edge_index[0] + edges.edge_index[1]})
    assert made.edges["hip", "right"]["importance"] == 2
    assert made.edges["right", "hip"]["importance"] == 20


def test_mistakes_are_named(toy_layout: Layout, tmp_path: Path) -> None:
    graph = SkeletonGraph(toy_layout)
    with pytest.raises(InputError, match=r"importance: expected one for each of 7 edges \(got \(3,\)\)"):
        partition_graph(graph, importance={"importance": np.ones(3)})
    with pytest.raises(InputError, match=r"skeleton\.png: a graph is written as .* \(got '\.png'\)"):
        write_graph(partition_graph(graph), path=tmp_path / "skeleton.png")
