from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.overview import overview
from stgcn_affect.visual.save import save_figure


def test_overview_is_wide_and_names_everything(tmp_path: Path, layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = overview({"happy": cycle, "sad": cycle}, graph=SkeletonGraph(layout), poses=4)
    graph, strips = figure.axes
    assert {t.get_text() for t in graph.texts} == set(layout.joints)
    assert [t.get_text() for t in strips.texts][:2] == ["happy", "sad"]
    size = Image.open(save_figure(figure, path=tmp_path / "overview.png", dpi=100)).size
    assert size[0] == 900
    assert 300 < size[1] < 600
