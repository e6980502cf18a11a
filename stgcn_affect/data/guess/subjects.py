"""Guess subjects and takes from the words in the names of many files."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stgcn_affect.data.guess.guess import Guess, Sureness, Token, unknown

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
_SETTINGS = (
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
class _Column:
    """One place in the names: a token per file, the token before it, and the words of the folders around it."""

    tokens: tuple[str, ...]
    before: tuple[str, ...]
    around: tuple[tuple[str, ...], ...]

    @property
    def in_name(self) -> bool:
        """Whether it stands in the files' own names, and not in those of folders."""
        return any(_level(token) is None for token in self.tokens)

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


def _level(token: str) -> int | None:
    return getattr(token, "level", None)


def _around(row: Sequence[str], token: str) -> tuple[str, ...]:
    """The words of the folders down to that of a token, without those for settings and the numbers behind these."""
    level = _level(token)
    words = [t for t in row if (n := _level(t)) is not None and (level is None or n <= level)]
    plain = [re.sub(r"\d+$", "", word.lower()) for word in words]
    return tuple(
        word.lower()
        for i, word in enumerate(words)
        if plain[i] not in _SETTINGS and not (word.isdigit() and i and plain[i - 1] in _SETTINGS)
    )


def guess_subjects(rows: Sequence[Sequence[str]], emotions: Sequence[str]) -> tuple[list[Guess], list[Guess]]:
    """Find the subject and the take of each file.

    The subject is the token that varies and comes back with other emotions, or is a folder's name that also begins its
    files' names; a word such as "subject" or "s" before a number makes it sure. It is never a token that stands in two
    folders, unless their names are words for settings ("session 2", "fast"), nor a number alone that may count takes.
    The other tokens that vary are the take. Names with different numbers of words are guessed separately.

    Args:
        rows: the tokens of each file's name without those of the emotion.
        emotions: the emotions of each file, "" where unknown.

    Returns:
        one guess per file for the subject, and one for the take.
    """
    subjects = [unknown("no name")] * len(rows)
    takes = [unknown("no name")] * len(rows)
    for length, count in Counter(map(len, rows)).most_common():
        members = [i for i, row in enumerate(rows) if len(row) == length]
        found = _of_group([rows[i] for i in members], [emotions[i] for i in members])
        for i, subject, take in zip(members, *found, strict=True):
            common = count >= 0.5 * len(rows) or subject.sure == "unknown"
            subjects[i] = (
                subject if common else Guess(subject.value, "unsure", f"{subject.why}; few names are built so")
            )
            takes[i] = take
    return _in_one_place(rows, subjects), takes


def _in_one_place(rows: Sequence[Sequence[str]], subjects: Sequence[Guess]) -> list[Guess]:
    """Leave out subjects that names of different lengths put into different folders."""
    places: dict[str, set[tuple[str, ...]]] = {}
    for row, guess in zip(rows, subjects, strict=True):
        token = next((token for token in row if guess.value and guess.value in token), guess.value)
        places.setdefault(guess.value, set()).add(_around(row, token))
    return [
        unknown(f"{guess.value} stands in several folders: one person or several?")
        if guess.value and len(places[guess.value]) > 1
        else guess
        for guess in subjects
    ]


def _of_group(rows: Sequence[Sequence[str]], emotions: Sequence[str]) -> tuple[list[Guess], list[Guess]]:
    columns = _columns(rows)
    varying = [column for column in columns if len(set(column.tokens)) > 1]
    subject = _subject_column(varying, emotions)
    others = [column for column in varying if column is not subject]
    takes = ["-".join(parts) for parts in zip(*(column.tokens for column in others), strict=True)]
    if subject is None:
        constant = _constant_subject(columns, varying)
        return [constant] * len(rows), _takes(takes, len(rows))
    sure, why = _sureness(subject, varying, emotions)
    return [Guess(token, sure, why) for token in subject.tokens], _takes(takes, len(rows))


def _columns(rows: Sequence[Sequence[str]]) -> list[_Column]:
    columns = []
    before: tuple[str, ...] = ("",) * len(rows)
    for tokens in zip(*rows, strict=True):
        around = tuple(_around(row, token) for row, token in zip(rows, tokens, strict=True))
        for part in _split(tokens):
            columns.append(_Column(part, before, around))
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
    return tuple(Token(match[part], _level(t)) for t, match in zip(tokens, matches, strict=True) if match)


def _comes_back(column: _Column, emotions: Sequence[str]) -> float:
    """The fraction of the tokens that stand with two emotions or more."""
    seen: dict[str, set[str]] = {}
    for token, emotion in zip(column.tokens, emotions, strict=True):
        seen.setdefault(token, set()).update({emotion} - {""})
    return sum(len(found) > 1 for found in seen.values()) / len(seen)


def _subject_column(varying: Sequence[_Column], emotions: Sequence[str]) -> _Column | None:
    def score(column: _Column) -> tuple[float, int]:
        label = 3 * column.labelled(SUBJECT_WORDS) + 2 * column.begins
        score = label + 2 * _comes_back(column, emotions) + (not column.numeric)
        # Of numbers the first is more often the subject, and the last the take.
        return score, -varying.index(column) if column.numeric else len(set(column.tokens))

    return max((column for column in varying if _may_be_subject(column, varying, emotions)), key=score, default=None)


def _may_be_subject(column: _Column, varying: Sequence[_Column], emotions: Sequence[str]) -> bool:
    if column.labelled(TAKE_WORDS) or column.joins:
        return False
    if column.labelled(SUBJECT_WORDS) or column.begins:
        return True
    if all(re.sub(r"\d+$", "", token.lower()) in _SETTINGS for token in column.tokens):
        return False
    if not column.numeric or not column.in_name:
        return True
    return len(varying) > 1 and _comes_back(column, emotions) == 1


def _sureness(subject: _Column, varying: Sequence[_Column], emotions: Sequence[str]) -> tuple[Sureness, str]:
    back = _comes_back(subject, emotions)
    if subject.labelled(SUBJECT_WORDS):
        return ("sure" if back == 1 else "likely"), "named like a subject"
    if subject.begins:
        return "likely", "a folder's name that also begins its files' names"
    if subject.numeric:
        rivals = sum(column.numeric for column in varying) - 1
        return "unsure", "a number that varies" + (", as other numbers do" if rivals else "")
    if back == 1:
        return "likely", "comes back with other emotions"
    if not any(emotions):
        return "unsure", "it varies, and no emotion is known with which it could come back"
    return "unsure", f"it varies, but only {back:.0%} of such words come back with other emotions"


def _constant_subject(columns: Sequence[_Column], varying: Sequence[_Column]) -> Guess:
    constant = [c for c in columns if len(set(c.tokens)) == 1 and not c.joins]
    words = [c.tokens[0] for c in constant]
    likely = [w for w in words if not w.isdigit() and w.lower() not in _SETTINGS | SUBJECT_WORDS]
    if len(likely) == 1:
        return Guess(likely[0], "unsure", "the only word of its own in all names")
    if any(column.numeric and not column.labelled(TAKE_WORDS) for column in varying):
        return unknown("numbers vary in the names, which may be those of subjects or of takes")
    return unknown("nothing in the names comes back with other emotions as a subject does")


def _takes(takes: Sequence[str], count: int) -> list[Guess]:
    if not any(takes):
        return [Guess("", "likely", "nothing else varies in the names: one take, named after its file")] * count
    return [Guess(take, "likely", "what else varies in the names") for take in takes]
