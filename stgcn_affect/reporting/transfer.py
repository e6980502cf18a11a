"""Decode the emotions of one subject on the body of another, and show them beside both subjects' own walks."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from matplotlib.figure import Figure

from stgcn_affect.data.averages import Cycle, emotion_cycles
from stgcn_affect.explain.maps.explained_model import ExplainedModel
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.training.predict import encode
from stgcn_affect.visual.film_strip import strip_sheet_figure
from stgcn_affect.visual.style import OKABE_ITO
from stgcn_affect.visual.walk_grid import Walk, walk_grid_gif

STRIPS = ("A, own walk", "emotion of A\non body of B", "B, own walk")
"""Captions of the walks of each emotion, in the order of ``Transferred``."""

_COLOURS = dict(zip(STRIPS, OKABE_ITO[:3], strict=True))


class Transferred(NamedTuple):
    """One emotion: A's own average cycle, the decoded one and B's own, ``[T, V, 3]``; None where B never shows it."""

    emotion: str
    lender: Cycle
    decoded: Cycle
    own: Cycle | None

    def words(self) -> str:
        """Distance of the decoded walk from B's own, beside that of A's walk, in words: mean over joints and phases."""
        if self.own is None:
            return self.emotion
        far, start = (
            100 * float(np.linalg.norm(cycle - self.own, axis=-1).mean()) for cycle in (self.decoded, self.lender)
        )
        return f"{self.emotion}: decoded {far:.1f} % of body height off B's own (A's walk: {start:.1f} %)"


def transfer(found: ExplainedModel, a: str, b: str) -> list[Transferred]:
    """Decode every emotion of subject A on the body of subject B.

    z_emotion is the mean over A's cycles in the emotion; z_identity the mean over B's cycles in all other emotions (in
    the same where B shows no other), so that B's own walk in the emotion is never used.
    """
    subject, emotion = found.cycles.subject, found.cycles.emotion
    own = emotion_cycles(found.cycles.select(subject == b))
    made = []
    for name, lent in emotion_cycles(found.cycles.select(subject == a)).items():
        others = np.flatnonzero((subject == b) & (emotion != name))
        z_emotion = _mean(found, np.flatnonzero((subject == a) & (emotion == name)), "z_emotion")
        z_identity = _mean(found, others if len(others) else np.flatnonzero(subject == b), "z_identity")
        with torch.no_grad():
            decoded = found.model.network.decode(z_emotion, z_identity).positions[0].numpy()
        made.append(Transferred(name, lent, decoded, own.get(name)))
    return made


def transfer_figure(rows: Sequence[Transferred], *, layout: Layout, title: str = "") -> Figure:
    """Draw film strips of A's own walk, the decoded one and B's own, a panel for each emotion."""
    panels = [(row.words(), _strips(row)) for row in rows]
    return strip_sheet_figure(panels, layout=layout, colours=_COLOURS, poses=8, title=title)


def transfer_gif(rows: Sequence[Transferred], *, layout: Layout) -> bytes:
    """The bytes of a GIF of the same walks: emotions beside each other; A, the decoded walk and B below each other."""

    def walk(row: Transferred, kind: str) -> Walk | None:
        cycle = _strips(row).get(kind)
        one_line = kind.replace("\n", " ")
        return None if cycle is None else Walk(f"{row.emotion}\n{one_line}", cycle, _COLOURS[kind])

    return walk_grid_gif([[walk(row, kind) for row in rows] for kind in STRIPS], layout=layout)


def _strips(row: Transferred) -> dict[str, Cycle]:
    return {kind: cycle for kind, cycle in zip(STRIPS, row[1:], strict=True) if cycle is not None}


def _mean(found: ExplainedModel, index: npt.NDArray[np.int64], latent: str) -> torch.Tensor:
    """Without mirror images: a subject's asymmetry belongs to the body that is decoded."""
    latents = encode(found.model.network, found.batch(index), found.model.layout, mirrored=False)
    return torch.from_numpy(getattr(latents, latent).mean(axis=0, keepdims=True))
