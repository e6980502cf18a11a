"""Pieces of the evidence on privacy, among them its truth on synthetic walkers whose factors are known."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.subject_baseline import OTHER_TAKES, with_baselines
from stgcn_affect.evaluation.inputs import baseline_input
from stgcn_affect.evaluation.seen_subjects import seen_subjects_block
from stgcn_affect.jobs import privacy_tasks
from stgcn_affect.jobs.attack_record import attack_from_json
from stgcn_affect.jobs.evidence import privacy_block
from stgcn_affect.jobs.privacy_tasks import curve_task, decoded, emotion_of_release, method_task, released, swapped
from stgcn_affect.jobs.train_fold import fit_model
from stgcn_affect.training.predict import encode

RELEASES = ["raw", "retargeted", "bone_ratios", "hand_made", "z_identity", "z_emotion", "logits", "probabilities"]
CHANCE, THREE_SD = 1 / 7, 3 * np.sqrt(1 / 7 * 6 / 7 / 28)  # 7 seen subjects, attacked in 4 emotions each


@pytest.fixture(autouse=True)
def _quick_attackers(monkeypatch):
    kept = ("logistic_regression", "nearest_neighbour", "svm")
    monkeypatch.setattr(privacy_tasks, "ATTACKERS", {name: privacy_tasks.ATTACKERS[name] for name in kept})


@pytest.fixture
def opened(monkeypatch):
    """Tasks get these cycles, whatever the cache."""

    def use(cycles):
        monkeypatch.setattr(privacy_tasks, "open_run_cycles", lambda config, cache: cycles)
        return cycles

    return use


@pytest.fixture
def few(opened, synthetic_cycles):
    """Six subjects in three emotions."""
    return opened(synthetic_cycles(walkers=6, takes=1, emotions=("happy", "neutral", "sad")))


@pytest.fixture
def trained(few, small, halves):
    """A model of six subjects' first fold, and its data."""
    data = fold_data(few, halves(few)[0], hold_out_take=True, seed=0)
    return fit_model(small(), data, seed=0), data


