"""A folder of recordings in, a manifest to be corrected out."""

import csv
import io
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from stgcn_affect.data.collection import LABELS, each
from stgcn_affect.data.guess.contents import guess_contents, no_recording
from stgcn_affect.data.guess.guess import SURENESS, Guess
from stgcn_affect.data.guess.labels import guess_labels
from stgcn_affect.data.manifest import COLUMNS
from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.check_table import aligned
from stgcn_affect.jobs.prepare import Progress, watched
from stgcn_affect.motion.readers.formats import MANY_CLIPS, SUFFIXES
from stgcn_affect.skeleton.layout import Layout, load_layout

FIELDS = ("reader", "layout", "unit", "up_axis", "fps_hz", "subject", "emotion", "take")
_IN_CLIPS = Guess("", "sure", "each clip of the file has its own")


def propose_manifest(
    folder: str | Path,
    manifest: str | Path,
    *,
    layout: Layout | str | Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[str]:
    """Guess a manifest for all recordings in a folder and in the folders in it.

    Beside the manifest, ``<its name>.guesses.csv`` says of each file and field what was guessed, how sure it is and
    why: a manifest itself has no place for that. Neither file is ever overwritten.

    Args:
        folder: where the recordings are.
        manifest: the file to write.
        layout: the skeleton of recordings that do not bring one, or its name or YAML file.
        jobs: processes at most; None for all cores where that pays.
        progress: watches the files go by.

    Returns:
        lines for people.

    Raises:
        InputError: no folder, no recordings in it, a file of that name is there, or it cannot be written.
    """
    folder, manifest = Path(folder), Path(manifest)
    guesses_path = manifest.with_suffix(".guesses.csv")
    _check_places(folder, manifest, guesses_path)
    skeleton = load_layout(layout) if isinstance(layout, str | Path) else layout
    files, left_out = _recordings(folder)
    if not files:
        raise InputError(f"{folder}: expected files ending in {', '.join(SUFFIXES)} (got none with motion in it)")
    contents = each(partial(guess_contents, layout=skeleton), files, files=files, jobs=jobs)
    read = list(watched(contents, len(files), progress))
    labels = guess_labels([path.relative_to(folder) for path in files])
    guesses = [
        found | (dict.fromkeys(("subject", "emotion", "take"), _IN_CLIPS) if path.suffix in MANY_CLIPS else label)
        for path, found, label in zip(files, read, labels, strict=True)
    ]
    names = [os.path.relpath(path, manifest.parent) for path in files]
    try:
        write_whole(_manifest(names, guesses, layout, manifest), path=manifest)
        write_whole(_explained(names, guesses), path=guesses_path)
    except OSError as error:
        raise InputError(f"{manifest}: expected a file that can be written (got {error})") from error
    return iter(_words(names, guesses, left_out, manifest, guesses_path))


def _check_places(folder: Path, manifest: Path, guesses: Path) -> None:
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing there"
        raise InputError(f"{folder}: expected a folder of recordings (got {found})")
    if manifest.suffix != ".csv":
        raise InputError(f"{manifest}: expected the name of a new manifest, a .csv (got {manifest.suffix!r})")
    for path in (manifest, guesses):
        if path.exists():
            raise InputError(f"{path}: expected the name of a new file, as none is overwritten (got one that is there)")


def _recordings(folder: Path) -> tuple[list[Path], list[tuple[Path, str]]]:
    """Recordings by their names, and files that only end like recordings, with the reason."""
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and path.name != LABELS
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    reasons = {path: no_recording(path) for path in found}
    return [p for p in found if not reasons[p]], [(p, reason) for p, reason in reasons.items() if reason]


def _manifest(
    names: Sequence[str], guesses: Sequence[dict[str, Guess]], layout: Layout | str | Path | None, manifest: Path
) -> str:
    """A layout stands in it only where the file does not bring its own, a frame rate wherever it is known."""
    said = layout.name if isinstance(layout, Layout) else str(layout or "")
    if said.endswith((".yaml", ".yml")):
        said = os.path.relpath(said, manifest.parent)
    rows: list[tuple[str, ...]] = [(*COLUMNS, "fps_hz", "layout")]
    for name, guess in zip(names, guesses, strict=True):
        own = Path(name).suffix.lower() in (".bvh", ".h5") and not said
        labels = (guess[field].value for field in COLUMNS[1:])
        rows.append((name, *labels, guess["fps_hz"].value, "" if own else said or guess["layout"].value))
    return _csv(rows)


def _explained(names: Sequence[str], guesses: Sequence[dict[str, Guess]]) -> str:
    rows: list[tuple[str, ...]] = [("path", "field", "guess", "sure", "why")]
    for name, guess in zip(names, guesses, strict=True):
        rows += [(name, field, guess[field].value, guess[field].sure, guess[field].why) for field in FIELDS]
    return _csv(rows)


def _csv(rows: Sequence[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _words(
    names: Sequence[str],
    guesses: Sequence[dict[str, Guess]],
    left_out: Sequence[tuple[Path, str]],
    manifest: Path,
    explained: Path,
) -> list[str]:
    rows: list[tuple[str, ...]] = [("field", *SURENESS, "guesses")]
    for field in FIELDS:
        sure = Counter(guess[field].sure for guess in guesses)
        values = Counter(guess[field].value or "-" for guess in guesses).most_common()
        shown = ", ".join(f"{value} {count}" for value, count in values[:6])
        more = f" and {len(values) - 6} others" if len(values) > 6 else ""
        rows.append((field, *(str(sure[word] or "-") for word in SURENESS), shown + more))
    lines = [f"{len(names)} recording{'' if len(names) == 1 else 's'}", "", *aligned(rows, left=(0, 5)), ""]
    for field in FIELDS:
        lines += _doubts(field, names, guesses, explained)
    skeletons = sorted({guess["layout"].value for guess in guesses} - {""})
    if len(skeletons) > 1:
        lines.append(
            f"{len(skeletons)} skeletons, {', '.join(skeletons)}: a cache takes recordings with the same joints; write"
            f" a manifest for each, or name a layout whose joints all recordings have"
        )
    lines += [f"no recording, left out: {path}: {reason}" for path, reason in left_out]
    return [*lines, f"written: {manifest}", f"how sure each guess is, and why: {explained}"]


def _doubts(field: str, names: Sequence[str], guesses: Sequence[dict[str, Guess]], explained: Path) -> list[str]:
    """The commonest reasons for doubt about a field, each with one recording and what is said of it."""
    examples: dict[tuple[str, str], list[str]] = {}
    for name, guess in zip(names, guesses, strict=True):
        if guess[field].sure in ("unsure", "unknown"):
            reason, _, more = guess[field].why.partition("; ")
            examples.setdefault((guess[field].sure, reason), []).append(f"{name}{': ' if more else ''}{more}")
    commonest = sorted(examples.items(), key=lambda item: -len(item[1]))
    lines = [f"{field} {sure} of {len(all_)}: {why} (such as {all_[0]})" for (sure, why), all_ in commonest[:3]]
    if len(commonest) > 3:
        lines.append(f"{field}: {len(commonest) - 3} more reasons for doubt in {explained.name}")
    return lines
