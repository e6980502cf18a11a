import numpy as np
import pytest

from stgcn_affect.visual.style import OKABE_ITO, lighter, name_colours, value_colours


def test_emotions_keep_their_colour_in_any_company() -> None:
    some, all_four = name_colours(["sad", "angry"]), name_colours(["angry", "happy", "neutral", "sad"])
    assert some["sad"] == all_four["sad"]
    assert len(set(all_four.values())) == 4


def test_other_names_take_what_is_left() -> None:
    colours = name_colours(["bored", "sad", "proud"])
    assert set(colours) == {"bored", "sad", "proud"}
    assert len(set(colours.values())) == 3
    assert set(name_colours([f"w{i}" for i in range(20)]).values()) == set(OKABE_ITO)


def test_lighter_by_hand() -> None:
    assert lighter("#000000", by=0.2) == "#333333"
    assert lighter("#123456", by=1.0) == "#ffffff"


def test_values_run_from_pale_to_dark() -> None:
    colours = value_colours([[0.0, 1.0, 2.0]])
    assert colours.shape == (1, 3, 4)
    assert (np.diff(colours[0, :, :3].sum(axis=-1)) < 0).all()
    np.testing.assert_allclose(value_colours([5.0], high=1.0), value_colours([1.0], high=1.0))


def test_a_flat_map_stays_pale() -> None:
    np.testing.assert_allclose(value_colours(np.zeros(3)), value_colours([0.0, 1.0])[:1].repeat(3, axis=0))


@pytest.mark.parametrize("values", [[], [np.nan, 1.0]])
def test_no_values_and_gaps_are_no_errors(values: list[float]) -> None:
    assert value_colours(values).shape == (len(values), 4)
