"""The method and the networks that it is compared with, each as a change of the settings."""

from collections.abc import Callable
from copy import deepcopy

from stgcn_affect.settings import Config


def _plain(config: Config) -> None:
    """The same emotion encoder, without identity branch, adversaries, decoder or scatter penalty."""
    for name in config.loss.__dataclass_fields__:
        setattr(config.loss, name, 1.0 if name == "emotion" else 0.0)
    config.train.reversal = 0.0


def _as_it_is(config: Config) -> None:
    del config


VARIANTS: dict[str, Callable[[Config], None]] = {"disentangled": _as_it_is, "plain_stgcn": _plain}
"""By name; each changes a copy of the settings."""


def variant(config: Config, name: str, *, reversal: float | None = None) -> Config:
    """The settings of a variant. Raises KeyError for an unknown one."""
    changed = deepcopy(config)
    VARIANTS[name](changed)
    if reversal is not None:
        changed.train.reversal = reversal
    return changed
