"""Read ``results.json``; one of an earlier version gets today's keys, so that nothing need be computed again."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stgcn_affect.errors import InputError

OLD_KEYS = {
    "known_walkers": "seen_subjects",
    "unseen_walkers": "unseen_subjects",
    "walkers": "subjects",
    "n_walkers": "n_subjects",
    "worst": "accuracy",
    "own_baseline": "subject_baseline",
    "calibrated": "relative_to_baseline",
    "no_scatter": "no_within_class_variance",
    "no_slope": "no_input_gradient_penalty",
}
"""Keys of ``results.json`` before and now; among the protocol's, "calibrated" is "subject_baseline"."""

_OLD_WORDS = (
    (r"\bopposite_", "reflected_"),
    (r" on tempo\b", " on stride_time"),
    (r"\bmean_pose_and_tempo\b", "mean_pose_and_stride_time"),
    (r"\bunseen walkers\b", "unseen subjects"),
    (r"\bknown walkers\b", "seen subjects"),
    (r" \.(?=\d)", " 0."),
)
"""Parts of names and sentences before and now."""


def read_results(path: Path) -> dict[str, Any]:
    """``results.json`` with today's keys. Raises InputError where it is not there or is no JSON object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected JSON (got {error})") from error
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected an object of results (got {type(content).__name__})")
    return upgrade_results(content)


def upgrade_results(results: Mapping[str, Any]) -> dict[str, Any]:
    """The content of ``results.json`` with today's keys; one that has them stays as it is."""
    upgraded: dict[str, Any] = _upgraded(results)
    if "calibrated" in results.get("protocol", {}):
        protocol = upgraded["protocol"]
        protocol["subject_baseline"] = protocol.pop(OLD_KEYS["calibrated"])
    for title, curves in upgraded.get("faithfulness", {}).items():
        units, replacement = title.split(", ")
        curves.setdefault("units", units)
        curves.setdefault("replacement", replacement.replace(" ", "_"))
    return upgraded


def _upgraded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {OLD_KEYS.get(key, _new_words(key)): _upgraded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_upgraded(one) for one in value]
    return _new_words(value) if isinstance(value, str) else value


def _new_words(text: str) -> str:
    for old, new in _OLD_WORDS:
        text = re.sub(old, new, text)
    return text
