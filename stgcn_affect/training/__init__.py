"""Training: the losses, the trainer, and trained models with their predictions and how far these can be trusted."""

from stgcn_affect.training.checkpoint import load_model, load_safely, read_model, save_atomically, save_model
from stgcn_affect.training.confidence import (
    Confidence,
    fit_confidence,
    fit_temperature,
    outlier_score,
    outlier_threshold,
)
from stgcn_affect.training.epoch import EpochReport
from stgcn_affect.training.identity import IdentityStatistics, identity_statistics
from stgcn_affect.training.losses import (
    TERMS,
    SubjectRisks,
    classification_terms,
    group_dro,
    input_gradient_penalty,
    latent_error,
    pose_error,
    risk_variance,
    subject_risks,
    within_class_variance,
)
from stgcn_affect.training.model import Ensemble, Model, complete_model, new_model, predict_walk
from stgcn_affect.training.predict import (
    Encodings,
    emotion_logits,
    emotion_probabilities,
    encode,
    eval_mode,
    mean_activations,
)
from stgcn_affect.training.seed import RandomState, seed_everything
from stgcn_affect.training.trainer import Trainer
from stgcn_affect.training.transfer import TransferPlan, TransferSampler, frozen_statistics, transfer_terms

__all__ = [
    "TERMS",
    "Confidence",
    "Encodings",
    "Ensemble",
    "EpochReport",
    "IdentityStatistics",
    "Model",
    "RandomState",
    "SubjectRisks",
    "Trainer",
    "TransferPlan",
    "TransferSampler",
    "classification_terms",
    "complete_model",
    "emotion_logits",
    "emotion_probabilities",
    "encode",
    "eval_mode",
    "fit_confidence",
    "fit_temperature",
    "frozen_statistics",
    "group_dro",
    "identity_statistics",
    "input_gradient_penalty",
    "latent_error",
    "load_model",
    "load_safely",
    "mean_activations",
    "new_model",
    "outlier_score",
    "outlier_threshold",
    "pose_error",
    "predict_walk",
    "read_model",
    "risk_variance",
    "save_atomically",
    "save_model",
    "seed_everything",
    "subject_risks",
    "transfer_terms",
    "within_class_variance",
]
