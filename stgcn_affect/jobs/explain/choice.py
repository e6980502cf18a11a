"""Which method, block and target a run is explained by: the arguments, checked, and the run's table of methods."""

import json
from pathlib import Path

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import METHODS, MethodChoice
from stgcn_affect.explain.attribution.target import two_emotions
from stgcn_affect.explain.quality.method_choice import choose
from stgcn_affect.training.model import Model


def check_arguments(model: Model, method: str | None, block: int | None, target: str | None) -> None:
    """Raise InputError for an unknown method, block or emotion, before anything is trained."""
    if method is not None and method not in METHODS:
        raise InputError(f"--method: expected one of {', '.join(METHODS)} (got {method!r})")
    blocks = len(model.network.emotion_encoder.blocks)
    if block is not None and not 0 <= block < blocks:
        raise InputError(f"--block: expected 0 to {blocks - 1}, of the encoder's blocks (got {block})")
    if block is not None and method is not None and not METHODS[method].takes_block:
        raise InputError(f"--block: expected none with --method {method}, which uses all of them (got {block})")
    if target is not None and target not in model.emotions:
        two_emotions(target, model.emotions)


def run_choice(run: Path, model: Model, method: str | None, block: int | None) -> MethodChoice:
    """``choose`` by the table in ``explanations/results.json`` of a run, where the run has one.

    Args:
        run: its folder.
        model: the model of the run.
        method: one of ``METHODS``, in the place of the trusted one.
        block: in the place of the method's best one.

    Raises:
        InputError: a table that cannot be read.
    """
    path = run / "explanations" / "results.json"
    try:
        table = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
        return choose(table, blocks=len(model.network.emotion_encoder.blocks), method=method, block=block)
    except (ValueError, InputError) as error:
        raise InputError(f"{path}: {error}") from error
