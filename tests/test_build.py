from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from stgcn_affect import build
from stgcn_affect.config import load_config
from stgcn_affect.errors import InputError
from stgcn_affect.settings import AugmentConfig, Config, LossConfig, NetworkConfig
from stgcn_affect.training import losses

OTHER_SIZES = {
    "samples": 9,
    "harmonics": 2,
    "retarget": False,
    "stride_time": False,
    "phase_readout": True,
    "width": 5,
    "blocks": 1,
    "kernel": 5,
    "dropout": 0.4,
    "emotion_dim": 3,
    "identity_dim": 6,
    "decoder_width": 7,
    "decoder_harmonics": 4,
}


def test_every_size_reaches_the_network(toy_layout):
    assert set(OTHER_SIZES) == {field.name for field in fields(NetworkConfig)}
    config = load_config(None, [f"network.{key}={value}" for key, value in OTHER_SIZES.items()])
    sizes = build.network_sizes(config, cycle_samples=32)
    assert sizes == OTHER_SIZES | {"cycle_samples": 32}
    network = build.network(sizes, toy_layout, ["angry", "sad"], ["ana", "ben", "eva"])
    out = network.eval()(torch.randn(2, 32, 3, 3), torch.ones(2))
    assert [value.shape[1] for value in out] == [3, 6, 2, 3, 3, 2]
    assert network.emotion_channels.retarget is None
    assert (network.emotion_channels.stride_time, network.identity_channels.stride_time) == (False, True)
    assert network.emotion_channels.samples == 9
    block = network.emotion_encoder.blocks[0]
    assert (len(network.emotion_encoder.blocks), block.dropout.p, block.temporal.kernel_size) == (1, 0.4, (5, 1))
    assert (block.spatial.linear.out_features, network.decoder.to_coefficients.in_features) == (5, 7)
    assert network.decode(out.z_emotion, out.z_identity).positions.shape == (2, 32, 3, 3)
    assert (network.decoder.harmonics, network.decoder.graph_conv.importance.shape) == (4, (7,))


def test_every_change_reaches_the_augmentation(toy_layout):
    values = {field.name: 0.25 + 0.125 * i for i, field in enumerate(fields(AugmentConfig))}
    config = load_config(None, [f"augment.{key}={value}" for key, value in values.items()])
    made = build.augmentation(config, toy_layout)
    assert {key: getattr(made, key) for key in values} == values
    assert made.layout is toy_layout


def test_a_share_above_one_is_an_input_error(toy_layout):
    with pytest.raises(InputError, match=r"mirror_probability: expected a number from 0 to 1 \(got 2.0\)"):
        build.augmentation(load_config(None, ["augment.mirror_probability=2"]), toy_layout)


def test_every_setting_of_the_training_reaches_it():
    config = load_config(None, ["train.epochs=7", "train.reversal=0.75", "loss.within_class_variance=0.375"])
    made = build.fit_settings(config, seed=5)
    assert (made.seed, made.epochs, made.reversal, made.weights["within_class_variance"]) == (5, 7, 0.75, 0.375)
    for field in fields(made):
        if field.name not in ("seed", "weights"):
            assert getattr(made, field.name) == getattr(config.train, field.name), field.name


def test_every_term_of_the_loss_has_a_weight_and_the_other_way_round():
    assert tuple(field.name for field in fields(LossConfig)) == losses.TERMS
    assert tuple(build.fit_settings(Config(), seed=0).weights) == losses.TERMS


def cycles(subjects):
    """Two emotions in two takes for every subject: what splits look at of a store."""
    subject, emotion, take = np.indices((subjects, 2, 2)).reshape(3, -1)
    return SimpleNamespace(
        subject=np.array([f"subject {s:02d}" for s in subject]),
        emotion=np.array(["angry", "sad"])[emotion],
        take=take.astype(str),
    )


def parts(split, data):
    return [set(data.subject[index]) for index in (split.train, split.validation, split.test)]


@pytest.mark.parametrize(
    ("overrides", "count", "sizes"),
    [
        (["protocol.kind=fixed", "protocol.test_subjects=3"], 1, [(5, 2, 3)]),
        (["protocol.kind=grouped", "protocol.folds=5"], 5, [(6, 2, 2)]),
        (["protocol.kind=loso"], 10, [(7, 2, 1)]),
    ],
    ids=["fixed", "grouped", "loso"],
)
def test_the_protocol_decides_the_splits(overrides, count, sizes):
    data = cycles(10)
    found = build.splits(load_config(None, ["protocol.validation_subjects=2", *overrides]), data)
    assert len(found) == count
    assert {tuple(len(part) for part in parts(split, data)) for split in found} == set(sizes)
    if count > 1:
        tested = np.concatenate([split.test for split in found])
        np.testing.assert_array_equal(np.sort(tested), np.arange(len(data.subject)))


@pytest.mark.parametrize("kind", ["fixed", "grouped", "loso"])
def test_the_seed_decides_who_is_where(kind):
    data = cycles(12)
    first = [
        parts(build.splits(load_config(None, [f"protocol.kind={kind}", f"seed={seed}"]), data)[0], data)
        for seed in (1, 1, 2)
    ]
    assert first[0] == first[1] != first[2]


@pytest.mark.parametrize("kind", ["fixed", "grouped", "loso"])
def test_too_few_subjects_are_an_input_error(kind):
    with pytest.raises(InputError, match=r"too few subjects .*\(got 2\)"):
        build.splits(load_config(None, [f"protocol.kind={kind}", "protocol.folds=2"]), cycles(2))
