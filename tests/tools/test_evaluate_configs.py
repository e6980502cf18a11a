"""The evaluations that README and docs name, through the tool, on little data."""

import json
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.evaluation import baselines as classifiers
from stgcn_affect.evaluation.attackers import LEARNED
from stgcn_affect.jobs import emotion_tasks, privacy_tasks
from stgcn_affect.synthetic.walkers import synthetic_walkers

CONFIGS = Path(__file__).parents[2] / "configs"
SMALL = (
    *("synthetic.walkers=10", "synthetic.takes=1", "synthetic.emotions=[angry,neutral,sad]"),
    *("protocol.folds=2", "protocol.validation_subjects=1", "evaluate.permutations=50"),
    *("network.width=4", "network.blocks=1", "network.decoder_width=4", "train.epochs=1"),
)
pytestmark = pytest.mark.tool


@pytest.fixture(autouse=True)
def _few_classifiers(monkeypatch):
    """All classifiers, inputs and attackers are tried in test_evaluate_results."""
    for name in set(classifiers.CLASSIFIERS) - {"lda", "random_forest"}:
        monkeypatch.delitem(classifiers.CLASSIFIERS, name)
    monkeypatch.setattr(privacy_tasks, "ALL_ATTACKERS", ("nearest_neighbour", "lda"))
    monkeypatch.setattr(emotion_tasks, "INPUTS", ("raw", "stride_time"))
    monkeypatch.setattr(emotion_tasks, "SWAPPED_INPUTS", ("harmonics",))


def test_the_benchmark_without_real_data(evaluate_tool, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("STGCN_AFFECT_DATA", raising=False)
    pages = [CONFIGS.parent / name for name in ("README.md", "docs/results.md")]
    before = [page.read_text() for page in pages]
    assert evaluate_tool(CONFIGS / "benchmark.yaml", *SMALL, "--quick", "--out", tmp_path) == 0
    assert [page.read_text() for page in pages] == before, "results in small are no results"
    section = (tmp_path / "synthetic" / "section.md").read_text()
    assert section.startswith("**synthetic**: 10 subjects, 30 takes")
    assert "| emotion: the method |" in section
    assert f"report: {tmp_path / 'synthetic' / 'report.md'}" in capsys.readouterr().out


def walks_on_disk(folder):
    """The synthetic walkers as files with a manifest."""
    folder.mkdir()
    lines = ["path,subject,emotion,take"]
    for i, clip in enumerate(
        synthetic_walkers(walkers=10, takes=1, seed=0, emotions=("angry", "neutral", "sad")).clips
    ):
        joints = np.array(clip.layout.joints)
        np.savez(folder / f"{i}.npz", positions=clip.positions, fps_hz=clip.fps_hz, joints=joints)
        lines.append(f"{i}.npz,{clip.subject},{clip.emotion},1")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")
    return folder


def test_the_ablation(evaluate_tool, tmp_path):
    root = walks_on_disk(tmp_path / "walks")
    chosen = (f"data.root={root}", "evaluate.ablation=[no_within_class_variance]", "--quick", "--out", tmp_path)
    assert evaluate_tool(CONFIGS / "ablation.yaml", *SMALL, *chosen) == 0
    folder = tmp_path / "ablation"
    block = json.loads((folder / "results.json").read_text())["ablation"]
    assert set(block) == {"no_disentanglement", "no_within_class_variance"}
    assert {"emotion", "difference", "ci95", "p", "identity"} == set(block["no_within_class_variance"])
    assert "| no within class variance |" in (folder / "report.md").read_text()
    section = (folder / "section.md").read_text()
    assert "| no within class variance |" in section
    assert "Verdict" not in section, "the scores are another section's"


@pytest.mark.parametrize(("of", "emotions"), [("other_takes", "angry, neutral, sad"), ("neutral", "angry, sad")])
def test_walks_beside_their_subjects_others(evaluate_tool, tmp_path, monkeypatch, of, emotions):
    """The baseline that is kept and what is left are attacked; the recordings are the control still."""
    if of == "other_takes":  # those that learn from other people see such cycles too
        monkeypatch.setattr(privacy_tasks, "ALL_ATTACKERS", (*privacy_tasks.ALL_ATTACKERS, *LEARNED))
    chosen = (*SMALL, f"protocol.subject_baseline={of}", "--quick", "--out", tmp_path)
    assert evaluate_tool(CONFIGS / "subject_baseline.yaml", *chosen) == 0
    found = json.loads((tmp_path / "results.json").read_text())
    assert found["protocol"]["subject_baseline"] == of
    assert ", ".join(found["dataset"]["emotions"]) == emotions
    known, unseen = found["privacy"]["seen_subjects"], found["privacy"]["unseen_subjects"]
    assert known["raw"]["accuracy"] > 0.9
    assert known["subject_baseline"]["accuracy"] > 0.9
    assert "reflected_lda" in known["z_emotion"]["attackers"]
    assert {"subject_baseline", "relative_to_baseline"} <= set(unseen)
    report = (tmp_path / "report.md").read_text()
    assert f"each walk compared with the subject's {of.replace('_', ' ')}" in report
    assert "| stored subject baseline |" in report
