from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.relevance_animation import relevance_gif


def frames(content: bytes) -> list[npt.NDArray[np.int_]]:
    picture = Image.open(BytesIO(content))
    pixels = []
    for number in range(picture.n_frames):
        picture.seek(number)
        pixels.append(np.array(picture.convert("RGB"), dtype=int))
    return pixels


def near(pixels: npt.NDArray[np.int_], colour: tuple[int, int, int]) -> int:
    return int((np.abs(pixels - colour).max(axis=-1) < 12).sum())


def test_a_joint_lights_up_when_it_counts(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    relevance = np.zeros((8, 16))
    relevance[4, layout.index("head")] = 1.0
    relevance[0, layout.index("root")] = -1.0
    first, later = frames(relevance_gif({"sad": cycle}, {"sad": relevance}, layout=layout, frames=2, height_px=250))
    body = slice(30, 190)
    vermillion, blue = (213, 94, 0), (0, 114, 178)
    assert near(first[body], blue) > 20 > near(later[body], blue)
    assert near(later[body], vermillion) > 20 > near(first[body], vermillion)
    for picture in (first, later):
        assert near(picture[200:], vermillion) > 5, "the bar has its ends"
        assert near(picture[200:], blue) > 5
        assert (picture[0, 0] == 255).all()


def test_bodies_stand_side_by_side(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    relevance = np.ones((8, 16))
    maps = {"angry": relevance, "happy": relevance, "sad": relevance}
    one, three = (
        Image.open(BytesIO(relevance_gif(dict.fromkeys(names, cycle), maps, layout=layout, frames=1, height_px=400)))
        for names in (["sad"], ["angry", "happy", "sad"])
    )
    assert one.height == three.height == 400
    assert one.width < three.width < 3 * one.width


def test_map_and_cycle_must_fit(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    with pytest.raises(InputError, match=r"'sad' needs a map of its cycle's shape \[8, 16\] \(got \[16\]\)"):
        relevance_gif({"sad": cycle}, {"sad": np.zeros(16)}, layout=layout)
    with pytest.raises(InputError, match="at least one body"):
        relevance_gif({}, {}, layout=layout)
