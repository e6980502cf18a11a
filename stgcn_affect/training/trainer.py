"""The training, from top to bottom: every epoch, then the best weights, their projection and the latent clip."""

import copy
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import AveragedModel

from stgcn_affect.data.augment import Augmentation
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.fold import FoldData, fold_data
from stgcn_affect.data.splits import Split
from stgcn_affect.errors import InputError
from stgcn_affect.nn.adversary import reversal_strength
from stgcn_affect.nn.latent import ClassMeanProjection
from stgcn_affect.nn.network import DisentangledSTGCN, NetworkOutput
from stgcn_affect.settings import Config, LossConfig, ProtocolConfig, TrainConfig
from stgcn_affect.training import losses
from stgcn_affect.training.model import Model, complete_model, new_model
from stgcn_affect.training.seed import RandomState
from stgcn_affect.training.transfer import TransferSampler, transfer_terms

Augment = Callable[[CycleBatch, torch.Generator], CycleBatch]
"""Random changes of a batch, such as an ``Augmentation``; all randomness comes from the generator."""


@dataclass(frozen=True)
class EpochReport:
    """The report of one epoch: means of loss terms and accuracies over its steps, and the validation scores."""

    epoch: int
    terms: Mapping[str, float]
    accuracy: Mapping[str, float]
    reversal: float
    learning_rate: float
    validation_loss: float
    validation_predicted: npt.NDArray[np.int64]
    best: bool


