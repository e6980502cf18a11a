"""A guess, how sure it is, and why; and the words of names, of which guesses are made."""

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


class Token(str):
    """A word of a file's path that knows where it stands.

    Args:
        text: the word.
        level: 0 for the first folder of the path, 1 for the next ...; None for the file's own name.
        begins: it is the whole name of a folder, and begins the file's name too.
    """

    level: int | None
    begins: bool

    def __new__(cls, text: str, level: int | None = None, *, begins: bool = False) -> "Token":
        """Make a token of the text."""
        token = super().__new__(cls, text)
        token.level, token.begins = level, begins
        return token
