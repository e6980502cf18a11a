"""Every public function and class of the library is used in an example, and the examples run."""

import ast
import doctest
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "examples").glob("*.md"))
LIBRARY = ("skeleton", "motion", "features", "visual", "data", "nn", "training", "evaluation", "explain")


def public(folder: str) -> Iterator[tuple[str, str]]:
    """Module and name of every public function and class of a folder of the package, and of the files above it."""
    place = ROOT / "stgcn_affect" / folder
    for path in sorted(place.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                yield path.stem, node.name


def used(page: Path) -> set[str]:
    """Every name that the examples of a page read, import or call."""
    lines = [e.source for e in doctest.DocTestParser().get_examples(page.read_text(encoding="utf-8"))]
    nodes = [node for line in lines for node in ast.walk(ast.parse(line))]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with torch.random.fork_rng(devices=()):
        failed, tried = doctest.testfile(
            str(page), module_relative=False, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        )
    assert tried > 0
    assert not failed


@pytest.mark.parametrize("folder", LIBRARY)
def test_every_public_name_of_a_folder_has_an_example(folder: str) -> None:
    page = ROOT / "docs" / "examples" / f"{folder}.md"
    there = used(page)
    assert not [f"{module}.{name}" for module, name in public(folder) if name not in there]
