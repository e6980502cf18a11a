import math

import pytest
import torch
from torch_geometric.explain import Explainer
from torch_geometric.explain.metric import fidelity, unfaithfulness

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import emotion_decision
from stgcn_affect.explain.attribution.pyg_explainer import GradientMasks, GraphDecision, by_bone, node_features
from stgcn_affect.skeleton.graph import SkeletonGraph

CONFIG = {"mode": "multiclass_classification", "task_level": "graph", "return_type": "raw"}
# One way each: hip to left, hip to right, left to hip, right to hip.
BONES = torch.tensor([-3 / 4, 0.0, 5 / 6, 1 / 3])
JOINTS = torch.tensor([[5 / 4, 0.0], [-7 / 12, -7 / 3], [1 / 3, 0.0]])


@pytest.fixture
def model(hand_decision, toy_graph):
    return GraphDecision(hand_decision, toy_graph, channels=1)


def _explainer(model, kind="model", nodes="object"):
    return Explainer(
        model,
        algorithm=GradientMasks(),
        explanation_type=kind,
        node_mask_type=nodes,
        edge_mask_type="object",
        model_config=CONFIG,
    )


def test_relevance_of_joints_and_bones_by_hand(model, hand_input, toy_graph):
    x, edges = node_features(hand_input[0]), torch.from_numpy(toy_graph.edge_index)
    told = _explainer(model)(x, edges)
    assert told.target.tolist() == [1], "the second logit leads, by 4/3 over -4/3"
    torch.testing.assert_close(told.edge_relevance, -BONES)
    torch.testing.assert_close(told.node_relevance, -JOINTS)
    torch.testing.assert_close(told.edge_mask, BONES.abs() * 6 / 5)
    torch.testing.assert_close(told.node_mask, torch.tensor([[3 / 7], [1.0], [4 / 35]]))
    told = _explainer(model, "phenomenon", "attributes")(x, edges, target=torch.tensor([0]))
    torch.testing.assert_close(told.edge_relevance, BONES)
    torch.testing.assert_close(told.node_mask, JOINTS.abs() * 3 / 7)
    told = _explainer(model, nodes="common_attributes")(x, edges)
    assert told.node_mask.shape == (1, 2)


def test_fidelity_and_unfaithfulness_by_hand(model, hand_input, toy_graph):
    explainer = _explainer(model)
    told = explainer(node_features(hand_input[0]), torch.from_numpy(toy_graph.edge_index))
    # What the masks keep says the same; what they leave says the opposite: hip and right lead where left is silent.
    assert fidelity(explainer, told) == (1.0, 0.0)
    hip, left, right = 3 / 7 * 3, 1.0, 4 / 35 * 2
    first = hip + (hip + left + 0.4 * right) / 3 - left - (0.9 * hip + left) / 2
    second = 4 / 3 - 4 - 4 / 2
    kept, whole = (1 / (1 + math.exp(2 * s)) for s in ((first + second) / 2, -4 / 3))
    divergence = kept * math.log(kept / whole) + (1 - kept) * math.log((1 - kept) / (1 - whole))
    assert unfaithfulness(explainer, told) == pytest.approx(1 - math.exp(-divergence), abs=1e-5)


def test_the_masks_of_a_network_with_several_blocks(toy_network, toy_graph):
    network = toy_network(blocks=3)
    model = GraphDecision(emotion_decision(network), toy_graph, channels=10)
    x, edges = torch.randn(10, 8, 3), torch.from_numpy(toy_graph.edge_index)
    torch.testing.assert_close(model(node_features(x), edges), emotion_decision(network)(x[None]))
    told = _explainer(model)(node_features(x), edges)
    assert told.validate()
    # The slope of the logit when all messages of one bone grow in all blocks at once.
    for edge in range(4):
        logits = []
        for change in (-1e-3, 1e-3):
            again = toy_network(blocks=3)
            with torch.no_grad():
                for block in again.emotion_encoder.blocks:
                    block.spatial.importance[edge] += change
            logits.append(emotion_decision(again.double())(x[None].double())[0, told.target].item())
        assert told.edge_relevance[edge].item() == pytest.approx((logits[1] - logits[0]) / 2e-3, abs=2e-4)


@pytest.mark.parametrize("fails", [False, True])
def test_no_mask_no_gradient_and_no_mode_is_left(model, hand_input, toy_graph, fails, monkeypatch):
    x, edges = node_features(hand_input[0]), torch.from_numpy(toy_graph.edge_index)
    algorithm = GradientMasks()
    algorithm.connect({"explanation_type": "model", "edge_mask_type": "object"}, CONFIG)
    if fails:
        monkeypatch.setattr(model.decision.head, "forward", lambda z: z @ torch.ones(3, 1))
        with pytest.raises(RuntimeError):
            algorithm(model, x, edges, target=torch.tensor([0]))
    else:
        algorithm(model, x, edges, target=torch.tensor([0]))
    spatial = model.decision.encoder.blocks[0].spatial
    assert (spatial.explain, spatial._edge_mask) == (None, None)
    assert all(p.grad is None for p in model.parameters())


def test_other_edges_are_an_input_error(model, hand_input, toy_graph):
    edges = torch.from_numpy(toy_graph.edge_index).flip(1)
    with pytest.raises(InputError, match=r"edge_index: expected the skeleton's 4 edges, every bone both ways \(got"):
        model(node_features(hand_input[0]), edges)


def test_only_decisions_between_classes():
    with pytest.raises(ValueError, match="does not support"):
        GradientMasks().connect(
            {"explanation_type": "model", "edge_mask_type": "object"}, CONFIG | {"mode": "regression"}
        )


def test_both_ways_of_a_bone_together(toy_graph):
    torch.testing.assert_close(by_bone(BONES, toy_graph), torch.tensor([1 / 12, 1 / 3]))
    assert SkeletonGraph(toy_graph.layout).bones == ((0, 1), (0, 2))
