"""``tools/anonymise.py`` on a run of two folds."""

import pytest

from stgcn_affect.cli.anonymise import main
from stgcn_affect.release.motion_files import WRITERS, write_motion

pytestmark = pytest.mark.tool


def run(*arguments):
    return int(main([str(argument) for argument in arguments]))


@pytest.fixture
def recording(walk, tmp_path):
    return write_motion(walk(), tmp_path / "ana.npz")


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_is_written(trained_run, recording, tmp_path, capsys, kind):
    out = tmp_path / f"x.{kind}"
    assert run(trained_run[0], recording, "--out", out) == 0
    assert out.stat().st_size > 1000
    assert "what lies between cycles is left out" in capsys.readouterr().out


def test_the_body_of_a_subject_is_said_to_be_one(trained_run, recording, tmp_path, capsys):
    arguments = (trained_run[0], recording, "--out", tmp_path / "x.csv", "--cadence", "keep")
    assert run(*arguments, "--identity", "walker_02") == 0
    assert "the body of a real person" in capsys.readouterr().out
    assert "that of the recording, which helps to identify" in (tmp_path / "x.card.md").read_text()
    assert run(*arguments[:3], tmp_path / "y.csv", "--identity", "nobody") == 2
    assert "--identity: expected mean, random or one of walker_01" in capsys.readouterr().err
