"""The training loop, from top to bottom."""

import copy
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import AveragedModel

from stgcn_affect.data.augment import Augmentation
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.nn.adversary import reversal_strength
from stgcn_affect.nn.feature_network import Disentangled
from stgcn_affect.nn.latent import project_on_means
from stgcn_affect.nn.network import NetworkOutput
from stgcn_affect.training import losses
from stgcn_affect.training.fit_settings import FitSettings
from stgcn_affect.training.seed import RandomState
from stgcn_affect.training.transfer import TransferSampler, transfer_terms


@dataclass(frozen=True)
class EpochReport:
    """What one epoch did: means of loss terms and accuracies over its steps, and what validation gave."""

    epoch: int
    terms: Mapping[str, float]
    accuracy: Mapping[str, float]
    reversal: float
    learning_rate: float
    validation_loss: float
    validation_predicted: npt.NDArray[np.int64]
    best: bool


class Training:
    """One network being fitted, whose whole state can be saved and taken up again.

    Args:
        network: its weights are trained in place; statistics are fitted here on ``train``.
        train: cycles that fit.
        validation: cycles of other subjects, which choose the epoch.
        augmentation: of the training cycles.
        settings: how.
    """

    def __init__(
        self,
        network: Disentangled,
        train: CycleBatch,
        validation: CycleBatch,
        *,
        augmentation: Callable[[CycleBatch, torch.Generator], CycleBatch] | Augmentation,
        settings: FitSettings,
    ) -> None:
        self.network, self.train, self.validation = network, train, validation
        self.augmentation, self.settings = augmentation, settings
        self.random = RandomState(settings.seed)
        self.batches = max(1, round(len(train.emotion) / settings.batch_size))
        self.transfer = TransferSampler(train.emotion.cpu().numpy(), train.subject.cpu().numpy())
        self.optimiser = torch.optim.AdamW(
            network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, max_lr=settings.learning_rate, total_steps=settings.epochs * self.batches
        )
        network.fit_statistics(train.positions, train.stride_time_s)
        self.averaged = AveragedModel(network, use_buffers=True)
        self.epoch = 0
        self.best_loss, self.best_epoch = float("inf"), 0
        self.best_weights = copy.deepcopy(network.state_dict())

    @property
    def finished(self) -> bool:
        """Whether all epochs are done or patience has run out."""
        patience = self.settings.patience
        waited = self.epoch - max(self.best_epoch, self._first_choice - 1)
        return self.epoch >= self.settings.epochs or bool(patience and waited >= patience)

    @property
    def _first_choice(self) -> int:
        """The first epoch that may be chosen, counted from 1."""
        return min(int(self.settings.choose_from * self.settings.epochs) + 1, self.settings.epochs)

    def epochs(self) -> Iterator[EpochReport]:
        """Train, one report an epoch, then leave the best weights in the network, projected where that is asked for."""
        while not self.finished:
            yield self._one_epoch()
        network, train = self.network, self.train
        network.load_state_dict(self.best_weights)
        network.eval()
        if self.settings.project_emotion:
            with torch.no_grad():
                z_emotion = network.encode_emotion(train.positions, train.stride_time_s)
            cap = self.settings.clip_latent
            hull = project_on_means(network.emotion_readout, z_emotion, train.emotion, stretch=cap or 1.0)
            if cap:
                network.emotion_radial_clip.fit(*hull)

    def state_dict(self) -> dict[str, Any]:
        """Everything that the next epoch depends on, as tensors and plain containers."""
        return {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "best_weights": self.best_weights,
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "random": self.random.state_dict(),
            "epoch": self.epoch,
            "best_loss": self.best_loss,
            "best_epoch": self.best_epoch,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where ``state_dict`` was taken."""
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.best_weights = dict(state["best_weights"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.random.load_state_dict(state["random"])
        self.epoch, self.best_loss, self.best_epoch = state["epoch"], state["best_loss"], state["best_epoch"]

    def _one_epoch(self) -> EpochReport:
        settings, network = self.settings, self.network
        strength = reversal_strength(
            self.epoch / settings.epochs, weight=settings.reversal, schedule=settings.reversal_schedule
        )
        rate = float(self.schedule.get_last_lr()[0])
        sums: defaultdict[str, list[float]] = defaultdict(list)
        network.train()
        order = self.random.batches.permutation(len(self.train.emotion))
        for step, index in enumerate(np.array_split(order, self.batches)):
            batch = self.augmentation(self.train.take(torch.from_numpy(index)), self.random.augmentation)
            output = network(batch.positions, batch.stride_time_s, reversal=strength)
            terms = losses.classification_terms(
                output, batch.emotion, batch.subject, label_smoothing=settings.label_smoothing
            )
            terms["within_class_variance"] = losses.within_class_variance(output.z_emotion, batch.emotion)
            if settings.weights["input_gradient_penalty"]:
                terms["input_gradient_penalty"] = self._slope(batch)
            if (self.epoch * self.batches + step) % settings.transfer_every == 0:
                plan = self.transfer.draw(len(index), self.random.batches)
                terms |= transfer_terms(network, self.train, plan, samples=settings.decoded_samples)
            loss = losses.total(terms, settings.weights)
            _check_finite(terms, epoch=self.epoch + 1)
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), settings.clip_norm)
            self.optimiser.step()
            self.averaged.update_parameters(network)
            if self.epoch < settings.average_from * settings.epochs:
                self.averaged.n_averaged.zero_()  # an average of nothing takes the next weights as they are
            self.schedule.step()
            for name, term in terms.items():
                sums[name].append(term.item())
            for name, accuracy in _accuracies(output, batch).items():
                sums[f"accuracy/{name}"].append(accuracy)
        self.epoch += 1
        validation_loss, validation_predicted = self._validate()
        improved = validation_loss < self.best_loss or not len(self.validation.emotion)
        better = improved and self.epoch >= self._first_choice
        if better:
            self.best_loss, self.best_epoch = validation_loss, self.epoch
            self.best_weights = copy.deepcopy(self.averaged.module.state_dict())
        means = {name: float(np.mean(values)) for name, values in sums.items()}
        return EpochReport(
            epoch=self.epoch,
            terms={name: value for name, value in means.items() if "/" not in name},
            accuracy={name.split("/")[1]: value for name, value in means.items() if "/" in name},
            reversal=strength,
            learning_rate=rate,
            validation_loss=validation_loss,
            validation_predicted=validation_predicted,
            best=better,
        )

    def _slope(self, batch: CycleBatch) -> torch.Tensor:
        """The slope of the emotion's decision on a batch, from a forward pass of its own."""
        network = self.network
        x = network.emotion_input(batch.positions, batch.stride_time_s).detach().requires_grad_()
        logits = network.emotion_head(network.read_emotion(x))
        direction = torch.randn(logits.shape, generator=self.random.augmentation).to(logits)
        return losses.input_gradient_penalty(logits, x, direction)

    @torch.no_grad()
    def _validate(self) -> tuple[float, npt.NDArray[np.int64]]:
        """Cross-entropy of the emotion on the validation subjects, 0 where there are none, and the predicted codes."""
        if not len(self.validation.emotion):
            return 0.0, np.zeros(0, np.int64)
        network = cast(Disentangled, self.averaged.module.eval())
        latents = network.encode(self.validation.positions, self.validation.stride_time_s)
        logits = network.emotion_head(latents.z_emotion)
        return float(cross_entropy(logits, self.validation.emotion)), logits.argmax(dim=1).cpu().numpy()


def _check_finite(terms: Mapping[str, torch.Tensor], *, epoch: int) -> None:
    for name, value in terms.items():
        if not torch.isfinite(value):
            raise InputError(
                f"training diverged in epoch {epoch}: expected a finite {name} loss (lower the learning rate)"
                f" (got {value.item()})"
            )


def _accuracies(output: NetworkOutput, batch: CycleBatch) -> dict[str, float]:
    pairs = {
        "emotion": (output.emotion_logits, batch.emotion),
        "identity": (output.identity_logits, batch.subject),
        "adversary_identity": (output.adversary_identity_logits, batch.subject),
        "adversary_emotion": (output.adversary_emotion_logits, batch.emotion),
    }
    return {name: float((logits.argmax(dim=1) == code).float().mean()) for name, (logits, code) in pairs.items()}
