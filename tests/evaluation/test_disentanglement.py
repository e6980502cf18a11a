import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.evaluation import disentanglement
from stgcn_affect.evaluation.disentanglement import (
    SwapFold,
    disentanglement_block,
    entropy_nats,
    linear_cka,
    probe,
    probe_latents,
    swap_block,
    swap_latents,
    swap_test,
)
from stgcn_affect.evaluation.releases import released


@pytest.mark.parametrize(
    ("codes", "nats"),
    [
        ([0, 1], np.log(2)),
        ([3, 3, 3], 0.0),
        ([0, 0, 0, 2], 0.25 * np.log(4) + 0.75 * np.log(4 / 3)),
        ([0, 1, 2, 3] * 5, np.log(4)),
    ],
)
def test_entropy_by_hand(codes, nats):
    assert entropy_nats(np.array(codes)) == pytest.approx(nats)


def test_a_perfect_probe_has_all_the_information_there_is():
    codes = np.arange(4000) % 4
    latent = np.eye(4)[codes]
    found = probe(latent, codes, latent[:400], codes[:400])
    assert found.balanced_accuracy == 1.0
    assert found.information_nats == pytest.approx(np.log(4), abs=0.02)
    assert found.information_nats <= np.log(4)


def test_a_probe_of_noise_has_none_and_none_is_not_less():
    rng = np.random.default_rng(0)
    codes = np.arange(400) % 4
    latent = rng.normal(size=(400, 3))
    found = probe(latent[:100], codes[:100], latent[100:], codes[100:])
    assert found.information_nats == 0.0  # a fitted probe does worse than the frequencies
    assert found.balanced_accuracy == pytest.approx(0.25, abs=0.08)  # three standard deviations of 300 guesses


def test_one_confident_mistake_does_not_make_the_bound_infinite():
    codes = np.array([0, 1] * 2000)
    latent = codes[:, None] * 1000.0
    test = np.array([0, 1] * 50)
    wrong = latent[:100].copy()
    wrong[0] = 1e9
    found = probe(latent, codes, wrong, test)
    assert found.information_nats == pytest.approx(np.log(2) + np.log(1e-6) / 100, abs=0.02)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_bound_is_never_above_the_entropy(seed):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, size=60)
    codes[:3] = [0, 1, 2]
    latent = np.eye(3)[codes] + rng.normal(size=(60, 3)) * rng.random()
    found = probe(latent[:40], codes[:40], latent[20:], codes[20:])
    assert 0.0 <= found.information_nats <= entropy_nats(codes[20:])


def test_turned_and_scaled_copies_are_the_same_latent():
    rng = np.random.default_rng(0)
    latent = rng.normal(size=(50, 3))
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    assert linear_cka(latent, 7.0 * latent @ turn + 5.0) == pytest.approx(1.0)
    wider = np.concatenate([latent, np.zeros((50, 2))], axis=1)
    assert linear_cka(latent, wider) == pytest.approx(1.0)


def test_unrelated_latents_have_no_likeness():
    first, second = np.array([[1.0], [1.0], [-1.0], [-1.0]]), np.array([[1.0], [-1.0], [1.0], [-1.0]])
    assert linear_cka(first, second) == pytest.approx(0.0)
    assert linear_cka(first, np.ones((4, 2))) == 0.0  # a latent that says nothing


def test_likeness_by_hand():
    first = np.array([[1.0], [-1.0], [0.0]])
    second = np.array([[1.0], [0.0], [-1.0]])
    assert linear_cka(first, second) == pytest.approx(1 / 4)  # the square of their correlation of one half


def test_judges_of_real_cycles_say_what_was_decoded_and_of_whom():
    emotion, subject = (column.ravel() for column in np.meshgrid(["happy", "sad"], ["ana", "ben", "eva"]))
    emotion, subject = np.tile(emotion, 4), np.tile(subject, 4)

    def features(emotions, subjects):
        says = [np.array([emotions == name for name in ("happy", "sad")], float).T]
        says += [np.array([subjects == name for name in ("ana", "ben", "eva")], float).T]
        return np.concatenate(says, axis=1)

    asked_emotion, asked_subject = np.array(["sad", "happy", "sad"]), np.array(["ana", "ana", "eva"])
    decoded = features(asked_emotion, np.array(["ana", "ben", "eva"]))  # the second one looks like ben
    found = swap_test(features(emotion, subject), emotion, subject, decoded, asked_emotion, asked_subject)
    assert found.emotion.tolist() == [True, True, True]
    assert found.subject.tolist() == [True, False, True]


def test_swaps_count_by_model_with_limits_over_those_who_lend():
    hits = [np.array([True, True]), np.array([True, False, False, False])]
    found = swap_block(hits, [np.array(["ana", "ana"]), np.array(["ana", "ben", "ben", "ben"])], seed=0)
    assert found["score"] == pytest.approx((1.0 + 0.25) / 2)
    assert found["ci95"] == [0.0, 1.0]  # ben alone is never named, ana always


def test_the_block_is_the_mean_over_models(probed, swap):
    found = disentanglement_block([probed(1.0), probed(0.0)], [swap, swap], seed=0)
    assert (found["cka"], found["swap_emotion"], found["swap_walker"]) == (0.5, 0.75, 1.0)
    assert found["swap_walker_ci95"] == [1.0, 1.0]
    lower, upper = found["swap_emotion_ci95"]
    assert lower < 0.75 < upper


def test_a_swap_test_comes_back_from_json(swap):
    again = SwapFold.from_dict(json.loads(json.dumps(swap.to_dict())))
    assert again.to_dict() == swap.to_dict()
    assert disentanglement_block([{}], [again], seed=0) == disentanglement_block([{}], [swap], seed=0)


def test_swaps_ask_for_another_emotion_on_another_body(trained_model, monkeypatch):
    model, data = trained_model
    cycles, index = data.cycles, data.attackable
    asked = {}

    def recognised(real, emotion, subject, walks, asked_emotion, asked_subject):
        asked.update(emotion=asked_emotion, subject=asked_subject, walks=len(walks))
        return swap_test(real, emotion, subject, walks, asked_emotion, asked_subject)

    monkeypatch.setattr(disentanglement, "swap_test", recognised)
    found = swap_latents(model, data, released(model, data))
    assert asked["walks"] == len(index)
    assert (asked["emotion"] == cycles.emotion[index]).all()
    assert (asked["subject"] != cycles.subject[index]).all()
    assert found.lenders.tolist() == cycles.subject[index].tolist()
    assert found.bodies.tolist() == asked["subject"].tolist()
    assert len(found.recognised.emotion) == len(found.recognised.subject) == len(index)


def test_both_latents_are_probed_for_both(trained_model):
    model, data = trained_model
    found = probe_latents(released(model, data), data)
    for what in ("emotion", "walker"):
        for latent in ("z_emotion", "z_identity"):
            assert 0.0 <= found[f"{what}_from_{latent}"] <= 1.0
            assert 0.0 <= found[f"{what}_nats_from_{latent}"] <= found[f"entropy_{what}_nats"] + 1e-9
    assert found["swap_emotion_chance"] == pytest.approx(1 / 3)
    assert found["swap_walker_chance"] == 1 / len(data.subjects)
