"""What several folders of tests use: a subject made of sticks, a folder of them in Emotion-Gait's format, and a toy of
three joints that is small enough to be computed by hand.

The package is imported inside of functions: the process that hands tests out to others (pytest-xdist) needs none of it.
"""

import os
import random
from functools import cache

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from stgcn_affect.skeleton.layout import BODY_ROLES, Layout, load_layout

os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")
"""Tools use one process unless a test asks for more: tests run side by side, and each new process loads torch."""

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """Processes that share the tests: four at most; none for named files, where loading torch again costs more."""
    if any(".py" in argument for argument in config.args):
        return 0
    return min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


ON_ONE_RUN = ("evaluate", "evaluate_results", "explain", "report", "visualise")
"""Tests of tools that look at one trained run (``trained_run``), which the process that has them makes once."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Deal tests out by file, since the tests of a file share what is made for them."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.split("::")[0]
            return "trained_run" if file.endswith(tuple(f"tools/test_{name}.py" for name in ON_ONE_RUN)) else file

    return ByFile(config, log)


def pytest_collection_modifyitems(items):
    """Long tests come first, so that no process is left with one at the end."""
    items.sort(key=lambda item: ("trained_run" not in item.fixturenames, item.get_closest_marker("tool") is None))


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    """Networks of the tests are too small for threads."""
    import torch

    torch.set_num_threads(1)


LAYOUT = load_layout("emotion_gait16")
SIDES = {"l": "left", "r": "right"}
TOY = Layout(
    name="toy",
    joints=("hip", "left", "right"),
    parents=(-1, 0, 0),
    mirror=(("left", "right"),),
    roles={role: (SIDES[role[0]] if role[1] == "_" else "hip",) for role in BODY_ROLES},
    rest=np.array([[0, 0, 0], [0.1, -0.5, 0], [-0.1, -0.5, 0]], np.float32),
)


def stiff_walker(*, strides=2, stride_time_s=1.0, swing=0.5, size=1.0, fps_hz=60.0, **about):
    """Metres: rigid legs and arms that swing about hips and shoulders, on a body that goes forward."""
    from stgcn_affect.motion.clip import Clip

    time = np.arange(round((strides + 0.6) * stride_time_s * fps_hz)) / fps_hz
    phase = 2 * np.pi * time / stride_time_s
    rest = np.array(LAYOUT.rest, float)
    positions = np.repeat(rest[None], len(time), axis=0)
    for chain, sign in (("l_hip l_knee l_foot", 1), ("r_hip r_knee r_foot", -1)):
        _swing(positions, rest, chain.split(), sign * swing * np.cos(phase))
    for chain, sign in (("l_shoulder l_elbow l_hand", -1), ("r_shoulder r_elbow r_hand", 1)):
        _swing(positions, rest, chain.split(), sign * 0.5 * swing * np.cos(phase + 0.3))
    positions[..., 2] += 1.2 * time[:, None]
    return Clip(positions=(positions * size).astype(np.float32), fps_hz=fps_hz, layout=LAYOUT, **about)


def _swing(positions, rest, chain, angle):
    pivot = rest[LAYOUT.index(chain[0])]
    for joint in chain[1:]:
        arm = rest[LAYOUT.index(joint)] - pivot
        x, y, z = arm
        forward = np.cos(angle) * z - np.sin(angle) * y
        up = np.cos(angle) * y + np.sin(angle) * z
        positions[:, LAYOUT.index(joint)] = pivot + np.stack([np.full_like(up, x), up, forward], axis=1)


@pytest.fixture
def walk():
    """Makes a clip of a stiff subject: keywords strides, stride_time_s, swing, size, fps_hz, and those of Clip."""
    return stiff_walker


@pytest.fixture
def stick_gait(tmp_path):
    """A folder in Emotion-Gait's format: 3 subjects x 2 acted emotions, one clip of nobody's and one that stands."""
    folder = tmp_path / "stick-gait"
    folder.mkdir()
    with h5py.File(folder / "features.h5", "w") as features, h5py.File(folder / "labels.h5", "w") as labels:
        for i, name in enumerate(("ana", "ben", "eva")):
            for emotion, frames, more in (("ha", 30, 0.0), ("sa", 36, 0.02)):
                swing = 0.4 + 0.05 * i + more
                _store(features, labels, f"{name}_walk_{emotion}_1", frames=frames, swing=swing)
        _store(features, labels, "105_13", frames=33, swing=0.58)
        _store(features, labels, "tom_walk_sa_1", frames=33, swing=0.0)
    return folder


def _store(features, labels, name, *, frames, swing):
    clip = stiff_walker(stride_time_s=frames / 30, swing=swing, fps_hz=30.0)
    cycle = clip.positions[:frames] - clip.positions[:frames, :1]
    features[f"{name}_positions.csv"] = np.tile(cycle.reshape(frames, 48), (3, 1))[:75]
    labels[f"{name}_positions.csv"] = 2


@pytest.fixture
def toy_store():
    """Makes a store of up to three cycles with four samples each."""
    return _make_store


def _make_store(n=3):
    from stgcn_affect.data.store import CycleStore

    return CycleStore(
        positions=np.arange(n * 4 * 16 * 3, dtype=np.float32).reshape(n, 4, 16, 3),
        stride_time_s=np.linspace(1.0, 1.2, n, dtype=np.float32),
        height_m=np.full(n, 1.7, np.float32),
        subject=np.array(["ana", "ben, b", ""][:n]),
        emotion=np.array(["sad", "sad", "happy"][:n]),
        take=np.array(["1", "1", "2"][:n]),
        source=np.array(["a.bvh", 'b "x".bvh', "c.bvh"][:n]),
        layout=LAYOUT,
        name="toy",
        settings={"samples": 4},
        digest="d" * 64,
        truth={"factors": ["arm_swing"]},
        attributes={"a.bvh": {"perceived_emotion": "sad"}, "c.bvh": {"perceived_emotion": "happy"}},
    )


@pytest.fixture(scope="session")
def synthetic_cycles():
    """Makes a store of synthetic walkers in memory: the keywords of ``synthetic_walkers``, as tuples and numbers."""
    return _synthetic_cycles


@cache
def _synthetic_cycles(**settings):
    from stgcn_affect.data.deduplicate import deduplicate
    from stgcn_affect.data.prepare_clip import prepare_clip
    from stgcn_affect.synthetic.walkers import synthetic_walkers

    made = synthetic_walkers(**settings)
    clips = deduplicate(prepare_clip(clip, samples=64, keep_unlabelled=False) for clip in made.clips)
    return clips.store(name="synthetic", settings={}, digest=str(sorted(settings.items())), truth={})


@pytest.fixture(scope="session")
def untrained_model(synthetic_cycles):
    """A model of six synthetic walkers in two emotions whose weights are random; all else is fitted."""
    import torch

    from stgcn_affect.data.fold import fold_data
    from stgcn_affect.data.splits import fixed_split
    from stgcn_affect.nn.network import DisentangledSTGCN
    from stgcn_affect.training.model import complete_model, new_model

    store = synthetic_cycles(walkers=6, takes=2, emotions=("neutral", "sad"))
    (split,) = fixed_split(store.subject, test_subjects=2, validation_subjects=1, seed=0)
    data = fold_data(store, split, hold_out_take=True, seed=0)
    network = DisentangledSTGCN.for_data(data.dataset, split, width=4, blocks=2, decoder_width=4, identity_dim=8)
    train = data.batch(split.train)
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(0)
        network.train()
        network.fit_statistics(train.positions, train.stride_time_s)
        network(train.positions, train.stride_time_s)  # moves the statistics of the batch normalisation
        z = network.eval().encode_emotion(train.positions, train.stride_time_s)
        network.emotion_radial_clip.fit(z.mean(dim=0).detach(), (z - z.mean(dim=0)).norm(dim=1).median().detach())
    return complete_model(new_model(network, data), data)


@pytest.fixture
def toy_layout():
    """Left and right, hung from a hip: three joints, two bones."""
    return TOY


@pytest.fixture
def toy_graph():
    """The toy as a graph."""
    from stgcn_affect.skeleton.graph import SkeletonGraph

    return SkeletonGraph(TOY)


@pytest.fixture
def toy_network():
    """Makes a small network on the toy, in evaluation mode; the same arguments give the same weights."""
    return _make_network


TOY_SIZES = {
    "cycle_samples": 16,
    "samples": 8,
    "harmonics": 2,
    "width": 4,
    "blocks": 1,
    "emotion_dim": 3,
    "identity_dim": 4,
    "decoder_width": 4,
    "decoder_harmonics": 2,
}


def _make_network(*, emotions=2, subjects=3, seed=0, **sizes):
    import torch

    from stgcn_affect.nn.network import DisentangledSTGCN

    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        made = DisentangledSTGCN.build(TOY, emotions=emotions, subjects=subjects, **TOY_SIZES | sizes)
    return made.eval()


@pytest.fixture
def toy_cycles():
    """Makes cycles of toy subjects, every subject in every emotion: longer legs per subject, wider steps per
    emotion.
    """
    return _make_cycles


def _make_cycles(*, subjects=3, emotions=2, takes=2, samples=16, seed=0):
    import torch

    from stgcn_affect.data.batch import CycleBatch

    rng = np.random.default_rng(seed)
    subject, emotion, _ = np.indices((subjects, emotions, takes)).reshape(3, -1)
    phase = 2 * np.pi * np.arange(samples) / samples
    leg = 0.5 + 0.05 * subject[:, None]
    angle = (0.3 + 0.2 * emotion[:, None]) * np.cos(phase) + 0.01 * rng.normal(size=(len(subject), 1))
    positions = np.zeros((len(subject), samples, 3, 3))
    for joint, sign in ((1, 1), (2, -1)):
        sides = np.full_like(angle, 0.1 * sign)
        positions[:, :, joint] = np.stack([sides, -leg * np.cos(angle), sign * leg * np.sin(angle)], axis=-1)
    stride_time_s = 1.1 - 0.1 * emotion + 0.02 * subject + 0.005 * rng.normal(size=len(subject))
    return CycleBatch(
        positions=torch.tensor(positions, dtype=torch.float32),
        stride_time_s=torch.tensor(stride_time_s, dtype=torch.float32),
        emotion=torch.tensor(emotion),
        subject=torch.tensor(subject),
    )


@pytest.fixture
def labelled():
    """Makes a store of cycles that have names only: ``[N]`` subjects and emotions."""
    return _labelled


def _labelled(subjects, emotions):
    from stgcn_affect.data.store import CycleStore

    count = len(subjects)
    layout = load_layout("emotion_gait16")
    return CycleStore(
        positions=np.zeros((count, 4, layout.num_joints, 3), np.float32),
        stride_time_s=np.ones(count, np.float32),
        height_m=np.ones(count, np.float32),
        subject=np.array(subjects),
        emotion=np.array(emotions),
        take=np.full(count, "1"),
        source=np.full(count, ""),
        layout=layout,
        name="made up",
    )


@pytest.fixture
def toy_explained(toy_network, toy_cycles, toy_layout):
    """Makes a model of the toy with its cycles: five subjects in two emotions, two takes each; the last is unseen."""

    from stgcn_affect.data.store import CycleStore
    from stgcn_affect.explain.maps.explained_model import with_cycles
    from stgcn_affect.training.model import Model

    def make(*, validation=("w3",), seed=0, **sizes):
        batch = toy_cycles(subjects=5, takes=2)
        emotion = np.array(["happy", "sad"])[batch.emotion.numpy()]
        cycles = CycleStore(
            positions=batch.positions.numpy(),
            stride_time_s=batch.stride_time_s.numpy(),
            height_m=np.ones(len(emotion), np.float32),
            subject=np.array([f"w{i}" for i in batch.subject.tolist()]),
            emotion=emotion,
            take=np.array(["1", "2"] * (len(emotion) // 2)),
            source=np.full(len(emotion), ""),
            layout=toy_layout,
            name="toy",
        )
        train = [f"w{i}" for i in range(4) if f"w{i}" not in validation]
        network = toy_network(emotions=2, subjects=len(train), seed=seed, blocks=2, **sizes)
        known = np.isin(cycles.subject, train)
        network.fit_statistics(batch.positions[known], batch.stride_time_s[known])
        parts = {"train": train, "validation": list(validation), "test": ["w4"]}
        return with_cycles(Model(network, {}, toy_layout, ("happy", "sad"), tuple(train), parts, {}), cycles)

    return make


SMALL = (
    *("network.width=4", "network.blocks=1", "network.decoder_width=4", "network.identity_dim=8"),
    *("train.epochs=2", "protocol.validation_subjects=1", "evaluate.swap_copies=1"),
)


@pytest.fixture(autouse=True)
def _random_as_before():
    """Training seeds everything and asks for deterministic algorithms; other tests are not to notice."""
    import torch

    states = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002
    deterministic = torch.are_deterministic_algorithms_enabled()
    yield
    random.setstate(states[0])
    np.random.set_state(states[1])  # noqa: NPY002
    torch.set_rng_state(states[2])
    torch.use_deterministic_algorithms(deterministic)


@pytest.fixture
def small():
    """Makes settings of a small network that trains for two epochs, with overrides on top."""
    from stgcn_affect.config import load_config

    return lambda *overrides: load_config(None, [*SMALL, *overrides])


@pytest.fixture
def halves():
    """Makes the splits of two grouped folds with one validation subject."""
    from stgcn_affect.data.splits import grouped_folds

    return lambda cycles: grouped_folds(cycles.subject, folds=2, validation_subjects=1, seed=0)


@pytest.fixture(scope="session")
def shorten_attackers():
    """Takes a monkeypatch: what learns from other people has three steps, one draw of judges and two classifiers."""
    from stgcn_affect.evaluation import pair_attacker, reversal_attacker, seen_subjects

    def shorten(patch):
        quick = {name: seen_subjects.ATTACKERS[name] for name in seen_subjects.QUICK_ATTACKERS}
        patch.setattr(seen_subjects, "ATTACKERS", quick)
        patch.setattr(reversal_attacker, "TIMES", 1)
        patch.setattr(pair_attacker, "STEPS", dict.fromkeys(pair_attacker.STEPS, 3))

    return shorten


LATENTS = ("z_emotion", "z_identity")
NAMES = np.array(["ana", "ben", "eva", "tom"])


@pytest.fixture
def closed_attack():
    """Makes an attack on four subjects, ``{release: {attacker: hits}}``."""
    return _attack


@pytest.fixture
def fold_attacks():
    """Makes the attacks on one model: z_emotion is hit as given, probabilities never, raw cycles always."""
    return _fold_attacks


@pytest.fixture
def probed():
    """Makes the numbers of the disentanglement table for one model, with a CKA."""
    return _probed


@pytest.fixture
def swap():
    """The swap test of one model: of four pairs, three emotions and all subjects were recognised."""
    from stgcn_affect.evaluation.disentanglement import SwapFold, Swapped

    recognised = Swapped(np.array([True, True, False, True]), np.ones(4, bool))
    return SwapFold(np.array([*"abcd"]), np.array([*"bcda"]), recognised)


def _attack(hits):
    from stgcn_affect.evaluation.seen_subjects import Attack

    predictions = {r: {a: np.where(hit, NAMES, "nobody") for a, hit in of.items()} for r, of in hits.items()}
    inner = {r: {a: float(np.mean(hit)) for a, hit in of.items()} for r, of in hits.items()}
    return Attack(0.25, NAMES, predictions, np.zeros(4, int), inner)


def _fold_attacks(z_emotion):
    from stgcn_affect.evaluation.attacks import FoldAttacks
    from stgcn_affect.evaluation.unseen_subjects import OpenSetAttack, Pairs

    always, never = np.ones(4, bool), np.zeros(4, bool)
    releases = {"raw": always, "retargeted": always, "z_identity": always, "z_emotion": np.array(z_emotion, bool)}
    releases |= {"probabilities": never, "decoded": never}
    pairs = [Pairs(np.eye(4), NAMES, NAMES)]
    unseen = OpenSetAttack(dict.fromkeys(releases, pairs), dict.fromkeys(releases, "distance"))
    return FoldAttacks(
        seen=_attack({release: {"svm": hit} for release, hit in releases.items()}),
        static=_attack({"decoded": {"svm": never}, "retargeted": {"svm": always}}),
        unseen=dict.fromkeys(("emotions", "one_take", "same_emotion"), unseen),
    )


def _probed(cka):
    table = {f"{what}_{of}_{z}": 0.5 for what in ("emotion", "walker") for of in ("from", "nats_from") for z in LATENTS}
    table |= {f"entropy_{what}_nats": 1.5 for what in ("emotion", "walker")}
    return table | {f"swap_{what}_chance": 0.75 for what in ("emotion", "walker")} | {"cka": cka}
