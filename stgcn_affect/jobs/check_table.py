"""The tables that end a check: what was used of which skeleton, and how many cycles each subject has."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from stgcn_affect.data.prepare_clip import PreparedClip

MOST_SUBJECTS = 40
"""Longer tables are cut."""


def check_table(clips: Sequence[PreparedClip]) -> list[str]:
    """Lines for a terminal: a row per skeleton, then a row per subject with the cycles of each emotion."""
    groups: dict[tuple[str, ...], list[PreparedClip]] = defaultdict(list)
    for clip in clips:
        groups[_kind(clip)].append(clip)
    rows: list[tuple[str, ...]] = [("skeleton", "frames a second", "unit", "clips", "used", "left out", "cycles")]
    for key, members in groups.items():
        used = sum(not clip.left_out for clip in members)
        cycles = sum(len(clip.cycles) for clip in members)
        rows.append((*key, str(len(members)), str(used), str(len(members) - used), str(cycles)))
    return ["", *aligned(rows), "", *_subjects(clips), ""]


def _kind(clip: PreparedClip) -> tuple[str, ...]:
    if clip.layout is None:
        return "not readable", "", ""
    return clip.layout.name, f"{clip.fps_hz:.4g}", clip.attributes.get("unit", "unknown")


def _subjects(clips: Sequence[PreparedClip]) -> list[str]:
    cycles: dict[str, Counter[str]] = defaultdict(Counter)
    for clip in clips:
        if clip.cycles:
            cycles[clip.subject or "unknown"][clip.emotion or "unknown"] += len(clip.cycles)
    if not cycles:
        return []
    emotions = sorted({emotion for counts in cycles.values() for emotion in counts})
    rows = [("subject", *emotions, "cycles")]
    for subject in sorted(cycles)[:MOST_SUBJECTS]:
        counts = cycles[subject]
        rows.append((subject, *(str(counts[emotion] or "-") for emotion in emotions), str(counts.total())))
    more = len(cycles) - MOST_SUBJECTS
    return aligned(rows) + ([f"... and {more} more subjects"] if more > 0 else [])


def aligned(rows: Sequence[tuple[str, ...]], *, left: Sequence[int] = (0,)) -> list[str]:
    """Lines of a table with its columns ``left`` flush left and the others flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if i in left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
