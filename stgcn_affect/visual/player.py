"""Walks that play in a browser: self-contained HTML that loads nothing, for mouse, touch and keyboard."""

import json
from collections.abc import Mapping
from html import escape

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import joint_sides
from stgcn_affect.visual.player_code import PLAYER_SCRIPT, PLAYER_STYLE
from stgcn_affect.visual.relevance_scale import RelevanceScale, relevance_scale
from stgcn_affect.visual.style import GREY, lighter, name_colours

_UNITS, _SHADES = 1000, 64
"""Positions are written in whole thousandths of a unit; relevance in whole steps of its scale."""


def player_page(body: str, *, title: str) -> str:
    """A whole page around fragments of ``player_fragment``, or around other HTML with such fragments in it."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\nbody {{ font: 16px/1.5 system-ui, sans-serif; margin: 1rem auto; "
        f"max-width: 70rem; padding: 0 1rem; color: #222; background: #fff; }}\n{PLAYER_STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n{body}\n<script>\n{PLAYER_SCRIPT}</script>\n</body>\n</html>\n"
    )


def player_fragment(
    cycles: Mapping[str, npt.NDArray[np.floating]],
    *,
    layout: Layout,
    caption: str,
    stride_time_s: Mapping[str, float] | None = None,
    relevance: Mapping[str, npt.ArrayLike] | None = None,
    scale: RelevanceScale | None = None,
    colours: Mapping[str, str] | None = None,
    meaning: str = "relevance",
) -> str:
    """Bodies side by side with play, pause, scrub, speed and view; a page needs ``PLAYER_STYLE`` and ``PLAYER_SCRIPT``
    once, after its last fragment.

    Args:
        cycles: name to ``[T, V, 3]``, pelvis at the origin, facing +z, all in one unit and of the same T.
        layout: which joints they are.
        caption: what is shown.
        stride_time_s: name to seconds that its cycle takes; None: 1.1 for all. Bodies walk in step, at the mean of
            these, until the user asks for each one's own speed.
        relevance: name to ``[T, V]``; joints get dots with colour and size of their relevance at each moment.
        scale: the scale of the relevance; None: up to the largest number of all maps.
        colours: name to colour of the body; angry, happy, neutral and sad have theirs, and with relevance all are grey.
        meaning: what the colours of the joints say.

    Raises:
        InputError: no cycle, cycles that differ in shape, or a map or stride time that is missing or does not fit.
    """
    shape = _shape(cycles, layout)
    times = dict.fromkeys(cycles, 1.1) if stride_time_s is None else stride_time_s
    chosen = dict.fromkeys(cycles, GREY) if relevance is not None else name_colours(list(cycles)) | dict(colours or {})
    scale = scale or (None if relevance is None else relevance_scale(relevance.values()))
    walks = []
    for name, cycle in cycles.items():
        if not times.get(name, 0) > 0:
            raise InputError(f"player: {name!r} needs a stride time above 0 (got {times.get(name)})")
        walk = {"name": name, "seconds": round(float(times[name]), 3), "colour": chosen[name]}
        walk |= {
            "pale": lighter(chosen[name]),
            "path": np.rint(_UNITS * np.asarray(cycle)).astype(int).ravel().tolist(),
        }
        if relevance is not None and scale is not None:
            walk["level"] = _levels(relevance.get(name, ()), scale, name, shape)
        walks.append(walk)
    content = {
        "frames": shape[0],
        "joints": shape[1],
        "bones": [list(bone) for bone in layout.bones],
        "right": [side == "right" for side in joint_sides(layout)],
        "head": list(layout.role_indices("head")) if layout.has("head") else [],
        "walks": walks,
        "shades": None if scale is None else _shades(scale),
        "sizes": None if scale is None else _sizes(scale),
    }
    data = json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")
    legend = "" if scale is None else _legend(scale, meaning)
    return (
        f'<figure class="walk-player">\n<figcaption>{escape(caption)}</figcaption>\n<div class="stage"></div>\n{legend}'
        f'<div class="controls"></div>\n<noscript>These walks move where scripts are allowed.</noscript>\n'
        f'<script type="application/json">{data}</script>\n</figure>'
    )


def _shape(cycles: Mapping[str, npt.NDArray[np.floating]], layout: Layout) -> tuple[int, int]:
    shapes = {np.shape(cycle) for cycle in cycles.values()}
    if len(shapes) != 1 or len(first := next(iter(shapes))) != 3 or first[1:] != (layout.num_joints, 3):
        found = sorted(map(list, shapes))
        raise InputError(f"player: expected cycles of one shape [T, {layout.num_joints}, 3] (got {found})")
    return int(first[0]), int(first[1])


def _levels(values: npt.ArrayLike, scale: RelevanceScale, name: str, shape: tuple[int, int]) -> list[int]:
    numbers = np.asarray(values, dtype=float)
    if numbers.shape != shape:
        raise InputError(f"player: {name!r} needs a map of its cycle's shape {list(shape)} (got {list(numbers.shape)})")
    part = np.nan_to_num(np.asarray(scale.norm(numbers), dtype=float))
    return [int(level) for level in np.rint((_SHADES - 1) * part).ravel()]


def _steps(scale: RelevanceScale) -> npt.NDArray[np.float64]:
    return np.linspace(-scale.limit if scale.signed else 0.0, scale.limit, _SHADES)


def _shades(scale: RelevanceScale) -> list[str]:
    return ["#" + "".join(f"{round(255 * part):02x}" for part in colour[:3]) for colour in scale.colours(_steps(scale))]


def _sizes(scale: RelevanceScale) -> list[float]:
    """Diameters of the dots in parts of the largest."""
    return [round(float(size), 3) for size in scale.dots_pt(_steps(scale), largest_pt=1.0)]


def _legend(scale: RelevanceScale, meaning: str) -> str:
    low = f"{-scale.limit:.2g}" if scale.signed else "0"
    bar = ", ".join(_shades(scale)[::7])
    return (
        f'<div class="legend"><span>{low}</span><i style="background: linear-gradient(to right, {bar})"></i>'
        f"<span>{scale.limit:.2g}</span> <span>{escape(meaning)}</span></div>\n"
    )
