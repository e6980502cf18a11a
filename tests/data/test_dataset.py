import numpy as np
import pytest
import torch
from torch_geometric.loader import DataLoader

from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")


@pytest.fixture
def store():
    n = 4
    return CycleStore(
        positions=np.random.default_rng(0).normal(size=(n, 8, 16, 3)).astype(np.float32),
        stride_time_s=np.array([1.0, 1.2, 1.5, 0.8], np.float32),
        height_m=np.ones(n, np.float32),
        subject=np.array(["zoe", "ana", "zoe", "ben"]),
        emotion=np.array(["sad", "happy", "happy", "sad"]),
        take=np.array(["1"] * n),
        source=np.array(list("abcd")),
        layout=LAYOUT,
        name="toy",
    )


def test_a_cycle_is_a_graph_of_joints(store):
    dataset = GaitDataset(store)
    assert len(dataset) == 4
    data = dataset[1]
    assert data.num_nodes == 16
    assert data.x.shape == (16, 24)
    np.testing.assert_array_equal(data.x.view(16, 8, 3)[5, 2], store.positions[1, 2, 5])
    assert data.edge_index.shape == (2, 30)
    assert data.edge_index.dtype == torch.int64
    bones = {frozenset(bone) for bone in LAYOUT.bones}
    assert {frozenset(edge) for edge in data.edge_index.T.tolist()} == bones
    assert data.cadence.item() == pytest.approx(100)
    torch.testing.assert_close(data.pos, torch.tensor(LAYOUT.rest))


def test_codes_are_positions_in_sorted_names(store):
    dataset = GaitDataset(store)
    assert dataset.emotions == ("happy", "sad")
    assert dataset.subjects == ("ana", "ben", "zoe")
    whole = dataset.tensors()
    assert whole.emotion.tolist() == [1, 0, 0, 1]
    assert whole.subject.tolist() == [2, 0, 2, 1]
    assert dataset[3].emotion.tolist() == [1]


def test_given_names_fix_the_codes(store):
    dataset = GaitDataset(store, emotions=["angry", "happy", "sad"])
    assert dataset.tensors().emotion.tolist() == [2, 1, 1, 2]
    with pytest.raises(InputError, match=r"emotion names: expected one of angry, happy .* \(got 'sad'\)"):
        GaitDataset(store, emotions=["angry", "happy"])
    with pytest.raises(InputError, match="subject names: expected them sorted"):
        GaitDataset(store, subjects=["zoe", "ana", "ben"])


def test_dense_batches_are_the_same_cycles(store):
    dataset = GaitDataset(store)
    for index in (np.array([2, 0]), [2, 0], torch.tensor([2, 0])):
        batch = dataset.batch(index)
        np.testing.assert_array_equal(batch.positions, store.positions[[2, 0]])
        assert batch.positions.dtype == torch.float32
        assert batch.stride_time_s.tolist() == [1.5, 1.0]
    assert dataset.batch(np.array([True, False, False, True])).subject.tolist() == [2, 1]
    batch.positions.zero_()
    assert np.abs(store.positions).min() > 0


def test_indices_count_within_a_subset(store):
    subset = GaitDataset(store)[[3, 1]]
    assert subset.batch([0]).subject.tolist() == [1]
    assert subset.tensors().subject.tolist() == [1, 0]


def test_pyg_loader_joins_graphs(store):
    batch = next(iter(DataLoader(GaitDataset(store), batch_size=3)))
    assert batch.x.shape == (48, 24)
    assert batch.emotion.tolist() == [1, 0, 0]
    assert batch.edge_index.max() == 47
