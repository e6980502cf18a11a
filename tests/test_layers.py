"""Every import of the package points at its own folder or at a lower layer."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import stgcn_affect

PACKAGE = Path(stgcn_affect.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

LAYERS = {
    "errors": 0,
    "files": 0,
    "skeleton": 1,
    "motion": 2,
    "features": 2,
    "visual": 2,
    "data": 3,
    "nn": 3,
    "losses": 4,
    "metrics": 4,
    "training": 5,
    "evaluation": 6,
    "explain": 6,
    "release": 6,
    "settings": 7,
    "config": 7,
    "build": 7,
    "jobs": 8,
}

ONLY = {"nn": {"errors", "skeleton"}, "config": {"errors", "settings"}, "settings": set()}
"""Parts that may import less than their layer allows."""

ALSO = {"build": {"config", "settings"}, "config": {"settings"}}
"""Parts that may import a neighbour."""

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
        elif other in ALSO.get(part, set()):
            continue
        elif LAYERS[other] >= LAYERS[part] or other not in ONLY.get(part, LAYERS):
            found.append(f"{part} must not import {other}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    inside = path.relative_to(PACKAGE).with_suffix("").parts
    if inside == ("__init__",):
        assert not list(imported(path.read_text(), "stgcn_affect")), "the package itself imports nothing"
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
        ("build", "from stgcn_affect.config import Config", []),
        ("nn", "from .block import Block\nfrom stgcn_affect.nn.encoder import Encoder\nimport torch", []),
        ("jobs", "from stgcn_affect import __version__", []),
    ],
)
def test_the_check_sees_what_it_should(part: str, line: str, words: list[str]) -> None:
    assert complaints(line, part=part, package=f"stgcn_affect.{part}") == words
