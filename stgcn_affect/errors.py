"""The error that means that the user's input is wrong, and helpers that build its messages."""

from collections.abc import Iterable
from typing import Any

__all__ = ["InputError"]

MOST_LETTERS = 200
"""Length from which ``listed`` cuts."""

LONGEST_MESSAGE = 499
"""Characters of a message at most: what is longer is no line that anybody reads."""


class InputError(ValueError):
    """A mistake in the user's input: a file, a setting, a layout.

    The message stands on its own: it names the place (file, key, joint), what was expected and what was found. Tools
    print it as one line and leave with exit code 2; every other exception is a defect of ours. A message of 500
    characters or more loses its middle, such as that of a very long path.
    """

    def __init__(self, message: str) -> None:
        super().__init__(shortened(message))


def shortened(text: str, most: int = LONGEST_MESSAGE) -> str:
    """A text of at most so many characters; of a longer one the beginning and the end, with "..." between."""
    start = 3 * most // 5
    return text if len(text) <= most else f"{text[:start]} ... {text[len(text) - (most - start - 5) :]}"


def last_line(traceback: str) -> str:
    """The last line of a traceback, which says what went wrong."""
    return traceback.strip().rpartition("\n")[2]


def listed(names: Iterable[Any], most: int = MOST_LETTERS) -> str:
    """Names joined by commas, those beyond ``most`` letters only counted: "head, neck and 40 more"."""
    words = [str(name) for name in names]
    shown = len(words)
    while shown > 1 and len(", ".join(words[:shown])) > most:
        shown -= 1
    text = ", ".join(words[:shown])
    return text if shown == len(words) else f"{text} and {len(words) - shown} more"
