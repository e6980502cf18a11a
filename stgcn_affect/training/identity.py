"""What a model keeps of the identities of its training subjects, so that it can decode walks of nobody among them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.batch import Cycles
from stgcn_affect.errors import InputError
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.training.predict import encode

Floats = npt.NDArray[np.float32]


class IdentityStatistics(NamedTuple):
    """Mean and spread of the latents of a model's training subjects, each of whom counts once; no subject alone.

    Shapes:
        - mean: ``[Di]``, the mean over subjects of their mean z_identity.
        - covariance: ``[Di, Di]`` of the subjects' mean z_identity; zeros where there is one subject.
        - z_emotion: ``[De]``, the mean over subjects of their mean z_emotion.
    """

    mean: Floats
    covariance: Floats
    z_emotion: Floats

    def draw(self, rng: np.random.Generator) -> Floats:
        """A z_identity ``[Di]`` of nobody: one draw from the normal distribution with this mean and covariance."""
        spread, axes = np.linalg.eigh(self.covariance.astype(float))
        lengths = np.sqrt(np.maximum(spread, 0.0)) * rng.normal(size=len(spread))
        return np.asarray(self.mean + axes @ lengths, np.float32)


def identity_statistics(network: DisentangledSTGCN, cycles: Cycles, layout: Layout) -> IdentityStatistics:
    """The statistics of N cycles of training subjects; latents are averaged over a cycle and its mirror image.

    Args:
        network: trained; it is afterwards as it was.
        cycles: their ``subject`` codes tell the subjects apart.
        layout: the layout of the cycles.

    Raises:
        InputError: no cycle.
    """
    if not cycles.size:
        raise InputError("identity statistics: expected one cycle or more of training subjects (got none)")
    encoded = encode(network, cycles, layout)
    codes = cycles.subject.cpu().numpy()
    identity, emotion = (
        np.stack([latent[codes == code].mean(axis=0, dtype=float) for code in np.unique(codes)])
        for latent in (encoded.z_identity, encoded.z_emotion)
    )
    centred = identity - identity.mean(axis=0)
    return IdentityStatistics(
        mean=identity.mean(axis=0).astype(np.float32),
        covariance=(centred.T @ centred / max(1, len(centred) - 1)).astype(np.float32),
        z_emotion=emotion.mean(axis=0).astype(np.float32),
    )
