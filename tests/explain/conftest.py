"""What tests of maps share: a decision on three joints and two frames that is small enough to be computed by hand."""

import pytest
import torch

from stgcn_affect.explain.attribution.decision import Decision
from stgcn_affect.nn.st_gcn import Encoder
from stgcn_affect.skeleton.graph import SkeletonGraph


@pytest.fixture
def hand_decision(toy_graph):
    """One logit: the mean over time of the block's hip minus its left; and a second logit, its opposite.

    The block adds to each joint the mean over itself and its neighbours; all is positive, so every ReLU is open:
    hip + (hip + left + right) / 3, left + (hip + left) / 2, right + (hip + right) / 2.
    """
    encoder = Encoder(1, toy_graph, width=1, blocks=1, kernel=1, embedding_dim=1)
    head = torch.nn.Linear(1, 2)
    block = encoder.blocks[0]
    with torch.no_grad():
        for norm in (block.spatial_norm, block.temporal_norm):
            norm.eps = 0.0
        for layer in (block.spatial.linear, block.temporal):
            layer.weight.fill_(1.0)
            layer.bias.zero_()
        encoder.readout.weight.copy_(torch.tensor([[1.0, -1.0, 0.0]]))
        encoder.readout.bias.zero_()
        head.weight.copy_(torch.tensor([[1.0], [-1.0]]))
        head.bias.zero_()
    return Decision(encoder, head).eval()


@pytest.fixture
def hand_input():
    """``[1, 1, 2, 3]``: hip, left and right of two frames."""
    return torch.tensor([[[[3.0, 1.0, 2.0], [0.0, 4.0, 0.0]]]])


@pytest.fixture
def planted(toy_layout):
    """Makes an emotion decision of several blocks that reads one joint alone, random but for that."""

    def make(joint, *, blocks=2, seed=0, channels=2):
        with torch.random.fork_rng(devices=()):
            torch.manual_seed(seed)
            encoder = Encoder(channels, SkeletonGraph(toy_layout), width=4, blocks=blocks, embedding_dim=3)
            head = torch.nn.Linear(3, 2)
        with torch.no_grad():
            others = [j for j in range(3) if j != joint]
            encoder.readout.weight.view(3, 4, 3)[:, :, others] = 0.0
            for block in encoder.blocks:
                edges = block.spatial
                moves = edges.edge_index[0] != edges.edge_index[1]
                edges.importance[moves] = 0.0
        return Decision(encoder, head).eval()

    return make
