import subprocess
import sys
from importlib import import_module

import pytest


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder whose public names are a function of a file of the same name, and a number of another file."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text(
        "from typing import TYPE_CHECKING\n"
        "from stgcn_affect.lazy import load_when_used\n"
        "if TYPE_CHECKING:\n"
        "    from shop.till import till\n"
        "    from shop.stock import APPLES\n"
        "__all__ = ['APPLES', 'till']\n"
        "load_when_used(__name__)\n"
    )
    (tmp_path / "shop" / "till.py").write_text("def till(): return 3\n")
    (tmp_path / "shop" / "stock.py").write_text("APPLES = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield import_module("shop")
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def test_names_load_when_they_are_used(folder):
    assert not {"shop.till", "shop.stock"} & set(sys.modules)
    assert folder.APPLES == 7
    assert "shop.till" not in sys.modules
    assert {"APPLES", "till"} <= set(dir(folder))
    with pytest.raises(AttributeError, match="module 'shop' has no attribute 'pears'"):
        _ = folder.pears


@pytest.mark.parametrize("file_first", [False, True])
def test_a_function_wins_over_the_file_of_its_name(folder, file_first):
    if file_first:
        import_module("shop.till")
    assert folder.till() == 3
    assert import_module("shop.till").till is folder.till


def test_the_preparation_of_data_needs_no_torch():
    code = "import sys, stgcn_affect.jobs.prepare; print(sorted({'torch', 'sklearn'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
