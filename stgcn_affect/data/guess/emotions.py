"""Guess the emotion of recordings from the words in their paths."""

import re
from collections.abc import Sequence

from stgcn_affect.data.guess.guess import Guess, Token, unknown

_WORDS = {
    "angry": ("anger", "mad", "furious", "rage"),
    "happy": ("happiness", "joy", "joyful", "glad"),
    "neutral": ("neutr",),
    "sad": ("sadness", "sorrow", "sorrowful"),
    "afraid": ("fear", "fearful", "scared", "frightened"),
    "disgusted": ("disgust",),
    "surprised": ("surprise",),
    "tired": ("fatigue", "fatigued", "exhausted"),
    "proud": ("pride",),
    "excited": ("excitement",),
    "calm": ("calmness",),
    "relaxed": (),
    "bored": ("boredom",),
    "anxious": ("anxiety",),
    "depressed": ("depression",),
    "ashamed": ("shame",),
    "active": (),
    "normal": (),
    "confident": (),
    "not-confident": ("notconfident", "unconfident"),
}

WORDS: dict[str, str] = {word: emotion for emotion, others in _WORDS.items() for word in (emotion, *others)}
"""Words that mean an emotion wherever they stand."""

_SHORT = {
    "angry": ("ang", "an", "a"),
    "happy": ("hap", "ha", "h"),
    "neutral": ("neut", "neu", "ne", "nu", "nor", "n"),
    "sad": ("sa", "s"),
    "afraid": ("afr", "fea", "fe", "af", "f"),
    "disgusted": ("dis", "di", "d"),
    "surprised": ("sur", "su"),
}

SHORT: dict[str, str] = {short: emotion for emotion, shorts in _SHORT.items() for short in shorts}
"""Abbreviations, which mean an emotion only where all files have one at that place."""


def emotion_word(token: str) -> str:
    """The emotion that a token is a word for; a number at its end does not count. "" where it is none."""
    return WORDS.get(letters(token), "")


def letters(token: str) -> str:
    """A token in small letters without a number at its end: "Angry02" to "angry"."""
    return re.sub(r"\d+$", "", token.lower())


Rows = Sequence[Sequence[str]]

_MEANS = SHORT | WORDS


def guess_emotions(rows: Rows) -> tuple[list[Guess], list[list[str]]]:
    """Find the emotion of each file.

    A word for an emotion counts wherever it stands. An abbreviation counts only where all names with as many words (or
    those among them with the same first word, such as a folder) have one, or a word for an emotion, at the same place,
    and these mean two emotions or more.

    Args:
        rows: the tokens of each file's name, as ``name_tokens`` gives them.

    Returns:
        one guess per file, and its tokens without those of the emotion.
    """
    groups: dict[tuple[int, str], list[Sequence[str]]] = {}
    for row in rows:
        for key in _groups(row):
            groups.setdefault(key, []).append(row)
    places = {key: _short_place(members) for key, members in groups.items()}
    guesses, rest = [], []
    for row in rows:
        words = [i for i, token in enumerate(row) if emotion_word(token)]
        if words:
            guesses.append(_by_word([row[i] for i in words]))
            rest.append(_without(row, words))
        elif (place := next((places[key] for key in _groups(row) if places[key] is not None), None)) is not None:
            guesses.append(_by_short(row[place]))
            rest.append(_without(row, [place]))
        else:
            guesses.append(unknown("no word for an emotion in the name"))
            rest.append(list(row))
    return guesses, rest


def _groups(row: Sequence[str]) -> tuple[tuple[int, str], tuple[int, str]]:
    """The groups of a row: all rows of its length, and those among them with the same first token."""
    return (len(row), ""), (len(row), row[0].lower() if row else "")


def _by_word(tokens: Sequence[str]) -> Guess:
    emotions = [emotion_word(token) for token in tokens]
    if len(set(emotions)) > 1:
        return Guess(emotions[-1], "unsure", f"the name has several: {', '.join(tokens)}")
    exact = letters(tokens[-1]) == emotions[-1]
    return Guess(emotions[-1], "sure" if exact else "likely", f"the word {tokens[-1]!r} in the name")


def _by_short(token: str) -> Guess:
    short = letters(token)
    emotion = _MEANS[short]
    if len(short) == 1:
        return Guess(emotion, "unsure", f"the letter {token!r}, as an emotion begins, where each name has one")
    return Guess(emotion, "likely", f"the abbreviation {token!r}, where each name has one")


def _short_place(rows: Rows) -> int | None:
    """Where all rows, of one length, have an abbreviation or a word; longer ones first."""
    best: tuple[int, int] | None = None
    for place in range(len(rows[0]) if rows else 0):
        column = [letters(row[place]) for row in rows]
        if all(word in _MEANS for word in column) and len({_MEANS[word] for word in column}) > 1:
            length = min(map(len, column))
            if best is None or length > best[0]:
                best = length, place
    return None if best is None else best[1]


def _without(row: Sequence[str], places: Sequence[int]) -> list[str]:
    """The row without these tokens; of "angry02" the number stays, as it may be that of a subject or take."""
    kept = []
    for i, token in enumerate(row):
        if i not in places:
            kept.append(token)
        elif token.lower() != letters(token):
            kept.append(Token(token[len(letters(token)) :], getattr(token, "level", None)))
    return kept
