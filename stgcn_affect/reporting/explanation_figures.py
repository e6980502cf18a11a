"""The pictures of an explanation, as PNG and SVG, drawn from its results and maps."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stgcn_affect.files import write_whole
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.animation import relevance_gif
from stgcn_affect.visual.explanation import explanation_figure, ranking_figure
from stgcn_affect.visual.film_strip import relevance_strip_figure
from stgcn_affect.visual.joint_phase import joint_phase_figure
from stgcn_affect.visual.relevance_body import relevance_body_figure, walking_pose
from stgcn_affect.visual.relevance_scale import relevance_scale
from stgcn_affect.visual.scores import deletion_figure
from stgcn_affect.visual.style import file_name, save_both

Map = npt.NDArray[np.floating]

WITHOUT_STRIDE_TIME = " without stride time"
"""Ends the names of maps of models without stride time."""

ORDERS = {"map": "map", "random": "random", "reversed": "reversed", "energy": "motion energy"}
UNITS = {"joints": "joints", "joint x phase": "joint x phase pieces"}
"""The units of a deletion curve, in words."""

MEANING = "evidence for the emotion (above 0) and against it"

IDENTIFIES = "this map identifies the subject"
"""Stands in the pictures of a single walk's map."""

OWN = "each cycle's own emotion"
"""The target where none is given."""


def draw_explanation(
    folder: Path,
    results: Mapping[str, Any],
    *,
    maps: Mapping[str, Map],
    cycles: Mapping[str, Map],
    layout: Layout,
) -> None:
    """Draw all pictures of a run's explanation.

    Args:
        folder: where to.
        results: ``results.json``.
        maps: name to ``[T, V]``, of ``average_maps``.
        cycles: emotion to its average cycle ``[T, V, 3]``.
        layout: the layout of both.
    """
    emotions = list(cycles)
    target = results["explained"]["target"]
    meaning = MEANING if target == OWN else f"evidence for {target} (above 0) and against it"
    of_emotions = {name: maps[name] for name in emotions}
    scale = relevance_scale(of_emotions.values())
    events, ranking, stride_time = results["events"], results["ranking"], results["tempo"]
    how = f"{results['explained']['method']}, {results['explained']['subjects']} unseen subjects"
    for name in emotions:
        figure = explanation_figure(
            cycles[name],
            maps[name],
            layout=layout,
            name=name,
            ranking=ranking[name],
            stride_time=stride_time[name],
            events=events[name],
            scale=scale,
            meaning=meaning,
            title=f"{name}: {how}",
        )
        _save(figure, folder, f"explanation_{name}")
        body = relevance_body_figure(
            walking_pose(cycles[name]), maps[name].mean(axis=0), layout=layout, meaning=meaning, title=f"{name}: {how}"
        )
        _save(body, folder, f"body_{name}")
    _save(joint_phase_figure(of_emotions, layout=layout, events=events, meaning=meaning), folder, "maps")
    _save(relevance_strip_figure(cycles, of_emotions, layout=layout, meaning=meaning), folder, "strips")
    _save(ranking_figure(ranking, layout=layout, stride_time=stride_time, title=how), folder, "ranking")
    for word in ("right", "wrong"):
        kept = [name for name in emotions if f"{name} {word}" in maps]
        few = {name: _of_few(f"{name} {word}", results) for name in kept}
        decided = {f"{name}, decided {word}{few[name]}": maps[f"{name} {word}"] for name in kept}
        if decided:
            _save(joint_phase_figure(decided, layout=layout, meaning=meaning), folder, f"decided_{word}")
    without = {name: one for name, one in maps.items() if name.endswith(WITHOUT_STRIDE_TIME)}
    if without:
        _save(joint_phase_figure(without, layout=layout, meaning=meaning), folder, "maps_without_stride_time")
    contrasts = {f"{name}{_of_few(name, results)}": one for name, one in maps.items() if " minus " in name}
    if contrasts:
        figure = joint_phase_figure(contrasts, layout=layout, meaning="evidence for the first more than for the second")
        _save(figure, folder, "contrasts")
    write_whole(relevance_gif(cycles, of_emotions, layout=layout), path=folder / "walk.gif")
    _draw_extras(folder, results, layout)


