"""How a network is trained: plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stgcn_affect.training import losses


@dataclass(frozen=True)
class FitSettings:
    """How to train: plain numbers.

    Args:
        seed: of everything random.
        epochs: at most.
        patience: epochs without a better validation loss before training stops; 0 never stops.
        choose_from: share of the epochs after which one may be chosen: what hides the subject takes longer to learn
            than the emotion, and an early epoch that predicts well still leaks.
        average_from: share of the epochs after which the weights of every step are averaged (Izmailov et al. 2018);
            the average is what validation sees and what is kept. 1 keeps the weights as they are.
        batch_size: cycles a step, about: an epoch is cut into equal batches.
        learning_rate: peak of the one-cycle schedule (Smith & Topin 2019).
        weight_decay: of AdamW.
        clip_norm: of the gradient.
        label_smoothing: of both heads.
        reversal: weight of gradient reversal.
        reversal_schedule: "constant" or "ganin".
        transfer_every: decode every this many steps.
        decoded_samples: frames of a decoded cycle in the loss.
        project_emotion: keep of z_emotion, as the last step, only the span of the training emotions' means.
        clip_latent: then stretch z_emotion by this about the means' centre and draw it onto the ball of the training
            cycles' mean distance, where it would leave it: beyond one part in ``clip_latent`` of that, how plainly an
            emotion shows tells no more. 0 leaves it as it is.
        weights: of the loss terms, by name; the slope's is 0 by default, which saves its forward pass.
    """

    seed: int = 0
    epochs: int = 150
    patience: int = 60
    choose_from: float = 0.0
    average_from: float = 1.0
    batch_size: int = 32
    learning_rate: float = 3e-3
    weight_decay: float = 5e-3
    clip_norm: float = 1.0
    label_smoothing: float = 0.1
    reversal: float = 0.2
    reversal_schedule: str = "constant"
    transfer_every: int = 2
    decoded_samples: int = 16
    project_emotion: bool = False
    clip_latent: float = 0.0
    weights: Mapping[str, float] = field(
        default_factory=lambda: dict.fromkeys(losses.TERMS, 1.0) | {"input_gradient_penalty": 0.0}
    )
