"""Variants of the method as changes of settings: the plain ST-GCN, and the method without one part."""

from collections.abc import Callable, Iterable
from copy import deepcopy

from stgcn_affect.errors import InputError
from stgcn_affect.settings import AugmentConfig, Config, LossConfig

Change = Callable[[Config], None]


def _without_terms(names: Iterable[str]) -> Change:
    """Terms of the loss at weight 0."""
    chosen = tuple(names)

    def change(config: Config) -> None:
        for name in chosen:
            setattr(config.loss, name, 0.0)

    return change


_OF_EMOTION = ("emotion", "input_gradient_penalty", "risk_variance", "group_dro")
"""Terms of the loss that teach the emotion; all others hide the subject."""


def _plain(config: Config) -> None:
    """The encoder with the emotion's terms alone, without the branches, terms and steps that hide the subject."""
    _without_terms(name for name in LossConfig.__dataclass_fields__ if name not in _OF_EMOTION)(config)
    config.train.reversal = 0.0
    _without_projection(config)


def _without_projection(config: Config) -> None:
    config.train.project_emotion = False


def _without_augmentation(config: Config) -> None:
    for name in AugmentConfig.__dataclass_fields__:
        setattr(config.augment, name, 0.0)


def _without_retargeting(config: Config) -> None:
    config.network.retarget = False


def _without_stride_time(config: Config) -> None:
    config.network.stride_time = False


def _without_phase_readout(config: Config) -> None:
    config.network.phase_readout = False


def _as_it_is(config: Config) -> None:
    del config


COMPARED: dict[str, Change] = {"disentangled": _as_it_is, "plain_stgcn": _plain}
"""The method and the network that it is compared with."""

ABLATIONS: dict[str, Change] = {
    "no_transfer": _without_terms(["transfer", "consistency"]),
    "no_decoder": _without_terms(["reconstruction", "transfer", "consistency"]),
    "no_reversal": _without_terms(["adversary_identity", "adversary_emotion"]),
    "no_within_class_variance": _without_terms(["within_class_variance"]),
    "no_projection": _without_projection,
    "no_input_gradient_penalty": _without_terms(["input_gradient_penalty"]),
    "no_identity_branch": _without_terms(
        ["identity", "adversary_emotion", "reconstruction", "transfer", "consistency"]
    ),
    "no_augmentation": _without_augmentation,
    "no_retargeting": _without_retargeting,
    "no_stride_time": _without_stride_time,
    "no_phase_readout": _without_phase_readout,
}
"""The method without one part. Without its identity branch there is nothing to decode with, so the decoder goes too."""

WITHOUT_ALL = "no_disentanglement"
"""Name of the plain ST-GCN among the ablations: the method without any part that disentangles."""

VARIANTS: dict[str, Change] = COMPARED | ABLATIONS
"""By name; each changes a copy of the settings."""

JOINED = "+"
"""Joins the names of parts that are taken away together, as in "no_reversal+no_projection"."""


def is_ablation(name: str) -> bool:
    """Whether a name is that of a part that can be taken away, or of several of them joined."""
    return all(part in ABLATIONS for part in name.split(JOINED))


def check_ablation(names: Iterable[str]) -> None:
    """Raise InputError for a part that cannot be taken away."""
    for name in names:
        if not is_ablation(name):
            raise InputError(
                f"setting evaluate.ablation: expected names of {', '.join(ABLATIONS)}, or several of them joined by"
                f" {JOINED} (got {name!r})"
            )


def variant(config: Config, name: str, *, reversal: float | None = None) -> Config:
    """The settings of a variant, or of several of ``ABLATIONS`` joined. Raises KeyError for an unknown one."""
    changed = deepcopy(config)
    for part in name.split(JOINED):
        VARIANTS[part](changed)
    if reversal is not None:
        changed.train.reversal = reversal
    return changed
