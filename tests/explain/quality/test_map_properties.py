import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from stgcn_affect.errors import InputError
from stgcn_affect.explain.quality.map_properties import contrastivity, cosine, gini, sparsity, spearman, stability


def test_spearman_is_scipys_cycle_by_cycle():
    one, other = np.random.default_rng(0).integers(0, 5, size=(2, 3, 4, 2)).astype(float)  # with ties
    expected = [spearmanr(a.ravel(), b.ravel()).statistic for a, b in zip(one, other, strict=True)]
    assert spearman(one, other) == pytest.approx(expected)


def test_spearman_sees_the_order_alone():
    one = np.array([[[1.0, 2.0, 3.0]]])
    assert spearman(one, one**3) == pytest.approx([1])
    assert spearman(one, -one) == pytest.approx([-1])


def test_a_flat_map_is_like_nothing():
    maps = np.array([[[1.0, 2.0]]])
    assert spearman(maps, np.full((1, 1, 2), 0.3)).tolist() == [0]
    assert cosine(maps, np.zeros((1, 1, 2))).tolist() == [0]


def test_cosine_by_hand():
    assert cosine(np.array([[[3.0, 4.0]]]), np.array([[[4.0, 3.0]]])) == pytest.approx([24 / 25])


@pytest.mark.parametrize(
    ("values", "index"),
    [([0, 0, 1], 2 / 3), ([1, 1, 1], 0), ([0, 0, 0], 0), ([1, 3], 0.25), ([-3, 1], 0.25), ([0, 1, 1], 1 / 3)],
)
def test_gini_by_hand(values, index):
    assert gini(np.array(values)) == pytest.approx(index)


@given(st.lists(st.floats(0.01, 10), min_size=2, max_size=6), st.floats(0.1, 10))
def test_gini_is_half_the_mean_difference_over_the_mean_and_has_no_scale(values, scale):
    sizes = np.array(values)
    expected = np.abs(sizes[:, None] - sizes).mean() / (2 * sizes.mean())
    assert gini(sizes) == pytest.approx(expected, abs=1e-9)
    assert gini(scale * sizes) == pytest.approx(gini(sizes), abs=1e-9)


def test_the_sparsity_of_each_cycles_joints():
    maps = np.array([[[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]], [[1.0, -1.0, 0.0], [1.0, 1.0, 2.0]]])
    assert sparsity(maps) == pytest.approx([2 / 3, 0])


def path(cycles):
    return cycles.positions[..., 2].numpy()


def height_of_the_code(cycles):
    """A map that does not see the positions."""
    return np.arange(48.0).reshape(1, 16, 3) * (1 + cycles.emotion.numpy()[:, None, None])


def test_a_map_that_does_not_look_holds_still(toy_cycles, toy_layout):
    found = stability(height_of_the_code, toy_cycles(), toy_layout)
    assert found.spearman == pytest.approx(np.ones(12))
    assert found.cosine == pytest.approx(np.ones(12))


def test_more_noise_is_less_alike_and_a_seed_repeats(toy_cycles, toy_layout):
    cycles = toy_cycles()
    quiet, loud = (stability(path, cycles, toy_layout, noise_heights=noise) for noise in (0.003, 1.0))
    assert quiet.cosine.min() > 0.99
    assert loud.cosine.max() < 0.6
    assert loud.spearman.mean() < quiet.spearman.mean()
    again = stability(path, cycles, toy_layout, noise_heights=1.0)
    assert (again.spearman == loud.spearman).all()
    assert (stability(path, cycles, toy_layout, noise_heights=1.0, seed=1).spearman != loud.spearman).any()


def test_noise_has_the_given_size_and_the_pelvis_stays(toy_cycles, toy_layout):
    cycles, seen = toy_cycles(subjects=40), []

    def remember(given):
        seen.append((given.positions - cycles.positions).numpy())
        return path(given)

    stability(remember, cycles, toy_layout, noise_heights=0.01, draws=2)
    clean, *noisy = seen
    assert (clean == 0).all()
    assert len(noisy) == 2
    assert (noisy[0][:, :, 0] == 0).all()
    assert noisy[0][:, :, 1].std() == pytest.approx(0.01 * np.sqrt(2), rel=0.05)  # its own and the pelvis's
    assert not (noisy[0] == noisy[1]).all()


UP = np.array([[[1.0, 2.0, 3.0]]])


def test_the_same_map_for_every_class_says_nothing():
    assert contrastivity([UP, 2 * UP, UP]) == pytest.approx([0])


def test_opposite_maps_are_two_apart_and_pairs_are_averaged():
    assert contrastivity([UP, -UP]) == pytest.approx([2])
    assert contrastivity([UP, UP, -UP]) == pytest.approx([4 / 3])
    assert contrastivity([UP, -UP], measure="cosine") == pytest.approx([2])
    assert contrastivity([UP, np.array([[[1.0, 1.0, -1.0]]])], measure="cosine") == pytest.approx([1])


def test_one_class_and_an_unknown_measure_are_refused():
    with pytest.raises(InputError, match=r"two classes or more \(got 1\)"):
        contrastivity([UP])
    with pytest.raises(InputError, match=r"spearman, cosine \(got 'kendall'\)"):
        contrastivity([UP, UP], measure="kendall")
