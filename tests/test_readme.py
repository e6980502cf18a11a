"""What README and docs say runs: the library example as it stands, every command as far as its tool's arguments."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.config import load_config
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.synthetic.walkers import synthetic_walkers
from stgcn_affect.training.checkpoint import save_model
from stgcn_affect.training.model import Model

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]


def commands():
    """Every ``python tools/NAME.py ...`` of the pages that leaves nothing out."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    found = re.findall(r"python (tools/\w+\.py[^`\n]*)", text)
    return sorted({command.split("#")[0].strip() for command in found if "..." not in command})


def test_the_library_example_prints_probabilities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    emotions, subjects = ("angry", "happy", "neutral", "sad"), ("walker_01", "walker_02")
    layout = load_layout("emotion_gait16")
    network = DisentangledSTGCN.build(layout, emotions=len(emotions), subjects=len(subjects)).eval()
    save_model(tmp_path / "runs/default-0/model.pt", Model(network, {}, layout, emotions, subjects, {}, {}))
    clip = synthetic_walkers(walkers=1, takes=1).clips[0]
    np.savez(tmp_path / "walk.npz", positions=clip.positions, fps_hz=clip.fps_hz)
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    exec(code[1], {})
    printed = eval(capsys.readouterr().out)
    assert tuple(printed) == emotions
    assert sum(printed.values()) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("command", commands())
def test_a_command_is_understood_by_its_tool(command: str) -> None:
    """The tools themselves are run in tests/tools."""
    tool, *arguments = shlex.split(command)
    parse = import_module(f"stgcn_affect.cli.{Path(tool).stem}").parse
    chosen = vars(parse(arguments))
    named = [Path(word) for word in arguments if word.startswith("configs/")]
    assert all((ROOT / path).is_file() for path in named)
    load_config([ROOT / path for path in named], [word for word in chosen.get("settings", ()) if "=" in word])


def test_every_tool_has_a_command() -> None:
    named = {command.split()[0] for command in commands()}
    assert named >= {f"tools/{path.name}" for path in (ROOT / "tools").glob("*.py")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).is_file(), target
