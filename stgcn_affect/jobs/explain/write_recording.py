"""Write the explanation of one recording: its files are the same whether its own map is shown or a released one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.explain.maps.average import NormalisedMaps
from stgcn_affect.explain.maps.ranking import rank_joints
from stgcn_affect.files import write_whole
from stgcn_affect.motion.gait_events import gait_events
from stgcn_affect.reporting.explanation_figures import draw_recording
from stgcn_affect.reporting.explanation_files import write_maps
from stgcn_affect.skeleton.layout import Layout


def write_recording(
    out: Path,
    about: Mapping[str, Any],
    normalised: NormalisedMaps,
    cycle: npt.NDArray[np.floating],
    layout: Layout,
    *,
    shown: str,
    walked: str,
) -> dict[str, Any]:
    """Write maps, pictures and results.json, and give the results: ``about``, the ranking of joints, the gait events.

    Args:
        out: the folder.
        about: what else ``results.json`` says.
        normalised: the maps that are drawn.
        cycle: ``[T, V, 3]``, the gait cycle that they are drawn on.
        layout: the skeleton.
        shown: the name of the map whose joints are ranked.
        walked: the name of the cycle in the files of maps.
    """
    one, first = np.array([shown]), np.array([0])
    results = {
        **about,
        "ranking": rank_joints(normalised.maps[shown][None], layout.joints, subjects=one, takes=first),
        "events": gait_events(cycle, layout).lines(),
    }
    write_maps(out, maps=normalised.maps, cycles={walked: cycle}, layout=layout, scale=normalised.scale)
    draw_recording(out, results, maps=normalised.maps, cycle=cycle, layout=layout)
    write_whole(json.dumps(results, indent=1) + "\n", path=out / "results.json")
    return results
