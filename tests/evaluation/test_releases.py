from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import torch

from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.subject_baseline import OTHER_TAKES, with_baselines
from stgcn_affect.evaluation.inputs import baseline_input
from stgcn_affect.evaluation.releases import decoded, released, released_maps, relevance_maps
from stgcn_affect.jobs.train_fold import fit_model
from stgcn_affect.training.predict import encode

RELEASES = ["raw", "retargeted", "bone_ratios", "hand_made", "z_identity", "z_emotion", "logits", "probabilities"]


def test_everything_released_has_its_name_and_a_row_a_cycle(trained_model):
    model, data = trained_model
    few = data.recorded
    releases = released(model, data)
    assert list(releases) == [*RELEASES, "decoded", "relevance_maps", "released_maps"]
    for rows in releases.values():
        assert rows.shape[0] == len(few)
        assert np.isfinite(rows).all()
    assert releases["z_emotion"].shape[1] == 8
    np.testing.assert_allclose(releases["probabilities"].sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(releases["logits"].mean(axis=1), 0.0, atol=1e-5)
    gaps = np.log(releases["probabilities"]) - releases["logits"]
    np.testing.assert_allclose(gaps, gaps[:, :1].repeat(3, axis=1), atol=1e-4)


def test_subject_baselines_and_relative_cycles_are_released_beside_the_recording(trained_model, small, halves):
    few = trained_model[1].recorded
    split = halves(few)[0]
    compared = with_baselines(few, of=OTHER_TAKES)
    data = fold_data(compared, split, hold_out_take=True, seed=0)
    model = fit_model(small(), data, seed=0)
    releases = released(model, data)
    assert list(releases) == [
        *RELEASES[:4],
        "subject_baseline",
        "relative_to_baseline",
        *RELEASES[4:],
        "decoded",
        "relevance_maps",
        "released_maps",
    ]
    for release, cycles in (
        ("raw", few),
        ("subject_baseline", compared.baseline),
        ("relative_to_baseline", data.cycles),
    ):
        np.testing.assert_array_equal(releases[release], baseline_input("raw", cycles, split.train))
    np.testing.assert_array_equal(releases["bone_ratios"], baseline_input("bone_ratios", few, split.train))
    latent = encode(model.network, data.dataset.tensors(), few.layout).z_emotion
    np.testing.assert_array_equal(releases["z_emotion"], latent)
    assert np.abs(releases["relative_to_baseline"] - releases["raw"]).max() > 0.01


def test_what_is_decoded_is_laid_out_like_raw_cycles(trained_model):
    model, data = trained_model
    few = data.recorded
    latents = np.zeros((len(few), 8)), np.zeros((len(few), 8))
    rows = decoded(model, *latents)
    assert rows.shape == baseline_input("raw", few, data.split.train).shape
    with torch.no_grad():
        whole = model.network.decode(*(torch.zeros(1, 8) for _ in range(2)))
    np.testing.assert_allclose(rows[0, :-1], whole.positions[0, ::4].flatten().numpy(), atol=1e-5)
    np.testing.assert_allclose(rows[0, -1], np.log(whole.stride_time_s.numpy()[0]), rtol=1e-5)


def test_decoded_walks_have_everybodys_average_body(trained_model):
    model, data = trained_model
    few = data.recorded
    releases = released(model, data)
    average = releases["z_identity"][data.split.train].mean(axis=0, keepdims=True).repeat(len(few), axis=0)
    np.testing.assert_array_equal(releases["decoded"], decoded(model, releases["z_emotion"], average))


def test_what_static_attackers_attack_is_laid_out_like_what_they_learn(trained_model):
    """On subjects who all have one skeleton, retargeting changes nothing: column by column it is the raw cycle."""
    model, data = trained_model
    few = data.recorded
    alone = few.select(np.flatnonzero(few.subject == few.subject[0]))
    split = SimpleNamespace(train=np.arange(len(alone)))
    releases = released(model, replace(data, cycles=alone, recorded=alone, dataset=GaitDataset(alone), split=split))
    np.testing.assert_allclose(releases["retargeted"], releases["raw"], atol=0.03)
    assert releases["decoded"].shape == releases["raw"].shape


def test_released_maps_are_of_the_predicted_emotion(trained_model):
    """At the encoder's samples, for every cycle; another emotion gives another map."""
    model, data = trained_model
    few = data.recorded
    predicted = np.zeros(len(few), np.int64)
    maps, others = (relevance_maps(model, data, codes) for codes in (predicted, predicted + 1))
    samples, joints = model.network.emotion_channels.samples, few.layout.num_joints
    assert maps.shape == (len(few), samples * joints)
    assert np.isfinite(maps).all()
    assert (np.abs(maps - others).max(axis=1) > 1e-6).all()


def test_a_released_map_is_the_mean_of_training_subjects_and_depends_on_the_emotion_alone(trained_model):
    model, data = trained_model
    train, test, names = data.split.train, data.split.test, data.cycles.subject
    predicted = np.arange(len(names)) % 2
    maps = relevance_maps(model, data, predicted)
    shown = released_maps(maps, data, predicted)
    assert shown.shape == maps.shape
    for code in (0, 1):
        rows = shown[predicted == code]
        np.testing.assert_array_equal(rows, rows[:1].repeat(len(rows), axis=0))
    changed = maps.copy()
    changed[test] += 1.0  # what unseen subjects' maps say is neither fitted nor shown
    np.testing.assert_array_equal(released_maps(changed, data, predicted), shown)
    mine = {subject: maps[train][(predicted[train] == 0) & (names[train] == subject)] for subject in names[train]}
    by_subject = [one.mean(axis=0, dtype=float) for one in mine.values() if len(one)]
    np.testing.assert_allclose(shown[predicted == 0][0], np.mean(by_subject, axis=0), atol=1e-6)
