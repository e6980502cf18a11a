import numpy as np
import pytest

from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.subject_baseline import Strides
from stgcn_affect.evaluation.other_mechanisms import OTHER_MECHANISMS, other_mechanism, training_walks


@pytest.fixture
def known(synthetic_cycles, halves):
    cycles = synthetic_cycles(walkers=6, takes=1, emotions=("happy", "neutral", "sad"))
    data = fold_data(cycles, halves(cycles)[0], hold_out_take=False, seed=0)
    return training_walks(data, harmonics=3), data


def walk(data):
    rows = data.split.test[:2]
    return Strides(np.asarray(data.cycles.positions[rows]), np.array([1.0, 1.21], np.float32))


def made(name, known, data, *, predicted="sad", seed=0):
    return other_mechanism(name, walk(data), predicted, known, np.random.default_rng(seed))


def test_retargeting_keeps_the_walks_own_mean_cycle_and_its_geometric_mean_stride_time(known):
    found = made("retargeted", *known)
    assert found.positions == pytest.approx(walk(known[1]).positions.mean(axis=0), abs=1e-6)
    assert found.stride_time_s == pytest.approx(1.1)


def test_mean_cadence_is_that_of_the_training_subjects_alone(known):
    data = known[1]
    times = data.cycles.stride_time_s[data.split.train]
    assert made("retargeted_mean_cadence", *known).stride_time_s == pytest.approx(np.exp(np.log(times).mean()))


def test_noise_has_the_spread_of_the_training_cycles(known):
    mean = made("retargeted", *known).positions
    noise = [made("noise", *known, seed=seed).positions - mean for seed in range(200)]
    train = np.asarray(known[1].cycles.positions[known[1].split.train])
    wrist = train[:, :, 6]  # a joint that moves a lot
    assert np.std(noise, axis=0)[:, 6].mean() == pytest.approx(wrist.std(axis=0).mean(), rel=0.15)


def test_the_mean_walk_says_the_predicted_emotion_and_nothing_else(known):
    sad, happy = (made("mean_walk", *known, predicted=name) for name in ("sad", "happy"))
    data = known[1]
    rows = data.split.train[data.cycles.emotion[data.split.train] == "sad"]
    assert sad.positions == pytest.approx(np.asarray(data.cycles.positions[rows]).mean(axis=0), abs=1e-6)
    assert sad.stride_time_s > happy.stride_time_s


def test_another_name_is_a_defect(known):
    assert len(OTHER_MECHANISMS) == 4
    with pytest.raises(KeyError):
        made("magic", *known)
