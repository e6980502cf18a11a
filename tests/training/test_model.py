from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from torch_geometric.loader import DataLoader

from stgcn_affect.data.augment import Augmentation
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.prediction import probabilities
from stgcn_affect.data.splits import subject_holdout
from stgcn_affect.data.subject_baseline import Strides
from stgcn_affect.data.walk import Walk
from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.jobs.train_fold import fit_model
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import Cycle
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.settings import LossConfig, TrainConfig
from stgcn_affect.training.checkpoint import load_model, save_model
from stgcn_affect.training.model import Ensemble
from stgcn_affect.training.predict import emotion_logits
from stgcn_affect.training.trainer import Trainer

SIZES = {"width": 4, "blocks": 2, "decoder_width": 4, "identity_dim": 8}


@pytest.fixture(scope="module")
def data(synthetic_cycles):
    """Six synthetic walkers in two emotions, two takes each."""
    return GaitDataset(synthetic_cycles(walkers=6, takes=2, emotions=("neutral", "sad")))


@pytest.fixture(scope="module")
def split(data):
    return subject_holdout(data, test=2, validation=1)


@pytest.fixture(scope="module")
def trainer():
    return Trainer(TrainConfig(epochs=3, batch_size=8), seed=0)


@pytest.fixture(scope="module")
def fitted(trainer, data, split):
    return trainer.fit(DisentangledSTGCN.for_data(data, split, **SIZES), data, split)


@pytest.fixture(scope="module")
def walk(data):
    """The first three cycles, as a recording."""
    clip = Clip(np.zeros((2, data.layout.num_joints, 3), np.float32), 60.0, data.layout, source="walk.bvh")
    positions, times = data.store.positions[:3], data.store.stride_time_s[:3].tolist()
    cycles = [
        Cycle(positions=p, stride_time_s=t, height_m=1.7, clip=clip) for p, t in zip(positions, times, strict=True)
    ]
    return Walk(clip, tuple(cycles))


def test_fit_is_the_whole_method(fitted, trainer, data, split):
    network, train = fitted.network, data.batch(split.train)
    z = network.encode_emotion(train.positions, train.stride_time_s)
    size = torch.linalg.svdvals(z - z.mean(dim=0))
    assert (size > 1e-4 * size[0]).sum() == 1  # projected: two emotions leave a line
    assert network.emotion_radial_clip.curvature > 0
    assert trainer.averaged_steps > 1
    assert not network.training
    assert trainer.weights == asdict(LossConfig())
    assert fitted.parts["test"] == list(data.subjects_of(split.test))
    assert fitted.temperature >= 1
    assert 0 < fitted.outlier_threshold < float("inf")


def test_fit_gives_the_model_of_the_tools(fitted, small, data, split):
    settings = [f"network.{key}={value}" for key, value in SIZES.items()]
    config = small(*settings, "train.epochs=3", "train.batch_size=8")
    fold = fold_data(data.store, split, hold_out_take=config.protocol.hold_out_take, seed=0)
    tools = fit_model(config, fold, seed=0)
    for name, weights in tools.network.state_dict().items():
        assert weights.equal(fitted.network.state_dict()[name]), name
    assert (tools.temperature, tools.outlier_threshold) == (fitted.temperature, fitted.outlier_threshold)
    assert (tools.sizes, tools.subjects) == (fitted.sizes, fitted.subjects)


def test_another_network_than_the_datas_is_refused(trainer, data, split):
    network = DisentangledSTGCN.build(data.layout, emotions=3, subjects=2, **SIZES)
    with pytest.raises(InputError, match=r"expected one of 2 emotions, 3 training .* \(got 3 emotions, 2 training"):
        trainer.fit(network, data, split)


def test_a_model_predicts_as_its_network_does(fitted, data, walk):
    found = fitted.predict(walk)
    logits = emotion_logits(fitted.network, data.batch(slice(0, 3)), data.layout)
    np.testing.assert_array_equal(found.cycles, probabilities(logits, temperature=fitted.temperature))
    np.testing.assert_allclose(found.probabilities.sum(), 1)
    assert found.emotion == fitted.emotions[found.probabilities.argmax()]
    assert found.is_outlier.shape == (3,)
    assert repr(found).startswith(f"Prediction('{found.emotion}': neutral 0.")


