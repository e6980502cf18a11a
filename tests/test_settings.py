import pytest

from stgcn_affect.settings import block_sizes


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"width": 5, "blocks": 2}, [(5, 1), (5, 1)]),
        ({"width": 5, "blocks": 3, "channels": [4, 8]}, [(4, 1), (8, 1)]),
        ({"width": 5, "blocks": 2, "strides": [1, 2]}, [(5, 1), (5, 2)]),
        ({"channels": [4, 8], "strides": [2, 1]}, [(4, 2), (8, 1)]),
    ],
)
def test_channels_stand_for_width_and_blocks_and_a_stride_is_one_unless_given(given, expected):
    assert block_sizes(**given) == expected


def test_another_number_of_strides_than_of_blocks_is_an_error():
    with pytest.raises(ValueError, match=r"a stride for each of 2 blocks \(got 3\)"):
        block_sizes(channels=[4, 8], strides=[1, 1, 2])
