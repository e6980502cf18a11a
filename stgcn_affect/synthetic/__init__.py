"""Synthetic walkers: a kinematic gait model whose identity and emotion factors are known."""

from stgcn_affect.synthetic.body import walk_positions, walker_layout
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS, EMOTIONS, EmotionFactor
from stgcn_affect.synthetic.identity_factors import IDENTITY_FACTORS, draw_identity
from stgcn_affect.synthetic.style import GaitStyle
from stgcn_affect.synthetic.truth import FactorTruth, factor_truth
from stgcn_affect.synthetic.walkers import GENERATOR_VERSION, SyntheticWalkers, synthetic_walkers

__all__ = [
    "EMOTIONS",
    "EMOTION_FACTORS",
    "GENERATOR_VERSION",
    "IDENTITY_FACTORS",
    "EmotionFactor",
    "FactorTruth",
    "GaitStyle",
    "SyntheticWalkers",
    "draw_identity",
    "factor_truth",
    "synthetic_walkers",
    "walk_positions",
    "walker_layout",
]
