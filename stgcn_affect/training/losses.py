"""The loss, as a dict of named terms; TensorBoard's tags are its keys."""

from collections.abc import Mapping
from dataclasses import fields
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from stgcn_affect.nn.decoder import Decoded
from stgcn_affect.nn.network import DisentangledSTGCN, Latents, NetworkOutput
from stgcn_affect.settings import LossConfig

TERMS: tuple[str, ...] = tuple(term.name for term in fields(LossConfig))
"""Names of all terms, each of which has a weight in ``LossConfig``."""


class Target(NamedTuple):
    """The target that a decoded cycle is compared with.

    Shapes:
        - positions: ``[B, T, V, 3]``; stride_time_s: ``[B]``
    """

    positions: Tensor
    stride_time_s: Tensor


def total(terms: Mapping[str, Tensor], weights: Mapping[str, float]) -> Tensor:
    """The weighted sum of the loss terms. Raises KeyError where a term has no weight."""
    return torch.stack([weights[name] * value for name, value in terms.items()]).sum()


def classification_terms(
    output: NetworkOutput, emotion: Tensor, subject: Tensor, *, label_smoothing: float
) -> dict[str, Tensor]:
    """Cross-entropies in nats of the heads and of the adversaries.

    Args:
        output: the output of the network.
        emotion: ``[B]`` codes.
        subject: ``[B]`` codes.
        label_smoothing: the label smoothing of the heads; the adversaries' labels stay sharp.
    """
    return {
        "emotion": cross_entropy(output.emotion_logits, emotion, label_smoothing=label_smoothing),
        "identity": cross_entropy(output.identity_logits, subject, label_smoothing=label_smoothing),
        "adversary_identity": cross_entropy(output.adversary_identity_logits, subject),
        "adversary_emotion": cross_entropy(output.adversary_emotion_logits, emotion),
    }


def within_class_variance(z_emotion: Tensor, emotion: Tensor) -> Tensor:
    """Share of z_emotion's variance that lies within the emotions, in 0..1.

    Within an emotion only subjects and takes differ, so this is what a latent can tell of the subject beyond the
    emotion; a share, so that shrinking the latent does not lower it (Wilks' lambda by traces; Fisher 1936).

    Shapes:
        - z_emotion: ``[B, D]``; emotion: ``[B]``; output: scalar
    """
    member = torch.nn.functional.one_hot(emotion).to(z_emotion)
    centre = (member.T @ z_emotion) / member.sum(dim=0).clamp_min(1.0)[:, None]
    within = (z_emotion - centre[emotion]).square().sum()
    whole = (z_emotion - z_emotion.mean(dim=0)).square().sum()
    return within / whole.clamp_min(1e-12)


def input_gradient_penalty(logits: Tensor, x: Tensor, direction: Tensor) -> Tensor:
    """Mean squared gradient of the emotion's logits by the encoder's input, summed over the input.

    It keeps predictions from depending on small changes of the movement: for a linear classifier it is ridge
    regression's penalty, whatever the layers between do to the scale (double backpropagation: Drucker & LeCun 1992; one
    random projection of the logits instead of all: Hoffman et al. 2019).

    Args:
        logits: ``[B, Q]``, computed from x.
        x: ``[B, ...]``, standardised, with ``requires_grad``.
        direction: ``[B, Q]`` standard normal; its mean over the emotions is taken off, since the softmax ignores it.
    """
    projected = (logits * (direction - direction.mean(dim=1, keepdim=True))).sum()
    (gradient,) = torch.autograd.grad(projected, x, create_graph=True)
    return gradient.square().flatten(1).sum(dim=1).mean()


class SubjectRisks(NamedTuple):
    """The emotion's mean cross-entropy of each subject of a batch.

    Shapes:
        - risk: ``[G]`` nats; subject: ``[G]`` their codes, sorted
    """

    risk: Tensor
    subject: Tensor


def subject_risks(logits: Tensor, emotion: Tensor, subject: Tensor, *, label_smoothing: float) -> SubjectRisks:
    """The emotion's mean cross-entropy of each of the G subjects of a batch, for ``risk_variance`` and ``group_dro``.

    Shapes:
        - logits: ``[B, Q]``; emotion and subject: ``[B]`` codes
    """
    of_cycles = cross_entropy(logits, emotion, label_smoothing=label_smoothing, reduction="none")
    codes, member = subject.unique(return_inverse=True)  # type: ignore[no-untyped-call]  # torch does not type it
    sums = of_cycles.new_zeros(len(codes)).index_add(0, member, of_cycles)
    return SubjectRisks(sums / torch.bincount(member), codes)


def risk_variance(risks: SubjectRisks) -> Tensor:
    """Variance of the subjects' risks, V-REx's penalty, with subjects as domains (Krueger et al. 2021, eq. 8).

    What lowers the risk of some training subjects alone is paid for, since it may not hold for others.
    """
    return risks.risk.var(correction=0)


def group_dro(risks: SubjectRisks, weights: Tensor, *, step: float) -> Tensor:
    """Mean risk over subjects under weights that grow for those with high risk: GroupDRO (Sagawa et al. 2020, alg. 1).

    Args:
        risks: of the subjects of the batch; others count with risk 0.
        weights: ``[S]`` of all subjects, of sum 1; changed in place, by ``exp(step * risk)``, before they are used.
        step: step size of the weights; 0 leaves them as they are.
    """
    grown = weights.clone()
    grown[risks.subject] *= (step * risks.risk.detach()).exp()
    weights.copy_(grown / grown.sum())
    return (weights[risks.subject] * risks.risk).sum()


def pose_error(decoded: Decoded, target: Target, network: DisentangledSTGCN) -> Tensor:
    """Mean squared error of a decoded cycle in units of the decoder's sigma, with that of the log stride time.

    The target is sampled at the decoded phases, which must divide its frames.
    """
    decoder = network.decoder
    step = target.positions.shape[1] // decoded.positions.shape[1]
    error = (decoded.positions - target.positions[:, ::step]) / decoder.scale
    stride_time = (decoded.stride_time_s.log() - target.stride_time_s.log()) / decoder.stride_time[1]
    return error.square().mean() + stride_time.square().mean()


def latent_error(again: Latents, asked: Latents) -> Tensor:
    """Squared error of re-encoded latents against those that were decoded, relative to their variance in the batch."""
    total_error = again.z_emotion.new_zeros(())
    for found, wanted in zip(again, asked, strict=True):
        spread = wanted.detach().var(dim=0, correction=0).mean().clamp_min(1e-6)
        total_error = total_error + (found - wanted.detach()).square().mean() / spread
    return total_error
