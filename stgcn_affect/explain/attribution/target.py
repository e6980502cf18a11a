"""What an explanation is about: an emotion, one emotion against another, or a subject."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from stgcn_affect.errors import InputError

Head = Literal["emotion", "identity"]


@dataclass(frozen=True)
class Target:
    """A logit, or the difference of two logits.

    Args:
        code: position among the head's logits.
        minus: position of the logit that is subtracted, or None.
        head: whose logits: ``"emotion"`` or ``"identity"``.
    """

    code: int
    minus: int | None = None
    head: Head = "emotion"

    @classmethod
    def emotion(cls, name: str, emotions: Sequence[str], *, minus: str | None = None) -> "Target":
        """An emotion by name, or its difference to another. Raises InputError for a name that the model does not
        know.
        """
        return cls(
            code=_position(name, emotions, "an emotion"),
            minus=None if minus is None else _position(minus, emotions, "an emotion"),
        )

    @classmethod
    def subject(cls, name: str, subjects: Sequence[str]) -> "Target":
        """A subject of the identity head by name. Raises InputError for a subject that the model was not trained on."""
        return cls(code=_position(name, subjects, "a subject of the training"), head="identity")


AnyTarget = Target | int | Tensor
"""A target, the code of a logit, one code per cycle, ``[B]`` integers, or weights of the logits, ``[B, Q]``."""


def lead(emotion: str | Tensor, emotions: Sequence[str], *, batch: int) -> Tensor:
    """Weights ``[B, Q]`` of an emotion's lead: its logit minus the mean of all logits.

    An input that raises all logits alike changes no probability; it has relevance for the logit, but none for the lead.

    Args:
        emotion: one name for all cycles, or ``[B]`` codes.
        emotions: Q names.
        batch: B.

    Raises:
        InputError: a name or a code that the model does not know.
    """
    code = emotion if isinstance(emotion, Tensor) else _position(emotion, emotions, "an emotion")
    return contrast(code, batch=batch, classes=len(emotions)) - 1.0 / len(emotions)


def contrast(target: AnyTarget, *, batch: int, classes: int) -> Tensor:
    """Weights of the logits in what is explained: ``[B, Q]``, +1 at the target, -1 at what is subtracted.

    Raises:
        InputError: a code that no logit has, not one code per cycle, or weights of another shape.
    """
    if isinstance(target, Tensor) and target.is_floating_point():
        if target.shape != (batch, classes):
            raise InputError(
                f"target: expected weights of {classes} logits for each of {batch} cycles"
                f" (got shape {tuple(target.shape)})"
            )
        return target
    if isinstance(target, Tensor):
        codes = target.long().cpu()
        if codes.shape != (batch,):
            raise InputError(f"target: expected one code for each of {batch} cycles (got shape {tuple(codes.shape)})")
    else:
        codes = torch.full((batch,), target.code if isinstance(target, Target) else target)
    subtracted = target.minus if isinstance(target, Target) else None
    for code in {*codes.tolist(), *([] if subtracted is None else [subtracted])}:
        if not 0 <= code < classes:
            raise InputError(f"target: expected the code of one of {classes} classes (got {code})")
    weights = torch.nn.functional.one_hot(codes, classes).float()
    if subtracted is not None:
        weights[:, subtracted] -= 1.0
    return weights


def target_weights(target: str | None, codes: Tensor, emotions: Sequence[str]) -> Tensor:
    """The target of each cycle as weights ``[B, Q]`` of the logits.

    Args:
        target: an emotion, whose lead over the mean of all logits is explained; two joined by a minus, whose difference
            is; None: the emotion that each cycle has.
        codes: ``[B]`` the code of each cycle's emotion.
        emotions: Q names.

    Raises:
        InputError: an emotion that the model does not know.
    """
    if target is None:
        return lead(codes, emotions, batch=len(codes))
    if target in emotions:
        return lead(target, emotions, batch=len(codes))
    first, second = two_emotions(target, emotions)
    return contrast(Target.emotion(first, emotions, minus=second), batch=len(codes), classes=len(emotions))


def two_emotions(target: str, emotions: Sequence[str]) -> tuple[str, str]:
    """The emotions that a minus joins; their names may hold a minus too.

    Raises:
        InputError: not two different emotions.
    """
    parts = target.split("-")
    for i in range(1, len(parts)):
        first, second = "-".join(parts[:i]), "-".join(parts[i:])
        if first != second and first in emotions and second in emotions:
            return first, second
    raise InputError(
        f"target: expected one of {', '.join(emotions)}, or two of them joined by a minus (got {target!r})"
    )


def _position(name: str, names: Sequence[str], kind: str) -> int:
    if name not in names:
        raise InputError(f"target: expected {kind}, one of {', '.join(names)} (got {name!r})")
    return list(names).index(name)
