"""Score the emotions that a model predicts of subjects it never saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.prediction import probabilities
from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.subject_baseline import Strides, replace_baseline
from stgcn_affect.errors import InputError, listed
from stgcn_affect.stats import Codes, emotion_scores
from stgcn_affect.training.model import Ensemble, Model
from stgcn_affect.training.predict import emotion_logits


@dataclass(frozen=True, eq=False)
class EmotionScores:
    """Scores of emotion predictions with limits over subjects, beside chance.

    Args:
        emotions: Q names.
        balanced_accuracy: mean recall over the emotions that occur.
        ci95: its 95 % limits over subjects.
        macro_f1: mean F1 over the emotions that occur.
        accuracy: share of the cycles whose emotion is predicted.
        chance: 1 / Q.
        majority: accuracy of always predicting the most frequent emotion.
        per_class_recall: by emotion; None where it does not occur.
        confusion: ``[Q, Q]`` counts of cycles, a row for each true emotion.
        n_cycles: number of judged cycles.
        n_subjects: number of subjects of these cycles.
    """

    emotions: tuple[str, ...]
    balanced_accuracy: float
    ci95: tuple[float, float]
    macro_f1: float
    accuracy: float
    chance: float
    majority: float
    per_class_recall: Mapping[str, float | None]
    confusion: Codes
    n_cycles: int
    n_subjects: int

    def plot(self, path: str | Path) -> Path:
        """Draw the confusion matrix as a picture (PNG or SVG); returns its path."""
        from stgcn_affect.visual.scores import confusion_figure
        from stgcn_affect.visual.style import save_figure

        title = f"balanced accuracy {self.balanced_accuracy:.3f} ({self.ci95[0]:.3f} to {self.ci95[1]:.3f})"
        return save_figure(confusion_figure(self.confusion, names=self.emotions, title=title), path=path)

    def __repr__(self) -> str:
        return (
            f"EmotionScores(balanced accuracy {self.balanced_accuracy:.3f}, 95 % limits {self.ci95[0]:.3f} to"
            f" {self.ci95[1]:.3f}, chance {self.chance:.3f}; macro F1 {self.macro_f1:.3f};"
            f" {self.n_cycles} cycles of {self.n_subjects} subjects)"
        )


def evaluate_emotion(
    model: Model | Ensemble, data: GaitDataset, index: Codes, *, allow_seen: bool = False, seed: int = 0
) -> EmotionScores:
    """Score a model's emotions on the cycles of some subjects, with limits over subjects.

    Args:
        model: as given by ``load_model`` or ``Trainer.fit``.
        data: a data set on the model's layout.
        index: ``[n]`` cycles of its store, such as ``split.test``.
        allow_seen: also judge subjects that the model was trained or chosen on, whose score flatters the model.
        seed: the seed of the bootstrap.

    Raises:
        InputError: no cycle, subjects that the model has seen, or an emotion or a skeleton that it does not know.
    """
    cycles = data.store.select(np.asarray(index))
    emotions = model.emotions
    _check_judged(model, cycles, allow_seen=allow_seen)
    found = [_probabilities(member, cycles) for member in model.members]
    code = {name: i for i, name in enumerate(emotions)}
    truth = np.array([code[name] for name in cycles.emotion.tolist()])
    predicted = np.mean(found, axis=0).argmax(axis=1)
    scores = emotion_scores(truth, predicted, cycles.subject, emotions, seed=seed)
    limits, confusion = scores.pop("ci95"), np.array(scores.pop("confusion"))
    return EmotionScores(emotions=emotions, ci95=(limits[0], limits[1]), confusion=confusion, **scores)


def _probabilities(model: Model, cycles: CycleStore) -> npt.NDArray[np.float64]:
    strides, average = Strides(np.asarray(cycles.positions), cycles.stride_time_s), model.average_baseline
    if cycles.baseline is not None and average is not None:
        own = Strides(np.asarray(cycles.baseline.positions), cycles.baseline.stride_time_s)
        strides = replace_baseline(strides, own, average)
    unknown = torch.zeros(len(cycles), dtype=torch.int64)
    positions, stride_time_s = (torch.from_numpy(np.array(column)) for column in strides)
    batch = CycleBatch(positions, stride_time_s, unknown, unknown)
    return probabilities(emotion_logits(model.network, batch, model.layout), temperature=model.temperature)


def _check_judged(model: Model | Ensemble, cycles: CycleStore, *, allow_seen: bool) -> None:
    if not len(cycles):
        raise InputError(f"{cycles.name}: expected one cycle or more to judge (got none)")
    if cycles.layout.joints != model.layout.joints:
        raise InputError(
            f"{cycles.name}: expected cycles on the model's layout {model.layout.name} (got {cycles.layout.name})"
        )
    unknown = sorted(set(cycles.emotion.tolist()) - set(model.emotions))
    if unknown:
        raise InputError(f"{cycles.name}: expected emotions of {listed(model.emotions)} (got {listed(unknown)})")
    for member in model.members:
        if (cycles.baseline is None) != (member.average_baseline is None):
            words = ("beside", "with a") if member.average_baseline is not None else ("without", "without")
            raise InputError(
                f"{cycles.name}: expected cycles {words[0]} their subject's baseline, as the model was trained"
                f" {words[1]} subject baseline (got others)"
            )
        known = [name for part in ("train", "validation") for name in member.parts.get(part, [])]
        seen = np.intersect1d(cycles.subject, known).tolist()
        if seen and not allow_seen:
            raise InputError(
                f"{cycles.name}: expected subjects that the model never saw (or allow_seen=True, for a score that"
                f" flatters it) (got {listed(seen)}, of its training)"
            )
