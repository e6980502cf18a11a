"""Text about the preparation of data: a proposed manifest, the check of every clip, and the report of a cache."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from stgcn_affect.data.guess.guess import SURENESS
from stgcn_affect.data.guess.proposal import FIELDS, Proposal
from stgcn_affect.data.prepare import CacheReport
from stgcn_affect.data.prepare_clip import PreparedClip
from stgcn_affect.errors import shortened
from stgcn_affect.reporting.tables import Row, counted
from stgcn_affect.reporting.text import aligned

MOST_SUBJECTS = 40
"""Rows of a table of subjects; longer tables are cut."""

MOST_LEFT_OUT = 100
"""Files of one reason that a proposal names as not taken; of more the rest are counted."""

LONGEST_REASON = 250
"""Characters of a reason for which a file is not taken."""

MOST_LISTED = 20
"""Clips that the report of a cache names; its ``skipped.csv`` has all."""


def proposal_lines(proposal: Proposal) -> list[str]:
    """How sure the guesses of each field are, the reasons for doubt, the files left out, and the files written."""
    rows: list[Row] = [("field", *SURENESS, "guesses")]
    for field in FIELDS:
        sure = Counter(guess[field].sure for guess in proposal.guesses)
        values = Counter(guess[field].value or "-" for guess in proposal.guesses).most_common()
        shown = ", ".join(f"{value} {count}" for value, count in values[:6])
        more = f" and {len(values) - 6} others" if len(values) > 6 else ""
        rows.append((field, *(str(sure[word] or "-") for word in SURENESS), shown + more))
    lines = [counted(len(proposal.names), "recording"), "", *aligned(rows, left=(0, 5)), ""]
    for field in FIELDS:
        lines += _doubts(field, proposal)
    skeletons = sorted({guess["layout"].value for guess in proposal.guesses} - {""})
    if len(skeletons) > 1:
        lines.append(
            f"{len(skeletons)} skeletons, {', '.join(skeletons)}: a cache takes recordings with the same joints; write"
            f" a manifest for each, or name a layout whose joints all recordings have"
        )
    lines += _left_out(proposal)
    return [
        *lines,
        f"written: {proposal.manifest}",
        f"how sure each guess is, and why: {proposal.explanations}",
    ]


def _left_out(proposal: Proposal) -> list[str]:
    """The files that were not taken, each with its reason; of many with one reason the rest are counted."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for path, reason in proposal.left_out:
        reasons[reason].append(str(path))
    lines = []
    for reason, paths in reasons.items():
        lines += [
            f"no recording, left out: {path}: {shortened(reason, LONGEST_REASON)}" for path in paths[:MOST_LEFT_OUT]
        ]
        if len(paths) > MOST_LEFT_OUT:
            lines.append(
                f"no recording, left out: {len(paths) - MOST_LEFT_OUT} more: {shortened(reason, LONGEST_REASON)}"
            )
    return lines


def _doubts(field: str, proposal: Proposal) -> list[str]:
    """The most frequent reasons for doubt about a field, each with one recording as an example."""
    examples: dict[tuple[str, str], list[str]] = {}
    for name, guess in zip(proposal.names, proposal.guesses, strict=True):
        if guess[field].sure in ("unsure", "unknown"):
            reason, _, more = guess[field].why.partition("; ")
            examples.setdefault((guess[field].sure, reason), []).append(f"{name}{': ' if more else ''}{more}")
    often = sorted(examples.items(), key=lambda item: -len(item[1]))
    lines = [f"{field} {sure} of {len(names)}: {why} (such as {names[0]})" for (sure, why), names in often[:3]]
    if len(often) > 3:
        lines.append(f"{field}: {len(often) - 3} more reasons for doubt in {proposal.explanations.name}")
    return lines


def check_lines(clips: Sequence[PreparedClip]) -> list[str]:
    """A line per clip, then a row per skeleton, then a row per subject with the cycles of each emotion."""
    lines = [clip.summary() + (f" [{clip.recording()}]" if clip.layout else "") for clip in clips]
    groups: dict[Row, list[PreparedClip]] = defaultdict(list)
    for clip in clips:
        groups[_skeleton(clip)].append(clip)
    rows: list[Row] = [("skeleton", "frames a second", "unit", "clips", "used", "left out", "cycles")]
    for key, members in groups.items():
        used = sum(not clip.left_out for clip in members)
        cycles = sum(len(clip.cycles) for clip in members)
        rows.append((*key, str(len(members)), str(used), str(len(members) - used), str(cycles)))
    return [*lines, "", *aligned(rows), "", *_subjects(clips), ""]


def _skeleton(clip: PreparedClip) -> Row:
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
    rows: list[Row] = [("subject", *emotions, "cycles")]
    for subject in sorted(cycles)[:MOST_SUBJECTS]:
        counts = cycles[subject]
        rows.append((subject, *(str(counts[emotion] or "-") for emotion in emotions), str(counts.total())))
    more = len(cycles) - MOST_SUBJECTS
    return aligned(rows) + ([f"... and {more} more subjects"] if more > 0 else [])


def cache_lines(report: CacheReport) -> list[str]:
    """The clips that were left out, then the counts, then where the cache is."""
    lines = [f"left out: {source}: {reason}" for source, reason in report.skipped[:MOST_LISTED]]
    if len(report.skipped) > MOST_LISTED:
        lines.append(f"... and {len(report.skipped) - MOST_LISTED} more, in {report.folder}/skipped.csv")
    return [*lines, *report.lines(), f"{'found as it was' if report.reused else 'written'}: {report.folder}"]
