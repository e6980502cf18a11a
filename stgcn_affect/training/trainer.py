"""The training, from top to bottom: every epoch, then the best weights, their projection and the latent clip."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import get_swa_multi_avg_fn

from stgcn_affect.data.augment import Augmentation
from stgcn_affect.data.batch import CycleBatch, Cycles
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.fold import FoldData, fold_data
from stgcn_affect.data.splits import Split
from stgcn_affect.errors import InputError
from stgcn_affect.nn.adversary import reversal_strength
from stgcn_affect.nn.latent import ClassMeanProjection
from stgcn_affect.nn.network import DisentangledSTGCN, EncoderInputs, NetworkOutput
from stgcn_affect.settings import Config, LossConfig, ProtocolConfig, TrainConfig
from stgcn_affect.training import losses
from stgcn_affect.training.epoch import EpochRecord, EpochReport, check_finite
from stgcn_affect.training.model import Model, complete_model, new_model
from stgcn_affect.training.seed import RandomState
from stgcn_affect.training.transfer import TransferSampler, transfer_terms

_PREPARED = 128
"""Cycles that are augmented, and whose inputs are computed, at a time."""

_KEPT = 4096
"""Cycles that are in memory at once: of more, statistics are fitted on so many evenly spaced ones, and inputs are not
kept."""

Augment = Callable[[CycleBatch, torch.Generator], CycleBatch]
"""Random changes of a batch, such as an ``Augmentation``; all randomness comes from the generator."""


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
    train: Cycles
    validation: Cycles

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
        self.start(network, fold.stored(fold.fit_index), fold.stored(split.validation), augmentation=change)
        for _ in self.epochs():
            pass
        return complete_model(new_model(network.cpu(), fold), fold)

    def start(self, network: DisentangledSTGCN, train: Cycles, validation: Cycles, *, augmentation: Augment) -> None:
        """Begin a training; ``load_state_dict`` may follow, then ``epochs``.

        Args:
            network: its weights are trained in place; its statistics are fitted here, on ``train``.
            train: cycles that fit the weights, with emotion and subject codes; of more than 4096 the statistics are
                fitted on as many evenly spaced ones.
            validation: cycles of other subjects, which choose the epoch; none: the last epoch is chosen.
            augmentation: the augmentation of the training cycles.
        """
        config = self.config
        self.network = network.to(self.device)
        self.train, self.validation = train.to(self.device), validation.to(self.device)
        self.augmentation = augmentation
        self.random = RandomState(self.seed)
        self.batches = max(1, round(train.size / config.batch_size))
        subjects = int(train.subject.max()) + 1
        self.subject_weights = torch.full((subjects,), 1 / subjects, device=self.device)
        self.transfer = TransferSampler(train.emotion.cpu().numpy(), train.subject.cpu().numpy())
        self._parameters = list(network.parameters())
        self.optimiser = torch.optim.AdamW(
            self._parameters, lr=config.learning_rate, weight_decay=config.weight_decay, fused=True
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, max_lr=config.learning_rate, total_steps=config.epochs * self.batches
        )
        number = min(train.size, _KEPT)
        fitted = self.train.take(torch.arange(number) * train.size // number)
        network.fit_statistics(fitted.positions, fitted.stride_time_s)
        self._inputs = self._inputs_of(fitted) if train.size == number else None
        few = validation.size <= _KEPT
        self._validation_inputs = [self._inputs_of(part).emotion for part in self._validation_parts()] if few else None
        self.averaged, self.averaged_steps = copy.deepcopy(self.network), 0
        self._averaged_tensors = _floats(self.averaged), _floats(self.network)
        self._average = get_swa_multi_avg_fn()  # type: ignore[no-untyped-call]  # torch does not type it
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
        record = EpochRecord()
        network.train()
        for step, (batch, inputs) in enumerate(self._batches()):
            inputs.emotion.requires_grad_(bool(self.weights["input_gradient_penalty"]))
            output = network.classify(network.read(inputs), reversal=strength)
            decode = (self.epoch * self.batches + step) % config.transfer_every == 0
            found = self._terms(batch, inputs, output, decode=decode)
            self._step(losses.total(found, self.weights))
            record.add(found, output, batch)
        self.epoch += 1
        terms, accuracy = record.read()
        check_finite(terms, epoch=self.epoch)
        validation_loss, validation_predicted = self._validate()
        return EpochReport(
            epoch=self.epoch,
            terms={name: float(np.mean(of_steps)) for name, of_steps in terms.items()},
            accuracy=accuracy,
            reversal=strength,
            learning_rate=rate,
            validation_loss=validation_loss,
            validation_predicted=validation_predicted,
            best=self._keep_if_best(validation_loss),
        )

    def _batches(self) -> Iterator[tuple[CycleBatch, EncoderInputs]]:
        """The augmented training cycles of one epoch, batch by batch in random order, with the encoders' inputs.

        Both are computed for many batches at once: a small tensor costs nearly as much as a large one.
        """
        order = torch.from_numpy(self.random.batches.permutation(self.train.size))
        parts = order.tensor_split(self.batches)
        together = max(1, _PREPARED // len(parts[0]))
        for first in range(0, len(parts), together):
            sizes = [len(part) for part in parts[first : first + together]]
            cycles = self.train.take(torch.cat(parts[first : first + together]))
            cycles = self.augmentation(cycles, self.random.augmentation)
            inputs = self._inputs_of(cycles)
            for end, size in zip(np.cumsum(sizes).tolist(), sizes, strict=True):
                rows = slice(end - size, end)
                yield CycleBatch(*(part[rows] for part in cycles)), inputs.take(rows)

    @torch.no_grad()
    def _inputs_of(self, cycles: CycleBatch) -> EncoderInputs:
        return self.network.inputs(cycles.positions, cycles.stride_time_s)

    def _terms(
        self, batch: CycleBatch, inputs: EncoderInputs, output: NetworkOutput, *, decode: bool
    ) -> dict[str, torch.Tensor]:
        """The loss terms of one step."""
        config = self.config
        terms = losses.classification_terms(
            output, batch.emotion, batch.subject, label_smoothing=config.label_smoothing
        )
        terms["within_class_variance"] = losses.within_class_variance(output.z_emotion, batch.emotion)
        if self.weights["input_gradient_penalty"]:
            logits = output.emotion_logits
            direction = torch.randn(logits.shape, generator=self.random.augmentation).to(logits)
            terms["input_gradient_penalty"] = losses.input_gradient_penalty(logits, inputs.emotion, direction)
        if self.weights["risk_variance"] or self.weights["group_dro"]:
            terms |= self._subject_terms(batch, output)
        if decode:
            plan = self.transfer.draw(batch.size, self.random.batches)
            terms |= transfer_terms(self.network, self.train, plan, samples=config.decoded_samples, inputs=self._inputs)
        return terms

    def _subject_terms(self, batch: CycleBatch, output: NetworkOutput) -> dict[str, torch.Tensor]:
        """The terms over the subjects' risks that have a weight."""
        config = self.config
        risks = losses.subject_risks(
            output.emotion_logits, batch.emotion, batch.subject, label_smoothing=config.label_smoothing
        )
        terms = {}
        if self.weights["risk_variance"]:
            terms["risk_variance"] = losses.risk_variance(risks)
        if self.weights["group_dro"]:
            terms["group_dro"] = losses.group_dro(risks, self.subject_weights, step=config.group_dro_step)
        return terms

    def _step(self, loss: torch.Tensor) -> None:
        """One step of optimiser, average and schedule."""
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._parameters, self.config.clip_norm, foreach=True)
        self.optimiser.step()
        if self.epoch >= self.config.average_from * self.config.epochs:
            # Not AveragedModel, which takes the tensors one by one on the CPU: eight times as long.
            self._average(*self._averaged_tensors, self.averaged_steps)
            self.averaged_steps += 1
        self.schedule.step()

    @property
    def current(self) -> DisentangledSTGCN:
        """What would be released now: the average of the weights, or before it has begun the network itself."""
        return self.averaged if self.averaged_steps else self.network

    @torch.no_grad()
    def _validate(self) -> tuple[float, npt.NDArray[np.int64]]:
        """Cross-entropy of the emotion on the validation subjects, 0 where there are none, and the predicted codes."""
        if not self.validation.size:
            return 0.0, np.zeros(0, np.int64)
        network = self.current.eval()
        inputs = self._validation_inputs or (self._inputs_of(part).emotion for part in self._validation_parts())
        logits = torch.cat([network.emotion_head(network.read_emotion(x)) for x in inputs])
        self.network.train()
        codes = self.validation.emotion.to(logits.device, torch.int64)
        return float(cross_entropy(logits, codes)), logits.argmax(dim=1).cpu().numpy()

    def _validation_parts(self) -> Iterator[CycleBatch]:
        return self.validation.split(_PREPARED)

    def _keep_if_best(self, validation_loss: float) -> bool:
        """Keep the averaged weights if no earlier epoch that may be chosen was better, and say whether it is so."""
        improved = validation_loss < self.best_loss or not self.validation.size
        best = improved and self.epoch >= self._first_choice
        if best:
            self.best_loss, self.best_epoch = validation_loss, self.epoch
            self.best_weights = copy.deepcopy(self.current.state_dict())
        return best

    def _finish(self) -> None:
        """Load the best weights, then project z_emotion and clip it, where the settings say so."""
        network, train, stretch = self.network, self.train, self.config.clip_latent
        network.load_state_dict(self.best_weights)
        network.eval()
        if not self.config.project_emotion:
            return
        with torch.no_grad():
            parts = [network.encode_emotion(part.positions, part.stride_time_s) for part in train.split(_PREPARED)]
        projection = ClassMeanProjection.fit(torch.cat(parts), train.emotion.to(self.device))
        projection.apply(network.emotion_readout, stretch=stretch or 1.0)
        if stretch:
            network.emotion_radial_clip.fit(projection.centre, projection.radius)

    def state_dict(self) -> dict[str, Any]:
        """Everything that the next epoch depends on, as tensors and plain containers."""
        return {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "averaged_steps": self.averaged_steps,
            "best_weights": self.best_weights,
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "random": self.random.state_dict(),
            "subject_weights": self.subject_weights.clone(),
            "epoch": self.epoch,
            "best_loss": self.best_loss,
            "best_epoch": self.best_epoch,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue where ``state_dict`` was taken, after ``start``."""
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.averaged_steps = state["averaged_steps"]
        self.best_weights = dict(state["best_weights"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.random.load_state_dict(state["random"])
        self.subject_weights = state.get("subject_weights", self.subject_weights).clone()
        self.epoch, self.best_loss, self.best_epoch = state["epoch"], state["best_loss"], state["best_epoch"]


def torch_device(name: str) -> torch.device:
    """The torch device of this name. Raises InputError where torch has no such device here."""
    kind, _, number = name.partition(":")
    found = {"cpu": 1, "cuda": torch.cuda.device_count()}
    if kind not in found or (number and not number.isdigit()) or int(number or 0) >= found[kind]:
        raise InputError(f"setting train.device: expected cpu or one of {found['cuda']} cuda devices (got {name})")
    return torch.device(name)


def _floats(network: torch.nn.Module) -> list[torch.Tensor]:
    """Weights and fitted statistics, without the counts of batches."""
    return [tensor for tensor in network.state_dict().values() if tensor.is_floating_point()]


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
