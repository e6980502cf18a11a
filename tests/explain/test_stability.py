import numpy as np
import pytest

from stgcn_affect.explain.stability import stability


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
    cycles, seen = toy_cycles(walkers=40), []

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
