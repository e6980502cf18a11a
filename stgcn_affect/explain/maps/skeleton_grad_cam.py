"""Grad-CAM for library users: of a trained model and a walk, or of any other module; and the maps that it gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from torch import Tensor, nn

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.walk import Walk
from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.grad_cam import GradCam, Inputs, Pooling
from stgcn_affect.explain.attribution.methods import DEFAULT_BLOCK
from stgcn_affect.explain.attribution.target import AnyTarget, target_weights
from stgcn_affect.explain.maps.average import normalise_together
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.explain.maps.ranking import Part, RankedJoint, rank_joints
from stgcn_affect.motion.gait_events import gait_events
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.training.model import Ensemble, Model, batches_of_walk, predict_walk
from stgcn_affect.training.predict import eval_mode

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class RelevanceMaps:
    """Signed relevance of joints over the gait cycle, raw: above 0 for the target, below 0 against it.

    Args:
        values: ``[N, T, V]``, a map of each cycle.
        target: what they are relevance for, such as "sad".
        layout: the skeleton of the joints; None where it is not known.
        cycles: ``[N, T, V, 3]`` positions of the cycles, which pictures show; None where they are not known.
    """

    values: Floats
    target: str
    layout: Layout | None = None
    cycles: Floats | None = None

    @property
    def joints(self) -> tuple[str, ...]:
        """V names; numbers where the layout is not known."""
        return tuple(map(str, range(self.values.shape[2]))) if self.layout is None else self.layout.joints

    def average(self) -> "RelevanceMaps":
        """The mean map, raw, as the only one; the cycles are averaged likewise."""
        cycles = None if self.cycles is None else np.asarray(self.cycles.mean(axis=0, keepdims=True), np.float32)
        return replace(self, values=np.asarray(self.values.mean(axis=0, keepdims=True), np.float32), cycles=cycles)

    def rank_joints(self, *, part: Part = "magnitude") -> list[RankedJoint]:
        """Rank the joints by the average map, normalised once, best first.

        Args:
            part: what of the map counts, see ``joint_scores``.
        """
        shown = normalise_together({self.target: self.average().values[0]}).maps[self.target][None]
        return rank_joints(shown, self.joints, subjects=np.array([""]), takes=np.array([0]), part=part)

    def plot(self, path: str | Path) -> Path:
        """Draw the average map, with the walking body and the ranking of the joints, as PNG or SVG.

        Returns:
            the path.

        Raises:
            InputError: the layout is not known.
        """
        from stgcn_affect.visual.explanation import explanation_figure
        from stgcn_affect.visual.joint_phase import joint_phase_figure
        from stgcn_affect.visual.style import save_figure

        if self.layout is None:
            raise InputError(
                f"{path}: expected a skeleton to draw on, as SkeletonGradCam(..., layout=...) gets it (got none)"
            )
        mean = self.average()
        relevance = normalise_together({self.target: mean.values[0]}).maps[self.target]
        meaning = f"evidence for {self.target} (above 0) and against it"
        title = f"{self.target}, {len(self.values)} gait cycles"
        if mean.cycles is None:
            maps = {self.target: relevance}
            return save_figure(joint_phase_figure(maps, layout=self.layout, meaning=meaning, title=title), path=path)
        figure = explanation_figure(
            mean.cycles[0],
            relevance,
            layout=self.layout,
            name=self.target,
            ranking=self.rank_joints(),
            events=gait_events(mean.cycles[0], self.layout).lines(),
            meaning=meaning,
            ranking_meaning="mean relevance over the cycle, for or against",
            title=title,
        )
        return save_figure(figure, path=path)

    def __repr__(self) -> str:
        first = ", ".join(row["joint"] for row in self.rank_joints()[:3])
        shape = "N, T, V = " + ", ".join(map(str, self.values.shape))
        return f"RelevanceMaps({self.target!r}: {shape}; first joints {first})"


class SkeletonGradCam:
    """Graph-aware Grad-CAM (see ``GradCam``) of a trained model, or of any module, per joint and sample.

    Of a trained model it is relevance for the lead of an emotion's logit over the mean of all logits, averaged over
    each cycle and its mirror image, with the mean activation of the training cycles as reference: the method that
    ``stgcn-affect explain`` found to be true more often than the others on synthetic walkers (docs/explanations.md). Of
    an ensemble it is the mean over its members, which is the relevance for the mean of their logits.

    Args:
        model: as given by ``load_model`` or ``Trainer.fit``; or any ``torch.nn.Module`` that gives logits ``[B, Q]``.
        layer: of another module: the module inside of it whose output is ``[B, C, T, V]``.
        block: of a model: the block of its emotion encoder, 0 the first.
        pooling: of another module: ``"time"`` or ``"none"``, see ``GradCam``.
        reference: of another module: ``[C, T, V]``, an activation of the layer without evidence. Default: zero.
        layout: of another module: the skeleton of its joints, for names and pictures.

    Raises:
        InputError: a module without a layer, a model with one, or a block that the model does not have.

    Example::

        >>> cam = SkeletonGradCam(model, block=1)
        >>> maps = cam.attribute(walk, target="sad")
        >>> maps.average().rank_joints()[:3]
    """

    def __init__(
        self,
        model: Model | Ensemble | nn.Module,
        layer: nn.Module | None = None,
        *,
        block: int = DEFAULT_BLOCK,
        pooling: Pooling = "time",
        reference: Tensor | None = None,
        layout: Layout | None = None,
    ) -> None:
        self.model, self.block = model, block
        if isinstance(model, nn.Module):
            if layer is None:
                raise InputError(f"SkeletonGradCam: expected a layer of the module {type(model).__name__} (got none)")
            self.layout = layout
            self._cam = GradCam(model, layer, pooling=pooling, reference=reference)
            return
        if layer is not None:
            raise InputError("SkeletonGradCam: expected the block of a trained model, as block=1 (got a layer)")
        blocks = len(model.members[0].mean_activations)
        if not 0 <= block < blocks:
            raise InputError(f"SkeletonGradCam: expected one of the model's blocks 0 to {blocks - 1} (got {block})")
        self.layout = model.layout

    def attribute(
        self, inputs: Walk | Inputs, target: str | AnyTarget | None = None, *, others: Sequence[Walk] = ()
    ) -> RelevanceMaps:
        """Maps of the cycles of a walk, or of a batch for another module.

        Args:
            inputs: a walk on the model's layout; for another module what it is called with: a tensor or a tuple.
            target: of a model: an emotion, two joined by a minus ("sad-happy"), or None for the likeliest. Of another
                module: the code of a logit, one for all or one a cycle, or weights ``[B, Q]`` of the logits.
            others: other walks of the same subject, for models that judge a walk beside these.

        Returns:
            maps ``[N, T, V]``; of another module with the samples of its layer.

        Raises:
            InputError: inputs or a target that do not fit the model.
        """
        if isinstance(self.model, nn.Module):
            return self._of_module(self.model, inputs, target)
        if not isinstance(inputs, Walk):
            raise InputError(f"SkeletonGradCam: expected a walk, as read_walk gives it (got {type(inputs).__name__})")
        if not (target is None or isinstance(target, str)):
            raise InputError(f"target: expected the name of an emotion (got {target!r})")
        members = self.model.members
        about = target or predict_walk(members, inputs, others=others).emotion
        batches = batches_of_walk(members, inputs, others=others)
        maps = [self._of_member(member, batch, about) for member, batch in zip(members, batches, strict=True)]
        cycles = np.stack([cycle.positions for cycle in inputs.cycles])
        return RelevanceMaps(np.mean(maps, axis=0, dtype=np.float32), about, self.layout, cycles)

    def _of_member(self, member: Model, batch: CycleBatch, target: str) -> Floats:
        return explain_cycles(
            member.network,
            batch,
            member.layout,
            method="gradcam_reference",
            block=self.block,
            target=target_weights(target, batch.emotion, member.emotions),
            reference=member.mean_activations[self.block],
        )

    def _of_module(self, module: nn.Module, inputs: Walk | Inputs, target: str | AnyTarget | None) -> RelevanceMaps:
        if isinstance(inputs, Walk) or target is None or isinstance(target, str):
            raise InputError(
                f"module {type(module).__name__}: expected tensors and the code of a logit as target"
                f" (got {type(inputs).__name__} and {target!r})"
            )
        given = inputs if isinstance(inputs, tuple) else (inputs,)
        with eval_mode(module):
            maps = self._cam.attribute(tuple(one.clone() for one in given), target)
        if self.layout is not None and maps.shape[2] != self.layout.num_joints:
            raise InputError(
                f"layer {type(self._cam.layer).__name__}: expected {self.layout.num_joints} joints, those of the layout"
                f" {self.layout.name} (got {maps.shape[2]})"
            )
        words = f"logit {target}" if isinstance(target, int) else "the target"
        return RelevanceMaps(np.asarray(maps.detach().cpu().numpy(), np.float32), words, self.layout)
