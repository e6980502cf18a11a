from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.style import save_figure
from stgcn_affect.visual.walk_grid import Walk, overview, walk_grid_gif


def pixels(content: bytes, frame: int) -> npt.NDArray[np.int64]:
    image = Image.open(BytesIO(content))
    image.seek(frame)
    return np.array(image.convert("RGB"), dtype=np.int64)


def test_every_walk_stands_in_its_place(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    red, blue = Walk("a", cycle, "#FF0000"), Walk("b", cycle, "#0000FF")
    content = walk_grid_gif([[red, None], [None, blue]], layout=layout, frames=2, cycle_s=1.0)
    image = Image.open(BytesIO(content))
    assert (image.n_frames, image.info["loop"], image.info["duration"]) == (2, 0, 500)
    seen = pixels(content, 0)
    reddish, bluish = seen[..., 0] - seen[..., 2] > 100, seen[..., 2] - seen[..., 0] > 100
    half_way = (seen.shape[0] / 2, seen.shape[1] / 2)
    assert (np.argwhere(reddish).max(axis=0) < half_way).all()
    assert (np.argwhere(bluish).min(axis=0) > half_way).all()
    assert (seen[-1, 0] == 255).all()


def test_it_walks(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    content = walk_grid_gif([[Walk("", cycle, "#000000")]], layout=layout, frames=2, view="sagittal")
    assert (pixels(content, 0) != pixels(content, 1)).any()


def test_an_empty_grid_is_an_error(layout: Layout) -> None:
    with pytest.raises(InputError, match="got none"):
        walk_grid_gif([[None]], layout=layout)


def test_overview_is_wide_and_names_everything(tmp_path: Path, layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = overview({"happy": cycle, "sad": cycle}, graph=SkeletonGraph(layout), poses=4)
    graph, strips = figure.axes
    assert {t.get_text() for t in graph.texts} == set(layout.joints)
    assert [t.get_text() for t in strips.texts][:2] == ["happy", "sad"]
    size = Image.open(save_figure(figure, path=tmp_path / "overview.png", dpi=100)).size
    assert size[0] == 900
    assert 300 < size[1] < 600
