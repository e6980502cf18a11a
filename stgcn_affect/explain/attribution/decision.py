"""What is explained: the logits of a head as a function of its encoder's input, and the relevance of that input."""

from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.target import AnyTarget, contrast
from stgcn_affect.nn.input_channels import CHANNELS
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.nn.st_gcn import Encoder
from stgcn_affect.skeleton.graph import SkeletonGraph

STRIDE_TIME = CHANNELS.index("log_stride_time")
"""The input channel that holds the stride time."""


class Relevance(NamedTuple):
    """Signed relevance of the joints and of the stride time for a target.

    Shapes:
        - joints: ``[B, T', V]``
        - stride_time: ``[B]``, 0 where the method gives it none or the input has none
    """

    joints: Tensor
    stride_time: Tensor


def split_relevance(relevance: Tensor, stride_time: int | None) -> Relevance:
    """Split relevance per input channel, ``[B, C, T', V]``, into that of the joints and that of the stride time.

    Channels are summed; the channel of the stride time is summed over joints and samples. The velocities, which are
    divided by the stride time, count as the joints'.

    Args:
        relevance: the relevance of the encoder's input.
        stride_time: the channel of the stride time, or None where there is none.
    """
    if stride_time is None:
        total = relevance.sum(dim=1)
        return Relevance(joints=total, stride_time=total.new_zeros(len(total)))
    # Not the total minus the stride time: the difference of two large numbers would leave rounding errors on joints.
    others = torch.cat([relevance[:, :stride_time], relevance[:, stride_time + 1 :]], dim=1)
    return Relevance(joints=others.sum(dim=1), stride_time=relevance[:, stride_time].sum(dim=(1, 2)))


class Decision(nn.Module):
    """An encoder with its head: from the encoder's input to logits.

    Args:
        encoder: the encoder of the emotion or of the identity.
        head: a module from the embedding to Q logits.
        stride_time: the input channel of the stride time, or None where there is none.

    Shapes:
        - x: ``[B, C, T', V]``; extra: ``[B, extra_dim]`` what joins the read-out, None where nothing does
        - output: ``[B, Q]``
    """

    def __init__(self, encoder: Encoder, head: nn.Module, *, stride_time: int | None = None) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.stride_time = stride_time

    def forward(self, x: Tensor, extra: Tensor | None = None) -> Tensor:
        """Compute logits of the encoder's input."""
        return cast(Tensor, self.head(self.encoder(x, extra).embedding))

    def up_to(self, block: int, x: Tensor) -> Tensor:
        """The output ``[B, C', T', V]`` of a block. Raises InputError where the encoder has no such block."""
        for module in self.blocks_up_to(block):
            x = module(x)
        return x

    def blocks_up_to(self, block: int) -> list[nn.Module]:
        """The blocks from the input to this one, itself included. Raises InputError where there is no such block."""
        number = len(self.encoder.blocks)
        if not 0 <= block < number:
            raise InputError(f"block: expected one of the encoder's blocks 0 to {number - 1} (got {block})")
        return list(self.encoder.blocks[: block + 1])

    def beyond(self, block: int, activation: Tensor, extra: Tensor | None = None) -> Tensor:
        """Compute logits from a block's output."""
        for module in self.encoder.blocks[block + 1 :]:
            activation = module(activation)
        return cast(Tensor, self.head(self.encoder.read(activation, extra)))

    def contrast(self, target: AnyTarget, x: Tensor) -> Tensor:
        """``[B, Q]`` weights of the logits for a target. Raises InputError for a code that no logit has."""
        classes = next(p.shape[0] for p in reversed(list(self.head.parameters())))
        return contrast(target, batch=len(x), classes=classes).to(x)


def emotion_decision(network: DisentangledSTGCN) -> Decision:
    """The emotion logits as a function of the encoder's input; it shares the network's weights.

    The clip of z_emotion to a radius is left out, as the softmax is: where either saturates, an input that makes the
    emotion certain has no gradient (with the clip, maps find the true joints less well).
    """
    return Decision(network.emotion_encoder, network.emotion_head, stride_time=STRIDE_TIME)


def identity_decision(network: DisentangledSTGCN) -> Decision:
    """The subject logits as a function of the encoder's input and, as ``extra``, anthropometrics; it shares weights."""
    return Decision(network.identity_encoder, network.identity_head, stride_time=STRIDE_TIME)


def score(logits: Tensor, weights: Tensor) -> Tensor:
    """The number that is explained, per cycle: ``[B, Q]`` logits under ``[B, Q]`` weights to ``[B]``."""
    return (logits * weights).sum(dim=1)


def hops_seen(block: int) -> int:
    """Bones between a joint and the farthest one that its activation depends on: one more for every block.

    Raises:
        InputError: a negative block.
    """
    if block < 0:
        raise InputError(f"block: expected 0 or more (got {block})")
    return block + 1


def share_seen(graph: SkeletonGraph, block: int) -> npt.NDArray[np.float64]:
    """Share of the joints that each joint has seen at a block's output, itself included, ``[V]`` in 0..1.

    Where it is near 1 for all, every joint has seen the whole body, and a map of that block is less local than it
    looks.

    Raises:
        InputError: a negative block.
    """
    near: npt.NDArray[np.float64] = (graph.hops <= hops_seen(block) * graph.max_hop).mean(axis=1)
    return near
