"""The evaluations that README names, through the tool, on little data."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.ensemble import RandomForestClassifier

from stgcn_affect.evaluation import attackers, classifiers
from stgcn_affect.evaluation.span import scaled

CONFIGS = Path(__file__).parents[2] / "configs"
SMALL = (
    *("synthetic.walkers=10", "synthetic.takes=1", "synthetic.emotions=[angry,neutral,sad]"),
    *("protocol.validation_walkers=1", "evaluate.permutations=50"),
    *("network.width=4", "network.blocks=1", "network.decoder_width=4", "train.epochs=1"),
)
pytestmark = pytest.mark.tool


def _forest(**chosen):
    return scaled(RandomForestClassifier(n_estimators=5, random_state=0, **chosen))


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch):
    """Whole forests are most of the time."""
    family = classifiers.CLASSIFIERS["random_forest"]
    monkeypatch.setitem(classifiers.CLASSIFIERS, "random_forest", replace(family, make=_forest))
    monkeypatch.setitem(attackers.ATTACKERS, "random_forest", _forest)


def test_the_benchmark_without_real_data(evaluate_tool, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("STGCN_AFFECT_DATA", raising=False)
    before = (CONFIGS.parent / "README.md").read_text()
    assert evaluate_tool(CONFIGS / "benchmark.yaml", *SMALL, "--quick", "--out", tmp_path) == 0
    assert (CONFIGS.parent / "README.md").read_text() == before, "results in small are no results"
    section = (tmp_path / "synthetic" / "section.md").read_text()
    assert section.startswith("**synthetic**: 10 walkers, 30 takes")
    assert "| emotion: the method |" in section
    assert f"report: {tmp_path / 'synthetic' / 'report.md'}" in capsys.readouterr().out


def test_the_ablation(evaluate_tool, tmp_path):
    chosen = ("evaluate.ablation=[no_scatter]", "--quick", "--out", tmp_path)
    assert evaluate_tool(CONFIGS / "ablation.yaml", *SMALL, *chosen) == 0
    block = json.loads((tmp_path / "results.json").read_text())["ablation"]
    assert set(block) == {"no_disentanglement", "no_scatter"}
    assert {"emotion", "difference", "ci95", "p", "identity"} == set(block["no_scatter"])
    assert "| no scatter |" in (tmp_path / "report.md").read_text()
