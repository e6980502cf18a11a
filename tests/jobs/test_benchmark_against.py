from pathlib import Path

import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.jobs import benchmark_against
from stgcn_affect.jobs.benchmark_against import compare_commands, compare_steps

HERE = Path(__file__).parents[2]
FEW = ("synthetic.walkers=6", "synthetic.takes=1", "protocol.test_subjects=2", "protocol.validation_subjects=1")


@pytest.fixture
def checkout(tmp_path):
    """A folder that passes for a checkout, whose training only notes its arguments."""
    (tmp_path / "stgcn_affect").mkdir()
    (tmp_path / "stgcn_affect" / "__init__.py").touch()
    (tmp_path / "tools").mkdir()
    program = "import sys; open('calls.txt', 'a').write(' '.join(sys.argv[1:]) + '\\n')"
    (tmp_path / "tools" / "train.py").write_text(program)
    return tmp_path


def test_a_folder_that_is_no_checkout_is_refused(tmp_path):
    for rows in (compare_steps(tmp_path), compare_commands(tmp_path)):
        with pytest.raises(InputError, match=r"--against: expected a checkout of this package, .* \(got .*\)"):
            next(iter(rows))


def test_a_training_that_does_not_start_is_one_line(checkout):
    with pytest.raises(InputError, match=r"expected a training that starts .*no such configuration file"):
        next(compare_steps(checkout))


def test_commands_are_run_in_turns_with_their_places_filled_in(checkout, monkeypatch):
    monkeypatch.setattr(benchmark_against, "_HERE", checkout)
    ((name, row),) = compare_commands(checkout, names=["default training"], repeats=2)
    assert name == "default training"
    calls = (checkout / "calls.txt").read_text().splitlines()
    assert [call.split("/")[-2:] for call in calls] == [
        [side, f"default training-{i}"] for i in range(2) for side in ("here", "there")
    ]
    assert row["low"] <= row["ratio"] <= row["high"]
    assert row["here_ms"] > 0


def test_a_command_that_fails_is_one_line(checkout, monkeypatch):
    monkeypatch.setattr(benchmark_against, "_HERE", checkout)
    (checkout / "tools" / "train.py").write_text("raise SystemExit('no room')")
    with pytest.raises(InputError, match=r"expected train.py .* to run .*no room"):
        next(compare_commands(checkout, names=["default training"]))


def test_commands_on_data_want_the_folder(checkout, monkeypatch):
    monkeypatch.delenv("STGCN_AFFECT_DATA", raising=False)
    with pytest.raises(InputError, match="STGCN_AFFECT_DATA: expected the folder"):
        next(compare_commands(checkout, names=["Emotion-Gait training"]))


@pytest.mark.tool
def test_the_package_against_itself(monkeypatch):
    monkeypatch.delenv("STGCN_AFFECT_DATA", raising=False)
    start = benchmark_against._worker
    monkeypatch.setattr(benchmark_against, "_worker", lambda place, name, own: start(place, name, [*own, *FEW]))
    ((name, row),) = compare_steps(HERE, repeats=1)
    assert name == "default, a step"
    assert row["ratio"] == pytest.approx(row["there_ms"] / row["here_ms"])
