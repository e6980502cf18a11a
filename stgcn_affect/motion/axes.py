"""Convert positions from a file's axes and unit to the package's: y up, metres."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.normalise import body_height, highest_role, over_what_is_there
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

METRES_PER = {"metres": 1.0, "centimetres": 0.01, "millimetres": 0.001, "inches": 0.0254, "CMU units": 0.0254 / 0.45}
"""Units that motion files use; CMU's skeletons are in inches divided by 0.45."""

TYPICAL_HEIGHT_M, SMALLEST_M, LARGEST_M = 1.5, 0.7, 2.3
"""Body heights (see ``body_height``) of an adult, and of the smallest and the tallest subject that is plausible."""


def up_axis(positions: Floats, layout: Layout) -> str:
    """The axis from the feet to the head (or neck, or pelvis) over most of ``[T, V, 3]``: "+x", "-x", "+y" ..."""
    feet = (layout.role_position(positions, "l_ankle") + layout.role_position(positions, "r_ankle")) / 2
    body = over_what_is_there(np.nanmedian, layout.role_position(positions, highest_role(layout)) - feet, axis=0)
    axis = int(np.argmax(np.abs(body)))
    return ("+" if body[axis] > 0 else "-") + "xyz"[axis]


def turn_upright(positions: Floats, axis: str) -> Floats:
    """Turn ``[..., 3]`` as one piece so that ``axis`` (as ``up_axis`` names it) becomes +y; handedness is kept."""
    x, y, z = (positions[..., i] for i in range(3))
    turned = {
        "+y": (x, y, z),
        "-y": (x, -y, -z),
        "+z": (x, z, -y),
        "-z": (x, -z, y),
        "+x": (-y, x, z),
        "-x": (y, -x, z),
    }[axis]
    return np.stack(turned, axis=-1)


def guess_unit(height: float) -> str:
    """The unit that makes ``height`` the height of a body, or "" where none does."""
    unit = min(METRES_PER, key=lambda name: abs(np.log(max(height, 1e-12) * METRES_PER[name] / TYPICAL_HEIGHT_M)))
    return unit if SMALLEST_M <= height * METRES_PER[unit] <= LARGEST_M else ""


def to_package_axes(positions: Floats, layout: Layout) -> tuple[npt.NDArray[np.float32], str]:
    """Convert ``[T, V, 3]`` to y up and metres; vertical axis and unit are detected from the body.

    Returns:
        ``[T, V, 3]`` with y up, in metres, and the name of the unit that was found. Where no unit gives the body a
        believable height the name is "" and sizes stay as they are.
    """
    upright = turn_upright(positions, up_axis(positions, layout))
    unit = guess_unit(body_height(upright, layout))
    return np.asarray(upright * METRES_PER.get(unit, 1.0), np.float32), unit


def package_clip_axes(
    positions: Floats, layout: Layout, *, unit: str = ""
) -> tuple[npt.NDArray[np.float32], dict[str, str]]:
    """As ``to_package_axes``, with what was found as attributes of a clip: "unit" ("unknown" where none fits) and
    "up_axis" of the file.

    Args:
        positions: ``[T, V, 3]``.
        layout: their joints.
        unit: the unit that the file itself names, a key of ``METRES_PER``; "" to find it from the body.
    """
    up = up_axis(positions, layout)
    if unit:
        upright = turn_upright(positions, up) * METRES_PER[unit]
        return np.asarray(upright, np.float32), {"unit": unit, "up_axis": up}
    converted, unit = to_package_axes(positions, layout)
    return converted, {"unit": unit or "unknown", "up_axis": up}
