"""Emotion from gait on a skeleton graph: explainable, disentangled from identity and honestly scored.

In four lines::

    import stgcn_affect as sa

    model = sa.load_model("runs/default-0")
    walk = sa.read_walk("walk.bvh", layout=model.layout)
    print(model.predict(walk))

The names below load when they are first used, so that the import itself is fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stgcn_affect.data.dataset import GaitDataset
    from stgcn_affect.data.prediction import Prediction
    from stgcn_affect.data.splits import Split, subject_holdout
    from stgcn_affect.data.walk import Walk, read_walk
    from stgcn_affect.errors import InputError
    from stgcn_affect.evaluation.emotion_scores import EmotionScores, evaluate_emotion
    from stgcn_affect.explain.maps.skeleton_grad_cam import RelevanceMaps, SkeletonGradCam
    from stgcn_affect.nn.network import DisentangledSTGCN
    from stgcn_affect.release.released import ReleasedEncoder, load_released
    from stgcn_affect.settings import LossConfig, TrainConfig
    from stgcn_affect.skeleton.graph import SkeletonGraph
    from stgcn_affect.skeleton.layout import Layout, load_layout
    from stgcn_affect.training.checkpoint import load_model, save_model
    from stgcn_affect.training.model import Ensemble, Model
    from stgcn_affect.training.trainer import Trainer

__version__ = "0.1.0"

__all__ = [
    "DisentangledSTGCN",
    "EmotionScores",
    "Ensemble",
    "GaitDataset",
    "InputError",
    "Layout",
    "LossConfig",
    "Model",
    "Prediction",
    "ReleasedEncoder",
    "RelevanceMaps",
    "SkeletonGradCam",
    "SkeletonGraph",
    "Split",
    "TrainConfig",
    "Trainer",
    "Walk",
    "evaluate_emotion",
    "load_layout",
    "load_model",
    "load_released",
    "read_walk",
    "save_model",
    "subject_holdout",
]

_PLACES = {
    "data.dataset": ("GaitDataset",),
    "data.prediction": ("Prediction",),
    "data.splits": ("Split", "subject_holdout"),
    "data.walk": ("Walk", "read_walk"),
    "errors": ("InputError",),
    "evaluation.emotion_scores": ("EmotionScores", "evaluate_emotion"),
    "explain.maps.skeleton_grad_cam": ("RelevanceMaps", "SkeletonGradCam"),
    "nn.network": ("DisentangledSTGCN",),
    "release.released": ("ReleasedEncoder", "load_released"),
    "settings": ("LossConfig", "TrainConfig"),
    "skeleton.graph": ("SkeletonGraph",),
    "skeleton.layout": ("Layout", "load_layout"),
    "training.checkpoint": ("load_model", "save_model"),
    "training.model": ("Ensemble", "Model"),
    "training.trainer": ("Trainer",),
}
"""Where each public name is defined (PEP 562)."""


def __getattr__(name: str) -> Any:
    for place, names in _PLACES.items():
        if name in names:
            found = getattr(import_module(f"stgcn_affect.{place}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module 'stgcn_affect' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
