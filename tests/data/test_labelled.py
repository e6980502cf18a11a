import re
from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.data.labelled import describe_cycles, labelled
from stgcn_affect.errors import InputError

RATED = {"a": "sad", "b": "sad", "c": "happy", "d": "happy"}


@pytest.fixture
def cycles(request):
    """Two subjects who act happy and sad, and a cycle without a rating; ana's two takes are both seen as sad."""
    make = request.getfixturevalue("labelled")
    store = make(["ana", "ana", "ben", "ben", "ben"], ["happy", "sad", "happy", "sad", "sad"])
    facts = {source: {"perceived_emotion": rating} for source, rating in RATED.items()}
    return replace(store, source=np.array(list("abcde")), attributes=facts | {"e": {}})


def test_acted_emotions_are_the_labels_unless_perceived_ones_are_wanted(cycles):
    assert labelled(cycles).emotion.tolist() == cycles.emotion.tolist()
    assert "labels" not in describe_cycles(labelled(cycles))


def test_perceived_emotions_take_the_place_of_acted_ones_which_are_kept(cycles):
    found = labelled(cycles, labels="perceived")
    assert found.source.tolist() == ["a", "b", "c", "d"]
    assert found.emotion.tolist() == ["sad", "sad", "happy", "happy"]
    assert found.attribute("acted_emotion").tolist() == ["happy", "sad", "happy", "sad"]
    assert describe_cycles(found)["labels"] == "perceived"


def test_takes_that_are_seen_alike_stay_two(cycles):
    assert len(set(labelled(cycles, labels="perceived").take_ids.tolist())) == 4


def test_emotions_are_chosen_among_the_perceived_ones(cycles):
    words = "made up: expected emotions (data.emotions) of the data, happy, sad (got 'angry')"
    with pytest.raises(InputError, match=re.escape(words)):
        labelled(cycles, labels="perceived", emotions=["angry"])


def test_without_ratings_nothing_can_be_perceived(cycles):
    words = "made up: expected rated emotions (data.labels=perceived) (got a data set without any)"
    with pytest.raises(InputError, match=re.escape(words)):
        labelled(replace(cycles, attributes={}), labels="perceived")
