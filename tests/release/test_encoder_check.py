import pytest

from stgcn_affect.release.encoder_check import Piece, _found


@pytest.mark.parametrize(
    ("name", "content", "numbers", "found"),
    [
        ("abe", b"of abe, who walks", False, True),
        ("abe", b"label", False, False),  # no word
        ("abe", b"walks/abe_1.bvh", False, True),
        ("ana", b"ana", True, False),  # three bytes of a tensor are there by chance
        ("walker_01", b"\x00walker_01\x00", True, True),
        ("7", b"[7, 17]", False, False),  # a number, where it is not quoted
        ("7", b'{"subject": "7"}', False, True),
        ("an", b"an emotion of 'an'", False, True),
        ("Zo\u00eb", '"Zo\u00eb"'.encode(), False, True),
        ("Zo\u00eb", b'"Zo\\u00eb"', False, True),  # as JSON writes it
        ("", b"anything", False, False),
    ],
)
def test_a_name_is_found_as_a_word(name, content, numbers, found):
    assert _found(name, Piece("x", content, numbers)) == found
