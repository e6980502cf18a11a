"""Everything public has a docstring and is named in ``__all__``; no relu is hidden from guided backpropagation."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import stgcn_affect

PACKAGE = Path(stgcn_affect.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
FOLDERS = sorted(path for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)
DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def silent(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Public functions, classes and methods without a docstring, by name."""
    for node in body:
        if isinstance(node, DEFINITION) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield f"{prefix}{node.name}"
            if isinstance(node, ast.ClassDef):
                yield from silent(node.body, f"{node.name}.")


def clipped(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Public names whose docstring does not begin with a sentence: three words or more that end in a period."""
    for node in body:
        if isinstance(node, DEFINITION) and not node.name.startswith("_"):
            if not sentence(ast.get_docstring(node) or ""):
                yield f"{prefix}{node.name}"
            if isinstance(node, ast.ClassDef):
                yield from clipped(node.body, f"{node.name}.")


def sentence(docstring: str) -> bool:
    """Whether the first paragraph has three words or more and ends in a period."""
    first = docstring.partition("\n\n")[0]
    return first.endswith(".") and len(first.split()) >= 3


def functional_relus(source: str) -> list[int]:
    """Lines that take relu from anywhere but a module kept on ``self``."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and {alias.name for alias in node.names} & {"relu", "relu_"}:
            lines.append(node.lineno)
        elif isinstance(node, ast.Attribute) and node.attr in {"relu", "relu_"}:
            owner = node.value
            if not (isinstance(owner, ast.Name) and owner.id == "self"):
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_everything_public_has_a_docstring_and_no_relu_is_functional(path: Path) -> None:
    source = path.read_text()
    tree = ast.parse(source)
    assert not tree.body or ast.get_docstring(tree), "the file says nothing of itself"
    assert not list(silent(tree.body))
    assert not tree.body or sentence(ast.get_docstring(tree) or "")
    assert not list(clipped(tree.body)), "the first lines are what the tables of the API reference show"
    assert not functional_relus(source)


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: str(path.parent.relative_to(PACKAGE)))
def test_a_folder_names_what_is_public(path: Path) -> None:
    folder = import_module(".".join(("stgcn_affect", *path.parent.relative_to(PACKAGE).parts)))
    names = folder.__all__
    assert names == sorted(set(names), key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert not [name for name in names if name.startswith("_") or not hasattr(folder, name)]
    described = [
        name for name in names if inspect.isfunction(getattr(folder, name)) or inspect.isclass(getattr(folder, name))
    ]
    assert not [name for name in described if not inspect.getdoc(getattr(folder, name))]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): ...", ["f"]),
        ("def _f(): ...", []),
        ("class C:\n  '''C.'''\n  def m(self): ...\n  def _n(self): ...\n  def __init__(self): ...", ["C.m"]),
        ("class C:\n  def m(self):\n    '''M.'''", ["C"]),
        ("class _C:\n  def m(self): ...", []),
        ("def f():\n  '''F.'''\n  def inner(): ...", []),
    ],
)
def test_the_check_finds_silence(source: str, names: list[str]) -> None:
    assert list(silent(ast.parse(source).body)) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f():\n  '''Convolve two signals.'''", []),
        ("def f():\n  '''A long first sentence\n  on two lines.\n\n  More.'''", []),
        ("def f():\n  '''The skeleton.'''", ["f"]),
        ("def f():\n  '''Which subject is this?'''", ["f"]),
        ("def f():\n  '''Convolve two signals\n\n  More.'''", ["f"]),
        ("class C:\n  '''A class of all.'''\n  def m(self):\n    '''V.'''", ["C.m"]),
        ("def _f():\n  '''V.'''", []),
    ],
)
def test_the_check_finds_clipped_first_lines(source: str, names: list[str]) -> None:
    assert list(clipped(ast.parse(source).body)) == names


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import torch\ny = torch.relu(x)", [2]),
        ("from torch.nn.functional import relu", [1]),
        ("from torch.nn import functional as F\ny = F.relu(x)", [2]),
        ("y = x.relu_()", [1]),
        ("y = self.relu(x)", []),
        ("y = nn.ReLU()(x)", []),
    ],
)
def test_the_check_finds_functional_relus(source: str, lines: list[int]) -> None:
    assert functional_relus(source) == lines
