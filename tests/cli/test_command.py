import re
import subprocess
import sys
from pathlib import Path

import pytest

from stgcn_affect import __version__
from stgcn_affect.cli.command import TOOLS, main

ROOT = Path(__file__).parents[2]


def test_there_is_a_subcommand_for_every_tool():
    assert set(TOOLS) == {path.stem for path in (ROOT / "tools").glob("*.py")}


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_the_help_names_every_tool(arguments, capsys):
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: stgcn-affect TOOL ...")
    assert all(re.search(rf"^  {tool} +{re.escape(words)}$", said, re.MULTILINE) for tool, words in TOOLS.items())


def test_the_version_is_that_of_the_package(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"stgcn-affect {__version__}\n"


def test_a_tool_that_is_not_there_is_told_in_one_line(capsys):
    assert main(["trian"]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert said.err == f"stgcn-affect: expected one of {', '.join(TOOLS)} (got 'trian')\n"


@pytest.mark.parametrize("tool", TOOLS)
def test_the_help_of_a_tool_names_the_command(tool, capsys):
    with pytest.raises(SystemExit) as left:
        main([tool, "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: stgcn-affect {tool} ")
    assert ".py" not in said
    assert "%(prog)" not in said


def test_mistakes_and_hints_name_the_command(tmp_path, capsys):
    assert main(["train", "nope", "--out", str(tmp_path / "run")]) == 2
    assert capsys.readouterr().err.startswith(
        "stgcn-affect train: nope: no such configuration file: expected a path, or"
    )
    assert main(["prepare", str(tmp_path / "none"), "--check"]) == 2
    said = capsys.readouterr().err
    assert "stgcn-affect prepare FOLDER --propose NEW.csv writes one" in said
    assert "tools/" not in said


@pytest.mark.parametrize("tool", ["", *TOOLS])
def test_help_comes_at_once_since_it_loads_nothing_that_is_slow_to_load(tool):
    code = "import atexit, sys\nfrom stgcn_affect.cli.command import main\n"
    code += "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\nmain(sys.argv[1:])"
    command = [sys.executable, "-c", code, *filter(None, [tool]), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.startswith(f"usage: stgcn-affect {tool}")
    assert not {"torch", "torch_geometric", "captum", "numpy", "scipy", "sklearn"} & set(done.stderr.split())


FILES = (
    *ROOT.glob("stgcn_affect/**/*.py"),
    *ROOT.glob("configs/*.yaml"),
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
)


def test_subcommands_that_files_name_exist():
    named = {word for path in FILES for word in re.findall(r"stgcn-affect ([a-z]\w+)", path.read_text("utf-8"))}
    assert {"train", "prepare", "evaluate"} <= named
    assert named <= set(TOOLS)


def test_messages_name_the_command_which_every_reader_has():
    """An installed package has no folder tools/; the files in cli/ say in docstrings whose arguments they hold."""
    files = [path for path in FILES if path.suffix != ".md" and path.parent.name != "cli"]
    assert not [path for path in files if re.search(r"tools/\w+\.py", path.read_text("utf-8"))]
