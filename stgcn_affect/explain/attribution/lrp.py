"""Layer-wise relevance propagation (LRP): from a block's output down to the encoder's input."""

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from stgcn_affect.explain.attribution.decision import Decision
from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.nn.st_gcn import SpatialTemporalBlock

_TINY = 1e-9


def lrp(model: Decision, block: int, x: Tensor, relevance: Tensor) -> Tensor:
    """Propagate relevance of a block's output to the encoder's input, by layer-wise relevance propagation.

    Each unit's relevance goes to its inputs in proportion to the magnitudes of their contributions ``|value *
    weight|``, through the shortcut and the temporal convolution and over the learned adjacency, block by block (Bach et
    al. 2015, equation 56). It departs from the paper in that magnitudes stand for signed contributions: no share is
    negative, so the sum of relevance is kept and its magnitude cannot grow. Biases get no relevance.

    Args:
        model: the decision, in evaluation mode.
        block: whose output the relevance is of.
        x: ``[B, C, T', V]``.
        relevance: signed, ``[B, C', T', V]``; or ``[B, T', V]``, which goes to the channels by their magnitude.

    Returns:
        ``[B, C, T', V]``, signed, summing to the given relevance for each cycle. All of it lies at most ``block + 1``
        bones, and as many reaches of the temporal convolution, away from where it was.

    Raises:
        InputError: no such block.
    """
    with torch.no_grad():
        blocks, inputs = model.blocks_up_to(block), [x]
        for module in blocks[:-1]:
            inputs.append(module(inputs[-1]))
        if relevance.dim() == x.dim() - 1:
            size = _size(blocks[-1](inputs[-1]))
            relevance = relevance[:, None] * size / size.sum(dim=1, keepdim=True)
        for module, given in zip(reversed(blocks), reversed(inputs), strict=True):
            relevance = _through_block(module, given, relevance)
    return relevance


class _Shares(NamedTuple):
    above: Tensor
    beside: Tensor


def _through_block(block: nn.Module, x: Tensor, relevance: Tensor) -> Tensor:
    if not isinstance(block, SpatialTemporalBlock):
        raise TypeError(f"expected a spatial-temporal block (got {type(block).__name__})")
    hidden = block.spatial(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    hidden = block.spatial_relu(block.spatial_norm(hidden))
    temporal, shortcut = _split(block, hidden, x, relevance)
    return _through_graph(block.spatial, x, temporal) + shortcut


def _split(block: SpatialTemporalBlock, hidden: Tensor, x: Tensor, relevance: Tensor) -> _Shares:
    """Relevance of the temporal convolution's input and of the shortcut's, ``[B, C', T', V]`` and ``[B, C, T', V]``."""
    step = int(block.temporal.stride[0])
    ahead = partial(nn.functional.conv2d, stride=(step, 1))
    back = partial(nn.functional.conv_transpose2d, stride=(step, 1), output_padding=(step - 1, 0))
    norm = block.temporal_norm
    if norm.running_var is None:
        raise TypeError("expected a norm that keeps running statistics")
    gain = _size(norm.weight) * (norm.running_var + norm.eps).rsqrt()
    kernel = _size(block.temporal.weight) * gain[:, None, None, None]
    window, straight = _size(hidden), _size(x)
    padded = torch.cat([window[:, :, window.shape[2] - block.reach :], window, window[:, :, : block.reach]], dim=2)
    total = ahead(padded, kernel)
    if isinstance(block.shortcut, nn.Conv2d):
        weight = _size(block.shortcut.weight)
        per_unit = relevance / (total + ahead(straight, weight))
        beside = straight * back(per_unit, weight)
    else:
        per_unit = relevance / (total + straight)
        beside = straight * per_unit
    spread = back(per_unit, kernel)
    samples, reach = hidden.shape[2], block.reach
    wrapped = spread[:, :, reach : reach + samples].clone()
    wrapped[:, :, samples - reach :] += spread[:, :, :reach]
    wrapped[:, :, :reach] += spread[:, :, reach + samples :]
    return _Shares(above=window * wrapped, beside=beside)


def _through_graph(spatial: SkeletonConv, x: Tensor, relevance: Tensor) -> Tensor:
    """Through the graph convolution with its learned edge importance: ``[B, C', T', V]`` to ``[B, C, T', V]``."""
    values = _size(x.permute(0, 2, 3, 1))
    # A joint whose edges all have weight 0 keeps its relevance; other edges of weight 0 carry none.
    to_itself = spatial.edge_index[0] == spatial.edge_index[1]
    weighed = (spatial.edge_weight * (spatial.importance.abs() + _TINY * to_itself)).detach()
    near = torch.zeros_like(spatial.adjacency()).flatten().index_copy(0, spatial.edge_slot, weighed)
    near = near.view(-1, spatial.num_joints)
    weight = _size(spatial.linear.weight)
    gathered = torch.matmul(near, values).reshape(*values.shape[:-1], -1)
    per_unit = relevance.permute(0, 2, 3, 1) / nn.functional.linear(gathered, weight)
    slots = torch.matmul(per_unit, weight).reshape(*values.shape[:-2], len(near), values.shape[-1])
    return (values * torch.matmul(near.T, slots)).permute(0, 3, 1, 2)


def _size(values: Tensor) -> Tensor:
    # Never zero, so that a unit whose inputs are all zero still passes on all of its relevance.
    return values.abs() + _TINY
