"""Reading settings: the defaults, a YAML file and ``key=value`` overrides on top, checked."""

import difflib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import yaml
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import ConfigKeyError, OmegaConfBaseException

from stgcn_affect.errors import InputError
from stgcn_affect.settings import (
    ACTED,
    CYCLE_SAMPLES,
    PERCEIVED,
    AugmentConfig,
    Config,
    LossConfig,
    NetworkConfig,
    known_configs,
)

PROTOCOLS = ("fixed", "grouped", "loso")
LABELS = (ACTED, PERCEIVED)
SCHEDULES = ("constant", "ganin")
SECTIONS = ("scores", "emotion", "curve", "ablation", "factorial", "leakage")

RENAMED = {
    "protocol.test_walkers": "protocol.test_subjects",
    "protocol.validation_walkers": "protocol.validation_subjects",
    "protocol.calibrated": "protocol.subject_baseline",
    "evaluate.privacy_walkers": "evaluate.privacy_subjects",
    "train.cap_emotion": "train.clip_latent",
    "loss.scatter": "loss.within_class_variance",
    "loss.slope": "loss.input_gradient_penalty",
}
"""Keys of earlier versions and what they are called now."""


def find_config(name: str | Path) -> Path:
    """The configuration at a path, or the one of this name that comes with the package, such as "emotion_gait".

    Raises:
        InputError: neither a file nor such a name; the names are given.
    """
    path = Path(name)
    known = known_configs()
    elsewhere = bool(path.suffix) or path.parent != Path()
    if path.is_file() or (elsewhere and path.stem not in known):
        return path
    if elsewhere or path.name not in known:
        raise InputError(
            f"{name}: no such configuration file: expected a path, or one of {', '.join(known)} (got {str(name)!r})"
        )
    return known[path.name]


def load_config(path: str | Path | Sequence[Path] | None = None, overrides: Sequence[str] = ()) -> Config:
    """The defaults, then a YAML file or several, each on top of the one before, then ``key=value`` overrides.

    Raises:
        InputError: no such file or name, no YAML, a key of an earlier version (its new name is given), an unknown key
            (the nearest known one is named), a bad value.
    """
    merged = OmegaConf.structured(Config)
    paths = [] if path is None else [find_config(path)] if isinstance(path, str | Path) else path
    for file in paths:
        merged = _merge(merged, _read_yaml(file), str(file))
    for override in overrides:
        key, equals, _ = override.partition("=")
        if not equals or not key:
            raise InputError(f"setting {override!r}: expected key=value, such as train.epochs=20")
        try:
            parsed = OmegaConf.from_dotlist([override])
        except yaml.YAMLError as error:
            raise InputError(f"setting {override!r}: the value is no YAML ({_one_line(error)})") from error
        merged = _merge(merged, parsed, f"setting {override!r}")
    try:
        config = cast(Config, OmegaConf.to_object(merged))
    except OmegaConfBaseException as error:
        raise InputError(f"settings: {_one_line(error)}") from error
    check_config(config)
    return config


def config_dict(config: Config) -> dict[str, Any]:
    """The settings as plain containers."""
    return cast(dict[str, Any], OmegaConf.to_container(OmegaConf.structured(config)))


