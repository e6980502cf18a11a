"""Every name in an ``__all__`` of the library is used in an example, and the examples run."""

import ast
import doctest
from importlib import import_module
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "examples").glob("*.md"))
ROOMS = sorted(path.parent.name for path in (ROOT / "stgcn_affect").glob("*/__init__.py"))
SLOW = ("evaluation", "explain", "quickstart", "release", "training", "visual")
"""Pages that draw every figure, or train a network and use it."""


def public(room: str) -> list[str]:
    """Every name in the ``__all__`` of a room of the package and of the folders inside it."""
    folder = ROOT / "stgcn_affect" / room
    folders = sorted(path.parent.relative_to(ROOT) for path in folder.rglob("__init__.py"))
    return [name for path in folders for name in import_module(".".join(path.parts)).__all__]


def used(page: Path) -> set[str]:
    """Every name that the examples of a page read, import or call."""
    lines = [e.source for e in doctest.DocTestParser().get_examples(page.read_text(encoding="utf-8"))]
    nodes = [node for line in lines for node in ast.walk(ast.parse(line))]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize(
    "page", [pytest.param(page, id=page.stem, marks=[pytest.mark.tool] * (page.stem in SLOW)) for page in PAGES]
)
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with torch.random.fork_rng(devices=()):
        failed, tried = doctest.testfile(
            str(page), module_relative=False, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        )
    assert tried > 0
    assert not failed


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_of_a_room_has_an_example(room: str) -> None:
    names = public(room)
    if names:
        there = used(ROOT / "docs" / "examples" / f"{room}.md")
        assert not [name for name in names if name not in there]
