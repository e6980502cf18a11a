"""Where the parts of the body are, by role."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.skeleton.layout import ROLES, Layout


def role_points(positions: npt.NDArray[np.float64], layout: Layout) -> dict[str, npt.NDArray[np.float64]]:
    """The place of each required role and of the spine: ``[..., V, 3]`` to ``[..., 3]`` by name.

    Where a layout has no spine, the middle between pelvis and neck stands in for it: the angle neck-spine-pelvis is
    then pi throughout.
    """
    points = {role: layout.role_position(positions, role) for role in ROLES}
    has_spine = bool(layout.roles.get("spine"))
    points["spine"] = layout.role_position(positions, "spine") if has_spine else (points["pelvis"] + points["neck"]) / 2
    return points