def draw_recording(
    folder: Path, results: Mapping[str, Any], *, maps: Mapping[str, Map], cycle: Map, layout: Layout
) -> None:
    """The pictures of one recording: its explanation, and its map beside that of the run's unseen subjects.

    Args:
        folder: where to.
        results: the result of ``explain_file``.
        maps: ``recording`` and ``average``, or ``released`` alone, ``[T, V]`` each.
        cycle: the recording's average cycle ``[T, V, 3]``, or for a released map that of training subjects.
        layout: the layout of all.
    """
    about = results["explained"]
    target, emotion = about["target"], results["emotion"]
    title = f"{emotion} with a probability of {results['probabilities'][emotion]:.2f}"
    shown = "released" if "released" in maps else "recording"
    if shown == "released":
        title += "; released map on the average cycle of training subjects"
    else:
        title = f"{Path(results['file']).name}: {title}"
        if results.get("from_camera"):
            title += " (poses from one camera)"
        title += f"; {IDENTIFIES}"
    figure = explanation_figure(
        cycle,
        maps[shown],
        layout=layout,
        name=target,
        ranking=results["ranking"],
        events=results["events"],
        meaning=f"evidence for {target} (above 0) and against it",
        ranking_meaning="mean relevance over the cycle, for or against",
        title=title,
    )
    _save(figure, folder, "explanation")
    if shown == "recording":
        own, average = f"this walk, {target}", f"average of {about['average_of_subjects']} unseen subjects"
        beside = joint_phase_figure(
            {own: maps["recording"], average: maps["average"]},
            layout=layout,
            events={own: results["events"]},
            meaning=f"evidence for {target} (above 0) and against it",
            title=IDENTIFIES,
        )
        _save(beside, folder, "beside_average")
    write_whole(relevance_gif({title: cycle}, {title: maps[shown]}, layout=layout), path=folder / "walk.gif")


def draw_identity(folder: Path, results: Mapping[str, Any], *, relevance: Map, cycle: Map, layout: Layout) -> None:
    """The picture of the joints that identify seen subjects.

    Args:
        folder: where to.
        results: the result of ``explain_identity``.
        relevance: the average map ``[T, V]``.
        cycle: the average cycle ``[T, V, 3]``.
        layout: the layout of both.
    """
    about = results["explained"]
    name = about["target"]
    figure = explanation_figure(
        cycle,
        relevance,
        layout=layout,
        name=name,
        ranking=results["ranking"][name],
        events=results["events"][name],
        meaning="magnitude of the evidence for an identity",
        title=f"joints that identify {about['subjects']} seen subjects: {about['method']}",
    )
    _save(figure, folder, "explanation")


def _draw_extras(folder: Path, results: Mapping[str, Any], layout: Layout) -> None:
    """What only a whole run has: identity, the model without stride time, deletion curves."""
    if results.get("identity_ranking"):
        rows = {"identity": results["identity_ranking"]}
        _save(ranking_figure(rows, layout=layout, title="joints that identify seen subjects"), folder, "identity")
    if "without_stride_time" in results:
        title = "a model without stride time"
        rows = results["without_stride_time"]["ranking"]
        _save(ranking_figure(rows, layout=layout, title=title), folder, "ranking_without_stride_time")
    chance = 1 / len(results["ranking"])
    for title, block in results.get("faithfulness", {}).items():
        curves = {kind: _curves(block["curves"][kind]) for kind in ("deletion", "insertion")}
        figure = deletion_figure(
            block["curves"]["fraction"], **curves, chance=chance, unit=UNITS[block["units"]], title=title
        )
        _save(figure, folder, f"deletion_{title.replace(', ', '_').replace(' ', '_')}")


def _of_few(name: str, results: Mapping[str, Any]) -> str:
    """What marks a map of so few subjects that it names them."""
    return " (few subjects: identifies)" if name in results["identifies_subject"] else ""


def _save(figure: Figure, folder: Path, name: str) -> None:
    """As PNG and SVG; emotions may be called anything."""
    save_both(figure, path=folder / f"{file_name(name)}.png")


def _curves(named: Mapping[str, Any]) -> dict[str, npt.NDArray[np.float64]]:
    """Order to mean, lower and upper, ``[3, K]``."""
    found = {}
    for name, words in ORDERS.items():
        if name in named:
            mean = named[name]["probability"]
            lower, upper = named[name]["ci95"] or (mean, mean)
            found[words] = np.array([mean, lower, upper])
    return found
