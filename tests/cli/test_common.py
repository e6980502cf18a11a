import logging
import runpy
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from stgcn_affect.cli.common import bar, run_tool, warn_without_recordings
from stgcn_affect.config import load_config
from stgcn_affect.errors import InputError

TOOLS = sorted((Path(__file__).parents[2] / "tools").glob("*.py"))


def test_lines_are_printed_and_a_mistake_is_one_line_and_code_2(capsys):
    def lines():
        yield "first"
        logging.getLogger("stgcn_affect").warning("few subjects")
        raise InputError("data.csv: expected rows (got none)")

    assert run_tool("train.py", lines()) == 2
    printed = capsys.readouterr()
    assert printed.out == "first\n"
    assert printed.err == "WARNING: few subjects\ntrain.py: data.csv: expected rows (got none)\n"
    assert run_tool("train.py", ["done"]) == 0
    assert capsys.readouterr().out == "done\n"


def test_other_errors_are_not_hidden():
    def lines():
        raise ValueError("a defect")
        yield

    with pytest.raises(ValueError, match="a defect"):
        run_tool("train.py", lines())


def test_ctrl_c_is_one_line_and_code_130(capsys):
    def lines():
        yield "first"
        raise KeyboardInterrupt

    assert run_tool("stgcn-affect train", lines()) == 130
    assert capsys.readouterr().err == "stgcn-affect train: interrupted\n"


def test_a_reader_that_stops_reading_is_no_mistake():
    code = "from stgcn_affect.cli.common import run_tool\n"
    code += "raise SystemExit(run_tool('visualise.py', (f'picture {i}' for i in range(100000))))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
        assert done.stdout.readline() == b"picture 0\n"
        done.stdout.close()
        assert done.stderr.read() == b""
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("name", "overrides", "warned"),
    [
        ("emotion_gait", [], True),
        ("emotion_gait", ["data.root=walks"], False),
        ("emotion_gait", ["data.cache=cache"], False),
        ("default", [], False),
        ("demo", [], False),
        ("my_study", [], False),
        ("benchmark", ["benchmark.sets.one=default.yaml"], False),
    ],
)
def test_synthetic_walkers_in_place_of_recordings_are_told(name, overrides, warned, caplog):
    warn_without_recordings(name, load_config(None, overrides))
    expected = ["emotion_gait: data.root names no recordings, so synthetic walkers are used"]
    assert caplog.messages == (expected if warned else [])


def test_a_bar_passes_on_what_it_watches(capsys):
    assert list(bar(["a", ("b", 1)], 2, "files")) == ["a", ("b", 1)]
    assert "files: 100%" in capsys.readouterr().err


@pytest.mark.parametrize("path", TOOLS, ids=lambda path: path.stem)
def test_a_tool_is_the_command_of_its_name(path, capsys):
    main = runpy.run_path(str(path))["main"]
    assert main is import_module(f"stgcn_affect.cli.{path.stem}").main
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert f"usage: {path.name}" in capsys.readouterr().out
