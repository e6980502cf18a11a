import numpy as np
import numpy.typing as npt
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.strip_sheet import strip_sheet_figure


def test_panels_have_titles_names_and_one_scale(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    panels = [("known", {"ana": cycle, "ben": 1.1 * cycle}), ("unseen", {"eva": cycle}), ("more", {"tom": cycle})]
    figure = strip_sheet_figure(panels, layout=layout, poses=4, title="walkers")
    shown = [axes for axes in figure.axes if axes.texts]
    assert [axes.get_title() for axes in shown] == ["known", "unseen", "more"]
    assert [axes.texts[0].get_text() for axes in shown] == ["ana", "eva", "tom"]
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in shown}) == 1
    assert not figure.axes[3].axison


def test_colours_go_by_name(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = strip_sheet_figure([("", {"ana": cycle})], layout=layout, poses=1, colours={"ana": "#123456"})
    assert "#123456" in {line.get_color() for line in figure.axes[0].lines}


def test_a_sheet_needs_a_panel(layout: Layout) -> None:
    with pytest.raises(InputError, match="got none"):
        strip_sheet_figure([], layout=layout)
