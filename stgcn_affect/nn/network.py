"""The whole network: two encoders, their classifiers and a decoder."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from stgcn_affect.nn.adversary import Classifiers, classifiers, reverse_gradient
from stgcn_affect.nn.decoder import Decoded, Decoder
from stgcn_affect.nn.harmonics import uniform_phase
from stgcn_affect.nn.input_channels import CHANNELS, Anthropometrics, InputChannels
from stgcn_affect.nn.latent import RadialClip
from stgcn_affect.nn.st_gcn import Encoded, Encoder
from stgcn_affect.settings import CYCLE_SAMPLES, Config, NetworkConfig
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout


class Latents(NamedTuple):
    """Both latents of B cycles.

    Shapes:
        - z_emotion: ``[B, De]``; z_identity: ``[B, Di]``
    """

    z_emotion: Tensor
    z_identity: Tensor


class EncoderInputs(NamedTuple):
    """What both encoders read of B cycles.

    Shapes:
        - emotion and identity: ``[B, C, T', V]`` standardised channels.
        - measures: ``[B, V]`` standardised anthropometrics, or None where the network reads none.
    """

    emotion: Tensor
    identity: Tensor
    measures: Tensor | None

    def take(self, rows: Tensor | slice) -> "EncoderInputs":
        """Those of the cycles at ``rows``; a slice gives views."""
        measures = None if self.measures is None else self.measures[rows]
        return EncoderInputs(self.emotion[rows], self.identity[rows], measures)


class NetworkOutput(NamedTuple):
    """The output of one forward pass: latents and logits.

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


class LabelledCycles(Protocol):
    """What ``for_data`` reads of a data set: a ``GaitDataset`` has it."""

    @property
    def layout(self) -> Layout:
        """The skeleton of the cycles."""

    @property
    def emotions(self) -> tuple[str, ...]:
        """Q sorted names."""

    @property
    def samples(self) -> int:
        """T, phase samples of a cycle."""

    def subjects_of(self, index: npt.NDArray[np.int64]) -> tuple[str, ...]:
        """The sorted names of the subjects of some cycles."""


class TrainingPart(Protocol):
    """What ``for_data`` reads of a split: a ``Split`` has it."""

    @property
    def train(self) -> npt.NDArray[np.int64]:
        """``[n]`` indices of the training cycles."""


class GaitBatch(Protocol):
    """Cycles of a PyG ``DataLoader`` over a ``GaitDataset``: joints as nodes, paths as features."""

    x: Tensor
    stride_time_s: Tensor


class DisentangledSTGCN(nn.Module):
    """The disentangled network: encodes emotion and identity of a gait cycle in two latents, and decodes them.

    ``DisentangledSTGCN.build`` makes the usual network on a skeleton graph; its parts are typed as that one has them.
    Other parts may stand in for them if they answer the same calls, as those of ``feature_network`` do: inputs and
    decoder with ``fit`` and ``forward``, encoders that give an ``Encoded`` and end in a linear ``readout``.

    Args:
        emotion_channels: positions and stride time to the emotion encoder's input.
        identity_channels: likewise for the identity encoder.
        anthropometrics: positions and stride time to what the identity encoder reads beside its input, or None.
        emotion_encoder: the encoder of z_emotion.
        identity_encoder: the encoder of z_identity.
        heads: the classifiers on both latents.
        decoder: the decoder of both latents and phases to a cycle.
        cycle_samples: T, samples of a decoded cycle unless asked otherwise.

    Shapes:
        - positions: ``[B, T, V, 3]`` body heights, pelvis-centred, facing +z; stride_time_s: ``[B]`` seconds.
    """

    emotion_channels: InputChannels
    identity_channels: InputChannels
    anthropometrics: Anthropometrics
    emotion_encoder: Encoder
    identity_encoder: Encoder
    decoder: Decoder

    def __init__(
        self,
        *,
        emotion_channels: nn.Module,
        identity_channels: nn.Module,
        anthropometrics: nn.Module | None,
        emotion_encoder: nn.Module,
        identity_encoder: nn.Module,
        heads: Classifiers,
        decoder: nn.Module,
        cycle_samples: int = CYCLE_SAMPLES,
    ) -> None:
        super().__init__()
        self.cycle_samples = cycle_samples
        self.sizes: Mapping[str, Any] = {}
        """The keyword arguments of ``build``, where that made the network."""
        self.emotion_channels = cast(InputChannels, emotion_channels)
        self.identity_channels = cast(InputChannels, identity_channels)
        self.anthropometrics = cast(Anthropometrics, anthropometrics)
        self.emotion_encoder = cast(Encoder, emotion_encoder)
        self.identity_encoder = cast(Encoder, identity_encoder)
        self.emotion_radial_clip = RadialClip(self.emotion_readout.out_features)
        self.emotion_head, self.identity_head = heads.emotion_head, heads.identity_head
        self.identity_adversary, self.emotion_adversary = heads.identity_adversary, heads.emotion_adversary
        self.decoder = cast(Decoder, decoder)

    @classmethod
    def build(
        cls,
        layout: Layout,
        *,
        emotions: int,
        subjects: int,
        cycle_samples: int = CYCLE_SAMPLES,
        samples: int = NetworkConfig.samples,
        harmonics: int = NetworkConfig.harmonics,
        retarget: bool = NetworkConfig.retarget,
        stride_time: bool = NetworkConfig.stride_time,
        phase_readout: bool = NetworkConfig.phase_readout,
        width: int = NetworkConfig.width,
        blocks: int = NetworkConfig.blocks,
        channels: Sequence[int] = (),
        strides: Sequence[int] = (),
        kernel: int = NetworkConfig.kernel,
        dropout: float = NetworkConfig.dropout,
        emotion_dim: int = NetworkConfig.emotion_dim,
        identity_dim: int = NetworkConfig.identity_dim,
        decoder_width: int = NetworkConfig.decoder_width,
        decoder_harmonics: int = NetworkConfig.decoder_harmonics,
    ) -> "DisentangledSTGCN":
        """The network on a skeleton graph.

        The emotion encoder sees subjects retargeted to the mean skeleton of the training subjects and keeps the joints
        in its read-out; the identity encoder sees their own bodies, pools over the joints and also reads the lengths of
        the bones.

        Args:
            layout: the skeleton.
            emotions: Q.
            subjects: S, subjects of the training part.
            cycle_samples: T of the cycles.
            samples: T', samples that the encoders see.
            harmonics: harmonics of the cycle that the encoders see.
            retarget: give all subjects the same bone lengths before the emotion encoder.
            stride_time: give the emotion encoder the stride time.
            phase_readout: keep the phase of the cycle in the emotion encoder's read-out.
            width: channels of the encoders' blocks.
            blocks: blocks of each encoder.
            channels: channels of every block, instead of ``width`` and ``blocks``.
            strides: stride of every block's temporal convolution; 1 where none is given.
            kernel: odd width of the temporal convolutions.
            dropout: probability that a whole channel is dropped.
            emotion_dim: De; narrow embeddings leak less of the subject.
            identity_dim: Di.
            decoder_width: channels per joint of the decoder.
            decoder_harmonics: harmonics of a decoded cycle.
        """
        given = locals()
        sizes = {name: given[name] for name in ("cycle_samples", *NetworkConfig.__dataclass_fields__)}
        sizes |= {"channels": list(channels), "strides": list(strides)}
        graph = SkeletonGraph(layout)
        inputs = partial(InputChannels, graph, cycle_samples=cycle_samples, samples=samples, harmonics=harmonics)
        stack = partial(
            Encoder,
            len(CHANNELS),
            graph,
            **{name: given[name] for name in ("width", "blocks", "channels", "strides", "kernel", "dropout")},
        )
        anthropometrics = Anthropometrics(graph)
        network = cls(
            emotion_channels=inputs(retarget=retarget, stride_time=stride_time),
            identity_channels=inputs(retarget=False, stride_time=True),
            anthropometrics=anthropometrics,
            emotion_encoder=stack(embedding_dim=emotion_dim, phase_samples=samples if phase_readout else 0),
            identity_encoder=stack(embedding_dim=identity_dim, joint_readout=False, extra_dim=anthropometrics.size),
            heads=classifiers(emotion_dim, identity_dim, emotions=emotions, subjects=subjects),
            decoder=Decoder(
                emotion_dim,
                identity_dim,
                graph,
                width=decoder_width,
                harmonics=decoder_harmonics,
                cycle_samples=cycle_samples,
            ),
            cycle_samples=cycle_samples,
        )
        network.sizes = sizes
        return network

    @classmethod
    def for_data(
        cls, data: LabelledCycles, split: TrainingPart, *, seed: int = Config.seed, **sizes: Any
    ) -> "DisentangledSTGCN":
        """The network on the skeleton of a data set, with a class for each emotion and each training subject.

        Args:
            data: a ``GaitDataset``.
            split: its ``train`` names the training cycles.
            seed: the seed of the initial weights; torch's own random state stays as it is.
            sizes: keyword arguments of ``build``, such as ``width=32``; by default those of ``NetworkConfig``.
        """
        emotions, subjects = len(data.emotions), len(data.subjects_of(split.train))
        with torch.random.fork_rng(devices=()):
            torch.manual_seed(seed)
            return cls.build(
                data.layout, emotions=emotions, subjects=subjects, **{"cycle_samples": data.samples, **sizes}
            )

    @property
    def emotion_readout(self) -> nn.Linear:
        """The linear map whose output is z_emotion before the clip."""
        return self.emotion_encoder.readout

    def fit_statistics(self, positions: Tensor, stride_time_s: Tensor) -> None:
        """Take the mean skeleton, the input's mean and spread and the decoder's mean cycle from training cycles."""
        for part in (self.emotion_channels, self.identity_channels, self.anthropometrics, self.decoder):
            if part is not None:
                part.fit(positions, stride_time_s)

    def inputs(self, positions: Tensor, stride_time_s: Tensor) -> EncoderInputs:
        """What both encoders read of cycles."""
        return EncoderInputs(
            self.emotion_input(positions, stride_time_s), *self.identity_input(positions, stride_time_s)
        )

    def emotion_input(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """The emotion encoder's input: standardised channels ``[B, C, T', V]``."""
        return cast(Tensor, self.emotion_channels(positions, stride_time_s))

    def identity_input(self, positions: Tensor, stride_time_s: Tensor) -> tuple[Tensor, Tensor | None]:
        """The identity encoder's inputs: channels ``[B, C, T', V]``, and measures ``[B, V]`` where it reads any."""
        measures = None if self.anthropometrics is None else self.anthropometrics(positions, stride_time_s)
        return self.identity_channels(positions, stride_time_s), measures

    def read(self, inputs: EncoderInputs) -> Latents:
        """Encode the encoders' inputs to both latents."""
        return Latents(self.read_emotion(inputs.emotion), self.read_identity(inputs.identity, inputs.measures))

    def read_emotion(self, x: Tensor) -> Tensor:
        """Encode the emotion encoder's input to z_emotion ``[B, De]``."""
        encoded: Encoded = self.emotion_encoder(x)
        return cast(Tensor, self.emotion_radial_clip(encoded.embedding))

    def read_identity(self, x: Tensor, measures: Tensor | None) -> Tensor:
        """Encode the identity encoder's inputs to z_identity ``[B, Di]``."""
        encoded: Encoded = self.identity_encoder(x, measures)
        return encoded.embedding

    def encode(self, positions: Tensor, stride_time_s: Tensor) -> Latents:
        """Encode cycles to both latents."""
        return self.read(self.inputs(positions, stride_time_s))

    def encode_emotion(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """Encode cycles to z_emotion alone, ``[B, De]``."""
        return self.read_emotion(self.emotion_input(positions, stride_time_s))

    def encode_identity(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """Encode cycles to z_identity alone, ``[B, Di]``."""
        return self.read_identity(*self.identity_input(positions, stride_time_s))

    def decode(self, z_emotion: Tensor, z_identity: Tensor, samples: int | None = None) -> Decoded:
        """A cycle of ``samples`` frames (T by default) with the emotion of one latent and the identity of the other."""
        phase = uniform_phase(self.cycle_samples if samples is None else samples).to(z_emotion)
        return cast(Decoded, self.decoder(z_emotion, z_identity, phase))

    def forward(
        self, positions: Tensor | GaitBatch, stride_time_s: Tensor | None = None, *, reversal: float = 1.0
    ) -> NetworkOutput:
        """Compute latents and logits of cycles.

        Args:
            positions: ``[B, T, V, 3]``; or a batch that PyG's ``DataLoader`` makes of a ``GaitDataset``, which has the
                stride times too.
            stride_time_s: ``[B]`` seconds.
            reversal: scales the gradient that the adversaries send back.
        """
        if stride_time_s is None:
            batch = cast(GaitBatch, positions)
            positions, stride_time_s = _positions_of_nodes(batch), batch.stride_time_s
        return self.classify(self.encode(cast(Tensor, positions), stride_time_s), reversal=reversal)

    def classify(self, latents: Latents, *, reversal: float = 1.0) -> NetworkOutput:
        """The logits of heads and adversaries from both latents."""
        z_emotion, z_identity = latents
        return NetworkOutput(
            z_emotion=z_emotion,
            z_identity=z_identity,
            emotion_logits=self.emotion_head(z_emotion),
            identity_logits=self.identity_head(z_identity),
            adversary_identity_logits=self.identity_adversary(reverse_gradient(z_emotion, reversal)),
            adversary_emotion_logits=self.emotion_adversary(reverse_gradient(z_identity, reversal)),
        )


def _positions_of_nodes(batch: GaitBatch) -> Tensor:
    """``[B, T, V, 3]`` of nodes ``[B V, 3 T]``, cycle by cycle."""
    cycles = len(batch.stride_time_s)
    return batch.x.view(cycles, len(batch.x) // cycles, -1, 3).transpose(1, 2)
