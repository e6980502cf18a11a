import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.visual.deletion_curves import deletion_figure

SHARES = np.array([0.0, 0.5, 1.0])


def curve(*means: float) -> np.ndarray:
    return np.stack([np.array(means) + shift for shift in (0.0, -0.05, 0.05)])


DELETION = {"map": curve(0.9, 0.3, 0.25), "random": curve(0.9, 0.6, 0.25), "motion energy": curve(0.9, 0.45, 0.25)}
INSERTION = {"map": curve(0.25, 0.8, 0.9), "random": curve(0.25, 0.5, 0.9)}


def test_curves_and_limits_are_where_they_were_measured() -> None:
    axes = deletion_figure(SHARES, deletion=DELETION, chance=0.25).axes[0]
    drawn = [line.get_xydata().tolist() for line in axes.lines if len(line.get_xdata()) == 3]
    assert [[0.0, 0.9], [50.0, 0.3], [100.0, 0.25]] in drawn
    assert len(drawn) == len(axes.collections) == 3
    corners = axes.collections[-1].get_paths()[0].vertices  # the map is drawn last, over the others
    np.testing.assert_allclose([corners[:, 1].min(), corners[:, 1].max()], [0.2, 0.95])


def test_the_map_stands_out_and_no_two_orders_look_alike() -> None:
    axes = deletion_figure(SHARES, deletion=DELETION | {"mine": curve(0.9, 0.5, 0.25)}, chance=0.25).axes[0]
    lines = [line for line in axes.lines if len(line.get_xdata()) == 3]
    assert np.argmax([line.get_linewidth() for line in lines]) == len(lines) - 1
    assert len({line.get_color() for line in lines}) == 4
    assert sum(line.is_dashed() for line in lines) == 2


def test_every_curve_is_named_on_itself_and_chance_is_a_line() -> None:
    figure = deletion_figure(SHARES, deletion=DELETION, insertion=INSERTION, chance=0.25, unit="bins", title="sad")
    left, right = figure.axes
    assert {text.get_text().strip() for text in left.texts} == {"chance", *DELETION}
    assert {text.get_text().strip() for text in right.texts} == {"chance", *INSERTION}
    assert (left.get_xlabel(), right.get_xlabel()) == ("bins removed (%)", "bins put back (%)")
    for axes, corner in ((left, 0.0), (right, 100.0)):
        dotted = [line for line in axes.lines if line.get_linestyle() == ":"]
        assert [list(line.get_ydata()) for line in dotted] == [[0.25, 0.25]]
        assert [t.get_position()[0] for t in axes.texts if "chance" in t.get_text()] == [corner], "away from the curves"
    assert not figure.legends
    assert left.get_ylim() == right.get_ylim() == (0, 1)
    assert figure.get_suptitle() == "sad"


def test_a_curve_of_another_shape_is_an_error() -> None:
    with pytest.raises(InputError, match=r"'map' \(removed\) needs .* at 3 shares, \[3, 3\] \(got \[2, 3\]\)"):
        deletion_figure(SHARES, deletion={"map": curve(0, 0, 0)[:2]}, chance=0.25)
    with pytest.raises(InputError, match=r"'map' \(put back\) needs"):
        deletion_figure(SHARES, deletion=DELETION, insertion={"map": curve(0, 0)}, chance=0.25)
