"""The skeleton graph in the formats that graph programs read: GraphML, GEXF, DOT and JSON."""

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import networkx as nx
import numpy as np
import numpy.typing as npt
import pydot

from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole
from stgcn_affect.skeleton.graph import PARTITIONS, SkeletonGraph

_INCHES_PER_METRE = 5.0


def partition_graph(
    graph: SkeletonGraph, *, importance: Mapping[str, npt.NDArray[np.floating]] | None = None
) -> nx.DiGraph:
    """The directed graph that the network convolves over: edges from each joint to its neighbours, and self loops.

    Attributes are strings and numbers alone, as GraphML and GEXF take no others. Graph: ``name``. Node: what
    ``SkeletonGraph.to_networkx`` gives, and ``side``, left, middle or right. Edge: ``partition`` (a name in
    ``PARTITIONS``), ``weight`` (the adjacency's), ``bone`` (1 along a bone, else 0) and the importances.

    Args:
        graph: the skeleton graph.
        importance: name of the attribute to ``[E]``, in the order of ``partition_edges``: what an edge's weight is
            multiplied with. None where nothing was learned.

    Raises:
        InputError: not one importance for each edge.
    """
    edges = graph.partition_edges()
    for name, values in (importance or {}).items():
        if np.shape(values) != edges.partition.shape:
            raise InputError(f"{name}: expected one for each of {len(edges.partition)} edges (got {np.shape(values)})")
    layout = graph.layout
    sides = {joint: side for pair in layout.mirror for joint, side in zip(pair, ("left", "right"), strict=True)}
    made = nx.DiGraph(name=layout.name)
    for joint, about in graph.to_networkx().nodes(data=True):
        made.add_node(joint, **about, side=sides.get(joint, "middle"))
    for e, (source, target) in enumerate(edges.edge_index.T):
        made.add_edge(
            layout.joints[source],
            layout.joints[target],
            partition=PARTITIONS[edges.partition[e]],
            weight=float(edges.weight[e]),
            bone=int(graph.hops[source, target] == 1),
            **{name: float(values[e]) for name, values in (importance or {}).items()},
        )
    return made


def write_graph(made: nx.DiGraph, *, path: str | Path) -> Path:
    """Write a graph of strings and numbers by the path's ending: .graphml, .gexf, .dot or .json (networkx node-link).

    In DOT all names stand in quotes, so that "mixamorig:Hips" is one name, and nodes with a rest pose are pinned to it
    (``neato -n2``), seen from the front.

    Raises:
        InputError: another ending.
    """
    path = Path(path)
    writers: dict[str, Callable[[nx.DiGraph], bytes]] = {
        ".graphml": _graphml,
        ".gexf": _gexf,
        ".dot": _dot,
        ".json": _json,
    }
    if path.suffix not in writers:
        raise InputError(f"{path}: a graph is written as {', '.join(writers)} (got {path.suffix!r})")
    return write_whole(writers[path.suffix](made), path=path)


def _graphml(made: nx.DiGraph) -> bytes:
    content = BytesIO()
    nx.write_graphml_xml(made, content, named_key_ids=True)
    return content.getvalue()


def _gexf(made: nx.DiGraph) -> bytes:
    content = BytesIO()
    nx.write_gexf(made, content)
    return content.getvalue()


def _json(made: nx.DiGraph) -> bytes:
    return (json.dumps(nx.node_link_data(made, edges="edges"), indent=1) + "\n").encode()


def _dot(made: nx.DiGraph) -> bytes:
    dot = pydot.Dot(_quoted(made.name), graph_type="digraph")
    for joint, about in made.nodes(data=True):
        place = {}
        if "x" in about:
            place["pos"] = f"{_INCHES_PER_METRE * about['x']:.3f},{_INCHES_PER_METRE * about['y']:.3f}!"
        node = pydot.Node(_quoted(joint))
        for key, value in (about | place).items():
            node.set(key, _quoted(value))
        dot.add_node(node)
    for source, target, about in made.edges(data=True):
        edge = pydot.Edge(_quoted(source), _quoted(target))
        for key, value in about.items():
            edge.set(key, _quoted(value))
        dot.add_edge(edge)
    return str(dot.to_string()).encode()


def _quoted(value: object) -> str:
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
