"""Write what TensorBoard shows of a network while it trains: every epoch in numbers, its decisions in pictures."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from PIL import Image
from tensorboard.compat.proto.summary_pb2 import Summary
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter

from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.explain.attribution.methods import DEFAULT_BLOCK, DEFAULT_METHOD
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.maps.average import emotion_maps, normalise_together
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.stats import balanced_accuracy
from stgcn_affect.training.epoch import EpochReport
from stgcn_affect.training.model import Model
from stgcn_affect.visual.joint_phase import joint_phase_figure, update_joint_phase
from stgcn_affect.visual.relevance_scale import RelevanceScale
from stgcn_affect.visual.scores import confusion_figure

Codes = npt.NDArray[np.int64]

BESIDE_CHANCE = {
    name.replace("_", ", "): (f"accuracy/{name}", f"accuracy/{name}_chance")
    for name in ("adversary_identity", "adversary_emotion", "emotion", "identity")
} | {"validation, emotion": ("validation/emotion_balanced_accuracy", "validation/emotion_chance")}
"""Charts of an accuracy and of what chance would give, by title."""


class RunLogger:
    """A TensorBoard writer for one folder, to be used as a context.

    Args:
        folder: the folder of the events; made where it is not there.
        first_step: a resumed run starts here: what an interrupted one wrote from this step on is hidden.
    """

    def __init__(self, folder: Path, *, first_step: int = 0) -> None:
        self._writer = SummaryWriter(str(folder), purge_step=first_step or None)

    def __enter__(self) -> "RunLogger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def scalars(self, values: Mapping[str, float], step: int) -> None:
        """Write numbers by tag."""
        for tag, value in values.items():
            self._writer.add_scalar(tag, value, step)

    def figure(self, tag: str, figure: Figure, step: int) -> None:
        """Write a picture."""
        self._writer.add_figure(tag, figure, step, close=False)

    def gif(self, tag: str, content: bytes, step: int) -> None:
        """Write an animation, as the bytes of a GIF in an image summary: ``add_video`` would need moviepy."""
        width, height = Image.open(BytesIO(content)).size
        image = Summary.Image(height=height, width=width, colorspace=3, encoded_image_string=content)
        summary = Summary(value=[Summary.Value(tag=tag, image=image)])
        self._writer._get_file_writer().add_summary(summary, step)  # type: ignore[no-untyped-call]

    def embedding(
        self, tag: str, latents: npt.NDArray[np.float32], names: Mapping[str, Sequence[str]], step: int
    ) -> None:
        """Write latents ``[N, D]`` for the projector, with a column of N names per label."""
        rows = [list(row) for row in zip(*names.values(), strict=True)]
        self._writer.add_embedding(latents, metadata=rows, metadata_header=list(names), global_step=step, tag=tag)

    def graph(self, module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        """Write a module's operations, by running it once on inputs (the tab "Graphs"); its mode is kept."""
        self._writer.add_graph(module, inputs)

    def pr_curve(
        self, tag: str, truth: npt.NDArray[np.bool_], probabilities: npt.NDArray[np.floating], step: int
    ) -> None:
        """Write precision and recall of ``[N]`` probabilities over all thresholds (the tab "PR Curves")."""
        self._writer.add_pr_curve(tag, truth, probabilities, step)

    def hparams(self, settings: Mapping[str, Any], scores: Mapping[str, float]) -> None:
        """Write settings beside the final scores, for this run."""
        plain = {key: value if isinstance(value, bool | int | float) else str(value) for key, value in settings.items()}
        self._writer.add_hparams(plain, dict(scores), run_name=".")

    def charts(self, lines: Mapping[str, Sequence[str]]) -> None:
        """Define charts that show several tags at once (the tab "Custom Scalars"): title to tags."""
        charts = {title: ["Multiline", list(tags)] for title, tags in lines.items()}
        self._writer.add_custom_scalars({"beside chance": charts})


def record_epoch(
    logger: RunLogger, report: EpochReport, model: Model, validation_emotion: Codes, *, picture: bool
) -> None:
    """Record loss terms, reversal, accuracies beside their chance levels, validation scores; ``picture``: confusion."""
    from sklearn.metrics import confusion_matrix

    chance = {"emotion": 1 / len(model.emotions), "identity": 1 / len(model.subjects)}
    values = {f"loss/{name}": value for name, value in report.terms.items()}
    values |= {"train/reversal": report.reversal, "train/learning_rate": report.learning_rate}
    for name, accuracy in report.accuracy.items():
        values[f"accuracy/{name}"] = accuracy
        values[f"accuracy/{name}_chance"] = chance[name.removeprefix("adversary_")]
    if len(validation_emotion):
        values["validation/emotion_loss"] = report.validation_loss
        score = balanced_accuracy(validation_emotion, report.validation_predicted)
        values["validation/emotion_balanced_accuracy"] = score
        values["validation/emotion_chance"] = chance["emotion"]
    logger.scalars(values, report.epoch)
    if picture and len(validation_emotion):
        labels = np.arange(len(model.emotions))
        counts = confusion_matrix(validation_emotion, report.validation_predicted, labels=labels)
        title = f"Validation subjects, epoch {report.epoch}"
        logger.figure("validation/confusion", confusion_figure(counts, names=model.emotions, title=title), report.epoch)


def record_maps(
    logger: RunLogger, model: Model, cycles: CycleStore, split: Split, *, step: int, drawn: Figure | None = None
) -> Figure | None:
    """Record the average map of each emotion over the validation subjects' cycles, all to one scale, if there are any.

    The method is ``DEFAULT_METHOD``. Neither the network nor any random state is changed.

    Args:
        logger: takes the picture.
        model: and its network as it is now.
        cycles: all labelled cycles.
        split: the fold.
        step: the epoch.
        drawn: what an earlier call for the same model returned: it is drawn again with the new maps.

    Returns:
        the figure, or None where there are no validation subjects.
    """
    index = split.validation
    if not len(index):
        return None
    dataset = GaitDataset(cycles)
    batch = dataset.batch(index)
    maps = explain_cycles(
        model.network,
        batch,
        model.layout,
        method=DEFAULT_METHOD,
        block=min(DEFAULT_BLOCK, len(model.network.emotion_encoder.blocks) - 1),
        target=lead(batch.emotion, model.emotions, batch=len(index)),
        reference=dataset.batch(split.train),
    )
    averages = emotion_maps(
        maps, emotions=cycles.emotion[index], subjects=cycles.subject[index], takes=cycles.take_ids[index]
    )
    normalised = normalise_together(averages).maps
    title = f"Validation subjects, epoch {step}: {DEFAULT_METHOD}"
    if drawn is None:
        drawn = joint_phase_figure(
            normalised,
            layout=model.layout,
            scale=RelevanceScale(limit=1.0, signed=True),
            meaning="evidence for the emotion (above 0) and against it",
            title=title,
        )
    else:
        update_joint_phase(drawn, normalised, layout=model.layout, title=title)
    logger.figure("explanation/validation_subjects", drawn, step)
    return drawn
