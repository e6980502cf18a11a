"""The method on hand-made features: the same two latents, heads, adversaries and decoder, without a graph."""

from typing import cast

import torch
from torch import Tensor, nn

from stgcn_affect.nn.adversary import adversary, head
from stgcn_affect.nn.decoder import Decoded
from stgcn_affect.nn.latent import RadialClip
from stgcn_affect.nn.network import DisentangledSTGCN, Latents, NetworkOutput, read_latents


class FeatureDecoder(nn.Module):
    """Both latents to features: mean + sigma x net(z), as the pose decoder does.

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

    def forward(self, z_emotion: Tensor, z_identity: Tensor) -> Decoded:
        """Decode both latents."""
        z = torch.cat([z_emotion, z_identity], dim=1)
        log_time = self.stride_time[0] + self.stride_time[1] * self.to_stride_time(z).squeeze(1)
        return Decoded(positions=self.mean + self.scale * self.net(z), stride_time_s=log_time.exp())


class DisentangledFeatureNetwork(nn.Module):
    """Emotion and identity of a gait cycle that is given as a row of hand-made features.

    It has the methods of ``DisentangledSTGCN``; its "positions" are features ``[B, F]``.

    Args:
        features: F.
        emotions: Q.
        subjects: S, subjects of the training part.
        hidden: width of the encoders' hidden layer.
        dropout: probability that a hidden unit is dropped.
        emotion_dim: De.
        identity_dim: Di.
    """

    mean: Tensor
    scale: Tensor

    def __init__(
        self,
        features: int,
        *,
        emotions: int,
        subjects: int,
        hidden: int = 32,
        dropout: float = 0.2,
        emotion_dim: int = 8,
        identity_dim: int = 32,
    ) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("scale", torch.ones(features))
        self.emotion_encoder = _encoder(features, hidden, emotion_dim, dropout)
        self.identity_encoder = _encoder(features, hidden, identity_dim, dropout)
        self.emotion_radial_clip = RadialClip(emotion_dim)
        self.emotion_head = head(emotion_dim, emotions)
        self.identity_head = head(identity_dim, subjects)
        self.identity_adversary = adversary(emotion_dim, subjects)
        self.emotion_adversary = adversary(identity_dim, emotions)
        self.decoder = FeatureDecoder(emotion_dim, identity_dim, features, hidden=hidden)

    @property
    def emotion_readout(self) -> nn.Linear:
        """The linear map that z_emotion comes out of, before the ball."""
        return cast(nn.Linear, self.emotion_encoder[-1])

    @torch.no_grad()
    def fit_statistics(self, features: Tensor, stride_time_s: Tensor) -> None:
        """Take mean and spread of training features."""
        self.decoder.fit(features, stride_time_s)
        self.mean.copy_(self.decoder.mean)
        self.scale.copy_(self.decoder.scale)

    def encode(self, features: Tensor, stride_time_s: Tensor) -> Latents:
        """Both latents."""
        return Latents(self.encode_emotion(features, stride_time_s), self.encode_identity(features, stride_time_s))

    def encode_emotion(self, features: Tensor, stride_time_s: Tensor) -> Tensor:
        """z_emotion alone, ``[B, De]``."""
        return self.read_emotion(self.emotion_input(features, stride_time_s))

    def emotion_input(self, features: Tensor, stride_time_s: Tensor) -> Tensor:
        """Standardised features ``[B, F]``; the stride time is among them already."""
        del stride_time_s
        return (features - self.mean) / self.scale

    def read_emotion(self, x: Tensor) -> Tensor:
        """z_emotion ``[B, De]`` of the emotion encoder's input."""
        return cast(Tensor, self.emotion_radial_clip(self.emotion_encoder(x)))

    def encode_identity(self, features: Tensor, stride_time_s: Tensor) -> Tensor:
        """z_identity alone, ``[B, Di]``."""
        del stride_time_s
        return cast(Tensor, self.identity_encoder((features - self.mean) / self.scale))

    def decode(self, z_emotion: Tensor, z_identity: Tensor, samples: int | None = None) -> Decoded:
        """Features with the emotion of one latent and the identity of the other; a row has no samples to choose."""
        del samples
        return cast(Decoded, self.decoder(z_emotion, z_identity))

    def forward(self, features: Tensor, stride_time_s: Tensor, *, reversal: float = 1.0) -> NetworkOutput:
        """As ``DisentangledSTGCN.forward``."""
        return read_latents(self, self.encode(features, stride_time_s), reversal=reversal)


Disentangled = DisentangledSTGCN | DisentangledFeatureNetwork
"""What can be trained: the method on the skeleton graph, or on hand-made features."""


def _encoder(features: int, hidden: int, embedding_dim: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(features, hidden),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(hidden, embedding_dim),
    )
