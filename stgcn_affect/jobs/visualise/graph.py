"""Pictures and exports of a skeleton graph, with what a run's networks learned to weigh on it."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import torch
from matplotlib.figure import Figure

from stgcn_affect.nn.st_gcn import Encoder, SpatialTemporalBlock
from stgcn_affect.skeleton.exports import partition_graph, write_graph
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.training.checkpoint import Model, load_model, model_paths
from stgcn_affect.visual.skeleton_graph import edge_importance_figure, layout_figure, skeleton_graph_figure
from stgcn_affect.visual.style import file_name, save_both

FORMATS = (".graphml", ".gexf", ".dot", ".json")


def visualise_layout(source: str, out: Path) -> list[Path]:
    """Draw a layout, an embedded one or a YAML file, with names and roles. Raises InputError for a wrong one."""
    layout = load_layout(source)
    return save_both(layout_figure(layout), path=out / f"{file_name('layout', layout.name)}.png")


def visualise_graph(source: str, out: Path) -> list[Path]:
    """Draw and export the graph of a layout, or of a run with the importance of its edges.

    Of a run, an edge's attributes ``importance`` and ``importance_identity`` are those of the emotion and of the
    identity encoder, each the mean over blocks and models.

    Raises:
        InputError: neither a run nor a layout.
    """
    models = [load_model(path) for path in model_paths(Path(source))] if Path(source).is_dir() else []
    graph = SkeletonGraph(models[0].layout if models else load_layout(source))
    learned = edge_importance(models) if models else {}
    columns = {"emotion": "importance", "identity": "importance_identity"}
    made = partition_graph(graph, importance={columns[branch]: values for branch, values in learned.items()})
    paths = save_both(skeleton_graph_figure(graph, partitions=True), path=out / "skeleton.png")
    if learned:
        paths += save_both(importance_figure(models), path=out / "edge_importance.png")
    return paths + [write_graph(made, path=out / f"skeleton{ending}") for ending in FORMATS]


def importance_figure(models: Sequence[Model]) -> Figure:
    """The learned importance of both encoders, a panel for each partition."""
    blocks = len(models[0].network.emotion_encoder.blocks)
    of = f"mean over {blocks} {'block' if blocks == 1 else 'blocks'}"
    return edge_importance_figure(
        SkeletonGraph(models[0].layout),
        importance={f"{branch} encoder": values for branch, values in edge_importance(models).items()},
        title=f"learned edge importance, {of}" + (f" and {len(models)} models" if len(models) > 1 else ""),
    )


def edge_importance(models: Sequence[Model]) -> dict[str, npt.NDArray[np.float32]]:
    """Branch, "emotion" or "identity", to the importance ``[E]`` of its encoder's edges, mean over blocks and models.

    The edges are in the order of ``SkeletonGraph.partition_edges``.
    """
    branches = {
        "emotion": [model.network.emotion_encoder for model in models],
        "identity": [model.network.identity_encoder for model in models],
    }
    return {
        name: np.mean([_importance(encoder) for encoder in encoders], axis=0) for name, encoders in branches.items()
    }


def _importance(encoder: Encoder) -> npt.NDArray[np.float32]:
    blocks = [cast(SpatialTemporalBlock, block).spatial.importance for block in encoder.blocks]
    mean: npt.NDArray[np.float32] = torch.stack([values.detach().cpu() for values in blocks]).mean(dim=0).numpy()
    return mean
