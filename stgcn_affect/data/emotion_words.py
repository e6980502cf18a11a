"""What people call emotions in the names of files."""

import re

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
