import numpy as np

from stgcn_affect.evaluation.attackers import ATTACKERS
from stgcn_affect.evaluation.seen_scores import (
    limits_over_models,
    permutation_of_strongest,
    seen_subjects_block,
    strongest_hits,
)
from stgcn_affect.evaluation.seen_subjects import Attack


def made_up(chance, subjects, hits, inner=None):
    """An attack in which attackers name the subject where they hit and nobody elsewhere."""
    subjects = np.array(subjects)
    predictions = {
        release: {name: np.where(hit, subjects, "nobody") for name, hit in found.items()}
        for release, found in hits.items()
    }
    return Attack(chance, subjects, predictions, np.zeros(len(subjects), int), inner or {})


def test_the_block_is_the_mean_over_models_by_hand():
    names = list(ATTACKERS)
    first = {name: np.array([True, False, True, True]) for name in names}
    second = {name: np.array([name == names[1], False]) for name in names}
    attacks = [
        made_up(0.5, ["ana", "ana", "ben", "ben"], {"raw": first}),
        made_up(0.25, ["ana", "eva"], {"raw": second}),
    ]
    block = seen_subjects_block(attacks)
    assert block["chance"] == 0.375
    assert block["raw"]["attackers"] == {name: (0.75 + 0.5 * (name == names[1])) / 2 for name in names}
    assert block["raw"]["accuracy"] == 0.625
    assert 0.0 <= block["raw"]["ci95"][0] < 0.625 < block["raw"]["ci95"][1] <= 1.0
    assert seen_subjects_block(attacks, seed=0) == block


def test_without_inner_scores_the_most_accurate_over_the_models_counts():
    """Two emotions leave none to leave out inside."""
    first = made_up(0.5, ["ana", "ben"], {"z": {"svm": np.array([True, True]), "lda": np.array([False, False])}})
    second = made_up(0.5, ["eva", "uli"], {"z": {"svm": np.array([False, True]), "lda": np.array([True, True])}})
    assert strongest_hits([first, second], "z").tolist() == [True, True, False, True]


def test_limits_over_models_by_hand():
    """Two models of one subject each: a draw has both, or one of them twice."""
    values, model = np.array([1.0, 1.0, 0.0]), np.array([0, 0, 1])
    assert limits_over_models(values, model, np.array(["ana", "ana", "ben"]), seed=0) == [0.0, 1.0]


def test_names_are_permuted_within_one_models_round_only():
    """Two models that attack one subject each: there is nobody to trade names with, so a hit proves nothing."""
    attacks = [made_up(1.0, [name] * 2, {"z": {"svm": np.ones(2, bool)}}) for name in ("ana", "ben")]
    assert permutation_of_strongest(attacks, "z", draws=50, seed=0) == 1.0
