"""Guess subjects and takes from the words in the names of many files."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stgcn_affect.data.guess.guess import Guess, Sureness, unknown

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
_NUMBERED = re.compile(r"([A-Za-z]+)(\d+)")
_TWO_NUMBERED = re.compile(r"([A-Za-z]+\d+)([A-Za-z]+\d+)")


@dataclass(frozen=True)
class _Column:
    """One place in the names: a token per file, and the token before it."""

    tokens: tuple[str, ...]
    before: tuple[str, ...]

    @property
    def numeric(self) -> bool:
        return all(token.isdigit() for token in self.tokens)

    def labelled(self, words: set[str]) -> bool:
        """Whether each token is such a word with a number, or a number behind such a word."""
        own = [_NUMBERED.fullmatch(token) for token in self.tokens]
        if all(match and match[1].lower() in words for match in own):
            return True
        return all(before.lower() in words for before in self.before)


def guess_subjects(rows: Sequence[Sequence[str]], emotions: Sequence[str]) -> tuple[list[Guess], list[Guess]]:
    """Find the subject and the take of each file.

    The subject is the token that varies and comes back with other emotions; a word such as "subject" or "s" before a
    number makes it sure. The other tokens that vary are the take. Names with different numbers of words are guessed
    separately.

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
    return subjects, takes


def _of_group(rows: Sequence[Sequence[str]], emotions: Sequence[str]) -> tuple[list[Guess], list[Guess]]:
    columns = _columns(rows)
    varying = [column for column in columns if len(set(column.tokens)) > 1]
    subject = _subject_column(varying, emotions)
    others = [column for column in varying if column is not subject]
    takes = ["-".join(parts) for parts in zip(*(column.tokens for column in others), strict=True)]
    if subject is None:
        constant = _constant_subject(columns)
        return [constant] * len(rows), _takes(takes, len(rows))
    sure, why = _sureness(subject, varying, emotions)
    return [Guess(token, sure, why) for token in subject.tokens], _takes(takes, len(rows))


def _columns(rows: Sequence[Sequence[str]]) -> list[_Column]:
    columns = []
    before: tuple[str, ...] = ("",) * len(rows)
    for tokens in zip(*rows, strict=True):
        for part in _split(tokens):
            columns.append(_Column(part, before))
            before = part
    return columns


def _split(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Cut tokens that all hold two things: "s01t2" to s01 and t2, and "ana1", "ben1", "ben2" to name and number."""
    two = [_TWO_NUMBERED.fullmatch(token) for token in tokens]
    if all(two):
        return [tuple(match[part] for match in two if match) for part in (1, 2)]
    one = [_NUMBERED.fullmatch(token) for token in tokens]
    if all(one):
        words = {match[1] for match in one if match}
        known = {word.lower() for word in words} <= SUBJECT_WORDS | TAKE_WORDS
        if 1 < len(words) < len(set(tokens)) and not known:
            return [tuple(match[part] for match in one if match) for part in (1, 2)]
    return [tokens]


def _comes_back(column: _Column, emotions: Sequence[str]) -> float:
    """The fraction of the tokens that stand with two emotions or more."""
    seen: dict[str, set[str]] = {}
    for token, emotion in zip(column.tokens, emotions, strict=True):
        seen.setdefault(token, set()).update({emotion} - {""})
    return sum(len(found) > 1 for found in seen.values()) / len(seen)


def _subject_column(varying: Sequence[_Column], emotions: Sequence[str]) -> _Column | None:
    def score(column: _Column) -> tuple[float, int]:
        label = 3 * column.labelled(SUBJECT_WORDS) - 4 * column.labelled(TAKE_WORDS)
        return label + 2 * _comes_back(column, emotions) + (not column.numeric), len(set(column.tokens))

    if not varying:
        return None
    best = max(varying, key=score)
    few_numbers = best.numeric and len(set(best.tokens)) <= 3 and not best.labelled(SUBJECT_WORDS)
    if best.labelled(TAKE_WORDS) or (few_numbers and len(varying) == 1):
        return None
    return best


def _sureness(subject: _Column, varying: Sequence[_Column], emotions: Sequence[str]) -> tuple[Sureness, str]:
    back = _comes_back(subject, emotions)
    if subject.labelled(SUBJECT_WORDS):
        return ("sure" if back == 1 else "likely"), "named like a subject"
    if subject.numeric:
        rivals = sum(column.numeric for column in varying) - 1
        return "unsure", "a number that varies" + (", as other numbers do" if rivals else "")
    if back == 1:
        return "likely", "comes back with other emotions"
    return "unsure", f"it varies, but only {back:.0%} of such words come back with other emotions"


def _constant_subject(columns: Sequence[_Column]) -> Guess:
    words = [c.tokens[0] for c in columns if len(set(c.tokens)) == 1]
    likely = [w for w in words if not w.isdigit() and w.lower() not in _COMMON | SUBJECT_WORDS | TAKE_WORDS]
    if len(likely) == 1:
        return Guess(likely[0], "unsure", "the only word of its own in all names")
    return unknown("nothing in the names comes back with other emotions as a subject does")


def _takes(takes: Sequence[str], count: int) -> list[Guess]:
    if not any(takes):
        return [Guess("", "likely", "nothing else varies in the names: one take, named after its file")] * count
    return [Guess(take, "likely", "what else varies in the names") for take in takes]
