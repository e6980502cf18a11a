"""Propose a manifest for a folder of recordings: find the files, guess their labels, write the guesses."""

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from stgcn_affect.data.collection import LABELS
from stgcn_affect.data.guess.contents import Contents
from stgcn_affect.data.guess.emotions import WORDS, emotion_word, guess_emotions
from stgcn_affect.data.guess.guess import Guess, Token
from stgcn_affect.data.guess.subjects import guess_subjects
from stgcn_affect.data.manifest import COLUMNS
from stgcn_affect.errors import InputError, listed
from stgcn_affect.files import csv_text, write_whole
from stgcn_affect.motion.readers.formats import SUFFIXES
from stgcn_affect.motion.readers.unread import instead
from stgcn_affect.skeleton.layout import layout_names

FIELDS = ("reader", "layout", "unit", "up_axis", "fps_hz", "subject", "emotion", "take")
"""What is guessed of each recording."""

_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True, eq=False)
class Proposal:
    """The guesses for a manifest.

    Args:
        manifest: the path of the manifest.
        names: paths of N recordings relative to its folder.
        guesses: N dictionaries from ``FIELDS`` to guesses.
        left_out: (file, reason) of all other files that were seen.
    """

    manifest: Path
    names: tuple[str, ...]
    guesses: tuple[dict[str, Guess], ...]
    left_out: tuple[tuple[Path, str], ...] = ()

    @property
    def explanations(self) -> Path:
        """The table beside the manifest that says of each guess how sure it is and why."""
        return explanations_of(self.manifest)


def explanations_of(manifest: Path) -> Path:
    """The path of the file that explains the guesses: "walks.csv" to "walks.guesses.csv"."""
    return manifest.with_suffix(".guesses.csv")


def check_places(folder: Path, manifest: Path) -> None:
    """Raise InputError unless the folder is there, and neither the manifest nor the explanations are."""
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing there"
        raise InputError(f"{folder}: expected a folder of recordings (got {found})")
    if manifest.suffix != ".csv":
        raise InputError(f"{manifest}: expected the name of a new manifest, a .csv (got {manifest.suffix!r})")
    for path in (manifest, explanations_of(manifest)):
        if path.exists():
            raise InputError(f"{path}: expected the name of a new file, as none is overwritten (got one that is there)")


def find_recordings(folder: Path) -> tuple[list[Path], list[tuple[Path, str]]]:
    """The files in a folder, and the folders in it, that a reader may read; and (file, reason) of all others.

    Hidden files, and the labels beside an Emotion-Gait file, are passed over.

    Raises:
        InputError: no file that a reader may read; names what is there.
    """
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name != LABELS
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    files = [path for path in found if path.suffix.lower() in SUFFIXES]
    others = [(path, _other_ending(path)) for path in found if path.suffix.lower() not in SUFFIXES]
    if not files:
        raise nothing_found(folder, others)
    return files, others


def nothing_found(folder: Path, left_out: Sequence[tuple[Path, str]]) -> InputError:
    """The error that a folder holds no recordings, with what it holds instead."""
    reasons = Counter(f"{path.relative_to(folder)}: {reason}" for path, reason in left_out)
    return InputError(
        f"{folder}: expected files ending in {', '.join(SUFFIXES)} (got none with motion in it"
        f"{f'; {listed(reasons)}' if reasons else ''})"
    )


def _other_ending(path: Path) -> str:
    words = instead(path)
    if words:
        return f"not read: {words}"
    return f"{path.suffix} files hold no motion that is read" if path.suffix else "a name without an ending"


