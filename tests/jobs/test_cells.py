import pytest

from stgcn_affect.jobs.cells import compared_with


@pytest.mark.parametrize(
    ("protocol", "words"),
    [
        ({"kind": "loso"}, ""),
        ({"subject_baseline": ""}, ""),
        ({"subject_baseline": "other_takes"}, ", each walk compared with the subject's other takes"),
        ({"subject_baseline": "neutral"}, ", each walk compared with the subject's neutral takes"),
    ],
)
def test_what_a_walk_was_compared_with_is_said(protocol, words):
    assert compared_with(protocol) == words
