import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.average import (
    average_map,
    average_maps,
    contrast_map,
    emotion_maps,
    model_constant,
    normalise_together,
)

MAPS = np.array([[[1.0, 0.0]], [[1.0, 0.0]], [[1.0, 0.0]], [[-5.0, 4.0]]], np.float32)  # N=4, T=1, V=2
SUBJECTS = np.array(["ana", "ana", "ana", "ben"])
TAKES = np.arange(4)


def test_raw_maps_are_averaged_with_their_signs_and_subjects_count_alike():
    assert average_map(MAPS, subjects=SUBJECTS, takes=TAKES).tolist() == [[-2.0, 2.0]]


def test_an_average_map_per_emotion_of_the_chosen_cycles():
    about = {"emotions": np.array(["sad", "sad", "happy", "sad"]), "subjects": SUBJECTS, "takes": TAKES}
    found = emotion_maps(MAPS, **about)
    assert found["sad"].tolist() == [[-2.0, 2.0]]
    assert found["happy"].tolist() == [[1.0, 0.0]]
    right = np.array([False, True, False, False])
    assert {k: v.tolist() for k, v in emotion_maps(MAPS, **about, keep=right).items()} == {"sad": [[1.0, 0.0]]}
    assert emotion_maps(MAPS, **about, keep=~right)["sad"].tolist() == [[-2.0, 2.0]]


def test_a_contrast_is_within_subjects_who_have_both():
    maps = np.array([[[3.0]], [[1.0]], [[7.0]], [[100.0]]])
    about = {"subjects": np.array(["ana", "ana", "ana", "ben"]), "takes": np.arange(4)}
    emotions = np.array(["sad", "happy", "sad", "sad"])
    assert contrast_map(maps, "sad", "happy", emotions=emotions, **about).tolist() == [[4.0]]
    assert contrast_map(maps, "happy", "sad", emotions=emotions, **about).tolist() == [[-4.0]]
    with pytest.raises(InputError, match=r"contrast of sad and angry.*\(got happy, sad\)"):
        contrast_map(maps, "sad", "angry", emotions=emotions, **about)
    with pytest.raises(InputError, match="contrast of happy and sad"):
        contrast_map(maps[:2], "happy", "sad", emotions=emotions[:2], subjects=np.array(["a", "b"]), takes=np.arange(2))


def test_models_are_brought_to_one_scale_before_they_are_pooled():
    loud, quiet = np.array([[[10.0, -30.0]]]), np.array([[[1.0, 1.0]]])
    assert model_constant(loud) == 20.0
    assert model_constant(quiet) == 1.0


@pytest.mark.parametrize("maps", [np.zeros((2, 1, 2)), np.zeros((0, 1, 2))])
def test_a_model_whose_maps_are_nothing_has_no_constant(maps):
    with pytest.raises(InputError, match=r"validation cycles.*\(got a mean of 0\)"):
        model_constant(maps)


def test_maps_are_normalised_by_one_number_so_that_a_faint_one_stays_faint():
    found = normalise_together({"sad": np.array([[4.0, -8.0]]), "happy": np.array([[0.2, 0.4]])})
    assert found.scale == 8.0
    assert found.maps["sad"].tolist() == [[0.5, -1.0]]
    assert found.maps["happy"] == pytest.approx(np.array([[0.025, 0.05]]))
    flat = normalise_together({"sad": np.zeros((1, 2))})
    assert flat.scale == 0.0
    assert flat.maps["sad"].tolist() == [[0.0, 0.0]]


def uneven(emotions, right):
    """Ana has two happy cycles in one take and a sad one, Ben a happy one; each map is one number everywhere."""
    values = np.array([1, 3, -4, 6], np.float32)[: len(emotions)]
    subjects = np.array(["ana", "ana", "ana", "ben"])[: len(emotions)]
    takes = np.array([0, 0, 1, 2])[: len(emotions)]
    maps = np.broadcast_to(values[:, None, None], (len(emotions), 4, 3))
    found = average_maps(maps, emotions=np.array(emotions), subjects=subjects, takes=takes, right=np.array(right))
    return {name: float(one[0, 0]) * found.scale for name, one in found.maps.items()}, found.scale


def test_maps_by_emotion_by_prediction_and_within_subjects():
    values, scale = uneven(["happy", "happy", "sad", "happy"], [True, False, True, True])
    assert scale == 6
    assert values == pytest.approx(
        {
            "happy": (2 + 6) / 2,
            "sad": -4,
            "happy right": (1 + 6) / 2,
            "happy wrong": 3,
            "sad right": -4,
            "happy minus sad": 2 + 4,  # of ana alone, who has both
        }
    )


def test_emotions_that_no_subject_shares_have_no_contrast():
    maps = np.ones((2, 4, 3), np.float32)
    about = {"emotions": np.array(["happy", "sad"]), "subjects": np.array(["ana", "ben"]), "takes": np.arange(2)}
    assert not [name for name in average_maps(maps, **about, right=np.ones(2, bool)).maps if " minus " in name]


def test_averages_of_few_subjects_are_left_out_where_asked():
    """Ana and ben are sad, and ana alone is happy; one of ben's is predicted wrongly."""
    about = {
        "emotions": np.array(["sad", "sad", "happy", "sad"]),
        "subjects": np.array(["ana", "ben", "ana", "ben"]),
        "takes": TAKES,
        "right": np.array([True, True, True, False]),
    }
    every = ["happy", "sad", "happy right", "sad right", "sad wrong", "happy minus sad"]
    assert list(average_maps(MAPS, **about).maps) == every
    assert list(average_maps(MAPS, **about, min_subjects=2).maps) == ["sad", "sad right"]
