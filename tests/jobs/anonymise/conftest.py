import numpy as np
import pytest

from stgcn_affect.training.checkpoint import save_model
from stgcn_affect.training.identity import identity_statistics
from stgcn_affect.training.model import Model


@pytest.fixture(scope="session")
def model_file(tmp_path_factory, synthetic_cycles):
    """A network that nothing trained, with the statistics of three of six walkers; it decodes walks like theirs."""
    import torch

    from stgcn_affect.data.dataset import GaitDataset
    from stgcn_affect.nn.network import DisentangledSTGCN

    data = GaitDataset(synthetic_cycles(walkers=6, takes=1, seed=3))
    subjects = data.subjects[:3]
    cycles = data.batch(np.flatnonzero(np.isin(data.subject, subjects)))
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(0)
        network = DisentangledSTGCN.build(data.layout, emotions=4, subjects=3, width=4, blocks=1, decoder_width=4)
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    parts = {"train": list(subjects), "validation": [], "test": list(data.subjects[3:])}
    kept = identity_statistics(network, cycles, data.layout)
    model = Model(network, network.sizes, data.layout, data.emotions, subjects, parts, {}, identity=kept)
    path = tmp_path_factory.mktemp("model") / "model.pt"
    save_model(path, model)
    return path
