"""The network's input: standardised channels of a gait cycle, and anthropometrics."""

import torch
from torch import Tensor, nn

from stgcn_affect.nn.harmonics import analysis_matrix, derivative_matrix, fourier_basis, uniform_phase
from stgcn_affect.nn.retarget import Retarget
from stgcn_affect.settings import CYCLE_SAMPLES, NetworkConfig
from stgcn_affect.skeleton.graph import SkeletonGraph

CHANNELS: tuple[str, ...] = (
    *(f"mean_{axis}" for axis in "xyz"),
    *(f"deviation_{axis}" for axis in "xyz"),
    *(f"velocity_{axis}" for axis in "xyz"),
    "log_stride_time",
)
"""Input channels per joint, all standardised; units: body heights, body heights a second, log seconds."""

_FLOOR, _NO_SPREAD = 0.1, 5e-4


class InputChannels(nn.Module):
    """Standardised input channels of a cycle, low-passed to H harmonics and sampled at T' phases.

    Args:
        graph: the skeleton.
        cycle_samples: T, samples of a cycle.
        samples: T', samples that the encoder sees.
        harmonics: H, harmonics kept; T' must be at least 2H + 1.
        retarget: replace every subject's bone lengths by the training mean first.
        stride_time: pass the stride time on; otherwise it counts as one second for every cycle, in its own channel and
            in the velocities.

    Shapes:
        - positions: ``[B, T, V, 3]``; stride_time_s: ``[B]``
        - output: ``[B, C, T', V]`` in channels_last memory, C = len(CHANNELS)
    """

    operator: Tensor
    mean: Tensor
    scale: Tensor

    def __init__(
        self,
        graph: SkeletonGraph,
        *,
        cycle_samples: int = CYCLE_SAMPLES,
        samples: int = NetworkConfig.samples,
        harmonics: int = NetworkConfig.harmonics,
        retarget: bool = NetworkConfig.retarget,
        stride_time: bool = NetworkConfig.stride_time,
    ) -> None:
        super().__init__()
        if samples < 2 * harmonics + 1:
            raise ValueError(f"{harmonics} harmonics need at least {2 * harmonics + 1} samples (got {samples})")
        analysis = analysis_matrix(cycle_samples, harmonics)
        synthesis = fourier_basis(uniform_phase(samples), harmonics)
        moving = torch.eye(2 * harmonics + 1, dtype=torch.float64)
        moving[0, 0] = 0.0
        operators = {
            "to_mean": analysis[:1].expand(samples, -1),
            "to_deviation": synthesis @ moving @ analysis,
            "to_velocity": synthesis @ derivative_matrix(harmonics) @ analysis,
        }
        self.register_buffer("operator", torch.cat(list(operators.values())).float(), persistent=False)
        self.retarget = Retarget(graph) if retarget else None
        self.samples = samples
        self.stride_time = stride_time
        self.register_buffer("mean", torch.zeros(1, 1, graph.num_joints, len(CHANNELS)))
        self.register_buffer("scale", torch.ones(1, 1, graph.num_joints, len(CHANNELS)))

    def raw(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """Channels before standardisation, ``[B, T', V, C]``."""
        if self.retarget is not None:
            positions = self.retarget(positions)
        if not self.stride_time:
            stride_time_s = torch.ones_like(stride_time_s)
        joints = positions.shape[2]
        # Joints first in memory, as retargeting gives them, so that all is one product.
        filtered = torch.matmul(positions.movedim((2, 3), (0, 1)), self.operator.T)
        mean, deviation, velocity = filtered.view(joints, 3, -1, 3, self.samples).permute(3, 2, 4, 0, 1)
        stride_time = stride_time_s.log().view(-1, 1, 1, 1).expand(-1, self.samples, joints, 1)
        return torch.cat([mean, deviation, velocity / stride_time_s.view(-1, 1, 1, 1), stride_time], dim=-1)

    @torch.no_grad()
    def fit(self, positions: Tensor, stride_time_s: Tensor) -> None:
        """Take mean and spread of every joint and channel from training cycles.

        A spread below a tenth of the channel's largest counts as that tenth, so that a joint that hardly moves is not
        scaled up to noise. No spread counts as less than 5e-4: all training subjects may share one stride time.
        """
        if self.retarget is not None:
            self.retarget.fit(positions)
        channels = self.raw(positions, stride_time_s)
        self.mean.copy_(channels.mean(dim=(0, 1), keepdim=True))
        spread = channels.std(dim=(0, 1), keepdim=True)
        self.scale.copy_(spread.clamp_min(_FLOOR * spread.amax(dim=2, keepdim=True)).clamp_min(_NO_SPREAD))

    def forward(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """Channels ``[B, C, T', V]``."""
        return ((self.raw(positions, stride_time_s) - self.mean) / self.scale).permute(0, 3, 1, 2)


class Anthropometrics(nn.Module):
    """Standardised bone ratios and log stride time of a cycle.

    Args:
        graph: the skeleton.

    Shapes:
        - positions: ``[B, T, V, 3]`` body heights; stride_time_s: ``[B]``
        - output: ``[B, V]``: V-1 bone lengths over body height, then the log stride time
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, graph: SkeletonGraph) -> None:
        super().__init__()
        self.size = len(graph.bones) + 1
        self.skeleton = Retarget(graph)
        self.register_buffer("mean", torch.zeros(self.size))
        self.register_buffer("scale", torch.ones(self.size))

    def raw(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """Measures before standardisation."""
        return torch.cat([self.skeleton.bone_lengths(positions), stride_time_s.log()[:, None]], dim=1)

    @torch.no_grad()
    def fit(self, positions: Tensor, stride_time_s: Tensor) -> None:
        """Take mean and spread from training cycles; a bone of one length in all counts as not spread."""
        measures = self.raw(positions, stride_time_s)
        self.mean.copy_(measures.mean(dim=0))
        self.scale.copy_(measures.std(dim=0).clamp_min(1e-3))

    def forward(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """Measures ``[B, V]``."""
        return (self.raw(positions, stride_time_s) - self.mean) / self.scale
