"""``results.json`` of before with today's keys, so that its tables need not be computed again."""

import re
from collections.abc import Mapping
from typing import Any

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
    (r"\btempo\b", "stride_time"),
    (r"\bmean_pose_and_tempo\b", "mean_pose_and_stride_time"),
    (r"\bunseen walkers\b", "unseen subjects"),
    (r"\bknown walkers\b", "seen subjects"),
    (r" \.(?=\d)", " 0."),
)
"""Parts of names and sentences before and now."""


def upgrade_results(results: Mapping[str, Any]) -> dict[str, Any]:
    """``results.json`` of an evaluation or a training run with today's keys; one that has them stays as it is."""
    upgraded: dict[str, Any] = _upgraded(results)
    if "calibrated" in results.get("protocol", {}):
        protocol = upgraded["protocol"]
        protocol["subject_baseline"] = protocol.pop(OLD_KEYS["calibrated"])
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
