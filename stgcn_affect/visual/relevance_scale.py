"""The scale of everything that shows relevance: the colour and the dot size of a number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure

from stgcn_affect.visual.style import INK, OKABE_ITO, PALE, PAPER, SMALL_PT

SIGNED = "for the emotion (vermillion) or against it (blue)"
UNSIGNED = "relevance"

_SMALLEST = 0.24
"""Diameter of the smallest dot in parts of the largest."""


@dataclass(frozen=True)
class RelevanceScale:
    """The scale that turns relevance into colours and dot sizes.

    Args:
        limit: the largest size that is shown, above 0; larger numbers look like it.
        signed: from -limit (blue) by 0 (white) to limit (vermillion), both ends equally dark; else from 0 (pale) to
            limit (dark), in an order that a grey print keeps.
    """

    limit: float
    signed: bool

    @property
    def colour_map(self) -> Colormap:
        """The colour map: Okabe and Ito's blue to vermillion, safe for colour-blind readers, or a sequential one."""
        blue, vermillion = OKABE_ITO[:2]
        if self.signed:
            shades: Colormap = LinearSegmentedColormap.from_list("signed", [blue, PAPER, vermillion])
        else:
            shades = colormaps["YlOrRd"]
        return shades.with_extremes(bad=PALE)

    @property
    def norm(self) -> Normalize:
        """The position of values in the colour map, 0 to 1."""
        return Normalize(-self.limit if self.signed else 0.0, self.limit, clip=True)

    def colours(self, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """RGBA colours of values, ``[...]`` to ``[..., 4]``; NaN is pale grey."""
        numbers = np.ma.masked_invalid(np.asarray(values, dtype=float))
        colours: npt.NDArray[np.float64] = self.colour_map(self.norm(numbers))
        return colours

    def dots_pt(self, values: npt.ArrayLike, *, largest_pt: float = 15.0) -> npt.NDArray[np.float64]:
        """Diameters of dots in points: the area grows evenly with the size of the number, up to that of the limit."""
        share = np.clip(np.abs(np.nan_to_num(np.asarray(values, dtype=float))) / self.limit, 0.0, 1.0)
        diameters: npt.NDArray[np.float64] = largest_pt * np.sqrt(_SMALLEST**2 + (1 - _SMALLEST**2) * share)
        return diameters


def relevance_scale(maps: Iterable[npt.ArrayLike]) -> RelevanceScale:
    """The common scale of several maps: up to the largest magnitude, signed if any value is below 0."""
    arrays = [np.asarray(values, dtype=float) for values in maps]
    limit = max((float(np.nanmax(np.abs(values), initial=0.0)) for values in arrays), default=0.0)
    return RelevanceScale(limit=limit or 1.0, signed=any(bool((values < 0).any()) for values in arrays))


def draw_scale(
    figure: Figure,
    *,
    axes: Axes | Sequence[Axes],
    scale: RelevanceScale,
    meaning: str = "",
    below: bool = False,
    size_pt: float = SMALL_PT,
) -> None:
    """A colour bar right of some axes, or below them, with what its colours mean."""
    bar = figure.colorbar(
        ScalarMappable(norm=scale.norm, cmap=scale.colour_map),
        ax=axes,
        location="bottom" if below else "right",
        aspect=40 if below else 30,
        shrink=0.6 if below else 1.0,
        pad=0.02,
    )
    bar.set_label(meaning or (SIGNED if scale.signed else UNSIGNED), fontsize=size_pt, color=INK)
    bar.ax.tick_params(labelsize=size_pt - 0.5, length=2, colors=INK)
    bar.ax.locator_params(nbins=5)
    bar.outline.set_linewidth(0.5)
