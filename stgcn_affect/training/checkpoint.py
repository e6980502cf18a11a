"""Checkpoints of models: written atomically, read without running code, with the names of all classes."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stgcn_affect import __version__
from stgcn_affect.data.subject_baseline import Strides
from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.training.identity import IdentityStatistics
from stgcn_affect.training.model import Ensemble, Model

FORMAT = 3
"""Raised when a file of an older version can no longer be read."""

DEMO = "demo"
"""The name of the model that comes with the package; ``demo/README.md`` is its card."""

DEMO_MODEL = Path(__file__).parents[1] / "demo" / "model.pt"

_NAMED = ("sizes", "emotions", "subjects", "parts", "config", "digest", "temperature", "outlier_threshold")
_KEYS = {"format", "layout", "weights", "mean_activations", "average_baseline", *_NAMED}


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
            "mean_activations": list(model.mean_activations),
            "average_baseline": _tensors(model.average_baseline),
            "identity": _tensors(model.identity),
            "weights": model.network.state_dict(),
        },
    )


def load_model(path: str | Path) -> Model | Ensemble:
    """Read a run's model, or its models as an ensemble where it has one a fold, onto the CPU.

    Args:
        path: the folder of a finished run, or one model file; or "demo", where there is nothing of that name, for the
            small model that comes with the package: it knows synthetic walkers only and says nothing of people.

    Raises:
        InputError: no such file or folder, no finished run, or no model of this package's format.
    """
    path = Path(path)
    if path == Path(DEMO) and not path.exists():
        path = DEMO_MODEL
    models = tuple(read_model(one) for one in (model_paths(path) if path.is_dir() else [path]))
    return models[0] if len(models) == 1 else Ensemble(models)


def read_model(path: str | Path) -> Model:
    """Read one model file onto the CPU.

    Raises:
        InputError: no such file, or no model of this package's format.
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
    baseline, identity = content["average_baseline"], content.get("identity")
    named = {name: content[name] for name in _NAMED}
    return Model(
        network=network.eval(),
        layout=layout,
        **named | {"emotions": tuple(named["emotions"]), "subjects": tuple(named["subjects"])},
        mean_activations=tuple(content["mean_activations"]),
        average_baseline=None if baseline is None else Strides(*(one.numpy() for one in baseline)),
        identity=None if identity is None else IdentityStatistics(*(one.numpy() for one in identity)),
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
        raise InputError(f"{path}: expected a checkpoint (got no file of this name)")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a broken pickle raises nearly anything
        raise InputError(
            f"{path}: expected a checkpoint of tensors and plain containers (got {_found(error)})"
        ) from error
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected a checkpoint with named parts (got {type(content).__name__})")
    return content


def _tensors(arrays: Strides | IdentityStatistics | None) -> list[torch.Tensor] | None:
    return None if arrays is None else [torch.from_numpy(np.array(one, np.float32)) for one in arrays]


def _found(error: Exception) -> str:
    """What stood in a file, in our words: torch only advises to load it all the same."""
    named = re.search(r"GLOBAL (\S+)", str(error))
    return f"an object of {named[1]}" if named else "a file that is broken or something else"
