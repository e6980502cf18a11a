import re
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
    assert "tools/" not in said.replace("of tools/train.py", "")


def test_mistakes_and_hints_name_the_command(tmp_path, capsys):
    assert main(["train", "nope", "--out", str(tmp_path / "run")]) == 2
    assert capsys.readouterr().err.startswith(
        "stgcn-affect train: nope: no such configuration file: expected a path, or"
    )
    assert main(["prepare", str(tmp_path / "none"), "--check"]) == 2
    said = capsys.readouterr().err
    assert "stgcn-affect prepare FOLDER --propose NEW.csv writes one" in said
    assert "tools/" not in said
