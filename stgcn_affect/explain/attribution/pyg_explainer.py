"""Relevance of joints and bones for users of PyG: an algorithm for ``torch_geometric.explain.Explainer``."""

from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch_geometric.explain import Explanation
from torch_geometric.explain.algorithm import ExplainerAlgorithm
from torch_geometric.explain.algorithm.utils import clear_masks, set_masks
from torch_geometric.explain.config import ModelMode

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import Decision
from stgcn_affect.skeleton.graph import SkeletonGraph


def node_features(x: Tensor) -> Tensor:
    """Node features of one cycle for PyG, a row per joint: ``[C, T', V]`` to ``[V, T' * C]``."""
    return x.permute(2, 1, 0).flatten(1)


class GraphDecision(nn.Module):
    """A decision on one cycle as a graph, as ``Explainer`` calls it.

    Args:
        decision: a decision of an encoder without extra input: the emotion's.
        graph: the encoder's skeleton; its ``edge_index`` is the one to be given.
        channels: C.

    Shapes:
        - x: ``[V, T' * C]`` as ``node_features`` gives it; edge_index: ``[2, 2(V-1)]``
        - output: ``[1, Q]``
    """

    def __init__(self, decision: Decision, graph: SkeletonGraph, *, channels: int) -> None:
        super().__init__()
        self.decision = decision
        self.channels = channels
        self.register_buffer("bones", torch.from_numpy(graph.edge_index.copy()), persistent=False)

    bones: Tensor

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        """Logits. Raises InputError for other edges than the skeleton's, which the encoder does not know."""
        if not torch.equal(edge_index.to(self.bones), self.bones):
            raise InputError(
                f"edge_index: expected the skeleton's {self.bones.shape[1]} edges, every bone both ways"
                f" (got {tuple(edge_index.shape)} with others among them)"
            )
        cycle = x.view(len(x), -1, self.channels).permute(2, 1, 0)
        return cast(Tensor, self.decision(cycle[None]))


class GradientMasks(ExplainerAlgorithm):  # type: ignore[misc]  # torch_geometric is untyped
    """Gradient x input for joints, and for bones the gradient with respect to an edge mask of ones.

    The mask scales what passes along a bone, one way, in all blocks at once: its derivative is what the target's logit
    would lose, to first order, by each share of that message. The signed values are returned as ``node_relevance``
    (``[V, T' * C]``) and ``edge_relevance`` (``[E]``). The masks are their sizes divided by the largest, in 0..1, for
    PyG's metrics multiply by them, and relevance against the target is part of the decision too.

    The explained target is the class that ``Explainer`` hands over: the decision's own where ``explanation_type`` is
    ``"model"``, the user's where it is ``"phenomenon"``.
    """

    def forward(
        self,
        model: nn.Module,
        x: Tensor,
        edge_index: Tensor,
        *,
        target: Tensor,
        index: Tensor | None = None,
        **kwargs: Any,
    ) -> Explanation:
        """Explain one graph; PyG calls it."""
        nodes = x.detach().clone().requires_grad_()
        edges = torch.ones(edge_index.shape[1], dtype=x.dtype, device=x.device, requires_grad=True)
        set_masks(model, edges, edge_index, apply_sigmoid=False)
        try:
            with torch.enable_grad():
                logits = model(nodes, edge_index, **kwargs)
                rows, wanted = (logits, target.view(-1)) if index is None else (logits[index], target.view(-1)[index])
                chosen = rows.gather(1, wanted.view(-1, 1)).sum()
                node_slope, edge_slope = torch.autograd.grad(chosen, [nodes, edges])
        finally:
            clear_masks(model)
        node_relevance = node_slope * x
        masks: dict[str, Tensor] = {}
        if self.explainer_config.node_mask_type is not None:
            axis = {"object": 1, "common_attributes": 0}.get(self.explainer_config.node_mask_type.value)
            pooled = node_relevance if axis is None else node_relevance.sum(dim=axis, keepdim=True)
            masks["node_mask"] = _share_of_largest(pooled)
        if self.explainer_config.edge_mask_type is not None:
            masks["edge_mask"] = _share_of_largest(edge_slope)
        return Explanation(**masks, node_relevance=node_relevance.detach(), edge_relevance=edge_slope.detach())

    def supports(self) -> bool:
        """Decisions between classes."""
        return cast(bool, self.model_config.mode == ModelMode.multiclass_classification)


def by_bone(edge_relevance: Tensor, graph: SkeletonGraph) -> Tensor:
    """Sum both directions of each bone: ``[2(V-1)]`` as in ``graph.edge_index`` to ``[V-1]`` as in ``graph.bones``."""
    source, target = graph.edge_index
    number = np.full((graph.num_joints, graph.num_joints), -1)
    for i, (parent, child) in enumerate(graph.bones):
        number[parent, child] = number[child, parent] = i
    bones = edge_relevance.new_zeros(len(graph.bones))
    return bones.index_add(0, torch.from_numpy(number[source, target]).to(bones.device), edge_relevance)


def _share_of_largest(relevance: Tensor) -> Tensor:
    size = relevance.detach().abs()
    return size / size.max().clamp_min(torch.finfo(size.dtype).tiny)
