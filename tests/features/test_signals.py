import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.features.signals import Signals, join_signals


def signals(name, value):
    return Signals((name,), ("rad",), ("our choice",), np.full((2, 3, 1), value))


def test_signals_stand_side_by_side_by_name():
    joined = join_signals([signals("a", 1.0), signals("b", 2.0)])
    assert joined.names == ("a", "b")
    assert joined.signal("b").tolist() == [[2, 2, 2], [2, 2, 2]]


def test_what_signals_refuse():
    with pytest.raises(InputError, match=r"got 'a' 2 times"):
        join_signals([signals("a", 1.0), signals("a", 2.0)])
    with pytest.raises(InputError, match=r"shape \[N, T, F\] \(got \[2, 3\]\)"):
        Signals(("a",), ("rad",), ("our choice",), np.zeros((2, 3)))
    with pytest.raises(InputError, match=r"a name such as a \(got 'b'\)"):
        signals("a", 1.0).signal("b")
