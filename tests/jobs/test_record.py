import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

from stgcn_affect.jobs.fold_record import FoldRecord
from stgcn_affect.jobs.record import EmotionBranch, record_emotion_branch
from stgcn_affect.jobs.record_run import record_unseen_subjects
from stgcn_affect.training.logger import RunLogger


def events(folder):
    found = EventAccumulator(str(folder))
    found.Reload()
    return found


@pytest.mark.parametrize("training", [False, True])
def test_the_emotion_branch_is_a_graph_with_the_layers_names(toy_network, toy_cycles, tmp_path, training):
    network, cycles = toy_network().train(training), toy_cycles()
    before = {name: values.clone() for name, values in network.state_dict().items()}
    with RunLogger(tmp_path) as logger:
        record_emotion_branch(logger, network, cycles)
    names = " ".join(node.name for node in events(tmp_path).Graph().node)
    for part in ("InputChannels[emotion_channels]", "SkeletonConv[spatial]", "Conv2d[temporal]", "[emotion_head]"):
        assert part in names
    assert "identity" not in names
    assert {module.training for module in network.modules()} == {training}
    assert all(torch.equal(values, before[name]) for name, values in network.state_dict().items())


def test_the_branch_says_what_the_network_says(toy_network, toy_cycles):
    network, cycles = toy_network(), toy_cycles()
    whole = network(cycles.positions, cycles.stride_time_s).emotion_logits
    assert torch.equal(EmotionBranch(network).eval()(cycles.positions, cycles.stride_time_s), whole)


def test_curves_are_of_unseen_subjects_by_hand(labelled, tmp_path):
    # Folds test cycles 2 and 0, 1. Sad is said of 0 (rightly) and of 2 (wrongly) above .5, and of 1 never.
    cycles = labelled(["a", "a", "b"], ["sad", "happy", "happy"])
    folds = [
        FoldRecord(np.array([2]), np.array([[0.2, 0.8]], np.float32), None, {}, 0.0),
        FoldRecord(np.array([0, 1]), np.array([[0.4, 0.6], [1.0, 0.0]], np.float32), None, {}, 0.0),
    ]
    with RunLogger(tmp_path) as logger:
        record_unseen_subjects(logger, ["happy", "sad"], cycles, folds, step=2)
    (event,) = events(tmp_path).Tensors("test/sad")
    hit, false_alarm, right_no, missed, precision, recall = make_ndarray(event.tensor_proto)[:, 63]  # threshold .5
    assert (hit, false_alarm, right_no, missed, precision, recall) == (1, 1, 1, 0, 0.5, 1)
