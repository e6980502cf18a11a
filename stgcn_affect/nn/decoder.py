"""The phase-conditioned decoder: from z_emotion, z_identity and a phase of the gait cycle to a pose."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.nn.harmonics import analysis_matrix, fourier_basis
from stgcn_affect.settings import CYCLE_SAMPLES, NetworkConfig
from stgcn_affect.skeleton.graph import SkeletonGraph


class Decoded(NamedTuple):
    """A decoded gait cycle with its stride time.

    Shapes:
        - positions: ``[B, T, V, 3]`` body heights, pelvis-centred.
        - stride_time_s: ``[B]`` seconds.
    """

    positions: Tensor
    stride_time_s: Tensor


class Decoder(nn.Module):
    """Decode both latents to one Fourier series per joint, with coefficients from a small graph network.

    It predicts mean pose + sigma x net(z): on raw positions the error's gradient is a hundredth of the
    cross-entropy's and the network learns nothing. Because a series stands for the cycle, any phase can be asked for.

    Args:
        emotion_dim: width of z_emotion.
        identity_dim: width of z_identity.
        graph: the skeleton.
        width: channels per joint.
        harmonics: H of the series.
        cycle_samples: T of the cycles that the statistics are fitted on.

    Shapes:
        - z_emotion: ``[B, De]``; z_identity: ``[B, Di]``; phase: ``[P]`` in cycles
        - output: Decoded with P frames
    """

    analysis: Tensor
    mean: Tensor
    sigma: Tensor
    stride_time: Tensor

    def __init__(
        self,
        emotion_dim: int,
        identity_dim: int,
        graph: SkeletonGraph,
        *,
        width: int = NetworkConfig.decoder_width,
        harmonics: int = NetworkConfig.decoder_harmonics,
        cycle_samples: int = CYCLE_SAMPLES,
    ) -> None:
        super().__init__()
        joints, terms = graph.num_joints, 2 * harmonics + 1
        self.shape = (joints, terms, 3)
        self.harmonics = harmonics
        self.spread = nn.Linear(emotion_dim + identity_dim, joints * width)
        self.relu = nn.ReLU()
        self.graph_conv = SkeletonConv(width, width, graph)
        self.graph_relu = nn.ReLU()
        self.to_coefficients = nn.Linear(width, terms * 3)
        self.to_stride_time = nn.Linear(emotion_dim + identity_dim, 1)
        self.register_buffer("analysis", analysis_matrix(cycle_samples, harmonics).float(), persistent=False)
        self.register_buffer("mean", torch.zeros(joints, terms, 3))
        self.register_buffer("sigma", torch.ones(joints, 1, 3))
        self.register_buffer("stride_time", torch.tensor([0.0, 1.0]))

    @property
    def scale(self) -> Tensor:
        """``[V, 3]``: the unit of errors, sigma per joint and axis."""
        return self.sigma.squeeze(1)

    def coefficients(self, positions: Tensor) -> Tensor:
        """Fourier coefficients ``[B, V, 2H+1, 3]`` of cycles ``[B, T, V, 3]``."""
        return torch.einsum("kt,btvc->bvkc", self.analysis, positions)

    @torch.no_grad()
    def fit(self, positions: Tensor, stride_time_s: Tensor) -> None:
        """Take mean and spread over training cycles: per joint and axis for the pose, and for the log stride time."""
        series = self.coefficients(positions)
        self.mean.copy_(series.mean(dim=0))
        spread = (series - self.mean).square().sum(dim=2, keepdim=True).mean(dim=0).sqrt()
        self.sigma.copy_(spread.clamp_min(0.05 * spread.max()))
        log_time = stride_time_s.log()
        self.stride_time.copy_(torch.stack([log_time.mean(), log_time.std().clamp_min(1e-3)]))

    def forward(self, z_emotion: Tensor, z_identity: Tensor, phase: Tensor) -> Decoded:
        """Decode both latents at the given phases."""
        z = torch.cat([z_emotion, z_identity], dim=1)
        joints, terms, axes = self.shape
        hidden = self.relu(self.spread(z)).view(len(z), joints, -1)
        hidden = self.graph_relu(self.graph_conv(hidden))
        series = self.mean + self.sigma * self.to_coefficients(hidden).view(len(z), joints, terms, axes)
        positions = torch.einsum("pk,bvkc->bpvc", fourier_basis(phase, self.harmonics), series)
        log_time = self.stride_time[0] + self.stride_time[1] * self.to_stride_time(z).squeeze(1)
        return Decoded(positions=positions, stride_time_s=log_time.exp())
