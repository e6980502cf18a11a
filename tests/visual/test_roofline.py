import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.visual.roofline import roofline_figure

PANELS = {"forward": {"ours": [[1.0, 10.0], [8.0, 40.0]], "tcn": [[2.0, 0.0]]}, "step": {"ours": [[4.0, 20.0]]}}


def test_points_stand_where_they_were_measured_and_those_without_flop_are_left_out():
    figure = roofline_figure(PANELS, peak_gflop_per_s=100, gb_per_s={"memory": 10})
    first, second = figure.axes
    assert [points.get_offsets().tolist() for points in first.collections] == [[[1.0, 10.0], [8.0, 40.0]], []]
    assert second.collections[0].get_offsets().tolist() == [[4.0, 20.0]]
    assert [axes.get_title() for axes in figure.axes] == ["forward", "step"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["ours", "tcn"]


def test_a_roof_rises_with_the_bandwidth_to_the_peak():
    axes = roofline_figure(PANELS, peak_gflop_per_s=30, gb_per_s={"memory": 10, "cache": 40}).axes[0]
    for line, bandwidth in zip(axes.lines, (10, 40), strict=True):
        x, y = line.get_data()
        np.testing.assert_allclose(y, np.minimum(30, bandwidth * x))
    assert [text.get_text() for text in axes.texts] == ["memory 10 GB/s", "cache 40 GB/s", "matrix product 30 GFLOP/s"]


def test_points_must_be_pairs():
    with pytest.raises(InputError, match=r"'ours' \(step\) needs points \[N, 2\] \(got \[1, 3\]\)"):
        roofline_figure({"step": {"ours": [[1, 2, 3]]}}, peak_gflop_per_s=1, gb_per_s={})
