import numpy as np
import pytest

from stgcn_affect.motion.normalise import body_height, centre, normalise


def test_centre_puts_the_pelvis_at_the_origin(layout):
    positions = np.arange(2 * 16 * 3, dtype=float).reshape(2, 16, 3)
    centred = centre(positions, layout)
    assert not centred[:, 0].any()
    assert centred[1, 3] == pytest.approx([9, 9, 9])


def test_normalise_takes_out_place_direction_and_size(layout, walk_clip):
    one, other = walk_clip(), walk_clip(yaw=2.0)
    assert normalise(one.positions, layout) == pytest.approx(normalise(other.positions * 30 + 5, layout), abs=1e-4)
    assert body_height(normalise(one.positions, layout), layout) == pytest.approx(1.0, abs=1e-5)
