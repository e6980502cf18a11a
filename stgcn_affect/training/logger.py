"""What a run writes for TensorBoard."""

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


class RunLogger:
    """A TensorBoard writer for one folder, to be used as a context.

    Args:
        folder: of the events; made where it is not there.
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
        """Numbers by tag."""
        for tag, value in values.items():
            self._writer.add_scalar(tag, value, step)

    def figure(self, tag: str, figure: Figure, step: int) -> None:
        """A picture."""
        self._writer.add_figure(tag, figure, step, close=False)

    def gif(self, tag: str, content: bytes, step: int) -> None:
        """An animation, as the bytes of a GIF in an image summary: ``add_video`` would need moviepy."""
        width, height = Image.open(BytesIO(content)).size
        image = Summary.Image(height=height, width=width, colorspace=3, encoded_image_string=content)
        summary = Summary(value=[Summary.Value(tag=tag, image=image)])
        self._writer._get_file_writer().add_summary(summary, step)  # type: ignore[no-untyped-call]

    def embedding(
        self, tag: str, latents: npt.NDArray[np.float32], names: Mapping[str, Sequence[str]], step: int
    ) -> None:
        """Latents ``[N, D]`` for the projector, with a column of N names per label."""
        rows = [list(row) for row in zip(*names.values(), strict=True)]
        self._writer.add_embedding(latents, metadata=rows, metadata_header=list(names), global_step=step, tag=tag)

    def graph(self, module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        """A module's operations, by running it once on inputs (the tab "Graphs"); its mode is as before afterwards."""
        self._writer.add_graph(module, inputs)

    def pr_curve(
        self, tag: str, truth: npt.NDArray[np.bool_], probabilities: npt.NDArray[np.floating], step: int
    ) -> None:
        """Precision and recall of ``[N]`` probabilities over all thresholds (the tab "PR Curves")."""
        self._writer.add_pr_curve(tag, truth, probabilities, step)

    def hparams(self, settings: Mapping[str, Any], scores: Mapping[str, float]) -> None:
        """Settings beside final scores, in this very run."""
        plain = {key: value if isinstance(value, bool | int | float) else str(value) for key, value in settings.items()}
        self._writer.add_hparams(plain, dict(scores), run_name=".")

    def charts(self, lines: Mapping[str, Sequence[str]]) -> None:
        """Charts that show several tags at once (the tab "Custom Scalars"): title to tags."""
        charts = {title: ["Multiline", list(tags)] for title, tags in lines.items()}
        self._writer.add_custom_scalars({"beside chance": charts})
