"""Predict with a released encoder: no code of the training or of the networks is imported."""

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.prediction import Prediction, pooled_prediction, probabilities
from stgcn_affect.data.walk import Walk
from stgcn_affect.errors import InputError
from stgcn_affect.release.encoder_names import ABOUT, FORMAT, PROGRAM
from stgcn_affect.skeleton.layout import Layout

_KEYS = {"emotions", "temperature", "outlier_threshold", "cycle_samples", "layout"}


@dataclass(frozen=True, eq=False)
class ReleasedEncoder:
    """The emotion branch of a model, as ``export_encoder`` wrote it; it predicts as the model does.

    Args:
        program: positions ``[B, T, V, 3]`` and stride times ``[B]`` to logits ``[B, Q]``, z_emotion ``[B, De]`` and
            outlier scores ``[B]``.
        layout: the skeleton of the cycles.
        emotions: Q names, in the order of the probabilities.
        temperature: that the logits are divided by; None for 1.
        outlier_threshold: cycles with a higher outlier score are outliers.
        about: all of ``encoder.json``.
    """

    program: nn.Module
    layout: Layout
    emotions: tuple[str, ...]
    temperature: float | None
    outlier_threshold: float
    about: Mapping[str, Any]

    def predict(self, walk: Walk) -> Prediction:
        """Predict the emotion of a walk (``read_walk(file, layout=encoder.layout)``).

        Raises:
            InputError: a walk on another layout.
        """
        return self.predict_many([walk])[0]

    def predict_many(self, walks: Sequence[Walk]) -> list[Prediction]:
        """Predict the emotion of each walk, all in one batch; errors as of ``predict``."""
        if not walks:
            return []
        logits, _, score = self._run(walks)
        found = pooled_prediction(
            self.emotions,
            [probabilities(logits, temperature=self.temperature)],
            scores=[score],
            thresholds=[self.outlier_threshold],
        )
        return found.split([len(walk) for walk in walks])

    def encode(self, walk: Walk) -> npt.NDArray[np.float32]:
        """The latent z_emotion ``[N, De]`` of each cycle of a walk; errors as of ``predict``."""
        return self._run([walk])[1]

    @torch.no_grad()
    def _run(self, walks: Sequence[Walk]) -> tuple[npt.NDArray[np.float32], ...]:
        for walk in walks:
            walk.check_layout(self.layout)
        batch = CycleBatch(*map(torch.cat, zip(*(walk.batch() for walk in walks), strict=True)))
        outputs: tuple[Tensor, ...] = self.program(batch.positions, batch.stride_time_s)
        return tuple(output.numpy() for output in outputs)

    def __repr__(self) -> str:
        joints = f"{self.layout.name}, {self.layout.num_joints} joints"
        return f"ReleasedEncoder({', '.join(self.emotions)} on {joints})"


def load_released(folder: str | Path) -> ReleasedEncoder:
    """Read a folder that ``export_encoder`` wrote.

    Args:
        folder: with ``encoder.pt2`` and ``encoder.json``.

    Raises:
        InputError: no such folder, or no released encoder of this format in it.
    """
    folder = Path(folder)
    about = _about(folder / ABOUT)
    path = folder / PROGRAM
    if not path.is_file():
        raise InputError(f"{path}: expected the program of a released encoder (got no file of this name)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of torch's own workings
            program = torch.export.load(path).module()
    except Exception as error:  # a broken archive raises nearly anything
        found = f"{type(error).__name__}: {error}"
        raise InputError(f"{path}: expected a program of torch.export (got {found[:200]})") from error
    return ReleasedEncoder(
        program=program,
        layout=Layout.from_dict(about["layout"], str(folder / ABOUT)),
        emotions=tuple(about["emotions"]),
        temperature=about["temperature"],
        outlier_threshold=float(about["outlier_threshold"]),
        about=about,
    )


def is_released(folder: str | Path) -> bool:
    """Whether a path is the folder of a released encoder."""
    return (Path(folder) / ABOUT).is_file()


def _about(path: Path) -> dict[str, Any]:
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: expected a folder that stgcn-affect export wrote (got {error.strerror})") from error
    except ValueError as error:
        raise InputError(f"{path}: expected JSON (got {error})") from error
    version = about.get("format") if isinstance(about, dict) else None
    missing = _KEYS - set(about) if isinstance(about, dict) else _KEYS
    if version != FORMAT or missing:
        raise InputError(
            f"{path}: expected a released encoder of format {FORMAT}"
            f" (got format {version}, missing: {', '.join(sorted(missing)) or 'nothing'})"
        )
    return dict(about)
