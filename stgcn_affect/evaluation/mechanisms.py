"""Simple ways of hiding who walks, which any method has to beat: noise, and linear erasure."""

from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError

Features = npt.NDArray[np.floating]


def add_noise(train: Features, released: Features, *, strength: float, seed: int) -> npt.NDArray[np.float64]:
    """Add Gaussian noise to ``[N, D]`` released features: ``strength`` times each column's spread in training."""
    noise = np.random.default_rng(seed).normal(size=released.shape)
    return np.asarray(released + strength * train.std(axis=0) * noise, dtype=np.float64)


def can_erase() -> bool:
    """Whether the extra ``erasure`` is installed, which ``erase_subjects`` needs."""
    return find_spec("concept_erasure") is not None


def erase_subjects(
    train: Features, train_subjects: npt.NDArray[np.str_], released: Features
) -> npt.NDArray[np.float64]:
    """Erase what linear classifiers can read of the training subjects, changing the features least (LEACE; Belrose et
    al. 2023).

    Args:
        train: ``[n, D]``, whose subjects the eraser is fitted on.
        train_subjects: ``[n]`` names.
        released: ``[N, D]`` to erase from.

    Raises:
        InputError: the extra ``erasure`` is not installed.
    """
    try:
        from concept_erasure import LeaceEraser
    except ImportError as error:
        raise InputError("LEACE: expected the extra, pip install 'stgcn_affect[erasure]' (got none)") from error
    import torch

    codes = np.unique(train_subjects, return_inverse=True)[1]
    one_hot = torch.nn.functional.one_hot(torch.from_numpy(codes)).double()
    eraser = LeaceEraser.fit(torch.from_numpy(np.asarray(train, np.float64)), one_hot)
    return np.asarray(eraser(torch.from_numpy(np.asarray(released, np.float64))).numpy())
