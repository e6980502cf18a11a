"""Every setting of a run, with its default; ``configs/default.yaml`` says in comments what each one does."""

from dataclasses import dataclass, field


@dataclass
class DataConfig:
    """Where motion comes from."""

    root: str = ""
    layout: str = ""
    cache: str = ""
    emotions: list[str] = field(default_factory=list)


@dataclass
class SyntheticConfig:
    """The embedded walkers, used where ``data.root`` is empty."""

    walkers: int = 32
    takes: int = 3
    seed: int = 0
    emotions: list[str] = field(default_factory=lambda: ["angry", "happy", "neutral", "sad"])
    emotion_factors: list[str] = field(default_factory=list)


@dataclass
class ProtocolConfig:
    """Who trains, who chooses, who judges."""

    kind: str = "fixed"
    folds: int = 5
    test_subjects: int = 8
    validation_subjects: int = 2
    hold_out_take: bool = True
    subject_baseline: str = ""


@dataclass
class AugmentConfig:
    """Random changes of the training cycles."""

    mirror_probability: float = 0.5
    phase_shift_pct: float = 1.5
    turn_deg: float = 3.0
    speed_pct: float = 10.0
    noise_heights: float = 0.002
    limb_scale_pct: float = 0.0


@dataclass
class NetworkConfig:
    """Sizes of the network."""

    samples: int = 8
    harmonics: int = 3
    retarget: bool = True
    stride_time: bool = True
    phase_readout: bool = False
    width: int = 16
    blocks: int = 3
    kernel: int = 3
    dropout: float = 0.2
    emotion_dim: int = 8
    identity_dim: int = 32
    decoder_width: int = 32
    decoder_harmonics: int = 5


@dataclass
class LossConfig:
    """Weights of the loss terms."""

    emotion: float = 1.0
    identity: float = 1.0
    adversary_identity: float = 1.0
    adversary_emotion: float = 1.0
    within_class_variance: float = 0.5
    input_gradient_penalty: float = 0.0
    reconstruction: float = 1.0
    transfer: float = 1.0
    consistency: float = 0.1


@dataclass
class TrainConfig:
    """The optimisation."""

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
    transfer_every: int = 2
    decoded_samples: int = 16
    project_emotion: bool = True
    clip_latent: float = 2.0
    threads: int = 1
    device: str = "cpu"
    log_every: int = 10


@dataclass
class EvaluateConfig:
    """The evidence: ``tools/evaluate.py``."""

    seeds: list[int] = field(default_factory=lambda: [0])
    privacy_subjects: int = 8
    privacy_partitions: int = 1
    swap_copies: int = 3
    permutations: int = 1000
    curve: list[float] = field(default_factory=lambda: [0.0, 0.1, 0.5, 1.0])
    noise: list[float] = field(default_factory=lambda: [0.5, 1.0, 2.0])
    ablation: list[str] = field(default_factory=list)


@dataclass
class BenchmarkConfig:
    """Several data sets in one evaluation, and the document that shows what came out."""

    document: str = ""
    sets: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    shows: list[str] = field(default_factory=lambda: ["scores", "curve"])


@dataclass
class Config:
    """A whole run."""

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
