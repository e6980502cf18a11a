"""Guess subjects and takes from the words in the names of many files."""

import re
from collections import Counter
from collections.abc import Sequence

from stgcn_affect.data.guess.guess import Guess, Sureness, unknown
from stgcn_affect.data.guess.name_columns import SETTINGS, SUBJECT_WORDS, TAKE_WORDS, Column, around, name_columns


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
        places.setdefault(guess.value, set()).add(around(row, token))
    return [
        unknown(f"{guess.value} stands in several folders: one person or several?")
        if guess.value and len(places[guess.value]) > 1
        else guess
        for guess in subjects
    ]


def _of_group(rows: Sequence[Sequence[str]], emotions: Sequence[str]) -> tuple[list[Guess], list[Guess]]:
    columns = name_columns(rows)
    varying = [column for column in columns if len(set(column.tokens)) > 1]
    subject = _subject_column(varying, emotions)
    others = [column for column in varying if column is not subject]
    takes = ["-".join(parts) for parts in zip(*(column.tokens for column in others), strict=True)]
    if subject is None:
        constant = _constant_subject(columns, varying)
        return [constant] * len(rows), _takes(takes, len(rows))
    sure, why = _sureness(subject, varying, emotions)
    return [Guess(token, sure, why) for token in subject.tokens], _takes(takes, len(rows))


def _comes_back(column: Column, emotions: Sequence[str]) -> float:
    """The fraction of the tokens that stand with two emotions or more."""
    seen: dict[str, set[str]] = {}
    for token, emotion in zip(column.tokens, emotions, strict=True):
        seen.setdefault(token, set()).update({emotion} - {""})
    return sum(len(found) > 1 for found in seen.values()) / len(seen)


def _subject_column(varying: Sequence[Column], emotions: Sequence[str]) -> Column | None:
    def score(column: Column) -> tuple[float, int]:
        label = 3 * column.labelled(SUBJECT_WORDS) + 2 * column.begins
        score = label + 2 * _comes_back(column, emotions) + (not column.numeric)
        # Of numbers the first is more often the subject, and the last the take.
        return score, -varying.index(column) if column.numeric else len(set(column.tokens))

    return max((column for column in varying if _may_be_subject(column, varying, emotions)), key=score, default=None)


def _may_be_subject(column: Column, varying: Sequence[Column], emotions: Sequence[str]) -> bool:
    if column.labelled(TAKE_WORDS) or column.joins:
        return False
    if column.labelled(SUBJECT_WORDS) or column.begins:
        return True
    if all(re.sub(r"\d+$", "", token.lower()) in SETTINGS for token in column.tokens):
        return False
    if not column.numeric or not column.in_name:
        return True
    return len(varying) > 1 and _comes_back(column, emotions) == 1


def _sureness(subject: Column, varying: Sequence[Column], emotions: Sequence[str]) -> tuple[Sureness, str]:
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


def _constant_subject(columns: Sequence[Column], varying: Sequence[Column]) -> Guess:
    constant = [c for c in columns if len(set(c.tokens)) == 1 and not c.joins]
    words = [c.tokens[0] for c in constant]
    likely = [w for w in words if not w.isdigit() and w.lower() not in SETTINGS | SUBJECT_WORDS]
    if len(likely) == 1:
        return Guess(likely[0], "unsure", "the only word of its own in all names")
    if any(column.numeric and not column.labelled(TAKE_WORDS) for column in varying):
        return unknown("numbers vary in the names, which may be those of subjects or of takes")
    return unknown("nothing in the names comes back with other emotions as a subject does")


def _takes(takes: Sequence[str], count: int) -> list[Guess]:
    if not any(takes):
        return [Guess("", "likely", "nothing else varies in the names: one take, named after its file")] * count
    return [Guess(take, "likely", "what else varies in the names") for take in takes]
