"""What is predicted of the gait cycles of one walk: temperature-scaled probabilities and outliers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a model, or the average of several, predicts of the N gait cycles of one walk.

    Args:
        emotions: Q names, in the order of the probabilities.
        cycles: ``[N, Q]`` temperature-scaled probabilities of each cycle.
        outlier_score: ``[N]`` how far each cycle lies from the training cycles, in outlier thresholds.
        is_outlier: ``[N]`` whether it is an outlier to most models: do not trust its probabilities.
    """

    emotions: tuple[str, ...]
    cycles: Floats
    outlier_score: Floats
    is_outlier: npt.NDArray[np.bool_]

    @property
    def probabilities(self) -> Floats:
        """``[Q]``, the mean over the cycles."""
        return np.asarray(self.cycles.mean(axis=0))

    @property
    def emotion(self) -> str:
        """The likeliest emotion of the walk."""
        return self.emotions[int(self.probabilities.argmax())]

    def split(self, sizes: Sequence[int]) -> "list[Prediction]":
        """Predictions of so many cycles each, in order, where several walks were predicted as one."""
        ends = np.cumsum(sizes)
        parts = [slice(end - size, end) for end, size in zip(ends.tolist(), sizes, strict=True)]
        return [
            Prediction(self.emotions, self.cycles[part], self.outlier_score[part], self.is_outlier[part])
            for part in parts
        ]

    def plot(self, path: str | Path) -> Path:
        """Draw the probabilities of each cycle and their mean as a picture (PNG or SVG); returns its path."""
        from stgcn_affect.visual.scores import probabilities_figure
        from stgcn_affect.visual.style import save_figure

        return save_figure(probabilities_figure(self.cycles, names=self.emotions, outlier=self.is_outlier), path=path)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} {p:.3f}" for name, p in zip(self.emotions, self.probabilities, strict=True))
        return (
            f"Prediction({self.emotion!r}: {shown}; {len(self.cycles)} gait cycles,"
            f" {int(self.is_outlier.sum())} of them outliers)"
        )


def probabilities(logits: npt.NDArray[np.floating], *, temperature: float | None) -> Floats:
    """Temperature-scaled probabilities ``[N, Q]``; None is the temperature 1."""
    return np.asarray(softmax(np.asarray(logits, np.float64) / (temperature or 1.0), axis=1))


def pooled_prediction(
    emotions: tuple[str, ...],
    of_models: Sequence[Floats],
    *,
    scores: Sequence[npt.NDArray[np.float32]],
    thresholds: Sequence[float],
) -> Prediction:
    """The mean of several models' probabilities ``[N, Q]``, and outliers by most of their outlier scores ``[N]``."""
    judged = list(zip(scores, thresholds, strict=True))
    return Prediction(
        emotions=emotions,
        cycles=np.mean(of_models, axis=0),
        outlier_score=np.mean([score / threshold for score, threshold in judged], axis=0),
        is_outlier=np.mean([score > threshold for score, threshold in judged], axis=0) > 0.5,
    )
