"""Both convolutions of a block on rows ``[T, V, B, C]``, for training: time first, then joints, then cycles.

In this order a shift along time is a view, and the joints of all cycles are aggregated by one product a time sample, so
that few and large matrix products do all of the work. Both functions can be differentiated twice.
"""

from typing import Any, cast

import torch
from torch import Tensor

_FEW_TAPS = 3
"""Up to here a product for each tap is faster than a convolution, which needs one pass for many (1.2 to 1.5 times)."""


def joint_conv(x: Tensor, adjacency: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    r"""Convolve over the joints: :math:`\sum_k A_k\, x\, W_k + b`, as ``SkeletonConv`` does.

    Args:
        x: ``[T, V, B, C]``, contiguous.
        adjacency: ``[K, V, V]``, the weight of each source (last) in each target.
        weight: ``[K, C, C']``.
        bias: ``[C']``.

    Shapes:
        - output: ``[T, V, B, C']``
    """
    return cast(Tensor, _JointConv.apply(x, adjacency, weight, bias))  # type: ignore[no-untyped-call]


def circular_conv(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Convolve along circular time, as ``conv2d`` with a kernel ``[C', C, K, 1]`` does after circular padding.

    Args:
        x: ``[T, ..., C]``.
        weight: ``[K, C, C']``, K odd, the middle tap at the sample itself.
        bias: ``[C']``, or None.

    Shapes:
        - output: ``[T, ..., C']``
    """
    return cast(Tensor, _CircularConv.apply(x, weight, bias))  # type: ignore[no-untyped-call]


class _JointConv(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, adjacency: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        gathered = [_aggregate(x, matrix) for matrix in adjacency]
        ctx.save_for_backward(x, adjacency, weight, *gathered)
        out = torch.addmm(bias, gathered[0], weight[0])
        for rows, matrix in zip(gathered[1:], weight[1:], strict=True):
            out.addmm_(rows, matrix)
        return out.view(*x.shape[:3], -1)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None, Tensor | None]:
        x, adjacency, weight, *gathered = ctx.saved_tensors
        grad = grads[0].contiguous()
        rows = grad.view(-1, grad.shape[-1])
        if torch.is_grad_enabled():  # to be differentiated again: with everything as a function of the inputs
            gathered = [_aggregate(x, matrix) for matrix in adjacency]
        by_x, by_adjacency, by_weight, by_bias = ctx.needs_input_grad
        # What each partition sends back, before it is aggregated.
        sent = [(rows @ matrix.T).view(*x.shape[:2], -1) for matrix in weight] if by_x or by_adjacency else []
        sources = x.view(*x.shape[:2], -1).transpose(1, 2)
        return (
            _gather_back(sent, adjacency).view(x.shape) if by_x else None,
            torch.stack([torch.bmm(part, sources).sum(dim=0) for part in sent]) if by_adjacency else None,
            torch.stack([part.T @ rows for part in gathered]) if by_weight else None,
            rows.sum(dim=0) if by_bias else None,
        )


class _CircularConv(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(x, weight)
        if len(weight) > _FEW_TAPS:
            return _by_conv2d(x, weight, bias)
        first, *others = _shifts(x, len(weight))
        out = first @ weight[0] if bias is None else torch.addmm(bias, first, weight[0])
        for rows, matrix in zip(others, weight[1:], strict=True):
            out.addmm_(rows, matrix)
        return out.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        x, weight = ctx.saved_tensors
        grad = grads[0].contiguous()
        rows = grad.view(-1, grad.shape[-1])
        by_x, by_weight, by_bias = ctx.needs_input_grad
        return (
            circular_conv(grad, weight.flip(0).transpose(1, 2)) if by_x else None,
            torch.stack([shifted.T @ rows for shifted in _shifts(x, len(weight))]) if by_weight else None,
            rows.sum(dim=0) if by_bias else None,
        )


def _aggregate(x: Tensor, matrix: Tensor) -> Tensor:
    """Sums over the joints ``[V', V]`` of ``[T, V, ...]``, as rows ``[T * V' * B, C]`` where x has four axes."""
    samples, joints = x.shape[:2]
    sums = torch.bmm(matrix.expand(samples, -1, -1), x.reshape(samples, joints, -1))
    return sums.view(-1, x.shape[-1]) if x.dim() == 4 else sums


def _shifts(x: Tensor, taps: int) -> list[Tensor]:
    """The rows ``[T * ..., C]`` moved by each tap along time: views of one padded copy."""
    padded = _padded(x, taps)
    return [padded[tap : tap + len(x)].flatten(0, -2) for tap in range(taps)]


def _by_conv2d(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """The same as a convolution over ``[1, C, T, rows]`` in channels_last memory, which adds up in one pass."""
    image = _padded(x, len(weight)).flatten(1, -2)[None].permute(0, 3, 1, 2)
    out = torch.conv2d(image, weight.permute(2, 1, 0)[..., None], bias)
    return out.permute(0, 2, 3, 1).reshape(*x.shape[:-1], -1)


def _padded(x: Tensor, taps: int) -> Tensor:
    reach = taps // 2
    return torch.cat([x[len(x) - reach :], x, x[:reach]])


def _gather_back(sent: list[Tensor], adjacency: Tensor) -> Tensor:
    """The sum of what each partition ``[T, V', B * C]`` sends back to the sources, ``[T, V, B * C]``."""
    back = adjacency.transpose(1, 2)[:, None].expand(-1, sent[0].shape[0], -1, -1)
    total = torch.bmm(back[0], sent[0])
    for matrix, part in zip(back[1:], sent[1:], strict=True):
        total.baddbmm_(matrix, part)
    return total
