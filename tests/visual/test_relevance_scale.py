import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from stgcn_affect.visual.relevance_scale import RelevanceScale, draw_scale, relevance_scale
from stgcn_affect.visual.style import PALE, new_figure


def test_signed_colours_run_from_blue_by_white_to_vermillion() -> None:
    colours = RelevanceScale(limit=2.0, signed=True).colours([-2.0, 0.0, 2.0, 9.0])
    assert to_hex(colours[0]) == "#0072b2"
    np.testing.assert_allclose(colours[1, :3], 1.0, atol=0.01)
    assert [to_hex(colour) for colour in colours[2:]] == ["#d55e00", "#d55e00"]


def test_unsigned_colours_keep_their_order_in_a_grey_print() -> None:
    colours = RelevanceScale(limit=1.0, signed=False).colours(np.linspace(0, 1, 50))
    grey = colours[:, :3] @ [0.299, 0.587, 0.114]
    assert (np.diff(grey) < 0).all()
    assert grey[0] - grey[-1] > 0.6


@given(st.floats(0, 1))
def test_both_signs_are_equally_far_from_white(share: float) -> None:
    scale = RelevanceScale(limit=1.0, signed=True)
    red, blue = (np.abs(1 - scale.colours([sign * share])[0, :3]).max() for sign in (1, -1))
    assert red == pytest.approx(blue, abs=0.02)


def test_area_of_dots_grows_evenly_whatever_the_sign() -> None:
    areas = RelevanceScale(limit=4.0, signed=True).dots_pt([0.0, -1.0, 2.0, 3.0, 4.0, 5.0], largest_pt=10.0) ** 2
    steps = np.diff(areas[:5])
    np.testing.assert_allclose(steps, steps[0])
    assert areas[0] > 1
    np.testing.assert_allclose(areas[4:], 100.0)


def test_a_gap_is_grey_and_small() -> None:
    scale = RelevanceScale(limit=1.0, signed=True)
    assert to_hex(scale.colours([np.nan])[0]) == PALE.lower()
    np.testing.assert_allclose(scale.dots_pt([np.nan]), scale.dots_pt([0.0]))


def test_maps_share_the_largest_limit_and_any_sign() -> None:
    assert relevance_scale([[0.0, 1.0], [2.0, np.nan]]) == RelevanceScale(limit=2.0, signed=False)
    assert relevance_scale([[0.0, 1.0], [-3.0, 2.0]]) == RelevanceScale(limit=3.0, signed=True)


@pytest.mark.parametrize("maps", [[], [[]], [[0.0, 0.0]], [[np.nan]]])
def test_flat_or_empty_maps_have_a_scale_and_are_not_loud(maps: list[list[float]]) -> None:
    assert relevance_scale(maps) == RelevanceScale(limit=1.0, signed=False)


@pytest.mark.parametrize(("below", "signed"), [(True, True), (False, False)])
def test_bar_says_what_its_colours_mean(below: bool, signed: bool) -> None:
    figure = new_figure(width_in=3, height_in=3)
    draw_scale(figure, axes=figure.add_subplot(), scale=RelevanceScale(limit=2.0, signed=signed), below=below)
    bar = figure.axes[1]
    label, limits = (bar.get_xlabel(), bar.get_xlim()) if below else (bar.get_ylabel(), bar.get_ylim())
    assert ("against" in label) == signed
    assert limits == ((-2.0, 2.0) if signed else (0.0, 2.0))
