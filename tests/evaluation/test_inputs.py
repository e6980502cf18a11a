from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.evaluation.inputs import INPUTS, POSES, baseline_input, retargeted
from stgcn_affect.motion.normalise import bone_lengths

ON_MEAN_SKELETON = ("bone_normalised", "harmonics", "mean_pose_and_stride_time")


@pytest.fixture(scope="module")
def cycles(synthetic_cycles):
    """Few cycles of four subjects."""
    return synthetic_cycles(walkers=4, takes=1, emotions=("happy", "sad"))


@pytest.fixture(scope="module")
def parts(cycles):
    """Indices of the first two subjects' cycles and of the others'."""
    names = np.unique(cycles.subject)
    return tuple(np.flatnonzero(np.isin(cycles.subject, who)) for who in (names[:2], names[2:]))


@pytest.mark.parametrize("name", INPUTS)
def test_a_row_a_cycle_of_finite_numbers(name, cycles, parts):
    rows = baseline_input(name, cycles, parts[0])
    assert rows.dtype == np.float64
    assert rows.ndim == 2
    assert len(rows) == len(cycles)
    assert np.isfinite(rows).all()


@pytest.mark.parametrize("name", INPUTS)
def test_other_subjects_change_no_row_of_the_training_part(name, cycles, parts):
    train, others = parts
    giants = np.array(cycles.positions)
    giants[others] = 1.3 * giants[others[::-1]]
    changed = replace(cycles, positions=giants)
    before, after = baseline_input(name, cycles, train), baseline_input(name, changed, train)
    assert (before[train] == after[train]).all()
    assert not np.allclose(before[others], after[others])


@pytest.mark.parametrize("name", ON_MEAN_SKELETON)
def test_the_mean_skeleton_is_that_of_the_training_part(name, cycles, parts):
    train, others = parts
    assert not np.allclose(baseline_input(name, cycles, train), baseline_input(name, cycles, others))


def test_everybody_gets_the_mean_bones_of_the_training_part(cycles, parts):
    train, _ = parts
    positions = np.asarray(cycles.positions, float)
    mean = bone_lengths(positions[train], cycles.layout).mean(axis=0)
    found = bone_lengths(retargeted(positions, cycles, train), cycles.layout)
    np.testing.assert_allclose(found, np.broadcast_to(mean, found.shape), rtol=1e-4)


def test_raw_is_every_fourth_pose_and_the_log_of_the_stride_time_by_hand(cycles, parts):
    rows = baseline_input("raw", cycles, parts[0])
    assert rows.shape[1] == POSES * cycles.layout.num_joints * 3 + 1
    np.testing.assert_array_equal(rows[1, :48], np.asarray(cycles.positions)[1, 0].ravel())
    np.testing.assert_array_equal(rows[1, 48:96], np.asarray(cycles.positions)[1, 4].ravel())
    np.testing.assert_allclose(rows[:, -1], np.log(cycles.stride_time_s), rtol=1e-6)


def test_the_mean_pose_is_a_mean_over_the_cycle(cycles, parts):
    train, _ = parts
    rows = baseline_input("mean_pose_and_stride_time", cycles, train)
    assert rows.shape[1] == cycles.layout.num_joints * 3 + 1
    whole = retargeted(np.asarray(cycles.positions, float), cycles, train)
    np.testing.assert_allclose(rows[2, :-1], whole[2].mean(axis=0).ravel())


def test_an_unknown_input_is_an_error(cycles, parts):
    with pytest.raises(KeyError, match="smell"):
        baseline_input("smell", cycles, parts[0])
