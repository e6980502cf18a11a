import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.visual.labels import draw_column, spread
from stgcn_affect.visual.style import new_figure

NUMBERS = st.lists(st.floats(-10, 10), max_size=12)


def test_two_that_meet_move_apart_evenly() -> None:
    np.testing.assert_allclose(spread([1.0, 1.0, 5.0], gap=1.0), [0.5, 1.5, 5.0])


def test_order_of_the_input_is_kept() -> None:
    np.testing.assert_allclose(spread([5.0, 1.2, 1.0], gap=1.0), [5.0, 1.6, 0.6])


@given(NUMBERS)
def test_all_are_apart_and_in_order(wanted: list[float]) -> None:
    placed = spread(wanted, gap=0.5)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(placed[order]) >= 0.5 - 1e-9).all()


@given(NUMBERS)
def test_the_mean_stays(wanted: list[float]) -> None:
    if wanted:
        np.testing.assert_allclose(spread(wanted, gap=0.5).mean(), np.mean(wanted), atol=1e-9)


def test_column_writes_away_from_the_points() -> None:
    axes = new_figure(width_in=1, height_in=1).add_subplot()
    draw_column(axes, points={"a": (0.0, 0.0), "b": (0.0, 0.0)}, at=-1.0, gap=0.2)
    draw_column(axes, points={"c": (0.0, 0.0)}, at=1.0, gap=0.2)
    assert [(t.get_text(), t.get_ha()) for t in axes.texts] == [("a", "right"), ("b", "right"), ("c", "left")]
    assert axes.texts[0].get_position()[1] != axes.texts[1].get_position()[1]
