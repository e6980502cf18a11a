"""The places in the names of many files: what stands there in each, and in which folders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stgcn_affect.data.guess.guess import Token

SUBJECT_WORDS = {
    "subject",
    "subj",
    "sub",
    "s",
    "participant",
    "part",
    "pp",
    "p",
    "actor",
    "act",
    "person",
    "id",
}
TAKE_WORDS = {"take", "trial", "tr", "t", "rep", "r", "run", "clip", "v", "version", "no", "nr"}
_COMMON = {
    "walk",
    "walking",
    "gait",
    "data",
    "dataset",
    "motion",
    "mocap",
    "bvh",
    "csv",
    "rec",
    "recording",
    "raw",
    "c3d",
}
SETTINGS = (
    _COMMON
    | TAKE_WORDS
    | {
        *(
            "session",
            "ses",
            "sess",
            "visit",
            "day",
            "week",
            "pre",
            "post",
            "block",
            "batch",
            "set",
            "part",
            "file",
            "files",
        ),
        *(
            "condition",
            "cond",
            "task",
            "speed",
            "slow",
            "normal",
            "fast",
            "straight",
            "turn",
            "turning",
            "turns",
            "left",
            "right",
        ),
        *(
            "overground",
            "treadmill",
            "barefoot",
            "shod",
            "static",
            "dynamic",
            "level",
            "up",
            "down",
            "train",
            "test",
            "val",
        ),
        *("processed", "clean", "export", "exports", "out", "emotion", "emotions", "mood"),
    }
)
"""Words of folders that hold several people's recordings, or several of one person's."""

_NUMBERED = re.compile(r"([A-Za-z]+)(\d+)")
_TWO_NUMBERED = re.compile(r"([A-Za-z]+\d+)([A-Za-z]+\d+)")


@dataclass(frozen=True)
class Column:
    """One place in the names: a token per file, the token before it, and the words of the folders around it."""

    tokens: tuple[str, ...]
    before: tuple[str, ...]
    around: tuple[tuple[str, ...], ...]

    @property
    def in_name(self) -> bool:
        """Whether it stands in the files' own names, and not in those of folders."""
        return any(level(token) is None for token in self.tokens)

    @property
    def begins(self) -> bool:
        """Whether it is a folder's name that also begins the names of its files."""
        return all(getattr(token, "begins", False) for token in self.tokens)

    @property
    def numeric(self) -> bool:
        """Whether only a number varies: 01 and 02, or walk01 and walk02."""
        numbered = [_NUMBERED.fullmatch(token) for token in self.tokens]
        words = {match[1] for match in numbered if match}
        return all(token.isdigit() for token in self.tokens) or (all(numbered) and len(words) == 1)

    @property
    def joins(self) -> bool:
        """Whether a token stands in two folders, so that it would make one subject of two people's recordings."""
        places: dict[str, set[tuple[str, ...]]] = {}
        for token, around in zip(self.tokens, self.around, strict=True):
            places.setdefault(token, set()).add(around)
        return any(len(found) > 1 for found in places.values())

    def labelled(self, words: set[str]) -> bool:
        """Whether each token is such a word with a number, or a number behind such a word."""
        own = [_NUMBERED.fullmatch(token) for token in self.tokens]
        if all(match and match[1].lower() in words for match in own):
            return True
        return all(before.lower() in words for before in self.before)


def level(token: str) -> int | None:
    """The depth of the folder that a token stands in; None in the file's own name."""
    return getattr(token, "level", None)


def around(row: Sequence[str], token: str) -> tuple[str, ...]:
    """The words of the folders down to that of a token, without those for settings and the numbers behind these."""
    own = level(token)
    words = [t for t in row if (n := level(t)) is not None and (own is None or n <= own)]
    plain = [re.sub(r"\d+$", "", word.lower()) for word in words]
    return tuple(
        word.lower()
        for i, word in enumerate(words)
        if plain[i] not in SETTINGS and not (word.isdigit() and i and plain[i - 1] in SETTINGS)
    )


def name_columns(rows: Sequence[Sequence[str]]) -> list[Column]:
    """The places in names of equally many tokens; where all tokens of a place hold two things they are two places."""
    columns = []
    before: tuple[str, ...] = ("",) * len(rows)
    for tokens in zip(*rows, strict=True):
        beside = tuple(around(row, token) for row, token in zip(rows, tokens, strict=True))
        for part in _split(tokens):
            columns.append(Column(part, before, beside))
            before = part
    return columns


def _split(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Cut tokens that all hold two things: "s01t2" to s01 and t2, and "ana1", "ben1", "ben2" to name and number."""
    two = [_TWO_NUMBERED.fullmatch(token) for token in tokens]
    if all(two):
        return [_parts(tokens, two, part) for part in (1, 2)]
    one = [_NUMBERED.fullmatch(token) for token in tokens]
    if all(one):
        words = {match[1] for match in one if match}
        known = {word.lower() for word in words} <= SUBJECT_WORDS | TAKE_WORDS
        if 1 < len(words) < len(set(tokens)) and not known:
            return [_parts(tokens, one, part) for part in (1, 2)]
    return [tokens]


def _parts(tokens: Sequence[str], matches: Sequence[re.Match[str] | None], part: int) -> tuple[str, ...]:
    return tuple(Token(match[part], level(t)) for t, match in zip(tokens, matches, strict=True) if match)
