import numpy as np
import numpy.typing as npt
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.walking_bodies import walking_bodies_figure


def test_two_views_of_each_pose_in_one_scale(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    figure = walking_bodies_figure({"sad": cycle[0], "happy": 1.2 * cycle[2]}, layout=layout, title="walks")
    assert [axes.get_title() for axes in figure.axes] == ["sad", "happy", "", ""]
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes}) == 1
    above, below = (figure.axes[i].lines[-1].get_xydata() for i in (0, 2))
    assert above.shape == below.shape
    assert not np.allclose(above, below)


def test_no_pose_is_an_error(layout: Layout) -> None:
    with pytest.raises(InputError, match="got none"):
        walking_bodies_figure({}, layout=layout)
