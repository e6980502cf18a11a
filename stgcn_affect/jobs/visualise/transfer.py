"""Transferred walks beside their originals: the emotion of one subject on the body of another."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.averages import Cycle, emotion_cycles
from stgcn_affect.errors import InputError
from stgcn_affect.explain.explained_model import ExplainedModel
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.visualise.data import named_models
from stgcn_affect.training.predict import encode
from stgcn_affect.visual.film_strip import strip_sheet_figure
from stgcn_affect.visual.style import OKABE_ITO, file_name, save_both
from stgcn_affect.visual.walk_grid import Walk, walk_grid_gif

Index = npt.NDArray[np.int64]

STRIPS = ("A, own walk", "emotion of A\non body of B", "B, own walk")
"""What is shown of each emotion, in the order of ``Transferred``."""


class Transferred(NamedTuple):
    """One emotion: A's own average cycle, the decoded one and B's own, ``[T, V, 3]``; None where B never shows it."""

    emotion: str
    lender: Cycle
    decoded: Cycle
    own: Cycle | None

    def words(self) -> str:
        """How far the decoded walk is from B's own, beside how far A's is: mean over joints and phases."""
        if self.own is None:
            return self.emotion
        far, start = (
            100 * float(np.linalg.norm(cycle - self.own, axis=-1).mean()) for cycle in (self.decoded, self.lender)
        )
        return f"{self.emotion}: decoded {far:.1f} % of body height off B's own (A's walk: {start:.1f} %)"


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
    name, found = next(iter(named_models(Path(source)).items()))
    a, b = _pair(found, lender, body, "test" if unseen else "train")
    rows = transfer(found, a, b)
    parts = {subject: part for part, subjects in found.model.parts.items() for subject in subjects}
    words = {"train": "training", "validation": "validation", "test": "unseen"}
    title = f"A: {a} ({words[parts[a]]})    B: {b} ({words[parts[b]]})" + (f"    model {name}" if name else "")
    layout = found.cycles.layout
    colours = dict(zip(STRIPS, OKABE_ITO[:3], strict=True))
    strips = [{kind: cycle for kind, cycle in zip(STRIPS, row[1:], strict=True) if cycle is not None} for row in rows]
    panels = [(row.words(), cycles) for row, cycles in zip(rows, strips, strict=True)]
    figure = strip_sheet_figure(panels, layout=layout, colours=colours, poses=8, title=title)

    def cell(kind: str, column: int) -> Walk | None:
        if kind not in strips[column]:
            return None
        words = kind.replace("\n", " ")
        return Walk(f"{rows[column].emotion}\n{words}", strips[column][kind], colours[kind])

    grid = [[cell(kind, column) for column in range(len(rows))] for kind in STRIPS]
    stem = file_name("transfer", a, b)
    return [
        *save_both(figure, path=out / f"{stem}.png"),
        write_whole(walk_grid_gif(grid, layout=layout), path=out / f"{stem}.gif"),
    ]


def transfer(found: ExplainedModel, a: str, b: str) -> list[Transferred]:
    """Every emotion of A, decoded on the body of B.

    z_emotion is the mean over A's cycles in the emotion; z_identity the mean over B's cycles in all other emotions (in
    the same where B shows no other), so that B's own walk in the emotion is never looked at.
    """
    subject, emotion = found.cycles.subject, found.cycles.emotion
    network = found.model.network
    own = emotion_cycles(found.cycles.select(subject == b))
    made = []
    for said, lent in emotion_cycles(found.cycles.select(subject == a)).items():
        giver = np.flatnonzero((subject == a) & (emotion == said))
        others = np.flatnonzero((subject == b) & (emotion != said))
        bearer = others if len(others) else np.flatnonzero(subject == b)
        z_emotion = _mean(found, giver, "z_emotion")
        z_identity = _mean(found, bearer, "z_identity")
        with torch.no_grad():
            positions = network.decode(z_emotion, z_identity).positions[0].numpy()
        made.append(Transferred(said, lent, positions, own.get(said)))
    return made


def _mean(found: ExplainedModel, index: Index, latent: str) -> torch.Tensor:
    """Without mirror images: a subject's asymmetry belongs to the body that is decoded."""
    latents = encode(found.model.network, found.batch(index), found.model.layout, mirrored=False)
    return torch.from_numpy(getattr(latents, latent).mean(axis=0, keepdims=True))


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
