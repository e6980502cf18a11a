import subprocess
import sys

import pytest

import stgcn_affect as sa


def test_the_import_loads_neither_torch_nor_numpy():
    code = "import sys, stgcn_affect; print({'torch', 'numpy', 'matplotlib'} & set(sys.modules), dir(stgcn_affect))"
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.startswith("set() ")
    assert "load_model" in printed


def test_every_public_name_is_there_and_is_what_its_module_defines():
    for name in sa.__all__:
        assert getattr(sa, name).__name__ == name
        assert getattr(sa, name).__module__.startswith("stgcn_affect.")


def test_a_name_that_is_not_there_is_no_name():
    with pytest.raises(AttributeError, match="module 'stgcn_affect' has no attribute 'load_modle'"):
        sa.load_modle  # noqa: B018
