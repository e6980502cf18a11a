import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.explain.upsample import upsampling_matrix


def test_two_samples_to_four_by_hand():
    expected = torch.tensor([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0], [0.5, 0.5]])
    torch.testing.assert_close(upsampling_matrix(2, 4), expected)


@pytest.mark.parametrize("samples", [1, 2, 7])
def test_as_many_samples_stay_as_they_are(samples):
    torch.testing.assert_close(upsampling_matrix(samples, samples), torch.eye(samples))


@given(few=st.integers(1, 16), many=st.integers(1, 40))
def test_no_sign_comes_into_being_a_flat_map_stays_flat_and_the_mean_is_kept(few, many):
    matrix = upsampling_matrix(few, many)
    assert matrix.shape == (many, few)
    assert (matrix >= 0).all()
    torch.testing.assert_close(matrix.sum(dim=1), torch.ones(many))
    torch.testing.assert_close(matrix.sum(dim=0) / many, torch.full((few,), 1 / few))


@given(few=st.integers(1, 12), times=st.integers(1, 6), shift=st.integers(0, 11))
def test_it_is_circular(few, times, shift):
    matrix = upsampling_matrix(few, few * times)
    torch.testing.assert_close(matrix.roll((shift * times, shift), dims=(0, 1)), matrix)
