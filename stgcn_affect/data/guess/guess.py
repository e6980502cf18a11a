"""A guess, how sure it is, and why."""

from dataclasses import dataclass
from typing import Literal

Sureness = Literal["sure", "likely", "unsure", "unknown"]

SURENESS: tuple[Sureness, ...] = ("sure", "likely", "unsure", "unknown")


@dataclass(frozen=True)
class Guess:
    """What was guessed for one field of one recording.

    Args:
        value: "" where nothing could be guessed.
        sure: how sure, in a word.
        why: in a few words.
    """

    value: str
    sure: Sureness
    why: str


def unknown(why: str) -> Guess:
    """No guess."""
    return Guess("", "unknown", why)
