from dataclasses import replace

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

from stgcn_affect.reporting.tensorboard import RunLogger
from stgcn_affect.reporting.tensorboard_run import _EmotionBranch, _record_emotion_branch, record_run


def events(folder):
    found = EventAccumulator(str(folder))
    found.Reload()
    return found


@pytest.mark.parametrize("training", [False, True])
def test_the_emotion_branch_is_a_graph_with_the_layers_names(toy_network, toy_cycles, tmp_path, training):
    network, cycles = toy_network().train(training), toy_cycles()
    before = {name: values.clone() for name, values in network.state_dict().items()}
    with RunLogger(tmp_path) as logger:
        _record_emotion_branch(logger, network, cycles)
    names = " ".join(node.name for node in events(tmp_path).Graph().node)
    for part in ("InputChannels[emotion_channels]", "SkeletonConv[spatial]", "Conv2d[temporal]", "[emotion_head]"):
        assert part in names
    assert "identity" not in names
    assert {module.training for module in network.modules()} == {training}
    assert all(torch.equal(values, before[name]) for name, values in network.state_dict().items())


def test_the_branch_says_what_the_network_says(toy_network, toy_cycles):
    network, cycles = toy_network(), toy_cycles()
    whole = network(cycles.positions, cycles.stride_time_s).emotion_logits
    assert torch.equal(_EmotionBranch(network).eval()(cycles.positions, cycles.stride_time_s), whole)


def test_curves_are_of_unseen_subjects_by_hand(labelled, tmp_path):
    # Two folds tested cycles 2 and 0, 1. Above .5, sad is predicted for 0 (rightly) and for 2 (wrongly), not for 1.
    named = labelled(["a", "a", "b"], ["sad", "happy", "happy"])
    cycles = replace(named, positions=np.tile(np.asarray(named.layout.rest, np.float32), (3, 8, 1, 1)))
    scores = {"balanced_accuracy": 0.75, "macro_f1": 0.6, "chance": 0.5, "confusion": [[1, 1], [0, 1]]}
    seen = {"chance": 0.25, "z_emotion": {"accuracy": 0.375}}
    results = {"emotion": scores, "privacy": {"seen_subjects": seen}, "dataset": {"emotions": ["happy", "sad"]}}
    probabilities = np.array([[0.2, 0.8], [0.4, 0.6], [1.0, 0.0]], np.float32)
    record_run(tmp_path, {}, results, cycles, tested=np.array([2, 0, 1]), probabilities=probabilities, step=2)
    found = events(tmp_path)
    (event,) = found.Tensors("test/sad")
    hit, false_alarm, right_no, missed, precision, recall = make_ndarray(event.tensor_proto)[:, 63]  # threshold .5
    assert (hit, false_alarm, right_no, missed, precision, recall) == (1, 1, 1, 0, 0.5, 1)
    assert found.Scalars("test/seen_subjects_z_emotion")[0].value == 0.375
    assert found.Scalars("test/emotion_macro_f1")[0].value == pytest.approx(0.6)
