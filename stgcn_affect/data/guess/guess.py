"""A guess, how sure it is, and why."""

from dataclasses import dataclass
from typing import Literal

Sureness = Literal["sure", "likely", "unsure", "unknown"]

SURENESS: tuple[Sureness, ...] = ("sure", "likely", "unsure", "unknown")


@dataclass(frozen=True)
class Guess:
    """The guess for one field of one recording.

    Args:
        value: "" where nothing could be guessed.
        sure: how sure it is.
        why: the reason, in a few words.
    """

    value: str
    sure: Sureness
    why: str


def unknown(why: str) -> Guess:
    """A guess that is empty, with the reason why nothing could be guessed."""
    return Guess("", "unknown", why)
