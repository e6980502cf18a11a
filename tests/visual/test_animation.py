from collections.abc import Callable
from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.animation import FOOTER_IN, relevance_gif, walk_gif


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


def shades(content: bytes) -> set[tuple[int, ...]]:
    picture = Image.open(BytesIO(content)).convert("RGB")
    return {tuple(map(int, colour)) for colour in np.array(picture).reshape(-1, 3)}


def test_dots_have_their_colours_and_the_paper_stays_white(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    blue, nearly_white = (0.0, 0.2, 0.8, 1.0), (0.98, 0.99, 1.0, 1.0)
    dots = np.full((8, 16, 4), nearly_white)
    dots[:, ::2] = blue
    content = walk_gif(
        [cycle],
        layout=layout,
        frames=1,
        height_px=160,
        joint_colours=[dots],
        joint_sizes_pt=[np.full((8, 16), 9.0)],
    )
    found = shades(content)
    assert (0, 51, 204) in found
    assert (255, 255, 255) in found
    assert not [colour for colour in found if min(colour) > 240 and len(set(colour)) > 1]


def test_the_footer_is_given_every_phase_and_room_below(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    seen = []

    def footer(figure: Figure) -> Callable[[float], Text]:
        space_in = figure.axes[0].get_position().y0 * figure.get_size_inches()[1]
        text = figure.text(0.0, 0.0, "")

        def say(phase_pct: float) -> Text:
            seen.append((phase_pct, space_in))
            return text

        return say

    walk_gif([cycle], layout=layout, frames=4, height_px=150, footer=footer)
    assert [phase for phase, _ in seen] == [0, 25, 50, 75]
    assert seen[0][1] == pytest.approx(FOOTER_IN)


def test_wrong_numbers_of_things(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    with pytest.raises(InputError, match=r"at least one body \(got none\)"):
        walk_gif([], layout=layout)
    with pytest.raises(InputError, match=r"expected 1 captions, one for each body \(got 2\)"):
        walk_gif([cycle], layout=layout, captions=["a", "b"])
    with pytest.raises(InputError, match=r"expected 1 colours"):
        walk_gif([cycle], layout=layout, colours=["red", "blue"])
    with pytest.raises(InputError, match=r"expected 1 joint_colours"):
        walk_gif([cycle], layout=layout, joint_colours=[np.zeros((8, 16, 4))] * 2)


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
