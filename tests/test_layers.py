"""Every import of the package points at its own folder or at a lower layer."""

import ast
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

import stgcn_affect

PACKAGE = Path(stgcn_affect.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

LAYERS = {
    "errors": 0,
    "files": 0,
    "lazy": 0,
    "pyg": 0,
    "settings": 0,
    "stats": 1,
    "skeleton": 1,
    "config": 1,
    "motion": 2,
    "visual": 2,
    "features": 3,
    "synthetic": 3,
    "data": 4,
    "nn": 4,
    "training": 5,
    "explain": 6,
    "release": 6,
    "evaluation": 7,
    "reporting": 8,
    "jobs": 9,
    "cli": 10,
    "__main__": 11,
}
"""The floor of each part: a file may import its own part and lower floors."""

ONLY = {
    "config": {"errors", "settings"},
    "nn": {"errors", "settings", "skeleton", "pyg"},
    "settings": set(),
    "stats": {"errors"},
}
"""Parts that may import less than their floor allows."""

IMPORTERS = {"config": {"reporting", "jobs", "cli"}}
"""Parts that only some may import, although their floor is low: the library takes plain arguments."""

WITHOUT_TORCH = {"features", "visual", "motion", "config", "settings"}


def imported(source: str, package: str) -> Iterator[str]:
    """Full names of all that a file imports, wherever in it; ``package`` is where relative imports start."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def allowed(part: str, other: str) -> bool:
    """Whether a part of the package may import another."""
    below = LAYERS[other] < LAYERS[part] and other in ONLY.get(part, LAYERS)
    return below and part in IMPORTERS.get(other, LAYERS)


def complaints(source: str, *, part: str, package: str) -> list[str]:
    """What is wrong with the imports of a file of a part of the package, in words."""
    found = []
    for name in imported(source, package):
        top, *rest = name.split(".")
        if part in WITHOUT_TORCH and top in {"torch", "torch_geometric", "captum"}:
            found.append(f"{part} must do without {top}")
        if top != "stgcn_affect" or not rest or rest[0] in {part, "__version__"}:
            continue
        other = rest[0]
        if other not in LAYERS:
            found.append(f"{name} has no layer")
        elif not allowed(part, other):
            found.append(f"{part} must not import {other}")
    return found


def _loaded_at_once(path: Path) -> set[str]:
    """Modules that a file imports when it is loaded: those of its top level."""
    top = ast.parse(path.read_text()).body
    return {str(node.module) for node in top if isinstance(node, ast.ImportFrom)} | {
        alias.name for node in top if isinstance(node, ast.Import) for alias in node.names
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    inside = path.relative_to(PACKAGE).with_suffix("").parts
    if inside == ("__init__",):
        assert _loaded_at_once(path) <= {"importlib", "typing"}, "the package itself loads nothing of its own"
        return
    assert inside[0] in LAYERS, f"{inside[0]} has no layer in this test"
    package = ".".join(("stgcn_affect", *inside[:-1]))
    assert not complaints(path.read_text(), part=inside[0], package=package)


@pytest.mark.parametrize(
    ("part", "line", "words"),
    [
        ("skeleton", "import stgcn_affect.motion.clip", ["skeleton must not import motion"]),
        ("motion", "def f():\n    from stgcn_affect.visual import body", ["motion must not import visual"]),
        ("nn", "from stgcn_affect import data", ["nn must not import data"]),
        ("nn", "from ..motion import clip", ["nn must not import motion"]),
        ("visual", "import torch.nn", ["visual must do without torch"]),
        ("data", "from stgcn_affect.attic import x", ["stgcn_affect.attic.x has no layer"]),
        ("config", "from stgcn_affect.nn.network import Network", ["config must not import nn"]),
        ("data", "from stgcn_affect.motion.clip import Clip\nfrom stgcn_affect.errors import InputError", []),
        ("jobs", "from stgcn_affect.config import Config", []),
        ("training", "from stgcn_affect.config import load_config", ["training must not import config"]),
        ("nn", "from .block import Block\nfrom stgcn_affect.nn.st_gcn import Encoder\nimport torch", []),
        ("jobs", "from stgcn_affect import __version__", []),
    ],
)
def test_the_check_sees_what_it_should(part: str, line: str, words: list[str]) -> None:
    assert complaints(line, part=part, package=f"stgcn_affect.{part}") == words


def module(path: Path) -> str:
    """The dotted name of a file of the package."""
    return ".".join(("stgcn_affect", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def circles(sources: dict[str, str]) -> list[set[str]]:
    """Groups of modules that import each other, directly or by way of others, for types or at any other time."""
    graph = nx.DiGraph()
    for name, source in sources.items():
        for target in imported(source, name.rpartition(".")[0]):
            found = next((known for known in (target, target.rpartition(".")[0]) if known in sources), None)
            if found is not None and found != name:
                graph.add_edge(name, found)
    return [group for group in nx.strongly_connected_components(graph) if len(group) > 1]


def test_no_modules_import_each_other() -> None:
    assert not circles({module(path): path.read_text() for path in FILES if path.name != "__init__.py"})


def test_the_check_sees_a_circle() -> None:
    for_types = "if TYPE_CHECKING:\n    import p.c"
    sources = {"p.a": "from p.b import f", "p.b": for_types, "p.c": "from p import a", "p.d": ""}
    assert circles(sources) == [{"p.a", "p.b", "p.c"}]
