"""Guess walker, emotion and take of recordings from their names."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from stgcn_affect.data.guess import Guess
from stgcn_affect.data.guess_emotions import guess_emotions
from stgcn_affect.data.guess_walkers import guess_walkers
from stgcn_affect.data.name_tokens import name_tokens


def guess_labels(paths: Sequence[PurePath]) -> list[dict[str, Guess]]:
    """Guesses for "subject", "emotion" and "take" of each recording.

    Args:
        paths: relative to the folder that was given, so that its own name does not count.
    """
    emotions, rest = guess_emotions([name_tokens(path) for path in paths])
    walkers, takes = guess_walkers(rest, [guess.value for guess in emotions])
    labels = [(w.value, e.value, t.value) for w, e, t in zip(walkers, emotions, takes, strict=True)]
    often = Counter(labels)
    for i, label in enumerate(labels):
        if label[2] and often[label] > 1:
            takes[i] = Guess(
                paths[i].stem, "unsure", f"the file's name, as {label[2]!r} is the take of {often[label]} files"
            )
    return [
        {"subject": walker, "emotion": emotion, "take": take}
        for walker, emotion, take in zip(walkers, emotions, takes, strict=True)
    ]
