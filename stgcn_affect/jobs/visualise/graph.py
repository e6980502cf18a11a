"""Pictures and exports of a skeleton graph, with what a run's networks learned to weigh on it."""

from pathlib import Path

from stgcn_affect.reporting.model_figures import edge_importance, importance_figure
from stgcn_affect.skeleton.exports import partition_graph, write_graph
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.training.checkpoint import load_model, model_paths
from stgcn_affect.visual.skeleton_graph import layout_figure, skeleton_graph_figure
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
