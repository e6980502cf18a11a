"""Retargeting to one skeleton: keep the directions of the bones and replace their lengths."""

import torch
from torch import Tensor, nn

from stgcn_affect.skeleton.graph import SkeletonGraph

_SHORTEST = 1e-6


class Retarget(nn.Module):
    """Differentiable retargeting of a root-centred motion to one set of bone lengths.

    Args:
        graph: the skeleton; bones are in the order of ``graph.bones``.

    Shapes:
        - input: ``[..., V, 3]``
        - output: ``[..., V, 3]``, the root at the origin
    """

    lengths: Tensor
    parent: Tensor
    child: Tensor
    chains: Tensor

    def __init__(self, graph: SkeletonGraph) -> None:
        super().__init__()
        parent, child = torch.tensor(graph.bone_ends)
        self.register_buffer("parent", parent, persistent=False)
        self.register_buffer("child", child, persistent=False)
        self.register_buffer("chains", torch.tensor(graph.bone_chains), persistent=False)
        self.register_buffer("lengths", torch.ones(len(graph.bones)))

    def bones(self, positions: Tensor) -> Tensor:
        """Bone vectors, child minus parent: ``[..., V, 3]`` to ``[..., V-1, 3]``."""
        return self._bones_first(positions).movedim((0, 1), (-2, -1))

    def _bones_first(self, positions: Tensor) -> Tensor:
        """Bone vectors ``[V-1, 3, ...]``: picking and adding whole rows is several times faster than short vectors."""
        rows = positions.movedim((-2, -1), (0, 1)).contiguous()
        return rows[self.child] - rows[self.parent]

    def bone_lengths(self, positions: Tensor) -> Tensor:
        """Mean length of each bone over the frames: ``[B, T, V, 3]`` to ``[B, V-1]``."""
        # A bare square root has no gradient at a bone of length zero, which some skeletons have.
        lengths = (self._bones_first(positions).square().sum(dim=1) + _SHORTEST**2).sqrt()
        return lengths.mean(dim=-1).movedim(0, -1)

    @torch.no_grad()
    def fit(self, positions: Tensor) -> None:
        """Take the mean bone lengths of ``[B, T, V, 3]`` as the target."""
        self.lengths.copy_(self.bone_lengths(positions).mean(dim=0))

    def forward(self, positions: Tensor) -> Tensor:
        """Retarget ``[..., V, 3]``."""
        bones = self._bones_first(positions)
        # Not vector_norm: its gradient is unbounded at a bone of length zero.
        factor = (bones.square().sum(dim=1, keepdim=True) + _SHORTEST**2).rsqrt()
        factor = factor * self.lengths.view(-1, *[1] * (bones.dim() - 1))
        joints = torch.mm(self.chains, (bones * factor).flatten(1)).view(-1, *bones.shape[1:])
        return joints.movedim((0, 1), (-2, -1))
