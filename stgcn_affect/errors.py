"""The error that means that the user's input is wrong, and helpers that build its messages."""

from collections.abc import Iterable
from typing import Any

__all__ = ["InputError"]

MOST_LETTERS = 200
"""Length from which ``listed`` cuts; messages with two lists stay under 500 characters."""


class InputError(ValueError):
    """A mistake in the user's input: a file, a setting, a layout.

    The message stands on its own: it names the place (file, key, joint), what was expected and what was found. Tools
    print it as one line and leave with exit code 2; every other exception is a defect of ours.
    """


def last_line(traceback: str) -> str:
    """The last line of a traceback, which says what went wrong."""
    return traceback.strip().rpartition("\n")[2]


def listed(names: Iterable[Any]) -> str:
    """Names joined by commas, those beyond about 200 letters only counted: "head, neck and 40 more"."""
    words = [str(name) for name in names]
    shown = len(words)
    while shown > 1 and len(", ".join(words[:shown])) > MOST_LETTERS:
        shown -= 1
    text = ", ".join(words[:shown])
    return text if shown == len(words) else f"{text} and {len(words) - shown} more"
