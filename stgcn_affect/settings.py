"""Every setting of a run with its default: the one place where defaults stand.

Layers, networks, augmentation and the trainer take their defaults from here; ``configs/default.yaml`` repeats them for
readers and a test compares both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

QUALITIES = ("camera", "mocap")
"""What a recording may be: poses from one camera's video, or motion capture (markers, sensors, several cameras)."""

ACTED, PERCEIVED = "acted", "perceived"
"""Which emotion of a walk is learned and judged: the one that was acted, or the one that raters saw."""

CYCLE_SAMPLES = 64
"""T, the phase samples that a gait cycle is resampled to."""


@dataclass
class DataConfig:
    """Settings of the data: which recordings, on which skeleton, with which emotions.

    Args:
        root: a manifest (CSV), a folder with manifest.csv or an Emotion-Gait folder; empty: the synthetic walkers.
        layout: name or YAML of the skeleton, where neither files nor manifest say it.
        cache: folder of the prepared cycles; empty: ``cache`` in the run's folder.
        labels: "acted": the emotion that was acted; "perceived": the one that raters saw, where the files hold it.
        emotions: the emotions to tell apart; empty: all that occur.
    """

    root: str = ""
    layout: str = ""
    cache: str = ""
    labels: str = ACTED
    emotions: list[str] = field(default_factory=list)


@dataclass
class SyntheticConfig:
    """Settings of the synthetic walkers, which are used where ``data.root`` is empty.

    Args:
        walkers: number of walkers.
        takes: number of takes of every walker and emotion.
        seed: seed of the walkers, apart from the seed of the training.
        emotions: the emotions that the walkers show.
        emotion_factors: factors in which the emotions differ, such as head_flexion_deg; empty: all.
    """

    walkers: int = 32
    takes: int = 3
    seed: int = 0
    emotions: list[str] = field(default_factory=lambda: ["angry", "happy", "neutral", "sad"])
    emotion_factors: list[str] = field(default_factory=list)


@dataclass
class ProtocolConfig:
    """Settings of the split: which subjects train, validate and test.

    Args:
        kind: "fixed": one split; "grouped": k folds by subject; "loso": leave one subject out.
        folds: number of folds of "grouped".
        test_subjects: number of test subjects of "fixed".
        validation_subjects: number taken from each training part; they choose the epoch and fit no weights.
        hold_out_take: keep one take of each training subject and emotion from the weights, for the identity attack.
        subject_baseline: compare each walk with its subject's "other_takes" or with those of an emotion such as
            "neutral"; empty: with nothing.
    """

    kind: str = "fixed"
    folds: int = 5
    test_subjects: int = 8
    validation_subjects: int = 2
    hold_out_take: bool = True
    subject_baseline: str = ""


@dataclass
class AugmentConfig:
    """Settings of the augmentation: random changes of the training cycles.

    Args:
        mirror_probability: share of the cycles that are mirrored; it changes the subject's asymmetries.
        phase_shift_pct: starts move by up to this many percent of a cycle, uniformly either way.
        turn_deg: headings turn by up to this many degrees, uniformly either way.
        speed_pct: stride times change by up to this many percent, uniformly either way.
        noise_heights: standard deviation of the noise on every coordinate, in body heights.
        limb_scale_pct: standard deviation of a bone's change in length, in percent, the same left and right; it
            changes the subject's proportions.
    """

    mirror_probability: float = 0.5
    phase_shift_pct: float = 1.5
    turn_deg: float = 3.0
    speed_pct: float = 10.0
    noise_heights: float = 0.002
    limb_scale_pct: float = 0.0


@dataclass
class NetworkConfig:
    """Sizes of the network.

    Args:
        samples: T', phase samples that the encoders see.
        harmonics: harmonics of the gait cycle that the encoders see; ``samples`` must be 2 harmonics + 1 or more.
        retarget: give all subjects the mean skeleton of the training subjects before the emotion encoder.
        stride_time: give the emotion encoder the stride time; otherwise it sees the shape of the movement alone.
        phase_readout: keep the phase of the cycle in the emotion encoder's read-out; for few subjects, together with
            ``loss.input_gradient_penalty``.
        width: C', channels of the encoders' blocks.
        blocks: number of blocks of each encoder; each widens the receptive field by one bone.
        channels: C' of each block, instead of ``width`` and ``blocks``; empty: ``blocks`` blocks of ``width`` channels.
        strides: stride of each block's temporal convolution, 2 halves the samples; their product must divide
            ``samples``. Empty: 1 for all.
        kernel: samples of the circular temporal convolutions, odd.
        dropout: probability that a whole channel is dropped.
        emotion_dim: De, width of z_emotion; a wider one leaks more of the subject.
        identity_dim: Di, width of z_identity.
        decoder_width: channels per joint of the decoder.
        decoder_harmonics: harmonics of a decoded cycle.
    """

    samples: int = 8
    harmonics: int = 3
    retarget: bool = True
    stride_time: bool = True
    phase_readout: bool = False
    width: int = 16
    blocks: int = 3
    channels: list[int] = field(default_factory=list)
    strides: list[int] = field(default_factory=list)
    kernel: int = 3
    dropout: float = 0.2
    emotion_dim: int = 8
    identity_dim: int = 32
    decoder_width: int = 32
    decoder_harmonics: int = 5


