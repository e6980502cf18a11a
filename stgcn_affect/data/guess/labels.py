"""Guess subject, emotion and take of recordings from their paths."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from stgcn_affect.data.guess.emotions import WORDS, emotion_word, guess_emotions
from stgcn_affect.data.guess.guess import Guess
from stgcn_affect.data.guess.subjects import guess_subjects

_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def name_tokens(path: PurePath) -> list[str]:
    """Folders and name of a relative path, without its ending, cut at signs: "Ana/angry_walk-02.bvh" to Ana, angry,
    walk, 02.

    A word is also cut at capitals and numbers where an emotion comes to light: "AngryAna2" to Angry, Ana, 2; and words
    that are an emotion together stay together: "not-confident".
    """
    text = "/".join((*path.parts[:-1], path.stem))
    tokens: list[str] = []
    for word in re.split(r"[\W_]+", text):
        pieces = _PIECES.findall(word)
        hidden = "".join(pieces) == word and any(piece.lower() in WORDS for piece in pieces)
        tokens += pieces if hidden else [word] * bool(word)
    joined: list[str] = []
    for token in tokens:
        if joined and not emotion_word(joined[-1]) and emotion_word(joined[-1] + token) and joined[-1].isalpha():
            joined[-1] = f"{joined[-1]}-{token}" if f"{joined[-1]}-{token}".lower() in WORDS else joined[-1] + token
        else:
            joined.append(token)
    return joined


def guess_labels(paths: Sequence[PurePath]) -> list[dict[str, Guess]]:
    """Guesses for "subject", "emotion" and "take" of each recording.

    Args:
        paths: relative to the folder that was given, so that its own name does not count.
    """
    emotions, rest = guess_emotions([name_tokens(path) for path in paths])
    subjects, takes = guess_subjects(rest, [guess.value for guess in emotions])
    labels = [(w.value, e.value, t.value) for w, e, t in zip(subjects, emotions, takes, strict=True)]
    often = Counter(labels)
    for i, label in enumerate(labels):
        if label[2] and often[label] > 1:
            takes[i] = Guess(
                paths[i].stem, "unsure", f"the file's name, as {label[2]!r} is the take of {often[label]} files"
            )
    return [
        {"subject": subject, "emotion": emotion, "take": take}
        for subject, emotion, take in zip(subjects, emotions, takes, strict=True)
    ]
