"""From settings to objects: the only file that knows both."""

from collections.abc import Sequence
from typing import Any

import torch

from stgcn_affect.data.augment import Augmentation
from stgcn_affect.data.splits import Split, fixed_split, grouped_folds, leave_one_subject_out, take_ids
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.settings import Config
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.training.fit_settings import FitSettings


def network_sizes(config: Config, *, cycle_samples: int) -> dict[str, Any]:
    """The keyword arguments of the network that settings decide."""
    network = config.network
    return {
        "cycle_samples": cycle_samples,
        "samples": network.samples,
        "harmonics": network.harmonics,
        "retarget": network.retarget,
        "stride_time": network.stride_time,
        "phase_readout": network.phase_readout,
        "width": network.width,
        "blocks": network.blocks,
        "kernel": network.kernel,
        "dropout": network.dropout,
        "emotion_dim": network.emotion_dim,
        "identity_dim": network.identity_dim,
        "decoder_width": network.decoder_width,
        "decoder_harmonics": network.decoder_harmonics,
    }


def network(
    sizes: dict[str, Any], layout: Layout, emotions: Sequence[str], subjects: Sequence[str]
) -> DisentangledSTGCN:
    """An untrained network for named emotions and training subjects."""
    return DisentangledSTGCN(layout, emotions=len(emotions), subjects=len(subjects), **sizes)


def augmentation(config: Config, layout: Layout) -> Augmentation:
    """The training cycles' random changes."""
    changes = config.augment
    return Augmentation(
        layout,
        mirror_probability=changes.mirror_probability,
        phase_shift_pct=changes.phase_shift_pct,
        turn_deg=changes.turn_deg,
        speed_pct=changes.speed_pct,
        noise_heights=changes.noise_heights,
        limb_scale_pct=changes.limb_scale_pct,
    )


def fit_settings(config: Config, *, seed: int) -> FitSettings:
    """How one model is trained."""
    train = config.train
    return FitSettings(
        seed=seed,
        epochs=train.epochs,
        patience=train.patience,
        choose_from=train.choose_from,
        average_from=train.average_from,
        batch_size=train.batch_size,
        learning_rate=train.learning_rate,
        weight_decay=train.weight_decay,
        clip_norm=train.clip_norm,
        label_smoothing=train.label_smoothing,
        reversal=train.reversal,
        reversal_schedule=train.reversal_schedule,
        transfer_every=train.transfer_every,
        decoded_samples=train.decoded_samples,
        project_emotion=train.project_emotion,
        clip_latent=train.clip_latent,
        weights={name: float(getattr(config.loss, name)) for name in config.loss.__dataclass_fields__},
    )


def device(config: Config) -> torch.device:
    """Where to train. Raises InputError where that is no device that torch has here."""
    name = config.train.device
    kind, _, number = name.partition(":")
    found = {"cpu": 1, "cuda": torch.cuda.device_count()}
    if kind not in found or (number and not number.isdigit()) or int(number or 0) >= found[kind]:
        raise InputError(f"setting train.device: expected cpu or one of {found['cuda']} cuda devices (got {name})")
    return torch.device(name)


def splits(config: Config, cycles: CycleStore) -> list[Split]:
    """The protocol's splits of labelled cycles. Raises InputError where there are too few subjects."""
    protocol = config.protocol
    takes = take_ids(cycles.subject, cycles.emotion, cycles.take)
    if protocol.kind == "grouped":
        return grouped_folds(
            cycles.subject,
            folds=protocol.folds,
            validation_subjects=protocol.validation_subjects,
            seed=config.seed,
            takes=takes,
        )
    if protocol.kind == "loso":
        return leave_one_subject_out(
            cycles.subject, validation_subjects=protocol.validation_subjects, seed=config.seed, takes=takes
        )
    return fixed_split(
        cycles.subject,
        test_subjects=protocol.test_subjects,
        validation_subjects=protocol.validation_subjects,
        seed=config.seed,
        takes=takes,
    )
