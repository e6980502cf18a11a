"""What is done to z_emotion last: projection on the span of the class means, and clipping to an L2 ball."""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class Hull(NamedTuple):
    """Where projected latents lie: around ``centre`` ``[D]``, at a mean distance ``radius`` (scalar)."""

    centre: Tensor
    radius: Tensor


@torch.no_grad()
def project_on_means(readout: nn.Linear, z: Tensor, label: Tensor, *, stretch: float = 1.0) -> Hull:
    """Make a linear read-out's output lie in the affine hull of the labels' mean outputs.

    What subjects differ in beside the emotion may have next to no variance in a latent and still name them, since an
    attacker is free to stretch it; outside the hull no mean differs, so nothing of the emotion is lost there by linear
    readers. The output becomes ``c + stretch P (z - c)``, with c the mean of the means and P the orthogonal projection
    on their span: Q labels leave Q - 1 dimensions of D. Since the read-out is linear, its own weights take P up, and
    everything behind it (head, decoder, explanation, released latent) sees the projected output.

    It is the complement of what iterative null-space projection takes out for the labels (Ravfogel et al. 2020). Fit it
    on training subjects only.

    Args:
        readout: changed in place.
        z: ``[N, D]``, its output on the training cycles in evaluation mode.
        label: ``[N]`` codes, each with at least one cycle.
        stretch: of the output about the centre.

    Returns:
        the centre and the mean distance from it before the stretch.
    """
    points = z.double()
    means = torch.stack([points[label == code].mean(dim=0) for code in sorted(set(label.tolist()))])
    centre = means.mean(dim=0)
    _, spread, axes = torch.linalg.svd(means - centre, full_matrices=False)
    axes = axes[spread > 1e-6 * spread.max()]
    projection = axes.T @ axes
    radius = ((points - centre) @ projection).norm(dim=1).mean()
    weight, bias = readout.weight.double(), readout.bias.double()
    readout.weight.copy_(stretch * projection @ weight)
    readout.bias.copy_(centre + stretch * projection @ (bias - centre))
    return Hull(centre.to(z), radius.to(z))


class RadialClip(nn.Module):
    """Draw points outside a ball onto its surface and leave those inside where they are; no ball until it is fitted.

    How far a latent lies from the middle of all emotions says how plainly the emotion shows. Up to the radius that is
    uncertainty, which a reader needs; beyond it, it is the subject's own manner.

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
