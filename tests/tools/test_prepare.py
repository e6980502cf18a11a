import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from stgcn_affect.cli.prepare import main
from stgcn_affect.data.store import open_store

TOOL = Path(__file__).parents[2] / "tools" / "prepare.py"


def run(*arguments):
    """What the tool says and gives, without a process of its own."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = left.code
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def started(*arguments):
    """The same in a new process."""
    return subprocess.run(
        [sys.executable, str(TOOL), *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.mark.tool
def test_writes_a_cache_with_a_bar_and_a_summary(stick_gait, tmp_path):
    done = started(stick_gait, "--out", tmp_path / "cache")
    assert done.returncode == 0, done.stderr
    assert "100%" in done.stderr
    assert "3 subjects x 2 emotions (happy 3, sad 3)" in done.stdout
    assert f"written: {tmp_path / 'cache'}" in done.stdout
    assert len(open_store(tmp_path / "cache")) == 6
    again = run(stick_gait, "--out", tmp_path / "cache")
    assert "found as it was" in again.stdout
    assert again.stderr == ""


@pytest.mark.tool
def test_check_reports_and_draws_beside_the_data_or_where_it_is_told(stick_gait, tmp_path):
    done = run(stick_gait, "--check")
    assert done.returncode == 0, done.stderr
    assert "left out" in done.stdout
    assert [path.name for path in (stick_gait / "check").iterdir()] == ["layout_emotion_gait16.png"]
    done = run(stick_gait, "--check", "--out", tmp_path / "pictures", "--jobs", 1)
    assert f"picture: {tmp_path / 'pictures' / 'layout_emotion_gait16.png'}" in done.stdout
    assert run(stick_gait, "--check", "--jobs", 0).stderr == "prepare.py: --jobs: expected 1 or more (got 0)\n"


@pytest.mark.tool
def test_what_is_left_out_is_listed(stick_gait, tmp_path):
    done = run(stick_gait, "--out", tmp_path / "cache")
    assert "features.h5:tom_walk_sa_1_positions.csv: " in done.stdout
    assert "features.h5:105_13_positions.csv: unknown subject and emotion" in done.stdout


@pytest.mark.tool
def test_mistakes_are_one_line_and_exit_code_two(tmp_path):
    done = started(tmp_path, "--out", tmp_path / "cache")
    assert done.returncode == 2
    assert done.stderr.startswith(f"prepare.py: {tmp_path}: no data set")
    assert done.stderr.count("\n") == 1
    assert run(tmp_path).returncode == 2


@pytest.mark.tool
def test_propose_writes_a_manifest_once_and_stops(stick_gait, tmp_path):
    done = run(stick_gait, "--propose", tmp_path / "new.csv")
    assert done.returncode == 0, done.stderr
    assert f"then: stgcn-affect prepare {tmp_path / 'new.csv'} --check" in done.stdout
    assert sorted(path.name for path in tmp_path.glob("new*")) == ["new.csv", "new.guesses.csv"]
    again = run(stick_gait, "--propose", tmp_path / "new.csv")
    assert again.returncode == 2
    assert again.stderr.startswith(f"prepare.py: {tmp_path / 'new.csv'}: expected the name of a new file")
    assert run(stick_gait, "--propose", tmp_path / "b.csv", "--check").returncode == 2
