"""Scores of mechanisms that are kept beside a model, so that the cards of later files say whether they passed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stgcn_affect.files import write_whole
from stgcn_affect.jobs.anonymise.inputs import model_of
from stgcn_affect.release.card import Mechanism

METHOD = "anonymised"
"""The name of what the method writes, among the releases and among the mechanisms it is compared with."""


def passed_before(run: Path, mechanism: Mechanism) -> bool | None:
    """Whether a mechanism passed the rule when it was scored with this model; None where it was not scored."""
    path = _scores_path(run)
    if not path.is_file():
        return None
    digest = model_of(run).digest
    for one in json.loads(path.read_text(encoding="utf-8")):
        if one["mechanism"] == mechanism._asdict() and one["digest"] == digest:
            return bool(one["mechanisms"][METHOD]["verdict"]["hidden"])
    return None


def _scores_path(run: Path) -> Path:
    return (run if run.is_dir() else run.parent) / "anonymise" / "results.json"


def keep_scores(run: Path, judged: Mapping[str, Any]) -> None:
    """Add scores to those that are kept beside the model, in the place of older ones of the same mechanism."""
    path = _scores_path(run)
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    same = ("mechanism", "digest")
    kept = [one for one in before if any(one[key] != judged[key] for key in same)]
    write_whole(json.dumps([*kept, judged], indent=1) + "\n", path=path)
