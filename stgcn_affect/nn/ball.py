"""A ball that no latent leaves."""

import torch
from torch import Tensor, nn


class Ball(nn.Module):
    """Draw points outside a ball onto its surface and leave those inside where they are; no ball until it is fitted.

    How far a latent lies from the middle of all emotions says how plainly the emotion shows. Up to the radius that is
    uncertainty, which a reader needs; beyond it, it is the walker's own manner.

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
        self.register_buffer("curvature", torch.zeros(()))  # one over the radius, so that no ball is a number too

    @torch.no_grad()
    def fit(self, centre: Tensor, radius: Tensor) -> None:
        """Take the ball's centre ``[D]`` and its radius, a scalar above 0."""
        self.centre.copy_(centre)
        self.curvature.copy_(1 / radius)

    def forward(self, z: Tensor) -> Tensor:
        """Points of the ball."""
        from_centre = z - self.centre
        distance = from_centre.norm(dim=1, keepdim=True)
        within: Tensor = from_centre / (self.curvature * distance).clamp_min(1.0)
        return self.centre + within
