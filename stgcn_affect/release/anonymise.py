"""Anonymise a walk: its emotion, decoded on another body at another cadence."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import Cycles
from stgcn_affect.data.walk import Walk
from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.normalise import bone_lengths, centre
from stgcn_affect.motion.retarget import retarget
from stgcn_affect.nn.decoder import Decoded
from stgcn_affect.release.ground import FPS_HZ, walk_of_cycle
from stgcn_affect.training.identity import IdentityStatistics
from stgcn_affect.training.model import Model
from stgcn_affect.training.predict import encode

Floats = npt.NDArray[np.float32]

CADENCES = ("mean", "keep")
"""The stride time that is decoded of the emotion and the target body, or that of the recording."""


class TargetBody(NamedTuple):
    """The body that walks are decoded on.

    Shapes:
        - z_identity: ``[Di]``
        - lengths: ``[V-1]`` bone lengths in body heights, the same in all its walks.
    """

    z_identity: Floats
    lengths: Floats


def target_body(model: Model, z_identity: Floats | None = None) -> TargetBody:
    """The body that a model decodes of a z_identity ``[Di]``; None: the mean of its training subjects.

    The lengths of the bones are those of the cycle that is decoded with the training subjects' mean z_emotion.

    Raises:
        InputError: a model that keeps no statistics of identities.
    """
    kept = kept_identity(model)
    z_identity = kept.mean if z_identity is None else z_identity
    cycle = _decoded(model, kept.z_emotion, z_identity).positions[0].numpy()
    return TargetBody(z_identity, bone_lengths(cycle, model.layout))


def kept_identity(model: Model) -> IdentityStatistics:
    """The statistics of a model's training subjects. Raises InputError for a model file from before they were kept."""
    if model.identity is None:
        raise InputError(
            "anonymise: expected a model that keeps the mean identity of its training subjects; train it again with"
            " this version of stgcn_affect (got one without)"
        )
    return model.identity


def subject_identity(model: Model, cycles: Cycles) -> Floats:
    """The mean z_identity ``[Di]`` of one subject's N cycles, with the subject's own asymmetry."""
    return np.asarray(
        encode(model.network, cycles, model.layout, mirrored=False).z_identity.mean(axis=0, dtype=float), np.float32
    )


def anonymise_walk(model: Model, walk: Walk, body: TargetBody, *, cadence: str = "mean") -> Clip:
    """Decode the emotion of a walk on another body: a clip on the model's layout that holds nothing else of the walk.

    z_emotion is averaged over all cycles of the walk and their mirror images. So the clip, which repeats one decoded
    cycle, says neither how many cycles there were nor how they differed. Length, frame rate and body height are those
    of ``walk_of_cycle``, whatever the walk.

    Args:
        model: that classifies a walk by itself.
        walk: on the model's layout.
        body: the target.
        cadence: "mean": the stride time that the decoder gives this body with this emotion; "keep": the mean of the
            walk's own, which helps to identify the subject.

    Raises:
        InputError: another cadence, a walk on another layout, a model that compares walks with a subject baseline, or a
            decoded foot that does not move.
    """
    if cadence not in CADENCES:
        raise InputError(f"cadence: expected {' or '.join(CADENCES)} (got {cadence!r})")
    if model.average_baseline is not None:
        raise InputError(
            "anonymise: expected a model that classifies a walk by itself (got one that compares it with a subject"
            " baseline)"
        )
    if walk.layout.joints != model.layout.joints:
        raise InputError(
            f"{walk.clip.source}: expected a walk on the model's layout {model.layout.name} (got {walk.layout.name})"
        )
    z_emotion = encode(model.network, walk.batch(), model.layout).z_emotion.mean(axis=0, dtype=float)
    own = float(np.exp(np.log(walk.strides.stride_time_s).mean()))
    return anonymised_clip(model, z_emotion, body, stride_time_s=own if cadence == "keep" else None)


def anonymised_clip(
    model: Model, z_emotion: npt.NDArray[np.floating], body: TargetBody, *, stride_time_s: float | None = None
) -> Clip:
    """Decode a walk's mean z_emotion ``[De]`` on a body.

    Args:
        model: of the latent.
        z_emotion: the mean over the cycles of a walk.
        body: the target.
        stride_time_s: in seconds; None: that which the decoder gives.

    Raises:
        InputError: a decoded foot that does not move.
    """
    found = _decoded(model, np.asarray(z_emotion, np.float32), body.z_identity)
    decoded_s = float(found.stride_time_s[0])
    return clip_of_cycle(
        found.positions[0].numpy(), decoded_s if stride_time_s is None else stride_time_s, body.lengths, model
    )


def clip_of_cycle(cycle: npt.NDArray[np.floating], stride_time_s: float, lengths: Floats, model: Model) -> Clip:
    """A cycle ``[T, V, 3]`` as a clip on bones of the given lengths, without the name of anything.

    Raises:
        InputError: a foot that does not move.
    """
    rigid = centre(retarget(cycle, model.layout, lengths), model.layout)
    return Clip(
        positions=walk_of_cycle(rigid, model.layout, stride_time_s=stride_time_s),
        fps_hz=FPS_HZ,
        layout=model.layout,
        attributes={"stride_time_s": f"{stride_time_s:.4f}"},
    )


@torch.no_grad()
def _decoded(model: Model, z_emotion: Floats, z_identity: Floats) -> Decoded:
    """One cycle of T samples, of latents ``[De]`` and ``[Di]``."""
    emotion, identity = (torch.from_numpy(np.asarray(z, np.float32))[None] for z in (z_emotion, z_identity))
    return model.network.decode(emotion, identity)
