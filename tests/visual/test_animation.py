from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.animation import walk_gif


def test_gif_loops_at_the_pace_of_the_cycle(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    content = walk_gif([cycle, cycle], layout=layout, captions=["a", "b"], frames=4, cycle_s=1.0, height_px=120)
    picture = Image.open(BytesIO(content))
    assert picture.format == "GIF"
    assert picture.n_frames == 4
    assert picture.info["loop"] == 0
    assert picture.info["duration"] == 250
    assert picture.height == 120
    assert len(content) < 40_000


def test_the_pictures_differ_and_the_paper_is_white(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    picture = Image.open(BytesIO(walk_gif([cycle], layout=layout, frames=2, height_px=120)))
    first = np.array(picture.convert("RGB"))
    picture.seek(1)
    assert (first != np.array(picture.convert("RGB"))).any()
    assert (first[0, 0] == 255).all()


def test_bodies_may_differ_in_length(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    content = walk_gif([cycle, cycle[::2]], layout=layout, frames=4, height_px=100)
    assert Image.open(BytesIO(content)).n_frames == 4


def test_wrong_numbers_of_things(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    with pytest.raises(InputError, match=r"at least one body \(got none\)"):
        walk_gif([], layout=layout)
    with pytest.raises(InputError, match=r"expected 1 captions, one for each body \(got 2\)"):
        walk_gif([cycle], layout=layout, captions=["a", "b"])
    with pytest.raises(InputError, match=r"expected 1 colours"):
        walk_gif([cycle], layout=layout, colours=["red", "blue"])