def test_everything_released_has_its_name_and_a_row_a_cycle(trained, few):
    model, data = trained
    releases = released(model, data)
    assert list(releases) == [*RELEASES, "decoded", "relevance_maps"]
    for rows in releases.values():
        assert rows.shape[0] == len(few)
        assert np.isfinite(rows).all()
    assert releases["z_emotion"].shape[1] == 8
    np.testing.assert_allclose(releases["probabilities"].sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(releases["logits"].mean(axis=1), 0.0, atol=1e-5)
    gaps = np.log(releases["probabilities"]) - releases["logits"]
    np.testing.assert_allclose(gaps, gaps[:, :1].repeat(3, axis=1), atol=1e-4)


def test_of_calibrated_walks_the_baseline_and_what_is_left_are_attacked_beside_the_recording(few, small, halves):
    split = halves(few)[0]
    compared = with_baselines(few, of=OTHER_TAKES)
    data = fold_data(compared, split, hold_out_take=True, seed=0)
    releases = released(fit_model(small(), data, seed=0), data)
    assert list(releases) == [
        *RELEASES[:4],
        "subject_baseline",
        "relative_to_baseline",
        *RELEASES[4:],
        "decoded",
        "relevance_maps",
    ]
    for release, cycles in (
        ("raw", few),
        ("subject_baseline", compared.baseline),
        ("relative_to_baseline", data.cycles),
    ):
        np.testing.assert_array_equal(releases[release], baseline_input("raw", cycles, split.train))
    np.testing.assert_array_equal(releases["bone_ratios"], baseline_input("bone_ratios", few, split.train))
    latent = encode(fit_model(small(), data, seed=0).network, data.dataset.tensors(), few.layout).z_emotion
    np.testing.assert_array_equal(releases["z_emotion"], latent)
    assert np.abs(releases["relative_to_baseline"] - releases["raw"]).max() > 0.01


def test_what_is_decoded_is_laid_out_like_raw_cycles(trained, few):
    model, data = trained
    latents = np.zeros((len(few), 8)), np.zeros((len(few), 8))
    rows = decoded(model, *latents)
    assert rows.shape == baseline_input("raw", few, data.split.train).shape
    with torch.no_grad():
        whole = model.network.decode(*(torch.zeros(1, 8) for _ in range(2)))
    np.testing.assert_allclose(rows[0, :-1], whole.positions[0, ::4].flatten().numpy(), atol=1e-5)
    np.testing.assert_allclose(rows[0, -1], np.log(whole.stride_time_s.numpy()[0]), rtol=1e-5)


def test_decoded_walks_have_everybodys_average_body(trained, few):
    model, data = trained
    releases = released(model, data)
    average = releases["z_identity"][data.split.train].mean(axis=0, keepdims=True).repeat(len(few), axis=0)
    np.testing.assert_array_equal(releases["decoded"], decoded(model, releases["z_emotion"], average))


def test_a_static_attacker_knows_raw_cycles_and_meets_decoded_ones(few, small, halves, tmp_path, monkeypatch):
    split = halves(few)[0]
    raw = baseline_input("raw", few, split.train)
    monkeypatch.setattr(privacy_tasks, "decoded", lambda model, z_emotion, z_identity: raw[: len(z_emotion)])
    found = method_task(small(), tmp_path, split, seed=0)
    assert found["static"]["said"]["decoded"] == found["known"]["said"]["raw"]
    assert found["static"]["inner"] == dict.fromkeys(("decoded", "retargeted"), found["known"]["inner"]["raw"])
    monkeypatch.setattr(privacy_tasks, "decoded", lambda model, z_emotion, z_identity: raw[::-1][: len(z_emotion)])
    found = method_task(small(), tmp_path, split, seed=0)
    assert found["static"]["said"]["decoded"] != found["known"]["said"]["raw"]


def test_what_static_attackers_meet_is_laid_out_like_what_they_know(trained, few):
    """On subjects who all have one skeleton, retargeting changes nothing: column by column it is the raw cycle."""
    model, data = trained
    alone = few.select(np.flatnonzero(few.subject == few.subject[0]))
    split = SimpleNamespace(train=np.arange(len(alone)))
    releases = released(model, replace(data, cycles=alone, recorded=alone, dataset=GaitDataset(alone), split=split))
    np.testing.assert_allclose(releases["retargeted"], releases["raw"], atol=0.03)
    assert releases["decoded"].shape == releases["raw"].shape


def test_the_emotion_of_a_release_is_read_by_one_who_never_met_the_subject(few, halves):
    split = halves(few)[0]
    codes = np.unique(few.emotion, return_inverse=True)[1]
    told = np.eye(3)[codes]
    assert emotion_of_release(told, few, split) == 1.0
    only_known = told.copy()
    only_known[split.test] = 0.0
    assert emotion_of_release(only_known, few, split) == pytest.approx(1 / 3)


def test_swaps_ask_for_another_emotion_on_another_body(trained, few, monkeypatch):
    model, data = trained
    known = data.attackable
    asked = {}

    def judged(real, emotion, subject, walks, asked_emotion, asked_subject):
        asked.update(emotion=asked_emotion, subject=asked_subject, walks=len(walks))
        return real_judge(real, emotion, subject, walks, asked_emotion, asked_subject)

    real_judge = privacy_tasks.swap_test
    monkeypatch.setattr(privacy_tasks, "swap_test", judged)
    found = swapped(model, data, released(model, data))
    assert asked["walks"] == len(known)
    assert (asked["emotion"] == few.emotion[known]).all()
    assert (asked["subject"] != few.subject[known]).all()
    assert found["lender"] == few.subject[known].tolist()
    assert found["body"] == asked["subject"].tolist()
    assert len(found["emotion"]) == len(found["subject"]) == len(known)


def test_a_privacy_fold_is_json_and_says_the_same_again(few, small, halves, tmp_path):
    split = halves(few)[0]
    found = method_task(small(), tmp_path, split, seed=0)
    assert set(found) == {"known", "static", "unseen", "emotion", "disentanglement", "swap"}
    assert found["disentanglement"]["swap_emotion_chance"] == pytest.approx(1 / 3)
    assert found["disentanglement"]["swap_walker_chance"] == 1 / len(set(found["known"]["subjects"]))
    assert json.loads(json.dumps(found)) == found
    assert list(found["known"]["said"]) == [*RELEASES, "decoded", "relevance_maps"]
    for way in ("emotions", "one_take"):
        assert list(found["unseen"][way]["pairs"]) == [*RELEASES, "decoded", "relevance_maps"]
    assert set(found["known"]["subjects"]) == set(few.subject[split.train])  # no validation subject among the known
    for rounds in [*found["unseen"]["emotions"]["pairs"].values(), *found["unseen"]["one_take"]["pairs"].values()]:
        for pairs in rounds:
            assert set(pairs["gallery"]) == set(few.subject[split.test])
    assert found["known"]["chance"] == 1 / len(np.unique(few.subject[split.train]))
    assert method_task(small(), tmp_path, split, seed=0) == found


def test_takes_that_the_encoder_never_saw_are_attacked_in_emotions_that_attackers_know(
    opened, synthetic_cycles, small, halves
):
    cycles = opened(synthetic_cycles(walkers=6, takes=2, emotions=("happy", "sad")))
    split = halves(cycles)[0]
    found = method_task(small(), None, split, seed=0)
    attacked = found["held_out_takes"]
    assert list(attacked["said"]) == [*RELEASES, "decoded", "relevance_maps"]
    known = fold_data(cycles, split, hold_out_take=True, seed=0).attackable
    cells = len({(cycles.subject[i], cycles.emotion[i]) for i in known})
    assert len(attacked["subjects"]) == cells * (len(known) // cells // 2)  # a half of each subject's cycles
    assert np.mean(np.array(attacked["said"]["raw"]["svm"]) == np.array(attacked["subjects"])) > 0.9
    without = method_task(small("protocol.hold_out_take=false"), None, split, seed=0)
    assert "held_out_takes" not in without
    block = privacy_block([found], permutations=9, seed=0)["seen_subjects"]
    assert block["held_out_takes"]["raw"]["accuracy"] > 0.9
    assert "held_out_takes" not in privacy_block([without], permutations=9, seed=0)["seen_subjects"]


def test_a_planted_attribute_is_found_where_it_stands_and_nowhere_else(
    opened, synthetic_cycles, small, halves, monkeypatch
):
    """Subjects who differ in nothing; half of them wear a code, which only one of the released things shows."""
    alike = synthetic_cycles(walkers=16, takes=1, identity_factors=())
    names = np.unique(alike.subject)
    wearers = np.random.default_rng(0).permutation(names)[:8]
    worn = np.isin(alike.subject, wearers)
    said = {
        source: {"gender": "f" if worn[i] else "m", "perceived_emotion": "sad"} for i, source in enumerate(alike.source)
    }
    cycles = opened(replace(alike, attributes=said))

    def wearing(network, batch, layout):
        found = encode(network, batch, layout)
        return found._replace(z_emotion=found.z_emotion + 5.0 * found.z_emotion.std() * worn[:, None])

    encode = privacy_tasks.encode
    monkeypatch.setattr(privacy_tasks, "encode", wearing)
    folds = [method_task(small(), None, split, seed=0) for split in halves(cycles)]
    attributes = privacy_block(json.loads(json.dumps(folds)), permutations=9, seed=0)["attributes"]
    assert set(attributes) == {"gender"}  # what others perceive is no attribute of the subject
    block = attributes["gender"]
    assert (block["chance"], block["values"], block["models"]) == (0.5, {"f": 8, "m": 8}, 2)
    assert block["z_emotion"]["accuracy"] > 0.9
    assert block["z_emotion"]["ci95"][0] > 0.8
    for release in ("raw", "bone_ratios", "hand_made", "probabilities"):
        lower, upper = block[release]["ci95"]
        assert lower <= 0.5 <= upper
    assert "attributes" not in method_task(small(), None, halves(opened(alike))[0], seed=0)


POINTS = {"reversal": ((0.5,), ["reversal-0.5"]), "plain": ((0.0, 1.0), ["plain", "noise-0", "noise-1"])}
POINTS |= {"leace": ((), ["leace"])}


@pytest.mark.parametrize("name", POINTS)
def test_points_of_the_curve_are_json(name, few, small, halves, tmp_path):
    if name == "leace":
        pytest.importorskip("concept_erasure")
    strengths, titles = POINTS[name]
    found = curve_task(small(), tmp_path, halves(few)[0], name=name, strengths=strengths, seed=0)
    assert json.loads(json.dumps(found)) == found
    assert list(found) == titles
    for point in found.values():
        assert list(point["known"]["said"]) == ["released"]
        assert 0 <= point["emotion"] <= 1


def test_each_way_of_hiding_does_what_it_says(few, small, halves, tmp_path, monkeypatch):
    pytest.importorskip("concept_erasure")
    latents, settings = [], {}

    def watched(releases, *rest, **more):
        latents.append(releases["released"])
        return real_attack(releases, *rest, **more)

    def fitted(config, data, *, seed):
        settings[name] = config
        return fit_model(config, data, seed=seed)

    real_attack = privacy_tasks.attack_seen_subjects
    monkeypatch.setattr(privacy_tasks, "attack_seen_subjects", watched)
    monkeypatch.setattr(privacy_tasks, "fit_model", fitted)
    split = halves(few)[0]
    for name, (strengths, _) in POINTS.items():
        curve_task(small(), tmp_path, split, name=name, strengths=strengths, seed=0)
    assert settings["reversal"].train.reversal == 0.5
    assert settings["reversal"].loss == small().loss
    assert settings["plain"].loss.adversary_identity == 0.0
    _, plain, without_noise, noisy, erased = latents
    np.testing.assert_array_equal(without_noise, plain)
    assert (noisy != plain).all()
    assert erased.shape[1] == privacy_tasks.WIDE
    subjects = few.subject[split.train]
    reader = LogisticRegression(max_iter=2000).fit(erased, subjects)
    np.testing.assert_allclose(reader.predict_proba(erased), 1 / len(np.unique(subjects)), atol=0.02)  # at chance


def judged_on(cycles, opened, small, halves):
    """The block of a privacy fold with 7 known and 8 unseen subjects."""
    return privacy_block([method_task(small(), None, halves(opened(cycles))[0], seed=0)], permutations=99, seed=0)


def test_synthetic_walkers_are_found_by_what_makes_them_who_they_are(opened, synthetic_cycles, small, halves):
    block = judged_on(synthetic_cycles(walkers=16, takes=1), opened, small, halves)
    known, unseen = block["seen_subjects"], block["unseen_subjects"]
    assert known["chance"] == pytest.approx(CHANCE)
    assert unseen["chance"] == 1 / 8
    for release in ("raw", "bone_ratios", "z_identity"):
        assert known[release]["accuracy"] > 0.9
        assert unseen[release]["auc"] > 0.9
    assert "holds: positive control" in block["verdict"]["reasons"][3]


class TestWithoutIdentityFactors:
    """Subjects who differ in nothing, and a latent that tells them apart all the same."""

    @pytest.fixture
    def alike(self, synthetic_cycles):
        return synthetic_cycles(walkers=16, takes=1, identity_factors=())

    def test_attackers_are_near_chance(self, alike, opened, small, halves):
        block = judged_on(alike, opened, small, halves)
        for release in (*RELEASES, "decoded", "relevance_maps"):
            assert block["seen_subjects"][release]["accuracy"] < CHANCE + THREE_SD
            assert abs(block["unseen_subjects"][release]["auc"] - 0.5) < 0.2
        assert block["seen_subjects"]["p"] > 0.05
        assert block["verdict"]["hidden"] is False  # an attack that finds nobody in raw cycles proves nothing
        assert [reason.split(":")[0] for reason in block["verdict"]["reasons"]][3] == "fails"

    def test_a_subjects_code_in_the_latent_is_caught(self, alike, opened, small, halves, monkeypatch):
        faces = 3.0 * np.random.default_rng(0).normal(size=(16, 8)).astype(np.float32)

        def leaking(network, cycles, layout):
            said = encode(network, cycles, layout)
            spread = said.z_emotion.std(axis=0)
            return said._replace(z_emotion=said.z_emotion + spread * faces[cycles.subject.numpy()])

        encode = privacy_tasks.encode
        monkeypatch.setattr(privacy_tasks, "encode", leaking)
        block = judged_on(alike, opened, small, halves)
        known, unseen = block["seen_subjects"], block["unseen_subjects"]
        assert known["z_emotion"]["accuracy"] > 0.9
        assert unseen["z_emotion"]["auc"] > 0.9
        assert unseen["z_emotion"]["rank1"] > 0.8
        assert known["probabilities"]["accuracy"] < CHANCE + THREE_SD
        assert known["z_emotion_minus_probabilities"]["ci95"][0] > 0.3
        assert known["p"] == 0.01
        assert block["verdict"]["hidden"] is False
        assert [reason.split(":")[0] for reason in block["verdict"]["reasons"]][:3] == ["fails"] * 3


def test_without_emotion_factors_subjects_are_found_still(opened, synthetic_cycles, small, halves):
    cycles = opened(synthetic_cycles(walkers=16, takes=1, emotion_factors=()))
    found = curve_task(small(), None, halves(cycles)[0], name="plain", strengths=(), seed=0)["plain"]
    assert seen_subjects_block([attack_from_json(found["known"])])["released"]["accuracy"] > 0.5
    assert abs(found["emotion"] - 0.25) < 3 * np.sqrt(0.25 * 0.75 / 32)


def test_released_maps_are_of_the_emotion_that_the_model_says(few, small, halves):
    """At the encoder's samples, for every cycle; another emotion gives another map."""
    data = fold_data(few, halves(few)[0], hold_out_take=True, seed=0)
    model = fit_model(small(), data, seed=0)
    said = np.zeros(len(few), np.int64)
    maps, others = (privacy_tasks.relevance_maps(model, data, codes) for codes in (said, said + 1))
    samples, joints = model.network.emotion_channels.samples, few.layout.num_joints
    assert maps.shape == (len(few), samples * joints)
    assert np.isfinite(maps).all()
    assert (np.abs(maps - others).max(axis=1) > 1e-6).all()
