"""Small classifiers on a latent: the heads, and the adversaries behind gradient reversal."""

from torch import nn


def head(in_features: int, classes: int) -> nn.Module:
    """A linear classifier, so that what it reads must stand in the latent linearly. ``[B, D]`` to ``[B, classes]``."""
    return nn.Linear(in_features, classes)


def adversary(in_features: int, classes: int, *, hidden: int = 64) -> nn.Module:
    """A classifier with one hidden layer, stronger than the head. ``[B, D]`` to ``[B, classes]``."""
    return nn.Sequential(nn.Linear(in_features, hidden), nn.ReLU(), nn.Linear(hidden, classes))
