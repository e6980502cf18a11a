"""One run and its evaluation, shared by all that looks at their files."""

from dataclasses import replace
from importlib import import_module

import pytest
from sklearn.ensemble import RandomForestClassifier

from stgcn_affect.evaluation import attackers
from stgcn_affect.evaluation import baselines as classifiers
from stgcn_affect.evaluation.attackers import scaled
from stgcn_affect.jobs import emotion_tasks, train_fold

RUN = (
    *("synthetic.walkers=10", "synthetic.takes=1", "synthetic.emotions=[angry,neutral,sad]"),
    *("protocol.kind=grouped", "protocol.folds=2", "protocol.validation_subjects=1"),
    *("network.width=4", "network.blocks=1", "network.decoder_width=4", "train.epochs=2", "train.log_every=2"),
)


def _tool(name):
    main = import_module(f"stgcn_affect.cli.{name}").main
    return lambda *arguments: int(main([str(argument) for argument in arguments]))


def _forest(**chosen):
    """Five trees: whole forests are most of the time."""
    return scaled(RandomForestClassifier(n_estimators=5, random_state=0, **chosen))


@pytest.fixture(scope="session")
def evaluate_tool(shorten_attackers):
    """Runs ``tools/evaluate.py`` with attackers and baselines in small, and gives its exit code."""
    evaluate = _tool("evaluate")

    def run(*arguments):
        with pytest.MonkeyPatch.context() as patch:
            family = classifiers.CLASSIFIERS["random_forest"]
            patch.setitem(classifiers.CLASSIFIERS, "random_forest", replace(family, make=_forest))
            patch.setitem(attackers.ATTACKERS, "random_forest", _forest)
            shorten_attackers(patch)
            return evaluate(*arguments)

    return run


@pytest.fixture(scope="session")
def skip_pictures():
    """Takes a monkeypatch: trainings draw nothing for TensorBoard, which is half of a small one's time."""

    def skip(patch):
        for name in ("record_fold", "record_maps"):
            patch.setattr(train_fold, name, lambda *_, **__: None)

    return skip


@pytest.fixture(scope="session")
def train_tool(skip_pictures):
    """Runs ``tools/train.py`` without pictures, and gives its exit code."""

    def run(*arguments):
        with pytest.MonkeyPatch.context() as patch:
            skip_pictures(patch)
            return _tool("train")(*arguments)

    return run


@pytest.fixture(scope="session")
def trained_run(train_tool, tmp_path_factory):
    """The folder of a run, and when its files were written."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    assert train_tool(*RUN, "--out", folder) == 0
    return folder, {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def comparing_run(train_tool, tmp_path_factory):
    """The folder of a run that compares walks with others of their subjects."""
    folder = tmp_path_factory.mktemp("runs") / "comparing"
    settings = (
        "protocol.kind=fixed",
        "protocol.test_subjects=2",
        "protocol.subject_baseline=other_takes",
        "train.epochs=10",
    )
    assert train_tool(*RUN, *settings, "--out", folder) == 0
    return folder


@pytest.fixture(scope="session")
def evaluation(trained_run, evaluate_tool):
    """The folder of the run's evaluation, and what was trained for its tables of emotion: (with adversaries, seed)."""
    fitted = []
    fit = emotion_tasks.fit_model

    def watched(config, data, *, seed):
        fitted.append((config.loss.adversary_identity > 0, seed))
        return fit(config, data, seed=seed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emotion_tasks, "fit_model", watched)
        assert evaluate_tool(trained_run[0], "evaluate.permutations=50", "--quick") == 0
    return trained_run[0] / "evaluation", fitted
