"""Draw latents in two dimensions, by emotion and by subject."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D

from stgcn_affect.errors import InputError
from stgcn_affect.visual.style import GREY, INK, OKABE_ITO, PALE, PAPER, SMALL_PT, TEXT_PT, name_colours, new_figure

_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "h", "*")
_LARGEST_LEGEND = 36


HOLLOW = "filled: training subjects, to whom the plane is fitted; hollow: subjects that no weight was fitted to"


def embedding_figure(
    latents: npt.ArrayLike,
    *,
    emotions: Sequence[str],
    subjects: Sequence[str],
    seen: npt.ArrayLike | None = None,
    scores: Mapping[str, str] | None = None,
    title: str = "",
) -> Figure:
    """Draw an embedding twice, by emotion and by subject; see ``draw_embedding``."""
    figure = new_figure(width_in=9.0, height_in=4.6)
    draw_embedding(figure, latents, emotions=emotions, subjects=subjects, seen=seen, scores=scores, title=title)
    return figure


def draw_embedding(
    figure: Figure | SubFigure,
    latents: npt.ArrayLike,
    *,
    emotions: Sequence[str],
    subjects: Sequence[str],
    seen: npt.ArrayLike | None = None,
    scores: Mapping[str, str] | None = None,
    title: str = "",
) -> None:
    """Fill a figure, or a part of one, with two pictures of the same points.

    Args:
        figure: where to draw.
        latents: ``[N, D]``; more than two dimensions are seen in the plane of their largest variance.
        emotions: N names.
        subjects: N names.
        seen: ``[N]`` booleans; the plane is that of these points, the others are projected into it and drawn hollow.
            None: all.
        scores: "emotion" and "subject" to a line under the picture's name.
        title: above both.

    Raises:
        InputError: not as many names as latents, or no point is seen.
    """
    count = len(np.asarray(latents))
    filled = np.ones(count, dtype=bool) if seen is None else np.asarray(seen, dtype=bool)
    for name, given in (("emotions", emotions), ("subjects", subjects), ("seen", filled)):
        if len(given) != count:
            raise InputError(f"embedding_figure: expected {count} {name}, one per latent (got {len(given)})")
    points, shares = principal_plane(latents, fit=filled)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    names, people = sorted(set(emotions)), sorted(set(subjects))
    looks = {n: (c, _MARKERS[i % 12]) for i, (n, c) in enumerate(name_colours(names).items())}
    _scatter(left, points, emotions, looks, filled=filled)
    _scatter(right, points, subjects, _subject_looks(people), filled=filled)
    for axes, kind, number in ((left, "emotion", len(names)), (right, "subject", len(people))):
        score = (scores or {}).get(kind, "")
        axes.set_title(f"by {kind} ({number})" + (f"\n{score}" if score else ""), fontsize=TEXT_PT, color=INK)
        axes.set_xlabel(f"first axis ({100 * shares[0]:.0f} % of the variance)", fontsize=SMALL_PT, color=GREY)
    left.set_ylabel(f"second axis ({100 * shares[1]:.0f} %)", fontsize=SMALL_PT, color=GREY)
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)


def principal_plane(
    latents: npt.ArrayLike, *, fit: npt.NDArray[np.bool_] | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """``[N, D]`` to ``[N, 2]``, the two directions of the largest variance, and the share of it ``[2]`` on each.

    ``fit`` ``[N]`` marks the points whose mean and variance count; the others are projected.

    Raises:
        InputError: ``fit`` marks none.
    """
    values = np.asarray(latents, dtype=float)
    fitted = values if fit is None else values[fit]
    if not len(fitted):
        raise InputError("principal plane: expected a point at least that it is fitted to (got none)")
    mean = fitted.mean(axis=0)
    _, strengths, axes = np.linalg.svd(fitted - mean, full_matrices=False)
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    points, shares = np.zeros((len(values), 2)), np.zeros(2)
    kept = min(2, len(strengths))
    points[:, :kept] = (values - mean) @ (axes * signs[:, None])[:kept].T
    shares[:kept] = (strengths**2 / max(float((strengths**2).sum()), 1e-12))[:kept]
    return points, shares


def _subject_looks(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """A colour and a marker for each subject; together they tell 84 apart. Yellow is too pale for small points."""
    colours = [colour for colour in OKABE_ITO if colour != "#F0E442"]
    count = len(colours)
    return {name: (colours[i % count], _MARKERS[i // count % len(_MARKERS)]) for i, name in enumerate(names)}


def _scatter(
    axes: Axes,
    points: npt.NDArray[np.float64],
    names: Sequence[str],
    looks: Mapping[str, tuple[str, str]],
    *,
    filled: npt.NDArray[np.bool_],
) -> None:
    of_point = np.asarray(names)
    for name, (colour, marker) in looks.items():
        for solid in (True, False):
            mine = points[(of_point == name) & (filled == solid)]
            if not len(mine):
                continue
            axes.scatter(
                mine[:, 0],
                mine[:, 1],
                s=26 if solid else 22,
                facecolors=colour if solid else "none",
                edgecolors=PAPER if solid else colour,
                marker=marker,
                linewidths=0.4 if solid else 1.1,
                alpha=0.9,
            )
    axes.axhline(0, color=PALE, linewidth=0.8, zorder=0)
    axes.axvline(0, color=PALE, linewidth=0.8, zorder=0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[["top", "right"]].set_visible(False)
    if len(looks) <= _LARGEST_LEGEND:
        axes.legend(
            handles=[_handle(name, *look, solid=bool(filled[of_point == name].any())) for name, look in looks.items()],
            fontsize=SMALL_PT - 1,
            frameon=False,
            ncols=-(-len(looks) // 12),
            loc="center left",
            bbox_to_anchor=(1.0, 0.5),
            handletextpad=0.1,
            columnspacing=0.6,
        )


def _handle(name: str, colour: str, marker: str, *, solid: bool) -> Line2D:
    face, edge = (colour, PAPER) if solid else ("none", colour)
    return Line2D(
        [],
        [],
        linestyle="",
        marker=marker,
        markersize=5,
        markerfacecolor=face,
        markeredgecolor=edge,
        markeredgewidth=0.4 if solid else 1.1,
        label=name,
    )


def latents_figure(
    latents: Mapping[str, npt.ArrayLike],
    *,
    emotions: Sequence[str],
    subjects: Sequence[str],
    seen: npt.ArrayLike,
    scores: Mapping[str, Mapping[str, str]] | None = None,
    title: str = "",
) -> Figure:
    """Draw latents: a row for each, in it the points by emotion and by subject.

    Args:
        latents: name to ``[N, D]``.
        emotions: N names.
        subjects: N names.
        seen: ``[N]``, whether a cycle's subject is a training subject.
        scores: a latent's name to "emotion" and "subject" to what can be read from it, in words.
        title: above all.

    Raises:
        InputError: as ``draw_embedding``.
    """
    figure = new_figure(width_in=9.6, height_in=0.7 + 4.4 * len(latents))
    parts = figure.subfigures(len(latents), 1, squeeze=False)[:, 0]
    for part, (name, points) in zip(parts, latents.items(), strict=True):
        draw_embedding(
            part, points, emotions=emotions, subjects=subjects, seen=seen, scores=(scores or {}).get(name), title=name
        )
    figure.suptitle(title, fontsize=TEXT_PT + 1.5, color=INK)
    figure.supxlabel(HOLLOW, fontsize=SMALL_PT, color=GREY)
    return figure
