"""Networks: ST-GCN on a skeleton graph, its input, both latents and the decoder, as ordinary ``torch.nn`` modules."""

from stgcn_affect.nn.adversary import (
    Classifiers,
    adversary,
    classifiers,
    head,
    reversal_strength,
    reverse_gradient,
)
from stgcn_affect.nn.decoder import Decoded, Decoder
from stgcn_affect.nn.feature_network import FeatureDecoder, FeatureEncoder, FeatureInput, feature_network
from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.nn.harmonics import analysis_matrix, derivative_matrix, fourier_basis, uniform_phase
from stgcn_affect.nn.input_channels import CHANNELS, Anthropometrics, InputChannels
from stgcn_affect.nn.latent import ClassMeanProjection, RadialClip
from stgcn_affect.nn.network import DisentangledSTGCN, Latents, NetworkOutput
from stgcn_affect.nn.retarget import Retarget
from stgcn_affect.nn.st_gcn import Encoded, Encoder, SpatialTemporalBlock

__all__ = [
    "CHANNELS",
    "Anthropometrics",
    "ClassMeanProjection",
    "Classifiers",
    "Decoded",
    "Decoder",
    "DisentangledSTGCN",
    "Encoded",
    "Encoder",
    "FeatureDecoder",
    "FeatureEncoder",
    "FeatureInput",
    "InputChannels",
    "Latents",
    "NetworkOutput",
    "RadialClip",
    "Retarget",
    "SkeletonConv",
    "SpatialTemporalBlock",
    "adversary",
    "analysis_matrix",
    "classifiers",
    "derivative_matrix",
    "feature_network",
    "fourier_basis",
    "head",
    "reversal_strength",
    "reverse_gradient",
    "uniform_phase",
]
