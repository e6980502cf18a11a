"""Pictures of walks: a pose in two views, and the average cycles of a run's emotions and subjects."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from stgcn_affect.data.averages import Cycle, emotion_cycles, stride_times, subject_cycles
from stgcn_affect.data.prepare_clip import prepare_clip
from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.visualise.data import named_models, subject_groups
from stgcn_affect.motion.cycles import average_cycle
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.animation import emotions_gif
from stgcn_affect.visual.film_strip import film_strip_figure, strip_sheet_figure
from stgcn_affect.visual.player import player_fragment, player_page
from stgcn_affect.visual.relevance_body import POSE_PHASE_PCT, walking_bodies_figure, walking_pose
from stgcn_affect.visual.style import OKABE_ITO, save_both
from stgcn_affect.visual.walk_grid import Walk, walk_grid_gif

T = TypeVar("T")

Groups = Mapping[str, Mapping[str, Cycle]]
"""Words for a group of subjects, to subject to average cycle."""

_COLUMN, _COLUMNS, _PANEL_ROWS = 8, 5, 3
"""Subjects in a column of a sheet or a row of an animation, columns beside each other and above each other."""


def visualise_body(source: str, out: Path, *, layout: str | None = None) -> list[Path]:
    """A walking pose in two views: of each emotion's average cycle in a run, or of the first walk in a motion file.

    Args:
        source: a run's folder or a motion file.
        out: where the pictures go.
        layout: name or YAML of the skeleton, for a file that does not say it.

    Raises:
        InputError: neither of them, or a file without a gait cycle.
    """
    if Path(source).is_dir():
        cycles = next(iter(named_models(Path(source)).values())).cycles
        found, skeleton = emotion_cycles(cycles), cycles.layout
        title = f"{cycles.name}: average cycles at {POSE_PHASE_PCT:.0f} %"
    else:
        name, cycle, skeleton = _first_walk(source, layout)
        found, title = {name: cycle}, ""
    poses = {name: walking_pose(cycle) for name, cycle in found.items()}
    return save_both(walking_bodies_figure(poses, layout=skeleton, title=title), path=out / "body.png")


def visualise_cycles(source: str, out: Path) -> list[Path]:
    """Average cycles of a run by emotion and by subject: film strips, animations, and a page that plays them.

    Raises:
        InputError: no finished run.
    """
    models = named_models(Path(source))
    cycles = next(iter(models.values())).cycles
    layout, name = cycles.layout, cycles.name
    emotions = emotion_cycles(cycles)
    strips = film_strip_figure(emotions, layout=layout, title=f"{name}: average cycle of each emotion")
    averages = subject_cycles(cycles)
    groups = {
        words: {subject: averages[subject] for subject in subjects if subject in averages}
        for words, subjects in subject_groups({fold: found.model.parts for fold, found in models.items()}).items()
    }
    colours = {"training": OKABE_ITO[0], "validation": OKABE_ITO[2], "unseen": OKABE_ITO[1]}
    shades = {words: colours.get(words, OKABE_ITO[0]) for words in groups}
    players = [
        player_fragment(emotions, layout=layout, caption="By emotion", stride_time_s=stride_times(cycles, "emotion")),
        _subject_player(groups, layout, shades, stride_times(cycles, "subject")),
    ]
    page = player_page("\n".join(players), title=f"Average gait cycles of {name}")
    return [
        *save_both(strips, path=out / "cycles_by_emotion.png"),
        write_whole(emotions_gif(emotions, layout=layout), path=out / "cycles_by_emotion.gif"),
        *_subject_sheets(groups, layout, shades, out, f"{name}: average cycle of each subject"),
        write_whole(_subject_gif(groups, layout, shades), path=out / "cycles_by_subject.gif"),
        write_whole(page, path=out / "cycles.html"),
    ]


def _subject_sheets(groups: Groups, layout: Layout, shades: Mapping[str, str], out: Path, title: str) -> list[Path]:
    """Film strips of all subjects, on as many sheets as they need; the columns of a group are about equally long."""
    panels = []
    for words, subjects in groups.items():
        columns = -(-len(subjects) // _COLUMN)
        parts = _parts(list(subjects.items()), -(-len(subjects) // columns))
        panels += [(words, dict(part)) for part in parts]
    colours = {subject: shades[words] for words, subjects in groups.items() for subject in subjects}
    sheets = _parts(panels, _COLUMNS * _PANEL_ROWS)
    paths = []
    for number, sheet in enumerate(sheets, start=1):
        figure = strip_sheet_figure(sheet, layout=layout, columns=_COLUMNS, colours=colours, title=title)
        stem = "cycles_by_subject" + (f"-{number}" if len(sheets) > 1 else "")
        paths += save_both(figure, path=out / f"{stem}.png")
    return paths


def _subject_gif(groups: Groups, layout: Layout, shades: Mapping[str, str]) -> bytes:
    cells = [
        Walk(f"{subject}\n{words}", cycle, shades[words])
        for words, subjects in groups.items()
        for subject, cycle in subjects.items()
    ]
    return walk_grid_gif(_parts(cells, _COLUMN), layout=layout)


def _subject_player(groups: Groups, layout: Layout, shades: Mapping[str, str], seconds: Mapping[str, float]) -> str:
    named = {subject: f"{subject}, {words}" for words, subjects in groups.items() for subject in subjects}
    return player_fragment(
        {named[subject]: cycle for subjects in groups.values() for subject, cycle in subjects.items()},
        layout=layout,
        caption="By subject",
        stride_time_s={name: seconds[subject] for subject, name in named.items()},
        colours={named[subject]: shades[words] for words, subjects in groups.items() for subject in subjects},
    )


def _parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[i : i + size] for i in range(0, len(items), size)]


def _first_walk(source: str, layout: str | None) -> tuple[str, Cycle, Layout]:
    """What the first clip with a gait cycle is called, its average cycle and its skeleton."""
    reasons = []
    for clip in read_clips(source, layout=layout):
        found = prepare_clip(clip, keep_unlabelled=True)
        if found.cycles:
            average = average_cycle(np.stack([cycle.positions for cycle in found.cycles]))
            return Path(clip.source).name or Path(source).name, average, clip.layout
        reasons.append(found.left_out)
    raise InputError(f"{source}: expected a walk with a gait cycle (got {reasons[0] if reasons else 'no clip'})")
