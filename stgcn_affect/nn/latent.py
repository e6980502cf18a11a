"""The last steps on z_emotion: projection on the span of the class means, and clipping to an L2 ball."""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class ClassMeanProjection(NamedTuple):
    """Orthogonal projection of a latent on the affine span of its class means.

    Subjects may differ, beside the emotion, in directions of next to no variance, and an attacker can still scale these
    up and identify them. Outside the span of the emotions' means no mean differs, so linear readers lose nothing of the
    emotion there. Q classes leave Q - 1 dimensions of D.

    It is the complement of what iterative null-space projection removes for the classes (Ravfogel et al. 2020).

    Shapes:
        - matrix: ``[D, D]`` float64, P.
        - centre: ``[D]`` float64, c, the mean of the class means.
        - radius: scalar float64, the mean distance of the projected latents from the centre.
    """

    matrix: Tensor
    centre: Tensor
    radius: Tensor

    @classmethod
    @torch.no_grad()
    def fit(cls, z: Tensor, label: Tensor) -> "ClassMeanProjection":
        """Fit the projection on training subjects only.

        Args:
            z: ``[N, D]`` latents in evaluation mode.
            label: ``[N]`` codes of their classes.
        """
        means = torch.stack([z[label == code].double().mean(dim=0) for code in sorted(set(label.tolist()))])
        centre = means.mean(dim=0)
        _, spread, axes = torch.linalg.svd(means - centre, full_matrices=False)
        axes = axes[spread > 1e-6 * spread.max()]
        matrix = axes.T @ axes
        distances = [((part.double() - centre) @ matrix).norm(dim=1) for part in torch.split(z, 1 << 14)]
        return cls(matrix, centre, torch.cat(distances).mean())

    @torch.no_grad()
    def apply(self, readout: nn.Linear, *, stretch: float = 1.0) -> None:
        """Change a linear read-out in place so that its output z becomes ``c + stretch P (z - c)``.

        Since the read-out is linear, its own weights take P up, and everything behind it (head, decoder, explanation,
        released latent) reads the projected output.
        """
        weight, bias = readout.weight.double(), readout.bias.double()
        readout.weight.copy_(stretch * self.matrix @ weight)
        readout.bias.copy_(self.centre + stretch * self.matrix @ (bias - self.centre))


class RadialClip(nn.Module):
    """Clip latents to an L2 ball around a fitted centre; before it is fitted they pass unchanged.

    The distance of a latent from the centre of all emotions says how plainly the emotion shows. Up to the radius that
    is uncertainty, which a reader needs; beyond it, it is the subject's own manner.

    Args:
        dim: D.

    Shapes:
        - input and output: ``[B, D]``
    """

    centre: Tensor
    curvature: Tensor

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(dim))
        self.register_buffer("curvature", torch.zeros(()))  # one over the radius, so that 0 stands for no ball

    @torch.no_grad()
    def fit(self, centre: Tensor, radius: Tensor) -> None:
        """Take the centre ``[D]`` and the radius, a scalar above 0."""
        self.centre.copy_(centre)
        self.curvature.copy_(1 / radius.to(self.curvature))

    def forward(self, z: Tensor) -> Tensor:
        """Points outside the ball move along the radius onto its surface; the others stay."""
        from_centre = z - self.centre
        distance = from_centre.norm(dim=1, keepdim=True)
        within: Tensor = from_centre / (self.curvature * distance).clamp_min(1.0)
        return self.centre + within
