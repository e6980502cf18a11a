"""Draw skeletons, and a run's average walks, latents and transferred walks; the work of stgcn-affect visualise."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.data.averages import Cycle, emotion_cycles, stride_times, subject_cycles
from stgcn_affect.data.prepare_clip import prepare_clip
from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.explained_model import ExplainedModel
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.run_data import models_of_run
from stgcn_affect.motion.cycles import average_cycle
from stgcn_affect.motion.readers.draft_layout import draft_layout
from stgcn_affect.motion.readers.formats import SUFFIXES, read_clips
from stgcn_affect.reporting.model_figures import edge_importance, importance_figure, model_latents_figure, probe_words
from stgcn_affect.reporting.transfer import transfer, transfer_figure, transfer_gif
from stgcn_affect.skeleton.exports import partition_graph, write_graph
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout, load_layout
from stgcn_affect.training.checkpoint import model_paths, read_model
from stgcn_affect.visual.animation import emotions_gif
from stgcn_affect.visual.film_strip import film_strip_figure
from stgcn_affect.visual.player import player_fragment, player_page
from stgcn_affect.visual.relevance_body import POSE_PHASE_PCT, walking_bodies_figure, walking_pose
from stgcn_affect.visual.skeleton_graph import layout_figure, skeleton_graph_figure
from stgcn_affect.visual.style import OKABE_ITO, file_name, save_both
from stgcn_affect.visual.subject_groups import subject_gif, subject_player, subject_sheets

FORMATS = (".graphml", ".gexf", ".dot", ".json")

PARTS = {"train": "training", "validation": "validation", "test": "unseen"}
"""Part of a split, to the word for its subjects in a picture."""


def visualise_layout(source: str, out: Path) -> list[Path | str]:
    """Draw a layout, an embedded one or a YAML file, with names and roles; or write one for a recording.

    A recording gets a layout to start from, ``OUT/<its name>.layout.yaml``, with the roles that the names of its joints
    say; no file is overwritten.

    Returns:
        the files, and of a recording what is unsure in its layout.

    Raises:
        InputError: a wrong layout, a recording that names no joints, or a file of that name is there.
    """
    if Path(source).suffix.lower() not in SUFFIXES:
        layout = load_layout(source)
        return [*save_both(layout_figure(layout), path=out / f"{file_name('layout', layout.name)}.png")]
    path = out / f"{Path(source).stem}.layout.yaml"
    if path.exists():
        raise InputError(f"{path}: expected the name of a new file, as none is overwritten (got one that is there)")
    draft = draft_layout(source)
    made: list[Path | str] = [write_whole(draft.text, path=path)]
    if draft.layout is not None:
        made += save_both(layout_figure(draft.layout), path=out / f"{file_name('layout', draft.layout.name)}.png")
    gaps = [] if draft.layout else [f"fill in each '?' in it, then: stgcn-affect visualise layout {path}"]
    return [*made, *(f"unsure: {sentence}" for sentence in draft.unsure if sentence[0].islower()), *gaps]


def visualise_graph(source: str, out: Path) -> list[Path]:
    """Draw and export the graph of a layout, or of a run with the importance of its edges.

    Of a run, an edge's attributes ``importance`` and ``importance_identity`` are those of the emotion and of the
    identity encoder, each the mean over blocks and models.

    Raises:
        InputError: neither a run nor a layout.
    """
    models = [read_model(path) for path in model_paths(Path(source))] if Path(source).is_dir() else []
    graph = SkeletonGraph(models[0].layout if models else load_layout(source))
    learned = edge_importance(models) if models else {}
    columns = {"emotion": "importance", "identity": "importance_identity"}
    made = partition_graph(graph, importance={columns[branch]: values for branch, values in learned.items()})
    paths = save_both(skeleton_graph_figure(graph, partitions=True), path=out / "skeleton.png")
    if learned:
        paths += save_both(importance_figure(models), path=out / "edge_importance.png")
    return paths + [write_graph(made, path=out / f"skeleton{ending}") for ending in FORMATS]


def visualise_body(source: str, out: Path, *, layout: str | None = None) -> list[Path]:
    """A walking pose in two views: of each emotion's average cycle in a run, or of the first walk in a motion file.

    Args:
        source: a run's folder or a motion file.
        out: where the pictures go.
        layout: name or YAML of the skeleton, for a file that does not say it.

    Raises:
        InputError: neither of them, or a file without a gait cycle.
    """
    if Path(source).is_dir():
        cycles = next(iter(_named_models(Path(source)).values())).cycles
        found, skeleton = emotion_cycles(cycles), cycles.layout
        title = f"{cycles.name}: average cycles at {POSE_PHASE_PCT:.0f} %"
    else:
        name, cycle, skeleton = _first_walk(source, layout)
        found, title = {name: cycle}, ""
    poses = {name: walking_pose(cycle) for name, cycle in found.items()}
    return save_both(walking_bodies_figure(poses, layout=skeleton, title=title), path=out / "body.png")


def visualise_cycles(source: str, out: Path) -> list[Path]:
    """Average cycles of a run by emotion and by subject: film strips, animations, and a page that plays them.

    Raises:
        InputError: no finished run.
    """
    models = _named_models(Path(source))
    cycles = next(iter(models.values())).cycles
    layout, name = cycles.layout, cycles.name
    emotions = emotion_cycles(cycles)
    strips = film_strip_figure(emotions, layout=layout, title=f"{name}: average cycle of each emotion")
    averages = subject_cycles(cycles)
    groups = {
        group: {subject: averages[subject] for subject in subjects if subject in averages}
        for group, subjects in subject_groups({fold: found.model.parts for fold, found in models.items()}).items()
    }
    colours = {"training": OKABE_ITO[0], "validation": OKABE_ITO[2], "unseen": OKABE_ITO[1]}
    shades = {group: colours.get(group, OKABE_ITO[0]) for group in groups}
    title = f"{name}: average cycle of each subject"
    sheets = subject_sheets(groups, layout=layout, colours=shades, title=title)
    numbers = [f"-{number}" for number in range(1, len(sheets) + 1)] if len(sheets) > 1 else [""]
    stems = [f"cycles_by_subject{number}.png" for number in numbers]
    players = [
        player_fragment(emotions, layout=layout, caption="By emotion", stride_time_s=stride_times(cycles, "emotion")),
        subject_player(groups, layout=layout, colours=shades, stride_time_s=stride_times(cycles, "subject")),
    ]
    page = player_page("\n".join(players), title=f"Average gait cycles of {name}")
    return [
        *save_both(strips, path=out / "cycles_by_emotion.png"),
        write_whole(emotions_gif(emotions, layout=layout), path=out / "cycles_by_emotion.gif"),
        *(path for figure, stem in zip(sheets, stems, strict=True) for path in save_both(figure, path=out / stem)),
        write_whole(subject_gif(groups, layout=layout, colours=shades), path=out / "cycles_by_subject.gif"),
        write_whole(page, path=out / "cycles.html"),
    ]


def visualise_latents(source: str, out: Path) -> list[Path]:
    """Draw z_emotion and z_identity by emotion and by subject, a picture for each model of a run.

    Raises:
        InputError: no finished run.
    """
    run = Path(source)
    models = _named_models(run)
    scores = probe_words(_read(run / "results.json"), _read(run / "evaluation" / "results.json"), models=len(models))
    paths = []
    for name, found in models.items():
        figure = model_latents_figure(
            found.model, found.cycles, scores=scores, title=", ".join(filter(None, (found.cycles.name, name)))
        )
        paths += save_both(figure, path=out / f"{file_name('latents', name)}.png")
    return paths


def visualise_transfer(
    source: str, out: Path, *, lender: str | None = None, body: str | None = None, unseen: bool = False
) -> list[Path]:
    """Film strips and an animation of walks with the emotions of A on the body of B.

    Args:
        source: a run's folder; of several models the first is shown.
        out: where the pictures go.
        lender: A; None for the first training subject.
        body: B; None for the last training subject.
        unseen: the first and the last tested subject instead, to whom no weight was fitted.

    Raises:
        InputError: no finished run, or not two subjects to choose from.
    """
    name, found = next(iter(_named_models(Path(source)).items()))
    a, b = _pair(found, lender, body, "test" if unseen else "train")
    rows = transfer(found, a, b)
    parts = {subject: PARTS[part] for part, subjects in found.model.parts.items() for subject in subjects}
    title = f"A: {a} ({parts[a]})    B: {b} ({parts[b]})" + (f"    model {name}" if name else "")
    layout, stem = found.cycles.layout, file_name("transfer", a, b)
    return [
        *save_both(transfer_figure(rows, layout=layout, title=title), path=out / f"{stem}.png"),
        write_whole(transfer_gif(rows, layout=layout), path=out / f"{stem}.gif"),
    ]


def _named_models(run: Path) -> dict[str, ExplainedModel]:
    """Fold to model; "" to the model of a run that has one only. Raises InputError as ``models_of_run`` does."""
    names = [path.parent.name if path.parent != run else "" for path in model_paths(run)]
    return dict(zip(names, models_of_run(run), strict=True))


def subject_groups(models: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    """Group subjects by the part of the split that they were in; each subject is in one group.

    With several models each subject is unseen by one and trained on by others, so the groups name the model that it
    is unseen by.

    Args:
        models: a model's name, "" where there is only one, to the subjects of each part.
    """
    if len(models) == 1:
        parts = next(iter(models.values()))
        found = {words: sorted(parts[part]) for part, words in PARTS.items()}
    else:
        found = {f"unseen in {name}": sorted(parts["test"]) for name, parts in models.items()}
    return {word: subjects for word, subjects in found.items() if subjects}


def _first_walk(source: str, layout: str | None) -> tuple[str, Cycle, Layout]:
    """What the first clip with a gait cycle is called, its average cycle and its skeleton."""
    reasons = []
    for clip in read_clips(source, layout=layout):
        found = prepare_clip(clip, keep_unlabelled=True)
        if found.cycles:
            average = average_cycle(np.stack([cycle.positions for cycle in found.cycles]))
            return Path(clip.source).name or Path(source).name, average, clip.layout
        reasons.append(found.left_out)
    raise InputError(f"{source}: expected a walk with a gait cycle (got {reasons[0] if reasons else 'no clip'})")


def _pair(found: ExplainedModel, lender: str | None, body: str | None, part: str) -> tuple[str, str]:
    there = np.unique(found.cycles.subject).tolist()
    for option, name in (("--of", lender), ("--on", body)):
        if name is not None and name not in there:
            raise InputError(f"{option}: expected a subject of {found.cycles.name}, {', '.join(there)} (got {name!r})")
    candidates = [name for name in found.model.parts[part] if name in there]
    first = lender or next((name for name in candidates if name != body), None)
    second = body or next((name for name in reversed(candidates) if name != first), None)
    if first is None or second is None:
        raise InputError(
            f"{found.cycles.name}: expected two {part} subjects to compare, or others by --of and --on"
            f" (got {', '.join(candidates) or 'none'})"
        )
    return first, second


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found
