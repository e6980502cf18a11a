"""The whole network: two encoders, two heads, two adversaries and a decoder on one skeleton graph."""

from typing import NamedTuple, Protocol, cast

from torch import Tensor, nn

from stgcn_affect.nn.adversary import adversary, head, reverse_gradient
from stgcn_affect.nn.decoder import Decoded, Decoder
from stgcn_affect.nn.harmonics import uniform_phase
from stgcn_affect.nn.input_channels import CHANNELS, Anthropometrics, InputChannels
from stgcn_affect.nn.latent import RadialClip
from stgcn_affect.nn.st_gcn import Encoded, Encoder
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout


class Latents(NamedTuple):
    """What is said (emotion) and by whom (identity).

    Shapes:
        - z_emotion: ``[B, De]``; z_identity: ``[B, Di]``
    """

    z_emotion: Tensor
    z_identity: Tensor


class NetworkOutput(NamedTuple):
    """Everything one forward pass gives.

    Shapes:
        - z_emotion: ``[B, De]``; z_identity: ``[B, Di]``
        - emotion_logits, adversary_emotion_logits: ``[B, Q]``, from z_emotion and from z_identity reversed.
        - identity_logits, adversary_identity_logits: ``[B, S]``, from z_identity and from z_emotion reversed.
    """

    z_emotion: Tensor
    z_identity: Tensor
    emotion_logits: Tensor
    identity_logits: Tensor
    adversary_identity_logits: Tensor
    adversary_emotion_logits: Tensor


class Readers(Protocol):
    """The heads and adversaries that every disentangled network has."""

    emotion_head: nn.Module
    identity_head: nn.Module
    identity_adversary: nn.Module
    emotion_adversary: nn.Module


