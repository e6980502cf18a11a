import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.evaluation.adaptation import adapt_to_subjects, emotion_of_latents, emotions_centre
from stgcn_affect.training.predict import encode

SUBJECTS = np.array(["ana", "ana", "ben", "ben"])


def test_the_centre_of_the_training_subjects_by_hand():
    z = np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 4.0]])
    assert emotions_centre(z, np.array(["happy", "happy", "sad"])).tolist() == [2.5, 2.0]  # not [2, 4/3]


def test_an_offset_of_the_subject_is_taken_out():
    z = np.array([[3.0], [5.0], [-1.0], [1.0]])
    assert adapt_to_subjects(z, SUBJECTS, np.array([0.5])).tolist() == [[-0.5], [1.5]] * 2
    assert z[0] == 3.0  # what came in stays


def test_a_subject_of_one_emotion_is_made_what_it_is_not():
    sad = adapt_to_subjects(np.array([[1.0], [1.5]]), SUBJECTS[:2], np.array([0.0]))
    assert sad[0] < 0 < sad[1]  # the assumption does not hold, and it is said


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_a_subject_is_adapted_to_its_own_cycles_alone_whatever_their_order(seed):
    rng = np.random.default_rng(seed)
    z, subjects = rng.normal(size=(7, 2)), np.array(["ana", "ben", "ana", "eva", "ben", "ana", "ben"])
    centre = rng.normal(size=2)
    whole = adapt_to_subjects(z, subjects, centre)
    order = rng.permutation(7)
    np.testing.assert_allclose(adapt_to_subjects(z[order], subjects[order], centre), whole[order])
    other = adapt_to_subjects(np.where((subjects == "ben")[:, None], z + 5.0, z), subjects, centre)
    np.testing.assert_allclose(other, whole)  # whoever walks with an offset


def test_the_head_gives_latents_the_networks_own_probabilities(toy_network, toy_cycles, toy_layout):
    network = toy_network().eval()
    found = encode(network, toy_cycles(), toy_layout, mirrored=False)
    again = emotion_of_latents(network, found.z_emotion.astype(np.float64))
    np.testing.assert_allclose(again, found.probabilities, atol=1e-6)
    assert torch.is_grad_enabled()
