"""The relevance of the stride time beside that of the joints."""

from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.explain.attribution.target import AnyTarget
from stgcn_affect.explain.maps.cycle_maps import explain_with_stride_time
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.stats import Names, Takes, estimate


def stride_time_relevance(
    network: DisentangledSTGCN,
    cycles: CycleBatch,
    layout: Layout,
    *,
    maps: npt.NDArray[np.floating],
    target: AnyTarget,
    batch: int = 256,
) -> npt.NDArray[np.float32]:
    """Signed relevance of the stride time beside any method's maps, ``[N]``, as if it were one more joint of theirs.

    Above a block joints and stride time are one, so a map of a block cannot tell. Integrated gradients can: there the
    stride time has some relevance beside the joints' sum of magnitudes; here it gets the same proportion of the maps'.
    The unit is that of a joint's sum over the samples of a map.

    Args:
        network: trained.
        cycles: N cycles.
        layout: the layout of the cycles.
        maps: ``[N, T, V]`` of the same cycles and target.
        target: what is explained.
        batch: cycles at a time.

    Raises:
        InputError: no such target.
    """
    return stride_time_beside(maps, stride_time_proportion(network, cycles, layout, target=target, batch=batch))


def stride_time_proportion(
    network: DisentangledSTGCN, cycles: CycleBatch, layout: Layout, *, target: AnyTarget, batch: int = 256
) -> npt.NDArray[np.float64]:
    """Signed relevance of the stride time over the joints' sum of magnitudes, ``[N]``; see ``stride_time_relevance``.

    It is the same for every method, so that it need not be found anew for each.
    """
    found = explain_with_stride_time(
        network, cycles, layout, method="integrated_gradients", block=0, target=target, batch=batch
    )
    seen = network.emotion_channels.samples / found.maps.shape[1]
    joints = np.abs(found.maps.sum(axis=1, dtype=np.float64) * seen).sum(axis=1)
    share: npt.NDArray[np.float64] = np.divide(found.stride_time, joints, out=np.zeros(len(joints)), where=joints > 0)
    return share


def stride_time_beside(maps: npt.NDArray[np.floating], proportion: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """The relevance ``[N]`` that has this proportion to the joints of maps ``[N, T, V]``."""
    size = np.abs(maps.sum(axis=1, dtype=np.float64)).sum(axis=1)
    return np.asarray(proportion * size, np.float32)


def stride_time_share(
    network: DisentangledSTGCN,
    cycles: CycleBatch,
    layout: Layout,
    *,
    target: AnyTarget,
    mirrored: bool = True,
    batch: int = 256,
) -> npt.NDArray[np.float64]:
    """Share of the stride time in each cycle's decision, ``[N]`` in 0..1, by integrated gradients.

    It is ``|stride time| / (|stride time| + sum over the joints of |joint|)``, where a joint counts with its sum over
    the cycle. The stride time has the relevance of its own channel; the velocities, which are divided by it, count for
    the joints. A decision without any relevance has share 0.

    Args:
        network: trained.
        cycles: N cycles.
        layout: the layout of the cycles.
        target: what is explained.
        mirrored: explain the decision averaged over both mirror images, as it is released.
        batch: cycles at a time.

    Raises:
        InputError: no such target.
    """
    found = explain_with_stride_time(
        network,
        cycles,
        layout,
        method="integrated_gradients",
        block=0,
        target=target,
        mirrored=mirrored,
        batch=batch,
    )
    # The maps have T samples where the encoder saw T'; their sums are brought back to the unit of the stride time's.
    seen = network.emotion_channels.samples / found.maps.shape[1]
    joints = np.abs(found.maps.sum(axis=1, dtype=np.float64) * seen).sum(axis=1)
    stride_time = np.abs(found.stride_time.astype(np.float64))
    everything = joints + stride_time
    share: npt.NDArray[np.float64] = np.divide(
        stride_time, everything, out=np.zeros_like(stride_time), where=everything > 0
    )
    return share


def stride_time_by_emotion(
    maps: npt.NDArray[np.floating],
    stride_time: npt.NDArray[np.floating],
    *,
    emotions: Names,
    subjects: Names,
    takes: Takes,
    scale: float,
    seed: int = 0,
) -> dict[str, Any]:
    """By emotion, the stride time's relevance in the unit of a joint's score, and its share beside the joints'.

    Args:
        maps: ``[N, T, V]``.
        stride_time: ``[N]``, of ``stride_time_relevance``.
        emotions: ``[N]`` names.
        subjects: ``[N]`` names.
        takes: ``[N]`` a number per take.
        scale: the result of ``normalise_together``.
        seed: the seed of the bootstrap.

    Returns:
        mean, the magnitude of the average over subjects, as a joint's is, with ci95 likewise; speaks, "for" or
        "against"; share, an ``Estimate`` in 0..1.
    """
    own = stride_time / np.float32((scale or 1.0) * maps.shape[1])
    joints = np.abs(maps.sum(axis=1, dtype=float)).sum(axis=1)
    size = np.abs(stride_time)
    share = np.divide(size, size + joints, out=np.zeros(len(size)), where=size + joints > 0)
    block = {}
    for emotion in np.unique(emotions):
        rows = emotions == emotion
        signed = estimate(own[rows], subjects=subjects[rows], takes=takes[rows], seed=seed)
        mean, limits = signed["mean"], signed["ci95"]
        if limits is not None and mean < 0:
            limits = [-limits[1], -limits[0]]
        block[str(emotion)] = {
            "mean": abs(mean),
            "ci95": limits,
            "speaks": "for" if mean > 0 else "against",
            "share": estimate(share[rows], subjects=subjects[rows], takes=takes[rows], seed=seed),
        }
    return block
