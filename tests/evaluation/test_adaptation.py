import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.evaluation.adaptation import (
    ADAPTATIONS,
    BOTH,
    FEATURE_MEANS,
    PROTOTYPES,
    LatentStatistics,
    adapt,
    nearest_prototype,
    own_prototypes,
)

SUBJECTS = np.array(["ana", "ana", "ben", "ben"])
LINE = LatentStatistics(np.array([[-1.0], [1.0]]), 1.0)


def by_sign(z):
    """A head on one dimension: below 0 the first emotion, above it the second."""
    return np.hstack([z < 0, z >= 0]).astype(float)


def test_statistics_of_the_training_subjects_by_hand():
    found = LatentStatistics.fit(np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 4.0]]), np.array([0, 0, 1]))
    assert found.means.tolist() == [[1.0, 0.0], [4.0, 4.0]]
    assert found.centre.tolist() == [2.5, 2.0]  # emotions count alike, not cycles
    assert found.variance == pytest.approx(2 / 6)  # two of six coordinates are 1 away


def test_an_offset_of_the_subject_is_taken_out():
    """Ana stands at 3 and 5, which the head calls the second emotion twice; about her own mean they are -1 and 1."""
    z = np.array([[3.0], [5.0], [-1.0], [1.0]])
    found = adapt(FEATURE_MEANS, z, SUBJECTS, LINE, by_sign)
    assert found.z.tolist() == [[-1.0], [1.0]] * 2
    assert found.probabilities.tolist() == [[1.0, 0.0], [0.0, 1.0]] * 2
    assert z[0] == 3.0  # what came in stays


def test_a_subject_of_one_emotion_is_made_what_it_is_not():
    found = adapt(FEATURE_MEANS, np.array([[1.0], [1.2]]), SUBJECTS[:2], LINE, by_sign)
    assert found.probabilities[0].tolist() == [1.0, 0.0]  # the assumption does not hold, and it is said


def test_prototypes_by_hand():
    """One cycle at 3, surely the second emotion: its prototype goes from 1 half of the way, the other one stays."""
    prototypes = own_prototypes(np.array([[3.0]]), np.array([[0.0, 1.0]]), LINE, prior=1.0)
    assert prototypes.tolist() == [[-1.0], [2.0]]
    assert own_prototypes(np.array([[3.0]]), np.array([[0.0, 1.0]]), LINE, prior=3.0)[1] == 1.5
    near = nearest_prototype(np.array([[0.5], [2.0]]), prototypes, 1.0)
    assert near[0].tolist() == [0.5, 0.5]
    assert near[1, 1] / near[1, 0] == pytest.approx(np.exp(4.5))


def test_a_large_prior_leaves_the_training_means():
    z, subjects = np.array([[3.0], [0.1]]), SUBJECTS[:2]
    found = adapt(PROTOTYPES, z, subjects, LINE, by_sign, prior=1e9)
    np.testing.assert_allclose(found.probabilities, nearest_prototype(z, LINE.means, 1.0))
    assert found.z.tolist() == z.tolist()


def test_both_make_prototypes_of_moved_latents():
    z = np.array([[3.0], [5.0]])
    found = adapt(BOTH, z, SUBJECTS[:2], LINE, by_sign)
    assert found.probabilities.argmax(axis=1).tolist() == [0, 1]
    assert found.z.tolist() == [[-1.0], [1.0]]


@pytest.mark.parametrize("kind", ADAPTATIONS)
@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_a_subject_is_adapted_to_its_own_cycles_alone_whatever_their_order(kind, seed):
    rng = np.random.default_rng(seed)
    z, subjects = rng.normal(size=(7, 1)), np.array(["ana", "ben", "ana", "eva", "ben", "ana", "ben"])
    whole = adapt(kind, z, subjects, LINE, by_sign)
    order = rng.permutation(7)
    shuffled = adapt(kind, z[order], subjects[order], LINE, by_sign)
    np.testing.assert_allclose(shuffled.probabilities, whole.probabilities[order], atol=1e-9)
    other = adapt(kind, np.where((subjects == "ben")[:, None], z + 5.0, z), subjects, LINE, by_sign)
    np.testing.assert_allclose(other.probabilities[subjects != "ben"], whole.probabilities[subjects != "ben"])
    np.testing.assert_allclose(whole.probabilities.sum(axis=1), 1.0)
