"""The frames of an animation: a figure is drawn once, and on it again and again only what moves."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image


class Frames:
    """Pictures of a figure whose still parts are drawn once, which takes most of the time.

    Args:
        figure: with all that stands still; it is drawn at once.
        dpi: pixels an inch.
    """

    def __init__(self, figure: Figure, *, dpi: float) -> None:
        figure.set_dpi(dpi)
        self._figure = figure
        self._canvas = cast(Any, figure.canvas)  # that of Agg; matplotlib does not type it
        self._canvas.draw()
        self._still = self._canvas.copy_from_bbox(figure.bbox)

    def picture(self, draw: Sequence[tuple[Axes, Callable[[], None]]], others: Sequence[Artist] = ()) -> Image.Image:
        """The still parts with what moves on them; what is drawn is taken away again.

        Args:
            draw: for each axes what adds its moving artists, such as a call of ``draw_body``.
            others: further artists of the figure that moved, such as a text; they stay.
        """
        self._canvas.restore_region(self._still)
        for axes, add in draw:
            before = set(axes.get_children())
            add()
            added = [artist for artist in axes.get_children() if artist not in before]
            for artist in sorted(added, key=Artist.get_zorder):
                axes.draw_artist(artist)
                artist.remove()
        for artist in others:
            self._figure.draw_artist(artist)
        return Image.fromarray(np.array(self._canvas.buffer_rgba())[..., :3])
