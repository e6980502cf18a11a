"""What README and docs say runs: the quickstarts, and every command as far as its tool's arguments."""

import re
import shlex
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from stgcn_affect.config import load_config
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.splits import subject_holdout
from stgcn_affect.jobs.benchmark import bvh_text
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.settings import TrainConfig
from stgcn_affect.synthetic.walkers import synthetic_walkers
from stgcn_affect.training.checkpoint import save_model
from stgcn_affect.training.trainer import Trainer

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands():
    """Every ``python tools/NAME.py ...`` of the pages that leaves nothing out."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    found = re.findall(r"python (tools/\w+\.py[^`\n]*)", text)
    return sorted({command.split("#")[0].strip() for command in found if "..." not in command})


@pytest.mark.tool
def test_the_three_quickstarts_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Word for word, but that fewer walkers train for two epochs."""
    data = GaitDataset.synthetic(6, takes=1)
    split = subject_holdout(data, test=2, validation=1)
    model = Trainer(TrainConfig(epochs=2)).fit(DisentangledSTGCN.for_data(data, split), data, split)
    save_model(tmp_path / "runs/default-0/model.pt", model)
    clip = synthetic_walkers(walkers=1, takes=1, seed=7).clips[0]
    (tmp_path / "walk.bvh").write_text(bvh_text(clip, frames=clip.num_frames))
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 3
    assert all(len(block.splitlines()) <= 10 for block in blocks)
    smaller = {"subjects=32": "subjects=12", "test=8": "test=4", "epochs=60": "epochs=2"}
    assert all(words in blocks[2] for words in smaller)
    for words, fewer in smaller.items():
        blocks[2] = blocks[2].replace(words, fewer)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("Prediction(")
    assert printed[1].startswith("[{'joint': ")
    assert printed[2].startswith("EmotionScores(balanced accuracy ")
    assert (tmp_path / "sad.png").stat().st_size > 1000


def test_the_readme_is_short() -> None:
    assert len(README.read_bytes()) < 9000


def test_every_number_of_the_headline_stands_in_the_results() -> None:
    """So that a table that is rebuilt alone is seen."""
    results = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    table = README.read_text(encoding="utf-8").split("<!-- results: headline -->")[1].split("<!-- end of results")[0]
    numbers = re.findall(r"[+-]?\d\.\d{3}", table)
    assert len(numbers) > 40
    sections = "".join(
        results.split(f"<!-- results: {name} -->")[1].split("<!-- end of results")[0]
        for name in ("synthetic", "emotion-gait")
    )
    assert not [number for number in numbers if number not in sections]


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


def anchors(page: Path) -> set[str]:
    """Names of a page's headings as links call them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^):]+))?\)", page.read_text(encoding="utf-8")):
        linked = page.parent / target if target else page
        assert linked.is_file(), target
        assert not anchor or anchor in anchors(linked), f"{target}#{anchor}"


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_numbers_have_their_zero(page: Path) -> None:
    assert not re.findall(r"(?<![\w.])[+-]?\.\d+", page.read_text(encoding="utf-8"))
