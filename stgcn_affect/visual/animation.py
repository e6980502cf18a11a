"""Animations of walks as GIF, plain or coloured by relevance."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from io import BytesIO

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.cm import ScalarMappable
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import View, draw_body, frame_bodies, project
from stgcn_affect.visual.frames import Frames
from stgcn_affect.visual.relevance_scale import RelevanceScale, relevance_scale
from stgcn_affect.visual.style import (
    GREY,
    INK,
    OKABE_ITO,
    PALE,
    PAPER,
    SMALL_PT,
    TEXT_PT,
    bare,
    lighter,
    name_colours,
    new_figure,
)

FOOTER_IN = 0.5
"""Height in inches that a footer has to itself."""

_DPI, _SHADES, _MOST_TINTS, _NEARLY_WHITE, _FOOTER_WIDTH_IN = 100.0, 5, 128, 0.95, 3.2


def walk_gif(
    bodies: Sequence[npt.NDArray[np.floating]],
    *,
    layout: Layout,
    captions: Sequence[str] = (),
    colours: Sequence[str] = (),
    view: View = "three_quarter",
    cycle_s: float = 1.1,
    frames: int = 22,
    height_px: int = 320,
    joint_colours: Sequence[npt.NDArray[np.float64]] = (),
    joint_sizes_pt: Sequence[npt.NDArray[np.float64]] = (),
    tints: npt.NDArray[np.float64] | None = None,
    footer: Callable[[Figure], Callable[[float], Artist]] | None = None,
) -> bytes:
    """Animate walks side by side: the bytes of a GIF that loops for ever; all bodies have one scale.

    Args:
        bodies: n cycles ``[T, V, 3]``, pelvis at the origin, facing +z; they may differ in T.
        layout: which joints they are, or n of them.
        captions: n lines, written above the bodies.
        colours: n colours; else those of the style, in its order.
        view: "sagittal", "frontal" or "three_quarter".
        cycle_s: seconds that a cycle takes.
        frames: pictures per cycle.
        height_px: the height of the GIF.
        joint_colours: n times ``[T, V, 4]``; the joints get dots of their colours.
        joint_sizes_pt: n times ``[T, V]``, the diameters of the dots; else all are alike.
        tints: ``[n, 4]``, the colours of dots and footer, as a GIF has 256; None: those of the joints.
        footer: called with the figure; may draw into its lowest ``FOOTER_IN`` inches. What it gives is called with the
            per cent of the cycle that each picture shows, and gives the artist that says it.

    Raises:
        InputError: no body, or not as many captions, colours or dots as bodies.
    """
    if not bodies:
        raise InputError("walk_gif: expected at least one body (got none)")
    several = {
        "captions": captions,
        "colours": colours,
        "joint_colours": joint_colours,
        "joint_sizes_pt": joint_sizes_pt,
    }
    for name, given in several.items():
        if given and len(given) != len(bodies):
            raise InputError(f"walk_gif: expected {len(bodies)} {name}, one for each body (got {len(given)})")
    flats = [project(body, view=view)[0] for body in bodies]
    span = _frame(flats)
    shades = list(colours) or [OKABE_ITO[i % len(OKABE_ITO)] for i in range(len(bodies))]
    figure = _empty(len(bodies), span=span, height_px=height_px, captions=captions, footer=footer is not None)
    columns = list(figure.axes)
    said = None if footer is None else footer(figure)

    def pose(i: int, moment: int) -> None:
        draw_body(
            columns[i],
            positions=bodies[i][moment],
            layout=layout,
            view=view,
            colour=shades[i],
            width_pt=2.4,
            joint_colours=joint_colours[i][moment] if joint_colours else None,
            joint_sizes_pt=joint_sizes_pt[i][moment] if joint_sizes_pt else None,
        )

    moving = Frames(figure, dpi=_DPI)
    pictures = []
    for frame in range(frames):
        moments = [frame * len(body) // frames for body in bodies]
        poses = [(axes, partial(pose, i, moments[i])) for i, axes in enumerate(columns)]
        pictures.append(moving.picture(poses, [] if said is None else [said(100 * frame / frames)]))
    return _encode(
        pictures, colours=shades, tints=_tints([tints] if tints is not None else joint_colours), cycle_s=cycle_s
    )


def emotions_gif(emotions: Mapping[str, npt.NDArray[np.floating]], *, layout: Layout) -> bytes:
    """Animate average cycles ``[T, V, 3]`` of emotions side by side as a GIF, each in its colour."""
    shades = name_colours(list(emotions))
    colours = [shades[name] for name in emotions]
    return walk_gif(list(emotions.values()), layout=layout, captions=list(emotions), colours=colours)


def _frame(flats: Sequence[npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    """``[2, 2]``: lowest and highest (right, up) of all bodies, as wide to the left as to the right."""
    points = np.concatenate([flat.reshape(-1, 2) for flat in flats])
    wide = float(np.abs(points[:, 0]).max())
    return np.array([[-wide, points[:, 1].min()], [wide, points[:, 1].max()]])


def _tints(shown: Sequence[npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    """``[n, 3]``: at most ``_MOST_TINTS`` of the colours ``[..., 4]``, evenly spread, without those that tint paper."""
    found = np.unique(np.concatenate([np.zeros((0, 3)), *(c.reshape(-1, 4)[:, :3] for c in shown)]), axis=0)
    found = found[found.min(axis=1) < _NEARLY_WHITE]
    kept: npt.NDArray[np.float64] = found[
        np.linspace(0, len(found) - 1, min(len(found), _MOST_TINTS)).round().astype(int)
    ]
    return kept


def _empty(
    count: int, *, span: npt.NDArray[np.float64], height_px: int, captions: Sequence[str], footer: bool
) -> Figure:
    width, height = (1.25 * (span[1] - span[0])).tolist()
    caption_in, footer_in = 0.3 if captions else 0.0, FOOTER_IN if footer else 0.0
    body_in = height_px / _DPI - caption_in - footer_in
    least_in = _FOOTER_WIDTH_IN / count if footer else 1.0
    column_in = max(body_in * width / height, 0.085 * max(map(len, captions), default=0), least_in)
    figure = new_figure(width_in=column_in * count, height_in=height_px / _DPI)
    figure.set_layout_engine("none")
    for i in range(count):
        axes = figure.add_axes((i / count, footer_in * _DPI / height_px, 1 / count, body_in * _DPI / height_px))
        bare(axes)
        frame_bodies(axes, flat=span)
        axes.axhline(float(span[0, 1]), color=PALE, linewidth=1.2, zorder=1)
        if captions:
            figure.text((i + 0.5) / count, 0.99, captions[i], ha="center", va="top", fontsize=TEXT_PT, color=INK)
    return figure


def _encode(
    pictures: Sequence[Image.Image], *, colours: Sequence[str], tints: npt.NDArray[np.float64], cycle_s: float
) -> bytes:
    """One palette for all pictures, made of the colours that are drawn: small, and without flicker."""
    drawn = [INK, PALE, *colours, *map(lighter, colours)]
    shades = [*tints.tolist(), *(lighter(colour, by=step / _SHADES) for colour in drawn for step in range(_SHADES))][
        :255
    ]
    palette = Image.new("P", (1, 1))
    flat = [round(255 * part) for colour in (PAPER, *shades) for part in to_rgb(colour)]
    palette.putpalette(flat + flat[:3] * (256 - len(flat) // 3))
    reduced = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    content = BytesIO()
    reduced[0].save(
        content,
        format="GIF",
        save_all=True,
        append_images=reduced[1:],
        duration=max(20, round(100 * cycle_s / len(pictures)) * 10),
        loop=0,
        optimize=True,
    )
    return content.getvalue()


def relevance_gif(
    cycles: Mapping[str, npt.NDArray[np.floating]],
    maps: Mapping[str, npt.ArrayLike],
    *,
    layout: Layout,
    scale: RelevanceScale | None = None,
    view: View = "three_quarter",
    cycle_s: float = 2.2,
    frames: int = 32,
    height_px: int = 360,
) -> bytes:
    """Animate relevance on a body for each emotion: the bytes of a GIF, slower than real time by default.

    Args:
        cycles: emotion, or another caption, to its average cycle ``[T, V, 3]``, pelvis at the origin, facing +z.
        maps: the same names to relevance ``[T, V]``.
        layout: which joints they are.
        scale: the scale of colours and sizes; None: up to the largest number of all maps.
        view: "sagittal", "frontal" or "three_quarter".
        cycle_s: seconds that a cycle takes.
        frames: pictures per cycle.
        height_px: the height of the GIF.

    Raises:
        InputError: no cycle, or a map that does not fit its cycle.
    """
    scale = scale or relevance_scale(maps.values())
    values = {name: np.asarray(maps.get(name, ()), dtype=float) for name in cycles}
    for name, cycle in cycles.items():
        if values[name].shape != cycle.shape[:2]:
            raise InputError(
                f"relevance animation: {name!r} needs a map of its cycle's shape {list(cycle.shape[:2])}"
                f" (got {list(values[name].shape)})"
            )

    return walk_gif(
        list(cycles.values()),
        layout=layout,
        captions=list(cycles),
        colours=[GREY] * len(cycles),
        view=view,
        cycle_s=cycle_s,
        frames=frames,
        height_px=height_px,
        joint_colours=[scale.colours(array) for array in values.values()],
        joint_sizes_pt=[scale.dots_pt(array, largest_pt=13.0) for array in values.values()],
        tints=scale.colours(np.linspace(-scale.limit, scale.limit, 121)),
        footer=partial(_draw_footer, scale=scale),
    )


def _draw_footer(figure: Figure, *, scale: RelevanceScale) -> Callable[[float], Text]:
    """The colour bar with its ends in words, and room at its left for the phase, which the result writes."""
    width, height = figure.get_size_inches()
    middle = 0.4 * FOOTER_IN / height
    phase = figure.text(0.1 / width, middle, "", ha="left", va="center", fontsize=SMALL_PT + 1, color=INK)
    bar = figure.add_axes((1.85 / width, middle - 0.06 / height, 1 - 2.3 / width, 0.12 / height))
    figure.colorbar(ScalarMappable(norm=scale.norm, cmap=scale.colour_map), cax=bar, orientation="horizontal")
    bar.set_xticks([])
    ends = ("against", "for") if scale.signed else ("0", f"{scale.limit:.2g}")
    for at, side, text in ((-0.03, "right", ends[0]), (1.03, "left", ends[1])):
        bar.text(at, 0.5, text, transform=bar.transAxes, ha=side, va="center", fontsize=SMALL_PT, color=INK)

    def say(phase_pct: float) -> Text:
        phase.set_text(f"{phase_pct:.0f} % of the cycle")
        return phase

    return say
