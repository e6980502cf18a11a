"""The parts that joints play in a walk, whatever a skeleton calls them."""

_PAIRED = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")

ROLES: tuple[str, ...] = ("pelvis", "neck", "head", *(f"{side}_{part}" for part in _PAIRED for side in "lr"))
"""The roles that every layout must fill."""

OPTIONAL_ROLES: tuple[str, ...] = ("spine", "l_toe", "r_toe")
"""Roles that a layout may fill."""
