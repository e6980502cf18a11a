"""What can be asked of an explanation."""

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import METHODS
from stgcn_affect.explain.explained_model import ExplainedModel
from stgcn_affect.jobs.explain.maps import two_emotions


def check_arguments(explained: ExplainedModel, method: str | None, block: int | None, target: str | None) -> None:
    """Raise InputError for a method, a block or an emotion that there is not, before anything is trained."""
    if method is not None and method not in METHODS:
        raise InputError(f"--method: expected one of {', '.join(METHODS)} (got {method!r})")
    blocks = len(explained.model.network.emotion_encoder.blocks)
    if block is not None and not 0 <= block < blocks:
        raise InputError(f"--block: expected 0 to {blocks - 1}, of the encoder's blocks (got {block})")
    if block is not None and method is not None and not METHODS[method].takes_block:
        raise InputError(f"--block: expected none with --method {method}, which sees all of them (got {block})")
    if target is not None and target not in explained.model.emotions:
        two_emotions(target, explained.model.emotions)