class BlockSize(NamedTuple):
    """Size of one block of an encoder: its output channels, and the stride of its temporal convolution."""

    channels: int
    stride: int


def block_sizes(
    *,
    width: int = NetworkConfig.width,
    blocks: int = NetworkConfig.blocks,
    channels: Sequence[int] = (),
    strides: Sequence[int] = (),
) -> list[BlockSize]:
    """The size of every block of an encoder; the arguments are those of ``NetworkConfig``.

    Raises:
        ValueError: no block, or another number of strides than of blocks.
    """
    widths = list(channels) or [width] * blocks
    if not widths:
        raise ValueError(f"an encoder needs at least one block (got {blocks})")
    if strides and len(strides) != len(widths):
        raise ValueError(f"expected a stride for each of {len(widths)} blocks (got {len(strides)})")
    return [BlockSize(*size) for size in zip(widths, strides or [1] * len(widths), strict=True)]


@dataclass
class LossConfig:
    """Weights of the loss terms.

    Args:
        emotion: cross-entropy of the emotion, from z_emotion.
        identity: cross-entropy of the subject, from z_identity.
        adversary_identity: cross-entropy of the subject, from z_emotion; its gradient is reversed, times
            ``train.reversal``.
        adversary_emotion: cross-entropy of the emotion, from z_identity; its gradient is reversed likewise.
        within_class_variance: share of z_emotion's variance within the emotions, between subjects and takes.
        input_gradient_penalty: squared gradient of the emotion's logits by the encoder's input; for few subjects; it
            doubles the time, and at 0 it is not computed.
        risk_variance: variance of the subjects' mean cross-entropies of the emotion (V-REx; Krueger et al. 2021).
        group_dro: the same cross-entropies under weights that grow for the worst subjects (GroupDRO; Sagawa et al.
            2020); with ``emotion`` at 0 it stands for the emotion's loss.
        reconstruction: error of a cycle decoded from its own z_identity and another subject's z_emotion.
        transfer: error of a cycle decoded from its subject's z_identity of another emotion and another subject's
            z_emotion.
        consistency: error of both latents after decoding and encoding, where there is no cycle to compare with.
    """

    emotion: float = 1.0
    identity: float = 1.0
    adversary_identity: float = 1.0
    adversary_emotion: float = 1.0
    within_class_variance: float = 0.5
    input_gradient_penalty: float = 0.0
    risk_variance: float = 0.0
    group_dro: float = 0.0
    reconstruction: float = 1.0
    transfer: float = 1.0
    consistency: float = 0.1


@dataclass
class TrainConfig:
    """Settings of the training.

    Args:
        epochs: number of epochs at most.
        patience: epochs without a lower validation loss before training stops; 0 never stops.
        average_from: share of the epochs after which the weights of every step are averaged (Izmailov et al. 2018);
            the average is what validation sees and what is kept. 1 keeps the weights as they are.
        choose_from: share of the epochs after which one may be chosen: removing the subject from z_emotion takes
            longer to learn than the emotion, and an early epoch that predicts well still leaks.
        batch_size: cycles per step, about: an epoch is cut into equal batches.
        learning_rate: peak of the one-cycle schedule (Smith & Topin 2019).
        weight_decay: weight decay of AdamW.
        clip_norm: largest norm of the gradient; a longer one is scaled down.
        label_smoothing: label smoothing of both heads.
        reversal: strength of gradient reversal.
        reversal_schedule: "constant", or "ganin": rising from 0.
        group_dro_step: step size of the subjects' weights in ``loss.group_dro``.
        transfer_every: steps from one decoding of transferred cycles to the next.
        decoded_samples: frames of a decoded cycle in the loss: 4, 8, 16, 32 or 64.
        project_emotion: last step: project z_emotion on the span of the training emotions' means, which removes what
            else differs between subjects.
        clip_latent: after the projection, stretch z_emotion by this factor about the means' centre and clip it to the
            L2 ball whose radius is the training cycles' mean distance before the stretch, so that how plainly an
            emotion shows tells no more beyond that. 0 leaves it as it is.
        threads: torch threads; tensors this small gain nothing from more.
        device: "cpu", "cuda" or "cuda:1".
        log_every: epochs between checkpoints and pictures.
    """

    epochs: int = 60
    patience: int = 60
    average_from: float = 0.6
    choose_from: float = 0.8
    batch_size: int = 32
    learning_rate: float = 3e-3
    weight_decay: float = 5e-3
    clip_norm: float = 1.0
    label_smoothing: float = 0.1
    reversal: float = 0.2
    reversal_schedule: str = "constant"
    group_dro_step: float = 0.01
    transfer_every: int = 2
    decoded_samples: int = 16
    project_emotion: bool = True
    clip_latent: float = 2.0
    threads: int = 1
    device: str = "cpu"
    log_every: int = 10


