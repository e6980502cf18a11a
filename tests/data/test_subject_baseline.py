from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.subject_baseline import OTHER_TAKES, relative_to_baseline, with_baselines
from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")


def store(rows):
    """A store of cycles in which every coordinate is one number: (subject, emotion, take, number, stride time)."""
    subject, emotion, take, number, time = zip(*rows, strict=True)
    shape = (len(rows), 4, LAYOUT.num_joints, 3)
    return CycleStore(
        positions=np.broadcast_to(np.array(number, np.float32)[:, None, None, None], shape).copy(),
        stride_time_s=np.array(time, np.float32),
        height_m=np.ones(len(rows), np.float32),
        subject=np.array(subject),
        emotion=np.array(emotion),
        take=np.array(take),
        source=np.array([f"{i}.bvh" for i in range(len(rows))]),
        layout=LAYOUT,
        name="toy",
    )


def numbers(cycles):
    """The number that every coordinate of a cycle is."""
    flat = cycles.positions.reshape(len(cycles), -1)
    np.testing.assert_allclose(flat, flat[:, :1].repeat(flat.shape[1], axis=1), atol=1e-6)
    return pytest.approx(flat[:, 0].tolist(), abs=1e-6)


ROWS = [
    ("ana", "happy", "1", 1.0, 1.0),
    ("ana", "happy", "1", 3.0, 1.0),
    ("ana", "neutral", "1", 5.0, 4.0),
    ("ana", "sad", "1", 7.0, 2.0),
    ("ben", "happy", "1", 10.0, 1.0),
    ("ben", "neutral", "1", 20.0, 1.0),
]


def test_the_other_takes_count_once_each_however_many_cycles_they_have():
    found = with_baselines(store(ROWS), of=OTHER_TAKES)
    assert len(found) == 6
    assert numbers(found.baseline) == [6.0, 6.0, 4.5, 3.5, 20.0, 10.0]
    assert found.baseline.stride_time_s.tolist() == pytest.approx([8**0.5, 8**0.5, 2**0.5, 2.0, 1.0, 1.0])


def test_takes_of_one_emotion_are_a_baseline_that_is_not_judged():
    found = with_baselines(store([*ROWS, ("ana", "neutral", "2", 9.0, 1.0)]), of="neutral")
    assert found.emotion.tolist() == ["happy", "happy", "sad", "happy"]
    assert numbers(found.baseline) == [7.0, 7.0, 7.0, 20.0]
    assert found.baseline.stride_time_s.tolist() == pytest.approx([2.0, 2.0, 2.0, 1.0])


def test_who_has_nothing_to_compare_with_is_left_out():
    rows = [*ROWS, ("eva", "happy", "1", 1.0, 1.0)]
    assert "eva" not in with_baselines(store(rows), of=OTHER_TAKES).subject
    assert "eva" not in with_baselines(store(rows), of="neutral").subject


def test_cycles_differ_from_the_average_baseline_as_they_did_from_their_own():
    found = with_baselines(store(ROWS), of="neutral")
    train = np.array([0, 1, 2, 3])
    moved = relative_to_baseline(found, train)
    assert moved.baseline is None
    assert numbers(moved) == [1.0 - 5.0 + 12.5, 3.0 - 5.0 + 12.5, 7.0 - 5.0 + 12.5, 10.0 - 20.0 + 12.5]
    assert moved.stride_time_s.tolist() == pytest.approx([0.5, 0.5, 1.0, 2.0])
    for column in ("subject", "emotion", "take", "source"):
        np.testing.assert_array_equal(getattr(moved, column), getattr(found, column))


def test_the_average_is_of_training_subjects_alone():
    found = with_baselines(store(ROWS), of="neutral")
    assert numbers(relative_to_baseline(found, np.array([0]))) == [1.0, 3.0, 7.0, -5.0]


def test_a_subjects_body_and_stride_time_are_removed():
    """A subject moved and slowed alike in all takes gives the same cycles relative to the baseline."""
    plain = store(ROWS)
    ana = plain.subject == "ana"
    own = replace(
        plain,
        positions=plain.positions + 0.3 * ana[:, None, None, None].astype(np.float32),
        stride_time_s=plain.stride_time_s * np.where(ana, np.float32(1.5), np.float32(1.0)),
    )
    train = np.flatnonzero(~ana)
    before, after = (relative_to_baseline(with_baselines(one, of=OTHER_TAKES), train) for one in (plain, own))
    np.testing.assert_allclose(after.positions, before.positions, atol=1e-5)
    np.testing.assert_allclose(after.stride_time_s, before.stride_time_s, rtol=1e-5)


def test_cycles_without_baselines_stay_as_they_are():
    plain = store(ROWS)
    assert relative_to_baseline(plain, np.array([0])) is plain


def test_mistakes_are_named():
    with pytest.raises(InputError, match=r"toy: expected other_takes or an emotion, happy, .* \(got 'calm'\)"):
        with_baselines(store(ROWS), of="calm")
    with pytest.raises(InputError, match=r"toy: expected subjects with takes to compare a take with, other_takes"):
        with_baselines(store([("ana", "happy", "1", 1.0, 1.0), ("ben", "sad", "1", 2.0, 1.0)]), of=OTHER_TAKES)
