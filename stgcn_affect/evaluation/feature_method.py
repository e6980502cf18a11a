"""The method on rows of features in place of cycles: a control that has the same losses and schedule, and no graph."""

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.fold import FoldData
from stgcn_affect.nn.feature_network import feature_network
from stgcn_affect.settings import LossConfig, TrainConfig
from stgcn_affect.training.trainer import Trainer


def predict_on_features(
    features: npt.NDArray[np.floating],
    data: FoldData,
    train: TrainConfig,
    loss: LossConfig,
    *,
    seed: int,
    emotion_dim: int,
    identity_dim: int,
) -> npt.NDArray[np.float32]:
    """Train the method on features and predict the emotion of the test subjects: probabilities ``[n, Q]``.

    Args:
        features: ``[N, F]`` of all cycles of the fold.
        data: the data of the fold.
        train: how to train.
        loss: weights of the loss terms.
        seed: the seed of the training.
        emotion_dim: width of z_emotion.
        identity_dim: width of z_identity.
    """
    rows = torch.from_numpy(features.astype(np.float32))

    def batch(index: npt.NDArray[np.int64]) -> CycleBatch:
        return data.batch(index)._replace(positions=rows[torch.from_numpy(index)])

    torch.manual_seed(seed)
    network = feature_network(
        rows.shape[1],
        emotions=len(data.dataset.emotions),
        subjects=len(data.subjects),
        emotion_dim=emotion_dim,
        identity_dim=identity_dim,
    )
    trainer = Trainer(train, loss, seed=seed)
    trainer.start(network, batch(data.fit_index), batch(data.split.validation), augmentation=_unchanged)
    for _ in trainer.epochs():
        pass
    test = batch(data.split.test)
    with torch.no_grad():
        logits = network.emotion_head(network.encode_emotion(test.positions, test.stride_time_s))
    probabilities: npt.NDArray[np.float32] = logits.softmax(dim=1).numpy()
    return probabilities


def _unchanged(batch: CycleBatch, generator: torch.Generator) -> CycleBatch:
    del generator
    return batch
