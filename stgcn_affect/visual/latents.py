"""Both latents of a network, each by emotion and by walker, with what can be read from them."""

from collections.abc import Mapping, Sequence

import numpy.typing as npt
from matplotlib.figure import Figure

from stgcn_affect.visual.embedding import draw_embedding
from stgcn_affect.visual.style import GREY, INK, SMALL_PT, TEXT_PT, new_figure

HOLLOW = "filled: training walkers, to whom the plane is fitted; hollow: walkers that no weight was fitted to"


def latents_figure(
    latents: Mapping[str, npt.ArrayLike],
    *,
    emotions: Sequence[str],
    walkers: Sequence[str],
    seen: npt.ArrayLike,
    scores: Mapping[str, Mapping[str, str]] | None = None,
    title: str = "",
) -> Figure:
    """A row for each latent, in it the points by emotion and by walker.

    Args:
        latents: name to ``[N, D]``.
        emotions: N names.
        walkers: N names.
        seen: ``[N]``, whether a cycle's walker is a training walker.
        scores: a latent's name to "emotion" and "walker" to what can be read from it, in words.
        title: above all.

    Raises:
        InputError: as ``draw_embedding``.
    """
    figure = new_figure(width_in=9.6, height_in=0.7 + 4.4 * len(latents))
    parts = figure.subfigures(len(latents), 1, squeeze=False)[:, 0]
    for part, (name, points) in zip(parts, latents.items(), strict=True):
        said = (scores or {}).get(name)
        draw_embedding(part, points, emotions=emotions, walkers=walkers, seen=seen, scores=said, title=name)
    figure.suptitle(title, fontsize=TEXT_PT + 1.5, color=INK)
    figure.supxlabel(HOLLOW, fontsize=SMALL_PT, color=GREY)
    return figure
