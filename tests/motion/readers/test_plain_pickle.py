import os
import pickle
from collections import OrderedDict
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.motion.readers.plain_pickle import load_plain_pickle

CONTENT = {
    "names": ["a", ("b", None, True)],
    "bytes": b"x\xff",
    "half": np.arange(6, dtype=np.float16).reshape(2, 3),
    "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "strided": np.arange(12.0).reshape(2, 6)[:, ::2],
    "big-endian": np.arange(3, dtype=">i4"),
    "words": np.array(["ab", "c"]),
    "none": np.zeros((0, 3)),
    "number": np.float32(1.5),
}


class Trap:
    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def dump(path, content, protocol=4):
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    return path


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_plain_data_come_back(tmp_path, protocol):
    content = CONTENT if protocol > 2 else {key: value for key, value in CONTENT.items() if key != "none"}
    loaded = load_plain_pickle(dump(tmp_path / "a.pkl", content, protocol))
    assert list(loaded) == list(content)
    for key, value in content.items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(loaded[key], value)
            assert loaded[key].dtype == value.dtype
        else:
            assert loaded[key] == value


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_code_is_named_and_does_not_run(tmp_path, protocol):
    mark = tmp_path / "ran"
    path = dump(tmp_path / "a.pkl", {"annotations": [Trap(os.system, f"touch {mark}")]}, protocol)
    with pytest.raises(InputError, match=r"a\.pkl: .* a pickle can run code, .*\(got (posix|nt)\.system\)"):
        load_plain_pickle(path)
    assert not mark.exists()
    with path.open("rb") as file:
        pickle.load(file)
    assert mark.exists(), "the trap is one"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (Trap(eval, "1"), "builtins.eval"),
        (Trap(getattr, "a", "b"), "builtins.getattr"),
        (OrderedDict(), "collections.OrderedDict"),
        (np.array([{}], dtype=object), "an array of 'O8'"),
        (np.zeros(2, dtype=[("a", "f4")]), "an array of 'V4'"),
        ({1, 2}, "builtins.set|an object of 'set'"),
        (np.ndarray, "an object of 'type'"),
        (np.array([1, 2], dtype="M8[s]"), "an array of 'M8'"),
    ],
)
def test_everything_else_is_refused_by_name(tmp_path, content, name):
    with pytest.raises(InputError, match=rf"\(got ({name})\)"):
        load_plain_pickle(dump(tmp_path / "a.pkl", content))


def test_the_stand_ins_cannot_be_changed(tmp_path):
    for name in (b"numpy\ndtype", b"numpy\nndarray", b"_codecs\nencode", b"numpy.core.multiarray\nscalar"):
        (tmp_path / "a.pkl").write_bytes(b"c" + name + b"\n(N(dVx\nI1\nstb.")  # a state for the class itself
        with pytest.raises(InputError, match="expected a whole pickle"):
            load_plain_pickle(tmp_path / "a.pkl")
    assert load_plain_pickle(dump(tmp_path / "b.pkl", np.arange(3))).tolist() == [0, 1, 2]


@given(st.binary(max_size=60))
def test_garbage_never_gives_anything_but_an_input_error(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "garbage.pkl"
    path.write_bytes(content)
    with suppress(InputError):
        load_plain_pickle(path)


def test_a_file_that_is_cut_off(tmp_path):
    path = dump(tmp_path / "a.pkl", CONTENT)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError, match=r"a\.pkl: expected a whole pickle"):
        load_plain_pickle(path)
