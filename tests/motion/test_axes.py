import numpy as np
import pytest

from stgcn_affect.motion.axes import METRES_PER, guess_unit, package_clip_axes, to_package_axes, turn_upright, up_axis


@pytest.mark.parametrize("axis", ["+x", "-x", "+y", "-y", "+z", "-z"])
def test_the_vertical_is_found_and_turned_up(layout, axis):
    rest = np.asarray(layout.rest, float)
    turns = {
        "+y": rest,
        "-y": rest * [-1, -1, 1],
        "+z": rest[:, [2, 0, 1]],
        "-z": rest[:, [0, 2, 1]] * [1, 1, -1],
        "+x": rest[:, [1, 2, 0]],
        "-x": rest[:, [1, 0, 2]] * [-1, 1, 1],
    }
    positions = turns[axis][None]
    assert up_axis(positions, layout) == axis
    upright = turn_upright(positions, axis)
    assert upright[..., 1] == pytest.approx(rest[None, :, 1])
    corner = [layout.index(joint) for joint in ("head", "l_hip", "l_foot")]
    assert np.linalg.det(upright[0, corner]) == pytest.approx(np.linalg.det(turns[axis][corner]))


def test_z_up_by_hand():
    assert turn_upright(np.array([1.0, 2.0, 3.0]), "+z") == pytest.approx([1, 3, -2])


@pytest.mark.parametrize(
    ("height", "unit"),
    [(1.5, "metres"), (0.9, "metres"), (150, "centimetres"), (1600, "millimetres"), (60, "inches"), (27, "CMU units")],
)
def test_units_by_the_height_of_the_body(height, unit):
    assert guess_unit(height) == unit


@pytest.mark.parametrize("height", [0.0, 0.2, 6.0, 1e5])
def test_no_unit_fits(height):
    assert guess_unit(height) == ""


@pytest.mark.parametrize("unit", METRES_PER)
def test_conversion_to_metres(layout, unit):
    rest = np.asarray(layout.rest, float)[None]
    metres, found = to_package_axes(rest[..., [2, 0, 1]] / METRES_PER[unit], layout)
    assert found == unit
    assert metres[..., 1] == pytest.approx(rest[..., 1], abs=1e-5)
    assert metres.dtype == np.float32


def test_sizes_stay_where_no_unit_fits(layout):
    rest = np.asarray(layout.rest, float)[None]
    kept, found = to_package_axes(rest * 5, layout)
    assert found == ""
    assert kept == pytest.approx(rest * 5)


def test_what_was_found_becomes_attributes(layout):
    rest = np.asarray(layout.rest, float)[None]
    metres, found = package_clip_axes(rest[..., [2, 0, 1]] * 100, layout)
    assert found == {"unit": "centimetres", "up_axis": "+z"}
    assert metres[..., 1] == pytest.approx(rest[..., 1], abs=1e-5)
    assert package_clip_axes(rest * 5, layout)[1] == {"unit": "unknown", "up_axis": "+y"}