def test_many_walks_are_predicted_as_each_by_itself(fitted, walk):
    one, both = replace(walk, cycles=walk.cycles[:1]), Ensemble((fitted, replace(fitted, temperature=5.0)))
    assert fitted.predict_many([]) == []
    for model in (fitted, both):
        found = model.predict_many([walk, one])
        for prediction, alone in zip(found, (walk, one), strict=True):
            expected = model.predict(alone)
            np.testing.assert_allclose(prediction.cycles, expected.cycles, atol=1e-6)
            np.testing.assert_allclose(prediction.outlier_score, expected.outlier_score, rtol=1e-6)


def test_a_file_and_a_run_of_folds_predict_by_the_average(fitted, walk, tmp_path):
    other = replace(fitted, temperature=5.0)
    for number, model in enumerate((fitted, other)):
        (tmp_path / f"fold-{number:02d}").mkdir()
        save_model(tmp_path / f"fold-{number:02d}" / "model.pt", model)
    one = load_model(tmp_path / "fold-00" / "model.pt")
    np.testing.assert_array_equal(one.predict(walk).cycles, fitted.predict(walk).cycles)
    both = load_model(tmp_path)
    assert isinstance(both, Ensemble)
    assert (both.layout.joints, both.emotions) == (fitted.layout.joints, fitted.emotions)
    mean = (fitted.predict(walk).cycles + other.predict(walk).cycles) / 2
    np.testing.assert_allclose(both.predict(walk).cycles, mean, rtol=1e-12)
    assert repr(both) == "Ensemble(2 models; neutral, sad on emotion_gait16, 16 joints)"


def test_all_that_a_model_knows_is_read_back(fitted, tmp_path):
    strides = Strides(np.full((64, 16, 3), 0.5, np.float32), np.float32(1.25))
    save_model(tmp_path / "model.pt", replace(fitted, average_baseline=strides))
    again = load_model(tmp_path / "model.pt")
    np.testing.assert_array_equal(again.average_baseline.positions, strides.positions)
    assert again.average_baseline.stride_time_s == 1.25
    assert len(again.mean_activations) == 2
    for before, after in zip(fitted.mean_activations, again.mean_activations, strict=True):
        assert before.equal(after)


def test_the_mean_activations_are_the_reference_of_the_maps(fitted, data, split):
    train, judged = data.batch(split.train), data.batch(split.test)
    how = {"method": "gradcam_reference", "block": 1, "target": 0}
    by_cycles = explain_cycles(fitted.network, judged, data.layout, reference=train, **how)
    by_model = explain_cycles(fitted.network, judged, data.layout, reference=fitted.mean_activations[1], **how)
    np.testing.assert_array_equal(by_cycles, by_model)


def test_walks_that_do_not_fit_are_refused(fitted, walk, toy_layout):
    clip = Clip(np.zeros((2, 3, 3), np.float32), 60.0, toy_layout, source="toy.bvh")
    with pytest.raises(InputError, match=r"^toy\.bvh: expected a walk on the model's layout .* \(got toy, 3 joints\)"):
        fitted.predict(Walk(clip, walk.cycles))
    with pytest.raises(InputError, match=r"^walk\.bvh: expected no other walks, .* \(got 1\)"):
        fitted.predict(walk, others=[walk])
    beside = replace(fitted, average_baseline=Strides(walk.strides.positions[0], walk.strides.stride_time_s[0]))
    with pytest.raises(InputError, match=r"^walk\.bvh: expected other walks of the same subject .* \(got none\)"):
        beside.predict(walk)


def test_walks_are_judged_beside_others(fitted, walk):
    """A walk that equals its baseline is judged as the average baseline is."""
    one = replace(walk, cycles=walk.cycles[:1])
    average = Strides(walk.strides.positions[1], walk.strides.stride_time_s[1])
    found = replace(fitted, average_baseline=average).predict(one, others=[one])
    np.testing.assert_allclose(found.cycles, fitted.predict(walk).cycles[1:2], rtol=1e-5)


def test_a_loader_of_pyg_gives_batches_that_the_network_takes(fitted, data, split):
    loader = DataLoader(data[split.test], batch_size=3)
    found = torch.cat([fitted.network(batch).emotion_logits for batch in loader])
    dense = data.batch(split.test)
    torch.testing.assert_close(found, fitted.network(dense.positions, dense.stride_time_s).emotion_logits)


def test_an_augmentation_can_be_given(data, split):
    """Training without augmentation is another training."""
    weights = []
    for noise in (0.0, 0.1):
        network = DisentangledSTGCN.for_data(data, split, **SIZES)
        augmentation = Augmentation(data.layout, noise_heights=noise)
        Trainer(TrainConfig(epochs=1)).fit(network, data, split, augmentation=augmentation)
        weights.append(network.emotion_head.weight)
    assert not weights[0].equal(weights[1])
