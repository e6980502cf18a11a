"""Parts for ``DisentangledSTGCN`` on hand-made features instead of a skeleton graph.

A cycle is a row of F features; it takes the place of the positions, ``[B, F]``.
"""

import torch
from torch import Tensor, nn

from stgcn_affect.nn.adversary import classifiers
from stgcn_affect.nn.decoder import Decoded
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.nn.st_gcn import Encoded
from stgcn_affect.settings import NetworkConfig


class FeatureInput(nn.Module):
    """Standardise features by mean and spread of the training cycles; the stride time is among them already.

    Args:
        features: F.

    Shapes:
        - features, output: ``[B, F]``; stride_time_s: ``[B]``, not used
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, features: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("scale", torch.ones(features))

    @torch.no_grad()
    def fit(self, features: Tensor, stride_time_s: Tensor) -> None:
        """Take mean and spread of training features ``[B, F]``."""
        del stride_time_s
        self.mean.copy_(features.mean(dim=0))
        self.scale.copy_(features.std(dim=0).clamp_min(1e-6))

    def forward(self, features: Tensor, stride_time_s: Tensor) -> Tensor:
        """Standardised features ``[B, F]``."""
        del stride_time_s
        return (features - self.mean) / self.scale


class FeatureEncoder(nn.Module):
    """Encoder of feature rows: one hidden layer and a linear read-out.

    Args:
        features: F.
        hidden: units of the hidden layer.
        dropout: probability that a hidden unit is dropped.
        embedding_dim: D.

    Shapes:
        - input: ``[B, F]``; output: Encoded with features ``[B, hidden]`` and embedding ``[B, D]``
    """

    def __init__(self, features: int, *, hidden: int, dropout: float, embedding_dim: int) -> None:
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(features, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(dropout))
        self.readout = nn.Linear(hidden, embedding_dim)

    def forward(self, x: Tensor, extra: Tensor | None = None) -> Encoded:
        """Encode ``[B, F]``; ``extra`` is always None, since the features have no anthropometrics beside them."""
        del extra
        hidden = self.hidden(x)
        return Encoded(features=hidden, embedding=self.readout(hidden))


class FeatureDecoder(nn.Module):
    """Decode both latents to features: mean + sigma x net(z), as the pose decoder does.

    Args:
        emotion_dim: De.
        identity_dim: Di.
        features: F.
        hidden: units of the hidden layer.

    Shapes:
        - z_emotion: ``[B, De]``; z_identity: ``[B, Di]``; output: Decoded with ``[B, F]`` as positions
    """

    mean: Tensor
    scale: Tensor
    stride_time: Tensor

    def __init__(self, emotion_dim: int, identity_dim: int, features: int, *, hidden: int) -> None:
        super().__init__()
        latent = emotion_dim + identity_dim
        self.net = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, features))
        self.to_stride_time = nn.Linear(latent, 1)
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("scale", torch.ones(features))
        self.register_buffer("stride_time", torch.tensor([0.0, 1.0]))

    @torch.no_grad()
    def fit(self, features: Tensor, stride_time_s: Tensor) -> None:
        """Take mean and spread of training features ``[B, F]`` and of their log stride times ``[B]``."""
        self.mean.copy_(features.mean(dim=0))
        self.scale.copy_(features.std(dim=0).clamp_min(1e-6))
        log_time = stride_time_s.log()
        self.stride_time.copy_(torch.stack([log_time.mean(), log_time.std().clamp_min(1e-3)]))

    def forward(self, z_emotion: Tensor, z_identity: Tensor, phase: Tensor | None = None) -> Decoded:
        """Decode both latents; a row of features has no phases to choose."""
        del phase
        z = torch.cat([z_emotion, z_identity], dim=1)
        log_time = self.stride_time[0] + self.stride_time[1] * self.to_stride_time(z).squeeze(1)
        return Decoded(positions=self.mean + self.scale * self.net(z), stride_time_s=log_time.exp())


def feature_network(
    features: int,
    *,
    emotions: int,
    subjects: int,
    hidden: int = 32,
    dropout: float = NetworkConfig.dropout,
    emotion_dim: int = NetworkConfig.emotion_dim,
    identity_dim: int = NetworkConfig.identity_dim,
) -> DisentangledSTGCN:
    """A ``DisentangledSTGCN`` whose cycles are rows of hand-made features.

    Args:
        features: F.
        emotions: Q.
        subjects: S, subjects of the training part.
        hidden: units of the hidden layers of encoders and decoder.
        dropout: probability that a hidden unit of an encoder is dropped.
        emotion_dim: De.
        identity_dim: Di.
    """
    return DisentangledSTGCN(
        emotion_channels=FeatureInput(features),
        identity_channels=FeatureInput(features),
        anthropometrics=None,
        emotion_encoder=FeatureEncoder(features, hidden=hidden, dropout=dropout, embedding_dim=emotion_dim),
        identity_encoder=FeatureEncoder(features, hidden=hidden, dropout=dropout, embedding_dim=identity_dim),
        heads=classifiers(emotion_dim, identity_dim, emotions=emotions, subjects=subjects),
        decoder=FeatureDecoder(emotion_dim, identity_dim, features, hidden=hidden),
    )