def propose(
    folder: Path,
    manifest: Path,
    files: Sequence[Path],
    contents: Sequence[Contents],
    *,
    left_out: Sequence[tuple[Path, str]] = (),
) -> Proposal:
    """Join the guesses from the contents of files with those from their names.

    Args:
        folder: where the recordings are.
        manifest: the path of the new manifest.
        files: the files, as ``find_recordings`` gives them.
        contents: what ``guess_contents`` gave for each.
        left_out: kept in the proposal, with the files that hold no motion.

    Raises:
        InputError: no file holds motion; names why.
    """
    pairs = list(zip(files, contents, strict=True))
    left_out = sorted([*left_out, *((path, found.no_recording) for path, found in pairs if found.no_recording)])
    pairs = [(path, found) for path, found in pairs if not found.no_recording]
    if not pairs:
        raise nothing_found(folder, left_out)
    labels = guess_labels([path.relative_to(folder) for path, _ in pairs])
    guesses = [label | found.guesses for (_, found), label in zip(pairs, labels, strict=True)]
    names = [os.path.relpath(path, manifest.parent) for path, _ in pairs]
    return Proposal(manifest, tuple(names), tuple(guesses), tuple(left_out))


def write_proposal(proposal: Proposal, *, layout: str = "") -> None:
    """Write the manifest and, beside it, the explanations of the guesses.

    Args:
        proposal: the guesses.
        layout: name or YAML file of the skeleton that the user named for all recordings; "" for none.

    Raises:
        InputError: a file cannot be written.
    """
    try:
        write_whole(_manifest(proposal, layout), path=proposal.manifest)
        write_whole(_explanations(proposal), path=proposal.explanations)
    except OSError as error:
        raise InputError(f"{proposal.manifest}: expected a file that can be written (got {error})") from error


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


def name_tokens(path: PurePath) -> list[str]:
    """The words of a relative path without its ending: "Ana/angry_walk-02.bvh" to Ana, angry, walk, 02.

    A word is also cut at capitals and numbers where one of the parts is an emotion: "AngryAna2" to Angry, Ana, 2; and
    words that are an emotion together stay together: "not-confident". Where a folder's name begins the file's, it
    counts once: "GX030A/GX030A05" to GX030A, 05. The words are ``Token``, which know their folder.
    """
    folders, stem = path.parts[:-1], path.stem
    first = max((folder for folder in folders if _begins(folder, stem)), key=len, default="")
    tokens: list[str] = []
    for level, folder in enumerate(folders):
        words = _words(folder)
        tokens += [Token(word, level, begins=bool(first) and folder == first and len(words) == 1) for word in words]
    return tokens + [Token(word) for word in _words(stem[len(first) :])]


def _begins(folder: str, stem: str) -> bool:
    """Whether a folder's name begins the file's name as a word of its own: not "S1" that of "S10_walk"."""
    if not stem.casefold().startswith(folder.casefold()) or any(emotion_word(word) for word in _words(folder)):
        return False
    last, following = folder[-1:], stem[len(folder) : len(folder) + 1]
    if last.isdigit() or following.isdigit():
        return last.isdigit() != following.isdigit()
    return not (last.isalpha() and following.isalpha()) or (last.islower() and following.isupper())


def _words(text: str) -> list[str]:
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


def _manifest(proposal: Proposal, layout: str) -> str:
    """A layout stands in it only where the file has none of its own, a frame rate wherever it is known."""
    if layout.endswith((".yaml", ".yml")):
        layout = os.path.relpath(layout, proposal.manifest.parent)
    rows: list[tuple[str, ...]] = [(*COLUMNS, "fps_hz", "layout")]
    for name, guess in zip(proposal.names, proposal.guesses, strict=True):
        own = Path(name).suffix.lower() in (".bvh", ".h5") or guess["layout"].value not in layout_names()
        labels = (guess[field].value for field in COLUMNS[1:])
        rows.append((name, *labels, guess["fps_hz"].value, layout or ("" if own else guess["layout"].value)))
    return csv_text(rows)


def _explanations(proposal: Proposal) -> str:
    rows: list[tuple[str, ...]] = [("path", "field", "guess", "sure", "why")]
    for name, guess in zip(proposal.names, proposal.guesses, strict=True):
        rows += [(name, field, guess[field].value, guess[field].sure, guess[field].why) for field in FIELDS]
    return csv_text(rows)
