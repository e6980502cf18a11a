from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.data.averages import emotion_cycles, stride_times, subject_cycles


@pytest.fixture
def uneven(toy_store):
    """Ana is sad in two cycles of one take and happy once; Ben is sad once. Every position of cycle i is 1, 2, 4, 8."""
    store = toy_store(3).select(np.array([0, 0, 1, 2]))
    positions = np.broadcast_to(np.array([1, 2, 4, 8], np.float32)[:, None, None, None], store.positions.shape)
    return replace(
        store,
        positions=positions,
        subject=np.array(["ana", "ana", "ana", "ben"]),
        emotion=np.array(["sad", "sad", "happy", "sad"]),
        take=np.array(["1", "1", "1", "1"]),
    )


def test_subjects_count_the_same_in_an_emotion(uneven):
    averages = emotion_cycles(uneven)
    assert list(averages) == ["happy", "sad"]
    assert averages["sad"].shape == uneven.positions.shape[1:]
    np.testing.assert_allclose(averages["sad"], (1.5 + 8) / 2)
    np.testing.assert_allclose(averages["happy"], 4)


def test_emotions_count_the_same_in_a_subject(uneven):
    averages = subject_cycles(uneven)
    np.testing.assert_allclose(averages["ana"], (1.5 + 4) / 2)
    np.testing.assert_allclose(averages["ben"], 8)


def test_stride_times_by_column(uneven):
    found = stride_times(uneven, "emotion")
    assert found["happy"] == pytest.approx(1.1)
    assert found["sad"] == pytest.approx((1.0 + 1.0 + 1.2) / 3)