class DisentangledSTGCN(nn.Module):
    """Emotion and identity of a gait cycle in two latents.

    The emotion encoder sees subjects retargeted to the mean skeleton of the training subjects and keeps the joints in
    its read-out; the identity encoder sees their own bodies, pools over the joints and reads the bones' lengths
    besides.

    Args:
        layout: the skeleton.
        emotions: Q.
        subjects: S, subjects of the training part.
        cycle_samples: T of the cycles.
        samples: T', samples that the encoders see.
        harmonics: harmonics of the cycle that the encoders see.
        retarget: give all subjects the same bone lengths before the emotion encoder.
        stride_time: tell the emotion encoder the stride time.
        phase_readout: keep the phase of the cycle in the emotion encoder's read-out.
        width: channels of the encoders' blocks.
        blocks: blocks of each encoder.
        kernel: odd width of the temporal convolutions.
        dropout: probability that a whole channel is dropped.
        emotion_dim: De; narrow embeddings leak less of the subject.
        identity_dim: Di.
        decoder_width: channels per joint of the decoder.
        decoder_harmonics: harmonics of a decoded cycle.

    Shapes:
        - positions: ``[B, T, V, 3]`` body heights, pelvis-centred, facing +z; stride_time_s: ``[B]`` seconds.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        emotions: int,
        subjects: int,
        cycle_samples: int = 64,
        samples: int = 8,
        harmonics: int = 3,
        retarget: bool = True,
        stride_time: bool = True,
        phase_readout: bool = False,
        width: int = 16,
        blocks: int = 3,
        kernel: int = 3,
        dropout: float = 0.2,
        emotion_dim: int = 8,
        identity_dim: int = 32,
        decoder_width: int = 32,
        decoder_harmonics: int = 5,
    ) -> None:
        super().__init__()
        graph = SkeletonGraph(layout)
        sampling = {"cycle_samples": cycle_samples, "samples": samples, "harmonics": harmonics}
        self.cycle_samples = cycle_samples
        self.emotion_channels = InputChannels(graph, **sampling, retarget=retarget, stride_time=stride_time)
        self.identity_channels = InputChannels(graph, **sampling, retarget=False, stride_time=True)
        self.anthropometrics = Anthropometrics(graph)
        self.emotion_encoder = Encoder(
            len(CHANNELS),
            graph,
            width=width,
            blocks=blocks,
            kernel=kernel,
            dropout=dropout,
            embedding_dim=emotion_dim,
            phase_samples=samples if phase_readout else 0,
        )
        self.identity_encoder = Encoder(
            len(CHANNELS),
            graph,
            width=width,
            blocks=blocks,
            kernel=kernel,
            dropout=dropout,
            embedding_dim=identity_dim,
            joint_readout=False,
            extra_dim=self.anthropometrics.size,
        )
        self.emotion_radial_clip = RadialClip(emotion_dim)
        self.emotion_head = head(emotion_dim, emotions)
        self.identity_head = head(identity_dim, subjects)
        self.identity_adversary = adversary(emotion_dim, subjects)
        self.emotion_adversary = adversary(identity_dim, emotions)
        self.decoder = Decoder(
            emotion_dim,
            identity_dim,
            graph,
            width=decoder_width,
            harmonics=decoder_harmonics,
            cycle_samples=cycle_samples,
        )

    @property
    def emotion_readout(self) -> nn.Linear:
        """The linear map that z_emotion comes out of, before the ball."""
        return self.emotion_encoder.readout

    def fit_statistics(self, positions: Tensor, stride_time_s: Tensor) -> None:
        """Take the mean skeleton, the input's mean and spread and the decoder's mean cycle from training cycles."""
        self.emotion_channels.fit(positions, stride_time_s)
        self.identity_channels.fit(positions, stride_time_s)
        self.anthropometrics.fit(positions, stride_time_s)
        self.decoder.fit(positions, stride_time_s)

    def encode(self, positions: Tensor, stride_time_s: Tensor) -> Latents:
        """Both latents of cycles."""
        return Latents(
            z_emotion=self.encode_emotion(positions, stride_time_s),
            z_identity=self.encode_identity(positions, stride_time_s),
        )

    def encode_emotion(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """z_emotion alone, ``[B, De]``."""
        return self.read_emotion(self.emotion_input(positions, stride_time_s))

    def emotion_input(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """What the emotion encoder sees: standardised streams ``[B, C, T', V]``."""
        return cast(Tensor, self.emotion_channels(positions, stride_time_s))

    def read_emotion(self, x: Tensor) -> Tensor:
        """z_emotion ``[B, De]`` of the emotion encoder's input."""
        encoded: Encoded = self.emotion_encoder(x)
        return cast(Tensor, self.emotion_radial_clip(encoded.embedding))

    def encode_identity(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """z_identity alone, ``[B, Di]``."""
        measures = self.anthropometrics(positions, stride_time_s)
        encoded: Encoded = self.identity_encoder(self.identity_channels(positions, stride_time_s), measures)
        return encoded.embedding

    def decode(self, z_emotion: Tensor, z_identity: Tensor, samples: int | None = None) -> Decoded:
        """A cycle of ``samples`` frames (T by default) with the emotion of one latent and the identity of the other."""
        phase = uniform_phase(self.cycle_samples if samples is None else samples).to(z_emotion)
        return cast(Decoded, self.decoder(z_emotion, z_identity, phase))

    def forward(self, positions: Tensor, stride_time_s: Tensor, *, reversal: float = 1.0) -> NetworkOutput:
        """Latents and logits; ``reversal`` scales the gradient that the adversaries send back."""
        return read_latents(self, self.encode(positions, stride_time_s), reversal=reversal)


def read_latents(network: Readers, latents: Latents, *, reversal: float) -> NetworkOutput:
    """What a network's heads and adversaries read from both latents; ``reversal`` scales the adversaries' gradient."""
    z_emotion, z_identity = latents
    return NetworkOutput(
        z_emotion=z_emotion,
        z_identity=z_identity,
        emotion_logits=network.emotion_head(z_emotion),
        identity_logits=network.identity_head(z_identity),
        adversary_identity_logits=network.identity_adversary(reverse_gradient(z_emotion, reversal)),
        adversary_emotion_logits=network.emotion_adversary(reverse_gradient(z_identity, reversal)),
    )
