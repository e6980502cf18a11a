import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.graph import PARTITIONS, SkeletonGraph
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.edge_importance import edge_importance_figure


def test_panels_by_partition_name_the_edges_farthest_from_one(toy_layout: Layout) -> None:
    # Edges of the toy, neighbours first: 0>1, 0>2 (centripetal), 1>0, 2>0 (centrifugal), then loops of 0, 1 and 2.
    values = np.array([1.0, 0.7, 1.1, 1.0, 1.0, 1.0, 1.2])
    figure = edge_importance_figure(SkeletonGraph(toy_layout), importance={"first": values, "second": np.ones(7)})
    panels = figure.axes[:6]
    assert [axes.get_title().split(":")[0] for axes in panels] == [*PARTITIONS] * 2
    said = [axes.texts[0].get_text().splitlines()[0] for axes in panels[:3]]
    assert said == ["right  1.20", "hip to right  0.70", "left to hip  1.10"]


def test_wider_where_more_was_learned(toy_layout: Layout) -> None:
    values = np.array([1.0, 0.7, 1.1, 1.0, 1.0, 1.0, 1.2])
    figure = edge_importance_figure(SkeletonGraph(toy_layout), importance={"": values})
    centripetal = [line.get_linewidth() for line in figure.axes[1].lines if line.get_zorder() >= 2]
    assert len(centripetal) == 2
    assert centripetal[0] > centripetal[1]


def test_importances_must_fit(toy_layout: Layout) -> None:
    with pytest.raises(InputError, match=r"first: expected one importance for each of 7 edges \(got \(2,\)\)"):
        edge_importance_figure(SkeletonGraph(toy_layout), importance={"first": np.ones(2)})
    with pytest.raises(InputError, match="got none"):
        edge_importance_figure(SkeletonGraph(toy_layout), importance={})
