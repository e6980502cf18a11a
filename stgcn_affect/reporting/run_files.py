"""The files of a run folder, read for its report; what is not there is None."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.config import config_dict, flat_settings, load_config
from stgcn_affect.data.averages import stride_times
from stgcn_affect.data.labelled import open_labelled
from stgcn_affect.data.store import read_meta, read_skipped
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.old_results import read_results
from stgcn_affect.settings import Config
from stgcn_affect.skeleton.layout import Layout, load_layout
from stgcn_affect.training.checkpoint import model_paths, read_model

Arrays = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True)
class RunFiles:
    """The contents of a run folder; missing files are None.

    Args:
        run: the folder.
        config: the run's settings, flat, by dotted name.
        trained: ``results.json`` of the training.
        evaluated: that of the evaluation.
        evaluated_with: the evaluation's settings, flat.
        explained: that of the explanation.
        maps: name to ``[T, V]`` over the average cycle.
        cycles: emotion to its average cycle ``[T, V, 3]``.
        layout: the layout of the skeleton.
        cache: what its ``meta.json`` says.
        skipped: (source, reason) of every clip that the cache leaves out.
        stride_time_s: emotion to the mean of the run's labelled cycles.
    """

    run: Path
    config: Mapping[str, Any]
    trained: Mapping[str, Any] | None
    evaluated: Mapping[str, Any] | None
    evaluated_with: Mapping[str, Any] | None
    explained: Mapping[str, Any] | None
    maps: Arrays
    cycles: Arrays
    layout: Layout | None
    cache: Mapping[str, Any] | None
    skipped: tuple[tuple[str, str], ...]
    stride_time_s: Mapping[str, float] | None

    @property
    def changed(self) -> dict[str, Any]:
        """Settings by name that the evaluation was made with and the run was not; where a cache lies is not counted."""
        other = {} if self.evaluated_with is None or self.evaluated is None else self.evaluated_with
        return {n: value for n, value in other.items() if self.config.get(n) != value and n != "data.cache"}


def read_run(run: Path) -> RunFiles:
    """Read the folder of a run.

    Raises:
        InputError: it is not the folder of a run, or one of its files cannot be read or does not fit the others.
    """
    if not (run / "config.yaml").is_file():
        raise InputError(f"{run}: expected the folder of a run of stgcn-affect train, with config.yaml (got none)")
    config = load_config(run / "config.yaml")
    evaluation, cache = run / "evaluation", Path(config.data.cache) if config.data.cache else run / "cache"
    prepared = (cache / "meta.json").is_file()
    with_settings = (evaluation / "config.yaml").is_file()
    explained = _read_json(run / "explanations" / "results.json")
    if explained is not None and "methods" not in explained:
        explained = None  # of one recording, or of what gives subjects away: not of the run
    maps, cycles, joints = _read_maps(run / "explanations" / "maps.npz")
    layout = _layout(run, cache)
    if layout is not None and joints not in (None, layout.joints):
        raise InputError(
            f"{run / 'explanations' / 'maps.npz'}: expected the {layout.num_joints} joints of {layout.name}, as in the"
            f" run (got {', '.join(joints or ())})"
        )
    return RunFiles(
        run=run,
        config=flat_settings(config_dict(config)),
        trained=_read_json(run / "results.json"),
        evaluated=_read_json(evaluation / "results.json"),
        evaluated_with=flat_settings(config_dict(load_config(evaluation / "config.yaml"))) if with_settings else None,
        explained=explained,
        maps=maps,
        cycles=cycles,
        layout=layout,
        cache=read_meta(cache) if prepared else None,
        skipped=read_skipped(cache) if prepared else (),
        stride_time_s=_stride_times(config, cache) if prepared else None,
    )


def _read_json(path: Path) -> dict[str, Any] | None:
    return read_results(path) if path.is_file() else None


def _read_maps(path: Path) -> tuple[Arrays, Arrays, tuple[str, ...] | None]:
    """Maps, average cycles and the names of the joints of an explanation."""
    if not path.is_file():
        return {}, {}, None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            parts = [
                {name.removeprefix(kind): arrays[name] for name in arrays.files if name.startswith(kind)}
                for kind in ("map ", "cycle ")
            ]
            return parts[0], parts[1], tuple(arrays["joints"].tolist())
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path}: expected the maps of stgcn-affect explain (got {error})") from error


def _layout(run: Path, cache: Path) -> Layout | None:
    if (cache / "layout.yaml").is_file():
        return load_layout(cache / "layout.yaml")
    trained = (run / "model.pt").is_file() or any(run.glob("fold-*/model.pt"))
    return read_model(model_paths(run)[0]).layout if trained else None


def _stride_times(config: Config, cache: Path) -> dict[str, float]:
    data, baseline = config.data, config.protocol.subject_baseline
    cycles = open_labelled(cache, labels=data.labels, emotions=data.emotions, subject_baseline=baseline)
    return stride_times(cycles, "emotion")