@dataclass
class EvaluateConfig:
    """Settings of an evaluation, such as that of ``stgcn-affect evaluate``.

    Args:
        seeds: seeds of the models; each trains every fold anew.
        privacy_subjects: unseen subjects in a fold of the privacy protocol, at least: their gallery.
        privacy_partitions: partitions of all subjects on which a seed repeats the attacks; few subjects need several.
        swap_copies: linear swaps per cycle in the swap-trained baselines.
        permutations: number of permutations of the permutation test.
        further_walkers: synthetic walkers beside those of the data, from whom attackers learn before they attack; for
            real data the other parts of a fold have to do.
        curve: strengths of gradient reversal on the privacy/utility curve, beside ``train.reversal``.
        noise: added noise on the curve, in standard deviations of the latent.
        ablation: parts that the method is also trained without, as in configs/ablation.yaml.
        leakage: also score the plain ST-GCN by random clips, with copies of tested clips in training, and at the best
            test epoch, beside its score by subject: what such published scores are worth on these data.
    """

    seeds: list[int] = field(default_factory=lambda: [0])
    privacy_subjects: int = 8
    privacy_partitions: int = 1
    swap_copies: int = 3
    permutations: int = 1000
    further_walkers: int = 64
    curve: list[float] = field(default_factory=lambda: [0.0, 0.1, 0.5, 1.0])
    noise: list[float] = field(default_factory=lambda: [0.5, 1.0, 2.0])
    ablation: list[str] = field(default_factory=list)
    leakage: bool = False


@dataclass
class BenchmarkConfig:
    """Several data sets in one evaluation, as in configs/benchmark.yaml.

    Args:
        document: a Markdown file whose results sections are rebuilt; relative to the configuration.
        headline: a Markdown file whose headline table is rebuilt; relative to the configuration.
        headline_sets: the sets in the headline table, a column each.
        sets: name to configuration, relative to this one.
        folders: name to the data set's folder below the one that the variable STGCN_AFFECT_DATA names.
        shows: what a results section shows: "scores", "emotion", "curve", "ablation", "factorial",
            "leakage".
    """

    document: str = ""
    headline: str = ""
    headline_sets: list[str] = field(default_factory=list)
    sets: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    shows: list[str] = field(default_factory=lambda: ["scores", "curve"])


@dataclass
class Config:
    """All settings of a run.

    Args:
        seed: seed of everything random: splits, weights, batches, augmentation, bootstrap.
        data: where motion comes from.
        synthetic: the synthetic walkers.
        protocol: which subjects train, validate and test.
        augment: random changes of the training cycles.
        network: sizes of the network.
        loss: weights of the loss terms.
        train: settings of the training.
        evaluate: settings of ``stgcn-affect evaluate``.
        benchmark: several data sets in one evaluation.
    """

    seed: int = 0
    data: DataConfig = field(default_factory=DataConfig)
    synthetic: SyntheticConfig = field(default_factory=SyntheticConfig)
    protocol: ProtocolConfig = field(default_factory=ProtocolConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    evaluate: EvaluateConfig = field(default_factory=EvaluateConfig)
    benchmark: BenchmarkConfig = field(default_factory=BenchmarkConfig)


def known_configs() -> dict[str, Path]:
    """Configurations of the package, by name: the copies in an installed one, else those of the checkout."""
    package = Path(__file__).parent
    folder = package / "configs" if (package / "configs").is_dir() else package.parent / "configs"
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}
