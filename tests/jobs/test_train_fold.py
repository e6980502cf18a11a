from dataclasses import asdict, fields, replace

import numpy as np
import pytest
import torch

from stgcn_affect.config import load_config
from stgcn_affect.data.fold import fold_data
from stgcn_affect.jobs.train_fold import build_model, fit_model, start_training
from stgcn_affect.settings import AugmentConfig, NetworkConfig
from stgcn_affect.training.predict import mean_activations
from stgcn_affect.training.trainer import Trainer

OTHER_SIZES = {
    "samples": 9,
    "harmonics": 2,
    "retarget": False,
    "stride_time": False,
    "phase_readout": True,
    "width": 5,
    "blocks": 1,
    "channels": [],
    "strides": [3],
    "kernel": 5,
    "dropout": 0.4,
    "emotion_dim": 3,
    "identity_dim": 6,
    "decoder_width": 7,
    "decoder_harmonics": 4,
}


@pytest.fixture
def fold(synthetic_cycles, halves):
    """Six synthetic walkers, half of them tested."""
    cycles = synthetic_cycles(walkers=6, takes=2, emotions=("neutral", "sad"))
    return fold_data(cycles, halves(cycles)[0], hold_out_take=True, seed=0)


def test_every_size_reaches_the_network(fold):
    assert set(OTHER_SIZES) == {field.name for field in fields(NetworkConfig)}
    config = load_config(None, [f"network.{key}={value}" for key, value in OTHER_SIZES.items()])
    model = build_model(config, fold, seed=0)
    assert model.sizes == OTHER_SIZES | {"cycle_samples": 64}
    network, joints = model.network, model.layout.num_joints
    out = network.eval()(torch.randn(2, 64, joints, 3), torch.ones(2))
    subjects = len(fold.subjects)
    assert [value.shape[1] for value in out] == [3, 6, 2, subjects, subjects, 2]
    assert network.emotion_channels.retarget is None
    assert (network.emotion_channels.stride_time, network.identity_channels.stride_time) == (False, True)
    assert network.emotion_channels.samples == 9
    block = network.emotion_encoder.blocks[0]
    assert (len(network.emotion_encoder.blocks), block.dropout.p, block.temporal.kernel_size) == (1, 0.4, (5, 1))
    assert (block.temporal.stride, network.emotion_encoder.readout.in_features) == ((3, 1), 5 * 3 * joints)
    assert (block.spatial.linear.out_features, network.decoder.to_coefficients.in_features) == (5, 7)
    assert network.decode(out.z_emotion, out.z_identity).positions.shape == (2, 64, joints, 3)
    assert network.decoder.harmonics == 4


@pytest.mark.tool
def test_the_ten_blocks_of_st_gcn_by_settings_alone(toy_network, toy_cycles, toy_layout):
    config = load_config("st_gcn_ten_blocks")
    network, cycles = toy_network(**asdict(config.network), cycle_samples=64), toy_cycles(samples=64)
    assert toy_layout.num_joints == 3
    for encoder in (network.emotion_encoder, network.identity_encoder):
        sizes = [(block.temporal.out_channels, *block.temporal.stride) for block in encoder.blocks]
        assert [wide for wide, _, _ in sizes] == [64] * 4 + [128] * 3 + [256] * 3
        assert [i for i, (_, stride, _) in enumerate(sizes, start=1) if stride == 2] == [5, 8]
        assert {block.temporal.kernel_size for block in encoder.blocks} == {(9, 1)}
    trainer = Trainer(replace(config.train, epochs=1, batch_size=cycles.size), config.loss, seed=0)
    trainer.start(network, cycles, cycles, augmentation=lambda batch, _: batch)
    before = network.emotion_encoder.blocks[0].temporal.weight.clone()
    (report,) = trainer.epochs()
    assert {"emotion", "transfer"} <= set(report.terms)
    assert not network.emotion_encoder.blocks[0].temporal.weight.equal(before)
    means = mean_activations(network, cycles, toy_layout)
    assert [tuple(one.shape) for one in means[3::3]] == [(64, 64, 3), (128, 32, 3), (256, 16, 3)]


def test_every_setting_of_a_training_reaches_the_trainer(fold, small):
    changes = {field.name: 0.25 + 0.125 * i for i, field in enumerate(fields(AugmentConfig))}
    config = small("loss.within_class_variance=0.375", *(f"augment.{key}={value}" for key, value in changes.items()))
    trainer = start_training(config, fold, build_model(config, fold, seed=3), seed=5)
    assert (trainer.config, trainer.weights, trainer.seed) == (config.train, asdict(config.loss), 5)
    assert {key: getattr(trainer.augmentation, key) for key in changes} == changes
    assert trainer.augmentation.layout is fold.cycles.layout
    assert (trainer.train.size, trainer.validation.size) == (len(fold.fit_index), len(fold.split.validation))


def test_the_seed_decides_the_initial_weights(fold, small):
    first, same, other = (build_model(small(), fold, seed=seed).network.emotion_head.weight for seed in (1, 1, 2))
    assert first.equal(same)
    assert not first.equal(other)


def test_a_fitted_model_names_its_subjects_and_knows_its_confidence(fold, small):
    model = fit_model(small(), fold, seed=0)
    assert model.parts == fold.parts
    assert model.subjects == fold.subjects == tuple(model.parts["train"])
    assert model.temperature is not None
    assert model.temperature >= 1
    assert np.isfinite(model.outlier_threshold)
