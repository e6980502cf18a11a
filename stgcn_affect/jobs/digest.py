"""One digest that says whether a kept result is that of these data and settings."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from stgcn_affect.config import flat_settings
from stgcn_affect.data.splits import PARTS, Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.settings import ACTED, Config
from stgcn_affect.training.checkpoint import read_model, save_model
from stgcn_affect.training.model import Model

VERSIONS: Mapping[str, int] = {
    "cache": 1,
    "run": 1,
    "model": 1,
    "random_label_model": 1,
    "network": 3,
    "baselines": 1,
    "attacks": 4,
    "mechanism": 2,
    "ablation": 2,
    "leakage": 1,
}
"""Kinds of result. A version is raised by hand when its kind means something else than before, so that kept results of
before are made again."""

_DATA = ("data", "synthetic")
_MODEL = (
    *_DATA,
    *("augment", "network", "loss", "train"),
    *("seed", "protocol.hold_out_take", "protocol.subject_baseline"),
)
_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "cache": _DATA,
    "run": (*_MODEL, "protocol"),
    "baselines": (*_DATA, "protocol.subject_baseline", "evaluate.swap_copies"),
}
"""Settings that a kind of result depends on, where they are not those of a model."""

_NO_MATTER = frozenset({"data.cache", "train.threads", "train.device", "train.log_every"})
"""Settings of where and how fast, which no result depends on."""

_ADDED: Mapping[str, Any] = {
    "data.labels": ACTED,
    "loss.risk_variance": 0.0,
    "loss.group_dro": 0.0,
    "train.group_dro_step": 0.01,
}
"""Settings that came later, with the value that is what was done before; there they leave kept results alone."""


def result_digest(
    kind: str, config: Config, cycles: CycleStore | None = None, split: Split | None = None, **about: Any
) -> str:
    """SHA-256 of the data, the settings and whatever else a kind of result depends on, and of the kind's version.

    Args:
        kind: one of ``VERSIONS``.
        config: the settings; those that the kind does not depend on are left out.
        cycles: the data, where there are some already.
        split: the split of the cycles, where the result is of one.
        about: whatever else decides the result, in JSON's types: a seed, the name of a network.
    """
    data = "" if cycles is None else cycles.digest
    parts = None if split is None else [getattr(split, part).tolist() for part in PARTS]
    content = [kind, VERSIONS[kind], settings_of(kind, config), data, parts, about]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def model_once(path: Path | None, digest: str, train: Callable[[], Model]) -> Model:
    """The model at ``path`` where it has this digest, else a new one, kept there with it (no path: not kept)."""
    kept = None if path is None else kept_model(path, digest)
    if kept is not None:
        return kept
    model = replace(train(), digest=digest)
    if path is not None:
        save_model(path, model)
    return model


def kept_model(path: Path, digest: str) -> Model | None:
    """The model at ``path`` where there is one with this digest."""
    model = read_model(path) if path.is_file() else None
    return model if model is not None and model.digest == digest else None


def settings_of(kind: str, config: Config) -> dict[str, Any]:
    """The settings that a kind of result depends on, by dotted name."""
    wanted = _SETTINGS.get(kind, _MODEL)
    flat = flat_settings(asdict(config))
    return {
        name: value
        for name, value in flat.items()
        if name not in _NO_MATTER
        and not (name in _ADDED and value == _ADDED[name])
        and any(name == one or name.startswith(f"{one}.") for one in wanted)
    }
