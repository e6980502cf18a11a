"""The words in a file's path."""

import re
from pathlib import PurePath

from stgcn_affect.data.emotion_words import WORDS, emotion_word

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
