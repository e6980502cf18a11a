"""Checkpoints: written whole or not at all, read without running code, and knowing what their numbers mean."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import torch

from stgcn_affect import __version__
from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.layout import Layout

FORMAT = 2
"""Raised when a file of an older version can no longer be read."""

_KEYS = {"format", "sizes", "layout", "emotions", "subjects", "parts", "config", "digest", "weights"} | {
    "temperature",
    "outlier_threshold",
}


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network with the names of everything that goes in and comes out.

    Args:
        network: in evaluation mode.
        sizes: the keyword arguments that ``DisentangledSTGCN.build`` made the network with.
        layout: the skeleton of its cycles.
        emotions: Q names, in the order of the logits.
        subjects: S names of training subjects, in the order of the identity logits.
        parts: the subjects of each part, {"train": [...], "validation": [...], "test": [...]}.
        config: the run's merged settings.
        digest: of the data and settings that it was trained with; "" where it is not kept.
        temperature: that its logits are divided by; None where no validation subject was there to fit it.
        outlier_threshold: cycles with a higher outlier score are outliers; infinite before it is fitted.
    """

    network: DisentangledSTGCN
    sizes: Mapping[str, Any]
    layout: Layout
    emotions: tuple[str, ...]
    subjects: tuple[str, ...]
    parts: Mapping[str, list[str]]
    config: Mapping[str, Any]
    digest: str = ""
    temperature: float | None = None
    outlier_threshold: float = math.inf


def save_model(path: str | Path, model: Model) -> None:
    """Write a model that ``load_model`` reads back, atomically."""
    save_atomically(
        path,
        {
            "format": FORMAT,
            "version": __version__,
            "sizes": dict(model.sizes),
            "layout": model.layout.to_dict(),
            "emotions": list(model.emotions),
            "subjects": list(model.subjects),
            "parts": {part: list(names) for part, names in model.parts.items()},
            "config": dict(model.config),
            "digest": model.digest,
            "temperature": model.temperature,
            "outlier_threshold": model.outlier_threshold,
            "weights": model.network.state_dict(),
        },
    )


def load_model(path: str | Path) -> Model:
    """Read a model onto the CPU.

    Raises:
        InputError: no such file, or no checkpoint of this package's format.
    """
    content = load_safely(path)
    if content.get("format") in range(1, FORMAT):
        raise InputError(
            f"{path}: expected a model of format {FORMAT}, train it again with this version of stgcn_affect"
            f" (got format {content['format']}, of an earlier version)"
        )
    missing = _KEYS - set(content)
    if missing or content["format"] != FORMAT:
        raise InputError(
            f"{path}: expected a model of format {FORMAT}"
            f" (got format {content.get('format')}, missing: {', '.join(sorted(missing)) or 'nothing'})"
        )
    layout = Layout.from_dict(content["layout"], str(path))
    network = DisentangledSTGCN.build(
        layout, emotions=len(content["emotions"]), subjects=len(content["subjects"]), **content["sizes"]
    )
    network.load_state_dict(content["weights"])
    return Model(
        network=network.eval(),
        sizes=content["sizes"],
        layout=layout,
        emotions=tuple(content["emotions"]),
        subjects=tuple(content["subjects"]),
        parts=content["parts"],
        config=content["config"],
        digest=content["digest"],
        temperature=content["temperature"],
        outlier_threshold=content["outlier_threshold"],
    )


def model_paths(run: Path) -> Sequence[Path]:
    """``model.pt`` of a run's folder, or of its folds in order. Raises InputError where there is none."""
    paths = sorted(run.glob("fold-*/model.pt")) or [path for path in [run / "model.pt"] if path.is_file()]
    if not paths:
        raise InputError(f"{run}: expected the folder of a finished run, with model.pt or fold-00/model.pt (got none)")
    return paths


def save_atomically(path: str | Path, content: Mapping[str, Any]) -> None:
    """Write tensors and plain containers so that a reader finds the old file or the new one, never half of one."""
    buffer = BytesIO()
    torch.save(dict(content), buffer)
    write_whole(buffer.getvalue(), path=path)


def load_safely(path: str | Path) -> dict[str, Any]:
    """Read what ``save_atomically`` wrote, with ``weights_only=True``: a file cannot run code.

    Raises:
        InputError: no such file, or none that holds tensors and plain containers only.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: no such checkpoint")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a broken pickle raises nearly anything
        raise InputError(
            f"{path}: expected a checkpoint of tensors and plain containers (got {_found(error)})"
        ) from error
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected a checkpoint with named parts (got {type(content).__name__})")
    return content


def _found(error: Exception) -> str:
    """What stood in a file, in our words: torch only advises to load it all the same."""
    named = re.search(r"GLOBAL (\S+)", str(error))
    return f"an object of {named[1]}" if named else "a file that is broken or something else"
