import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.visual.latents import HOLLOW, embedding_figure, latents_figure, principal_plane


def test_plane_of_a_line_by_hand() -> None:
    points, shares = principal_plane([[0.0, 0.0, 0.0], [3.0, 0.0, 4.0]])
    np.testing.assert_allclose(points, [[-2.5, 0], [2.5, 0]], atol=1e-12)
    np.testing.assert_allclose(shares, [1, 0], atol=1e-12)


@pytest.mark.parametrize("latents", [np.ones((3, 2)), np.zeros((1, 4)), np.arange(3.0)[:, None]])
def test_poor_data_are_no_errors(latents: np.ndarray) -> None:
    points, shares = principal_plane(latents)
    assert points.shape == (len(latents), 2)
    assert np.isfinite(points).all()
    assert np.isfinite(shares).all()


def test_the_same_points_are_coloured_twice() -> None:
    latents = np.random.default_rng(0).normal(size=(6, 3))
    figure = embedding_figure(latents, emotions=["a", "b"] * 3, subjects=list("xyzxyz"), title="latents")
    left, right = figure.axes
    assert (left.get_title(), right.get_title()) == ("by emotion (2)", "by subject (3)")
    counts = [[len(c.get_offsets()) for c in axes.collections] for axes in (left, right)]
    assert counts == [[3, 3], [2, 2, 2]]
    assert [t.get_text() for t in right.get_legend().get_texts()] == ["x", "y", "z"]


def test_many_subjects_stay_apart_without_a_legend() -> None:
    subjects = [f"w{i:02d}" for i in range(60)]
    figure = embedding_figure(np.zeros((60, 2)), emotions=["a"] * 60, subjects=subjects)
    right = figure.axes[1]
    assert right.get_legend() is None
    looks = {(c.get_facecolor().tobytes(), c.get_paths()[0].vertices.tobytes()) for c in right.collections}
    assert len(looks) == 60


def test_names_must_fit() -> None:
    with pytest.raises(InputError, match=r"expected 2 subjects, one per latent \(got 1\)"):
        embedding_figure(np.zeros((2, 2)), emotions=["a", "b"], subjects=["x"])


def test_the_plane_is_that_of_the_points_it_is_fitted_to() -> None:
    # Seen points lie on a line along (3, 4) about (3, 4); the unseen one is far away across it and must not turn it.
    latents = [[0.0, 0.0], [6.0, 8.0], [103.0, 4.0]]
    points, shares = principal_plane(latents, fit=np.array([True, True, False]))
    np.testing.assert_allclose(points, [[-5, 0], [5, 0], [60, points[2, 1]]], atol=1e-9)
    assert abs(points[2, 1]) == pytest.approx(80)
    np.testing.assert_allclose(shares, [1, 0], atol=1e-12)
    with pytest.raises(InputError, match="got none"):
        principal_plane(latents, fit=np.zeros(3, dtype=bool))


def test_unseen_points_are_hollow_and_scores_stand_in_the_titles() -> None:
    figure = embedding_figure(
        np.random.default_rng(0).normal(size=(4, 3)),
        emotions=["a", "b"] * 2,
        subjects=list("xxyy"),
        seen=[True, True, False, False],
        scores={"subject": "named: .5"},
    )
    right = figure.axes[1]
    assert right.get_title() == "by subject (2)\nnamed: .5"
    assert [len(c.get_facecolor()) for c in right.collections] == [1, 0]


def test_a_row_for_each_latent_with_its_own_scores() -> None:
    rng = np.random.default_rng(0)
    figure = latents_figure(
        {"z_emotion": rng.normal(size=(4, 3)), "z_identity": rng.normal(size=(4, 5))},
        emotions=list("abab"),
        subjects=list("xxyy"),
        seen=[True, True, True, False],
        scores={"z_emotion": {"emotion": "first"}, "z_identity": {"subject": "second"}},
        title="run",
    )
    assert [axes.get_title() for axes in figure.axes] == [
        "by emotion (2)\nfirst",
        "by subject (2)",
        "by emotion (2)",
        "by subject (2)\nsecond",
    ]
    assert [part.get_suptitle() for part in figure.subfigs] == ["z_emotion", "z_identity"]
    assert figure.get_supxlabel() == HOLLOW
