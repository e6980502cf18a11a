import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.features.stride import stride_length
from stgcn_affect.features.tempo import tempo
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")


def test_times_alone():
    table = tempo(np.array([1.0, np.e]))
    assert table.names == ("log_stride_time", "cadence")
    assert table.column("log_stride_time").tolist() == pytest.approx([0, 1])
    assert table.column("cadence").tolist() == pytest.approx([120, 120 / np.e])


def test_speed_where_positions_are_given(walking):
    times = np.array([1.0, 1.25])
    table = tempo(times, positions=walking, layout=LAYOUT)
    assert table.names == ("log_stride_time", "cadence", "walking_speed")
    np.testing.assert_allclose(table.column("walking_speed"), stride_length(walking, LAYOUT) / times, rtol=1e-6)


def test_positions_need_their_layout(walking):
    with pytest.raises(InputError, match=r"\(got positions alone\)"):
        tempo(np.array([1.0, 1.0]), positions=walking)
    with pytest.raises(InputError, match=r"\(got layout alone\)"):
        tempo(np.array([1.0, 1.0]), layout=LAYOUT)
