"""Tests of relevance maps: faithfulness, sanity, properties, ground truth, and the choice of a method."""

from stgcn_affect.explain.quality.deletion import (
    Curves,
    Replacement,
    deletion_curves,
    motion_energy,
    replacement,
    unit_scores,
)
from stgcn_affect.explain.quality.faithfulness import (
    deletion_orders,
    deletion_scores,
    faithfulness_scores,
    order_curves,
)
from stgcn_affect.explain.quality.ground_truth import ground_truth_auc, roc_auc
from stgcn_affect.explain.quality.map_properties import (
    Stability,
    contrastivity,
    cosine,
    gini,
    sparsity,
    spearman,
    stability,
)
from stgcn_affect.explain.quality.method_choice import (
    ScoredMethod,
    candidates,
    choose,
    methods_block,
    score_candidate,
    trusted,
)
from stgcn_affect.explain.quality.method_scores import method_scores, sanity_cascade, score_method
from stgcn_affect.explain.quality.sanity import (
    Likeness,
    cascading_randomisation,
    emotion_layers,
    likeness,
    random_labels,
    reinitialise,
)

__all__ = [
    "Curves",
    "Likeness",
    "Replacement",
    "ScoredMethod",
    "Stability",
    "candidates",
    "cascading_randomisation",
    "choose",
    "contrastivity",
    "cosine",
    "deletion_curves",
    "deletion_orders",
    "deletion_scores",
    "emotion_layers",
    "faithfulness_scores",
    "gini",
    "ground_truth_auc",
    "likeness",
    "method_scores",
    "methods_block",
    "motion_energy",
    "order_curves",
    "random_labels",
    "reinitialise",
    "replacement",
    "roc_auc",
    "sanity_cascade",
    "score_candidate",
    "score_method",
    "sparsity",
    "spearman",
    "stability",
    "trusted",
    "unit_scores",
]