def flat_settings(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested settings by dotted name, such as ``train.epochs``; an empty mapping is a value."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        name = f"{prefix}{key}"
        found |= flat_settings(value, f"{name}.") if isinstance(value, Mapping) and value else {name: value}
    return found


def config_yaml(config: Config) -> str:
    """The settings as YAML, which ``load_config`` reads back."""
    return OmegaConf.to_yaml(OmegaConf.structured(config))


def check_config(config: Config) -> None:
    """Check what types cannot say. Raises InputError that names the key, what was expected and what was found."""
    network, protocol, train = config.network, config.protocol, config.train
    _expect("protocol.kind", protocol.kind in PROTOCOLS, f"one of {', '.join(PROTOCOLS)}", protocol.kind)
    _expect("data.labels", config.data.labels in LABELS, f"one of {', '.join(LABELS)}", config.data.labels)
    schedule = train.reversal_schedule
    _expect("train.reversal_schedule", schedule in SCHEDULES, f"one of {', '.join(SCHEDULES)}", schedule)
    for key in ("harmonics", "decoder_harmonics"):
        highest = getattr(network, key)
        most = (CYCLE_SAMPLES - 1) // 2
        _expect(f"network.{key}", 0 < highest <= most, f"1 to {most}, what {CYCLE_SAMPLES} samples determine", highest)
    needed = 2 * network.harmonics + 1
    _expect("network.samples", network.samples >= needed, f"{needed} or more, 2 harmonics + 1", network.samples)
    _check_blocks(network)
    _expect("network.dropout", 0 <= network.dropout < 1, "0 or more, below 1", network.dropout)
    frames = train.decoded_samples
    _expect("train.decoded_samples", frames in (4, 8, 16, 32, 64), "4, 8, 16, 32 or 64", frames)
    for key in ("choose_from", "average_from"):
        share = getattr(train, key)
        _expect(f"train.{key}", 0 <= share <= 1, "a share from 0 to 1", share)
    _expect("train.label_smoothing", train.label_smoothing < 1, "0 or more, below 1", train.label_smoothing)
    for key, seed in (("seed", config.seed), ("synthetic.seed", config.synthetic.seed)):
        _expect(key, 0 <= seed < 2**32, "a number from 0 to 2**32 - 1", seed)
    seeds = config.evaluate.seeds
    good = bool(seeds) and len(set(seeds)) == len(seeds) and all(0 <= one < 2**32 for one in seeds)
    _expect("evaluate.seeds", good, "different numbers from 0 to 2**32 - 1", seeds)
    gallery = config.evaluate.privacy_subjects
    _expect("evaluate.privacy_subjects", gallery > 1, "2 or more", gallery)
    for key in ("curve", "noise"):
        points = getattr(config.evaluate, key)
        _expect(f"evaluate.{key}", all(0 <= x < math.inf for x in points), "numbers of 0 or more", points)
    shown = config.benchmark.shows
    _expect("benchmark.shows", set(shown) <= set(SECTIONS), f"names of {', '.join(SECTIONS)}", shown)
    positive = {
        "network": ("width", "blocks", "emotion_dim", "identity_dim", "decoder_width"),
        "train": ("epochs", "batch_size", "learning_rate", "clip_norm", "transfer_every", "threads", "log_every"),
        "synthetic": ("walkers", "takes"),
        "evaluate": ("privacy_partitions", "swap_copies", "permutations"),
    }
    for section, keys in positive.items():
        for key in keys:
            value = getattr(getattr(config, section), key)
            _expect(f"{section}.{key}", 0 < value < math.inf, "a number above 0", value)
    not_negative = {
        "loss": tuple(LossConfig.__dataclass_fields__),
        "augment": tuple(AugmentConfig.__dataclass_fields__),
        "train": ("patience", "weight_decay", "label_smoothing", "reversal", "clip_latent", "group_dro_step"),
        "protocol": ("validation_subjects",),
        "evaluate": ("further_walkers",),
    }
    for section, keys in not_negative.items():
        for key in keys:
            value = getattr(getattr(config, section), key)
            _expect(f"{section}.{key}", 0 <= value < math.inf, "0 or more", value)


def _check_blocks(network: NetworkConfig) -> None:
    """Check the blocks of the encoders: their channels, strides and kernel."""
    channels, strides, samples = network.channels, network.strides, network.samples
    _expect("network.channels", all(width > 0 for width in channels), "numbers above 0, one a block", channels)
    number = len(channels) or network.blocks
    good = not strides or (len(strides) == number and min(strides) > 0)
    _expect("network.strides", good, f"a number above 0 for each of {number} blocks, or none", strides)
    step = math.prod(strides)
    words = f"strides whose product divides network.samples, {samples}"
    _expect("network.strides", samples % step == 0, words, f"{strides}, whose product is {step}")
    seen = samples // math.prod(strides[:-1])
    longest = 2 * seen + 1
    fits = 0 < network.kernel <= longest and network.kernel % 2 == 1
    where = "2 samples + 1" if seen == samples else f"2 x {seen} + 1, {seen} samples being left in the last block"
    _expect("network.kernel", fits, f"an odd number from 1 to {longest}, {where}", network.kernel)


def _expect(key: str, good: bool, expected: str, found: object) -> None:
    if not good:
        raise InputError(f"setting {key}: expected {expected} (got {found})")


def _read_yaml(path: Path) -> DictConfig:
    if not path.is_file():
        raise InputError(f"{path}: no such configuration file")
    try:
        content = OmegaConf.load(path)
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{path}: not readable as YAML ({_one_line(error)})") from error
    if not isinstance(content, DictConfig):
        raise InputError(f"{path}: expected keys and values (got a list)")
    return content


def _merge(base: DictConfig, update: DictConfig, source: str) -> DictConfig:
    try:
        return cast(DictConfig, OmegaConf.merge(base, update))
    except ConfigKeyError as error:
        key = str(error.full_key or error.key)
        if key in RENAMED:
            raise InputError(f"{source}: key {key!r} was renamed to {RENAMED[key]!r}, see CHANGELOG.md") from error
        nearest = difflib.get_close_matches(key, _keys(OmegaConf.to_container(base)), n=1, cutoff=0.0)
        raise InputError(f"{source}: unknown key {key!r}; the nearest is {nearest[0]!r}") from error
    except (OmegaConfBaseException, TypeError) as error:
        raise InputError(f"{source}: {getattr(error, 'full_key', '') or 'value'}: {_one_line(error)}") from error


def _keys(content: Any, prefix: str = "") -> list[str]:
    found = []
    for key, value in content.items():
        found.append(f"{prefix}{key}")
        if isinstance(value, dict):
            found += _keys(value, f"{prefix}{key}.")
    return found


def _one_line(error: Exception) -> str:
    text = error.msg if isinstance(error, OmegaConfBaseException) and error.msg else str(error)
    return " ".join(text.split("full_key:")[0].split())
