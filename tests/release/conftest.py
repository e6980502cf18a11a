"""Cycles, and one released encoder that all tests of its files look at."""

import pytest


@pytest.fixture
def some_cycles(untrained_model, synthetic_cycles):
    """Five cycles of walkers that the model has."""
    from stgcn_affect.data.dataset import GaitDataset

    return GaitDataset(synthetic_cycles(walkers=6, takes=2, emotions=("neutral", "sad"))).batch(slice(0, 5))


@pytest.fixture(scope="session")
def released_folder(untrained_model, tmp_path_factory):
    """The folder of the released model; it is not to be changed."""
    from stgcn_affect.release.encoder_files import export_encoder

    folder = tmp_path_factory.mktemp("released") / "encoder"
    export_encoder(untrained_model, folder, card="# A card\n")
    return folder
