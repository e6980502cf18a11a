import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.visual.growth import Curve, growth_figure

AT = {"cycles": [10, 100, 1000], "joints": [16, 32]}
PANELS = {
    "cycles": {"ms a step": Curve([2.0, 2.0, 2.0], 0.0), "MB": Curve([1.0, 10.0, 100.0], 1.0)},
    "joints": {"ms a step": Curve([2.0, 4.0], 1.0), "MB": Curve([1.0, 1.5])},
}


def test_a_panel_for_each_measure_with_its_points_line_and_exponent():
    figure = growth_figure(PANELS, at=AT)
    grid = figure.axes
    assert len(grid) == 4
    points, line = grid[2].lines  # row by row: memory against cycles
    assert (points.get_xdata().tolist(), points.get_ydata().tolist()) == ([10, 100, 1000], [1, 10, 100])
    assert line.get_ydata().tolist() == pytest.approx([1, 10, 100])
    assert [text.get_text() for text in grid[2].texts] == ["exponent 1.00"]
    assert (len(grid[3].lines), grid[3].texts[:]) == (1, [])
    assert [axes.get_xlabel() for axes in grid] == ["", "", "cycles", "joints"]
    assert [axes.get_ylabel() for axes in grid] == ["ms a step", "", "MB", ""]


@pytest.mark.parametrize("values", [[1.0, 2.0], [1.0, 0.0, 2.0]])
def test_a_value_for_each_and_above_0(values):
    with pytest.raises(InputError, match=r"'MB' needs 3 values above 0, as of 'cycles' \(got \[1.0, "):
        growth_figure({"cycles": {"MB": Curve(values)}}, at=AT)
