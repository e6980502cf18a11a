import logging
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from stgcn_affect.config import load_config
from stgcn_affect.data.store import open_store, write_store
from stgcn_affect.errors import InputError
from stgcn_affect.jobs import run_data
from stgcn_affect.jobs.run_data import labelled_cycles, models_of_run


@pytest.fixture
def cached(labelled, tmp_path, monkeypatch):
    """A cache of three subjects; the last never walked neutrally."""
    store = labelled(["ana"] * 3 + ["ben"] * 3 + ["eva"], ["happy", "neutral", "sad"] * 2 + ["sad"])
    positions = np.random.default_rng(0).normal(size=store.positions.shape).astype(np.float32)
    write_store(replace(store, positions=positions), tmp_path / "cache")
    monkeypatch.setattr(run_data, "build_synthetic_cache", lambda *_, **__: SimpleNamespace(lines=lambda: ["prepared"]))
    return tmp_path / "cache"


def test_subjects_without_the_emotion_to_compare_with_are_left_out_by_name(cached, caplog):
    config = load_config(None, ["protocol.subject_baseline=neutral"])
    with caplog.at_level(logging.WARNING):
        found = labelled_cycles(config, cached)
    assert (
        "left out: subjects eva, with no take to compare theirs with (protocol.subject_baseline=neutral)" in caplog.text
    )
    assert found.subject.tolist() == ["ana", "ana", "ben", "ben"]
    assert found.emotion.tolist() == ["happy", "sad", "happy", "sad"]
    everything = open_store(cached)
    np.testing.assert_array_equal(found.baseline.positions, everything.positions[[1, 1, 4, 4]])


def test_a_baseline_may_be_of_emotions_that_are_not_wanted(cached):
    config = load_config(None, ["protocol.subject_baseline=other_takes", "data.emotions=[happy,sad]"])
    found, everything = labelled_cycles(config, cached), open_store(cached)
    assert found.emotion.tolist() == ["happy", "sad", "happy", "sad"]
    np.testing.assert_allclose(found.baseline.positions[0], everything.positions[[1, 2]].mean(axis=0), atol=1e-6)


def test_without_the_protocol_nothing_is_compared(cached):
    found = labelled_cycles(load_config(None, []), cached)
    assert found.baseline is None
    assert len(found) == 7


def test_a_folder_that_is_no_run_is_named(tmp_path):
    with pytest.raises(InputError, match=r"expected the folder of a finished run"):
        models_of_run(tmp_path)
