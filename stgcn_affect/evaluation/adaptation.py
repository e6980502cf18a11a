"""Unlabelled test-time adaptation: the mean of a subject's own cycles moves the decision, without labels or gradients.

A protocol between an unseen subject and one beside its own takes: all cycles of a tested subject are used at once, to
classify these very cycles (transductive), but no label of theirs. The mean latent of the subject is moved to that of
the training subjects: the normalisation by speaker of emotional speech (Busso et al. 2013), and for images the
adaptation of feature statistics to the test data (Schneider et al. 2020).

It assumes that the subject shows the emotions about equally often: of somebody who is always sad it takes the sadness
away. And somebody must know which cycles are of one subject.
"""

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.nn.network import DisentangledSTGCN

Latents = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]


def emotions_centre(z: npt.NDArray[np.floating], emotions: Names) -> Latents:
    """The mean ``[D]`` of the emotions' mean latents, so that each emotion counts alike.

    Args:
        z: ``[n, D]`` latents of training subjects.
        emotions: ``[n]`` names.
    """
    z = np.asarray(z, np.float64)
    return np.asarray(np.mean([z[emotions == name].mean(axis=0) for name in np.unique(emotions)], axis=0))


def adapt_to_subjects(z: npt.NDArray[np.floating], subjects: Names, centre: Latents) -> Latents:
    """Latents ``[N, D]``, each subject's moved so that their mean is ``centre``.

    Args:
        z: ``[N, D]`` latents of cycles whose emotions are not known.
        subjects: ``[N]`` whose cycles these are.
        centre: ``[D]``, of the training subjects (``emotions_centre``).
    """
    moved = np.array(z, np.float64)
    for name in np.unique(subjects):
        mine = subjects == name
        moved[mine] += centre - moved[mine].mean(axis=0)
    return moved


@torch.no_grad()
def emotion_of_latents(network: DisentangledSTGCN, z: Latents) -> Latents:
    """Class probabilities ``[N, Q]`` that a network gives latents ``[N, De]``."""
    return np.asarray(network.emotion_head(torch.from_numpy(z.astype(np.float32))).softmax(1).numpy(), np.float64)
