import numpy as np
import numpy.typing as npt
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.relevance_scale import RelevanceScale
from stgcn_affect.visual.relevance_strip import relevance_strip_figure

MAP = np.linspace(-1.0, 1.0, 8 * 16).reshape(8, 16)


def test_dots_have_the_relevance_of_their_moment(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = relevance_strip_figure({"sad": cycle}, {"sad": MAP}, layout=layout, poses=4, title="walk")
    scale = RelevanceScale(limit=1.0, signed=True)
    dots = figure.axes[0].collections
    assert len(dots) == 4
    for moment, pose in zip((0, 2, 4, 6), dots, strict=True):
        np.testing.assert_allclose(pose.get_facecolors(), scale.colours(MAP[moment]))
        sizes = pose.get_sizes()
        assert np.argmax(sizes) == np.argmax(np.abs(MAP[moment]))
    assert figure.get_suptitle() == "walk"


def test_strips_share_one_scale(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = relevance_strip_figure(
        {"a": cycle, "b": cycle}, {"a": MAP, "b": 0.5 * MAP}, layout=layout, poses=1, meaning="points"
    )
    first, second = figure.axes[0].collections
    np.testing.assert_allclose(second.get_facecolors(), RelevanceScale(limit=1.0, signed=True).colours(0.5 * MAP[0]))
    assert (second.get_sizes() < first.get_sizes()).all()
    assert figure.axes[1].get_xlabel() == "points"


def test_the_figure_has_the_height_that_its_bodies_need(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    one, two = (
        relevance_strip_figure(dict.fromkeys(names, cycle), dict.fromkeys(names, MAP), layout=layout).get_size_inches()
        for names in ("a", "ab")
    )
    assert one[0] == two[0] == 9.0
    assert one[1] < two[1] < 2 * one[1]


def test_map_and_cycle_must_fit(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    with pytest.raises(InputError, match=r"'sad' needs a map of its cycle's shape \[8, 16\] \(got \[4, 16\]\)"):
        relevance_strip_figure({"sad": cycle}, {"sad": MAP[:4]}, layout=layout)
    with pytest.raises(InputError, match=r"\(got \[0\]\)"):
        relevance_strip_figure({"sad": cycle}, {}, layout=layout)
    with pytest.raises(InputError, match="expected a cycle"):
        relevance_strip_figure({}, {}, layout=layout)
