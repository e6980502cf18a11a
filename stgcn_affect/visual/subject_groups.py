"""Draw the average cycles of many subjects in groups: film strips on sheets, an animation, a player."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.film_strip import strip_sheet_figure
from stgcn_affect.visual.player import player_fragment
from stgcn_affect.visual.walk_grid import Walk, walk_grid_gif

T = TypeVar("T")

Groups = Mapping[str, Mapping[str, npt.NDArray[np.floating]]]
"""Name of a group, to subject to average cycle ``[T, V, 3]``; a subject is in one group only."""

_COLUMN, _COLUMNS, _PANEL_ROWS = 8, 5, 3
"""Subjects in a column of a sheet or a row of an animation, columns beside each other and above each other."""


def subject_sheets(groups: Groups, *, layout: Layout, colours: Mapping[str, str], title: str = "") -> list[Figure]:
    """Draw film strips of all subjects, on as many sheets as they need; a group's columns are about equally long.

    Args:
        groups: subjects with their cycles.
        layout: which joints they have.
        colours: the colours of each group.
        title: the title of each sheet.
    """
    panels = []
    for group, subjects in groups.items():
        columns = -(-len(subjects) // _COLUMN)
        parts = _parts(list(subjects.items()), -(-len(subjects) // columns))
        panels += [(group, dict(part)) for part in parts]
    shades = {subject: colours[group] for group, subjects in groups.items() for subject in subjects}
    return [
        strip_sheet_figure(sheet, layout=layout, columns=_COLUMNS, colours=shades, title=title)
        for sheet in _parts(panels, _COLUMNS * _PANEL_ROWS)
    ]


def subject_gif(groups: Groups, *, layout: Layout, colours: Mapping[str, str]) -> bytes:
    """The bytes of a GIF in which all subjects walk in step; arguments as for ``subject_sheets``."""
    walks = [
        Walk(f"{subject}\n{group}", cycle, colours[group])
        for group, subjects in groups.items()
        for subject, cycle in subjects.items()
    ]
    return walk_grid_gif(_parts(walks, _COLUMN), layout=layout)


def subject_player(
    groups: Groups, *, layout: Layout, colours: Mapping[str, str], stride_time_s: Mapping[str, float]
) -> str:
    """HTML in which a subject can be chosen and walks; arguments as for ``subject_sheets``, seconds by subject."""
    named = {subject: f"{subject}, {group}" for group, subjects in groups.items() for subject in subjects}
    return player_fragment(
        {named[subject]: cycle for subjects in groups.values() for subject, cycle in subjects.items()},
        layout=layout,
        caption="By subject",
        stride_time_s={name: stride_time_s[subject] for subject, name in named.items()},
        colours={named[subject]: colours[group] for group, subjects in groups.items() for subject in subjects},
    )


def _parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[i : i + size] for i in range(0, len(items), size)]