class Trainer:
    """Fits a network with every step of the method: ``fit``, or ``start`` and ``epochs`` to watch each epoch.

    Args:
        config: the optimisation; the device too, which network and cycles are moved to.
        loss: weights of the loss terms.
        seed: the seed of batches, augmentation, dropout and transfer; initial weights are the network's own.

    Raises:
        InputError: a device that torch does not have here.
    """

    network: DisentangledSTGCN
    train: CycleBatch
    validation: CycleBatch

    def __init__(
        self, config: TrainConfig | None = None, loss: LossConfig | None = None, *, seed: int = Config.seed
    ) -> None:
        self.config = TrainConfig() if config is None else config
        self.weights: Mapping[str, float] = asdict(LossConfig() if loss is None else loss)
        self.seed = seed
        self.device = torch_device(self.config.device)

    def fit(
        self,
        network: DisentangledSTGCN,
        data: GaitDataset,
        split: Split,
        *,
        hold_out_take: bool = ProtocolConfig.hold_out_take,
        augmentation: Augment | None = None,
    ) -> Model:
        """Train a network with every step of the method, and fit all that a model needs beside its weights.

        With the same data, split, settings and seed the model is that of ``stgcn-affect train``, bit for bit.

        Args:
            network: as given by ``DisentangledSTGCN.for_data``; trained in place, and left in evaluation mode.
            data: the whole data set.
            split: the split of its cycles; validation subjects choose the epoch and fit the temperature.
            hold_out_take: keep one take of each training subject and emotion from the weights, so that attackers have
                takes of seen subjects that the weights never saw.
            augmentation: the augmentation of the training cycles. Default: ``Augmentation`` with its defaults.

        Returns:
            the model, on the CPU.

        Raises:
            InputError: a network of other emotions, subjects or another skeleton than the data, or a training that
                diverged.
        """
        fold = fold_data(data.store, split, hold_out_take=hold_out_take, seed=self.seed)
        _check_fits(network, fold)
        change = Augmentation(data.layout) if augmentation is None else augmentation
        self.start(network, fold.batch(fold.fit_index), fold.batch(split.validation), augmentation=change)
        for _ in self.epochs():
            pass
        return complete_model(new_model(network.cpu(), fold), fold)

    def start(
        self, network: DisentangledSTGCN, train: CycleBatch, validation: CycleBatch, *, augmentation: Augment
    ) -> None:
        """Begin a training; ``load_state_dict`` may follow, then ``epochs``.

        Args:
            network: its weights are trained in place; its statistics are fitted here, on ``train``.
            train: cycles that fit the weights, with emotion and subject codes.
            validation: cycles of other subjects, which choose the epoch; none: the last epoch is chosen.
            augmentation: the augmentation of the training cycles.
        """
        config = self.config
        self.network = network.to(self.device)
        self.train, self.validation = train.to(self.device), validation.to(self.device)
        self.augmentation = augmentation
        self.random = RandomState(self.seed)
        self.batches = max(1, round(train.size / config.batch_size))
        self.transfer = TransferSampler(train.emotion.cpu().numpy(), train.subject.cpu().numpy())
        self.optimiser = torch.optim.AdamW(
            network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, max_lr=config.learning_rate, total_steps=config.epochs * self.batches
        )
        network.fit_statistics(self.train.positions, self.train.stride_time_s)
        self.averaged = AveragedModel(network, use_buffers=True)
        self.epoch = 0
        self.best_loss, self.best_epoch = float("inf"), 0
        self.best_weights = copy.deepcopy(network.state_dict())

    def epochs(self) -> Iterator[EpochReport]:
        """Train, one report per epoch; after the last one the network holds the weights that are released."""
        while not self.finished:
            yield self._one_epoch()
        self._finish()

    @property
    def finished(self) -> bool:
        """Whether all epochs are done or patience has run out."""
        patience = self.config.patience
        waited = self.epoch - max(self.best_epoch, self._first_choice - 1)
        return self.epoch >= self.config.epochs or bool(patience and waited >= patience)

    @property
    def _first_choice(self) -> int:
        """The first epoch that may be chosen, counted from 1."""
        return min(int(self.config.choose_from * self.config.epochs) + 1, self.config.epochs)

    def _one_epoch(self) -> EpochReport:
        config, network = self.config, self.network
        strength = reversal_strength(
            self.epoch / config.epochs, weight=config.reversal, schedule=config.reversal_schedule
        )
        rate = float(self.schedule.get_last_lr()[0])
        terms: defaultdict[str, list[torch.Tensor]] = defaultdict(list)
        hits: defaultdict[str, list[torch.Tensor]] = defaultdict(list)
        network.train()
        order = self.random.batches.permutation(self.train.size)
        for step, index in enumerate(np.array_split(order, self.batches)):
            batch = self.augmentation(self.train.take(torch.from_numpy(index)), self.random.augmentation)
            output = network(batch.positions, batch.stride_time_s, reversal=strength)
            decode = (self.epoch * self.batches + step) % config.transfer_every == 0
            found = self._terms(batch, output, decode=decode)
            self._step(losses.total(found, self.weights))
            # Numbers are read once an epoch: reading one waits for all that is computed.
            for name, term in found.items():
                terms[name].append(term.detach())
            for name, hit in _accuracies(output, batch).items():
                hits[name].append(hit)
        self.epoch += 1
        values = {name: torch.stack(of_steps).tolist() for name, of_steps in terms.items()}
        _check_finite(values, epoch=self.epoch)
        validation_loss, validation_predicted = self._validate()
        return EpochReport(
            epoch=self.epoch,
            terms={name: float(np.mean(of_steps)) for name, of_steps in values.items()},
            accuracy={name: float(np.mean(torch.stack(of_steps).tolist())) for name, of_steps in hits.items()},
            reversal=strength,
            learning_rate=rate,
            validation_loss=validation_loss,
            validation_predicted=validation_predicted,
            best=self._keep_if_best(validation_loss),
        )

    def _terms(self, batch: CycleBatch, output: NetworkOutput, *, decode: bool) -> dict[str, torch.Tensor]:
        """The loss terms of one step."""
        config = self.config
        terms = losses.classification_terms(
            output, batch.emotion, batch.subject, label_smoothing=config.label_smoothing
        )
        terms["within_class_variance"] = losses.within_class_variance(output.z_emotion, batch.emotion)
        if self.weights["input_gradient_penalty"]:
            terms["input_gradient_penalty"] = self._input_gradient_penalty(batch)
        if decode:
            plan = self.transfer.draw(batch.size, self.random.batches)
            terms |= transfer_terms(self.network, self.train, plan, samples=config.decoded_samples)
        return terms

    def _input_gradient_penalty(self, batch: CycleBatch) -> torch.Tensor:
        """The input gradient penalty of the emotion's logits on a batch, from a forward pass of its own."""
        network = self.network
        x = network.emotion_input(batch.positions, batch.stride_time_s).detach().requires_grad_()
        logits = network.emotion_head(network.read_emotion(x))
        direction = torch.randn(logits.shape, generator=self.random.augmentation).to(logits)
        return losses.input_gradient_penalty(logits, x, direction)

    def _step(self, loss: torch.Tensor) -> None:
        """One step of optimiser, average and schedule."""
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.config.clip_norm, foreach=True)
        self.optimiser.step()
        if self.epoch >= self.config.average_from * self.config.epochs:
            self.averaged.update_parameters(self.network)
        self.schedule.step()

    @property
    def _current(self) -> DisentangledSTGCN:
        """What would be released now: the average of the weights, or before it has begun the network itself."""
        return cast(DisentangledSTGCN, self.averaged.module if self.averaged.n_averaged else self.network)

    @torch.no_grad()
    def _validate(self) -> tuple[float, npt.NDArray[np.int64]]:
        """Cross-entropy of the emotion on the validation subjects, 0 where there are none, and the predicted codes."""
        if not self.validation.size:
            return 0.0, np.zeros(0, np.int64)
        network = self._current.eval()
        latents = network.encode(self.validation.positions, self.validation.stride_time_s)
        self.network.train()
        logits = network.emotion_head(latents.z_emotion)
        return float(cross_entropy(logits, self.validation.emotion)), logits.argmax(dim=1).cpu().numpy()

    def _keep_if_best(self, validation_loss: float) -> bool:
        """Keep the averaged weights if no earlier epoch that may be chosen was better, and say whether it is so."""
        improved = validation_loss < self.best_loss or not self.validation.size
        best = improved and self.epoch >= self._first_choice
        if best:
            self.best_loss, self.best_epoch = validation_loss, self.epoch
            self.best_weights = copy.deepcopy(self._current.state_dict())
        return best

    def _finish(self) -> None:
        """Load the best weights, then project z_emotion and clip it, where the settings say so."""
        network, train, stretch = self.network, self.train, self.config.clip_latent
        network.load_state_dict(self.best_weights)
        network.eval()
        if not self.config.project_emotion:
            return
        with torch.no_grad():
            z_emotion = network.encode_emotion(train.positions, train.stride_time_s)
        projection = ClassMeanProjection.fit(z_emotion, train.emotion)
        projection.apply(network.emotion_readout, stretch=stretch or 1.0)
        if stretch:
            network.emotion_radial_clip.fit(projection.centre, projection.radius)

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
        """Continue where ``state_dict`` was taken, after ``start``."""
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.best_weights = dict(state["best_weights"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.random.load_state_dict(state["random"])
        self.epoch, self.best_loss, self.best_epoch = state["epoch"], state["best_loss"], state["best_epoch"]


def torch_device(name: str) -> torch.device:
    """The torch device of this name. Raises InputError where torch has no such device here."""
    kind, _, number = name.partition(":")
    found = {"cpu": 1, "cuda": torch.cuda.device_count()}
    if kind not in found or (number and not number.isdigit()) or int(number or 0) >= found[kind]:
        raise InputError(f"setting train.device: expected cpu or one of {found['cuda']} cuda devices (got {name})")
    return torch.device(name)


def _check_fits(network: DisentangledSTGCN, fold: FoldData) -> None:
    wanted = {
        "emotions": len(fold.dataset.emotions),
        "training subjects": len(fold.subjects),
        "joints": fold.cycles.layout.num_joints,
        "samples": fold.cycles.positions.shape[1],
    }
    heads = [int(list(head.parameters())[-1].shape[0]) for head in (network.emotion_head, network.identity_head)]
    joints = network.emotion_channels.mean.shape[2]
    found = dict(zip(wanted, [*heads, joints, network.cycle_samples], strict=True))
    if found != wanted:
        words = [", ".join(f"{count} {what}" for what, count in one.items()) for one in (wanted, found)]
        raise InputError(
            f"network: expected one of {words[0]}, as DisentangledSTGCN.for_data(data, split) makes it (got {words[1]})"
        )


def _check_finite(terms: Mapping[str, list[float]], *, epoch: int) -> None:
    for name, of_steps in terms.items():
        wrong = [value for value in of_steps if not math.isfinite(value)]
        if wrong:
            raise InputError(
                f"training diverged in epoch {epoch}: expected a finite {name} loss (lower the learning rate)"
                f" (got {wrong[0]})"
            )


def _accuracies(output: NetworkOutput, batch: CycleBatch) -> dict[str, torch.Tensor]:
    """Share of the batch that each classifier and adversary has right."""
    pairs = {
        "emotion": (output.emotion_logits, batch.emotion),
        "identity": (output.identity_logits, batch.subject),
        "adversary_identity": (output.adversary_identity_logits, batch.subject),
        "adversary_emotion": (output.adversary_emotion_logits, batch.emotion),
    }
    return {name: (logits.argmax(dim=1) == code).float().mean() for name, (logits, code) in pairs.items()}
