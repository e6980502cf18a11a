"""The last step of training: of z_emotion only what tells the emotions apart stays."""

import torch
from torch import Tensor, nn


@torch.no_grad()
def project_on_means(readout: nn.Linear, z: Tensor, label: Tensor) -> None:
    """Make a linear read-out's output lie in the affine hull of the labels' mean outputs.

    What walkers differ in beside the emotion may have next to no variance in a latent and still name them, since an
    attacker is free to stretch it; outside the hull no mean differs, so nothing of the emotion is lost there by linear
    readers. The output becomes ``c + P (z - c)``, with c the mean of the means and P the orthogonal projection on
    their span: Q labels leave Q - 1 dimensions of D. Since the read-out is linear, its own weights take P up, and
    everything behind it (head, decoder, explanation, released latent) sees the projected output.

    The same idea for whole data sets is the projection on the class means' subspace, the complement of what iterative
    null-space projection takes out (Ravfogel et al. 2020); fit it on training walkers only.

    Args:
        readout: changed in place.
        z: ``[N, D]``, its output on the training cycles in evaluation mode.
        label: ``[N]`` codes, each with at least one cycle.
    """
    means = torch.stack([z[label == code].double().mean(dim=0) for code in sorted(set(label.tolist()))])
    centre = means.mean(dim=0)
    _, spread, axes = torch.linalg.svd(means - centre, full_matrices=False)
    axes = axes[spread > 1e-6 * spread.max()]
    projection = axes.T @ axes
    weight, bias = readout.weight.double(), readout.bias.double()
    readout.weight.copy_(projection @ weight)
    readout.bias.copy_(centre + projection @ (bias - centre))
