from dataclasses import replace

import numpy as np
import pytest
import torch

from stgcn_affect.explain.maps.explained_model import with_cycles
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.reporting.transfer import Transferred, transfer
from stgcn_affect.training.model import Model


@pytest.fixture(scope="module")
def found(synthetic_cycles):
    """Three synthetic walkers in two emotions, and a network that nobody trained."""
    cycles = synthetic_cycles(walkers=3, takes=1, seed=0, emotions=("happy", "sad"))
    names = np.unique(cycles.subject).tolist()
    sizes = {"width": 4, "blocks": 1, "decoder_width": 4}
    torch.manual_seed(0)
    network = DisentangledSTGCN.build(cycles.layout, emotions=2, subjects=3, **sizes).eval()
    network.fit_statistics(torch.from_numpy(np.array(cycles.positions)), torch.from_numpy(cycles.stride_time_s))
    model = Model(
        network=network,
        sizes=sizes,
        layout=cycles.layout,
        emotions=("happy", "sad"),
        subjects=tuple(names),
        parts={"train": names, "validation": [], "test": []},
        config={},
    )
    return with_cycles(model, cycles)


def test_the_body_never_lends_its_own_walk_in_the_emotion(found):
    a, b = found.model.subjects[:2]
    before = transfer(found, a, b)
    assert [row.emotion for row in before] == ["happy", "sad"]
    mine = (found.cycles.subject == b) & (found.cycles.emotion == "sad")
    positions = np.array(found.cycles.positions)
    positions[mine] += 0.1 * np.random.default_rng(0).normal(size=positions[mine].shape)
    after = transfer(with_cycles(found.model, replace(found.cycles, positions=positions)), a, b)
    np.testing.assert_array_equal(after[1].decoded, before[1].decoded)
    assert not np.allclose(after[0].decoded, before[0].decoded)
    assert not np.allclose(after[1].own, before[1].own)


def test_distances_are_in_per_cent_of_body_height():
    own = np.zeros((4, 2, 3), np.float32)
    lender = own + np.float32([0.03, 0.0, 0.04])
    decoded = own + np.float32([0.0, 0.02, 0.0])
    said = Transferred("sad", lender, decoded, own).words()
    assert said == "sad: decoded 2.0 % of body height off B's own (A's walk: 5.0 %)"
    assert Transferred("sad", lender, decoded, None).words() == "sad"
