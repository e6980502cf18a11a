"""Pieces of the evidence on privacy: one grouped fold, one seed, one network and what it releases."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.linear_model import LogisticRegression

from stgcn_affect.data.fold import FoldData, fold_data
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.evaluation.attackers import ATTACKERS, scaled_pca
from stgcn_affect.evaluation.disentanglement import entropy_nats, linear_cka, probe, swap_test
from stgcn_affect.evaluation.inputs import POSES, baseline_input
from stgcn_affect.evaluation.mechanisms import add_noise, erase_subjects
from stgcn_affect.evaluation.seen_subjects import attack_seen_subjects, held_out_emotion_rounds
from stgcn_affect.explain.attribution.methods import DEFAULT_BLOCK, DEFAULT_METHOD
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.jobs.attack_fold import attack_fold, with_reflected
from stgcn_affect.jobs.attack_record import attack_to_json
from stgcn_affect.jobs.run_data import open_run_cycles
from stgcn_affect.jobs.train_fold import fit_model
from stgcn_affect.jobs.variants import ABLATIONS, variant
from stgcn_affect.settings import Config
from stgcn_affect.stats import balanced_accuracy
from stgcn_affect.training.checkpoint import Model
from stgcn_affect.training.predict import encode

Features = npt.NDArray[np.floating]
Index = npt.NDArray[np.int64]

CONTROLS = {"raw": "raw", "retargeted": "bone_normalised", "bone_ratios": "bone_ratios", "hand_made": "hand_made"}
"""Positive controls by thing, and the input that each one is."""


WIDE = 64
"""Width of the latent that LEACE erases from: erasing S subjects takes S-1 directions, all of a narrow latent."""


def method_task(config: Config, cache: Path, split: Split, *, seed: int) -> dict[str, Any]:
    """Train the method on a privacy fold, attack everything it releases, and probe its latents."""
    torch.set_num_threads(config.train.threads)
    cycles = open_run_cycles(config, cache)
    data = fold_data(cycles, split, hold_out_take=config.protocol.hold_out_take, seed=config.seed)
    model = fit_model(config, data, seed=seed)
    releases = released(model, data)
    utility = {
        name: emotion_of_release(releases[name], cycles, split) for name in ("z_emotion", "retargeted", "decoded")
    }
    return {
        **attack_fold(releases, data, attackers=tuple(ATTACKERS)),
        "emotion": utility,
        "disentanglement": disentangled(cycles, releases, data),
        "swap": swapped(model, data, releases),
    }


def curve_task(
    config: Config, cache: Path, split: Split, *, name: str, strengths: Sequence[float], seed: int
) -> dict[str, Any]:
    """Points of the privacy/utility curve on a privacy fold that one network gives, by name.

    Args:
        config: of the run.
        cache: with the cycles.
        split: the fold.
        name: ``reversal`` trains the method with the one strength given; ``plain`` releases the latent of the plain
            ST-GCN as it is and with noise of each strength; ``leace`` a wide one with the subjects erased; a name of
            ``ABLATIONS`` that of the method without this part.
        strengths: of the reversal, or of the noise in standard deviations of the latent.
        seed: of training and noise.
    """
    torch.set_num_threads(config.train.threads)
    cycles = open_run_cycles(config, cache)
    if name == "reversal":
        settings = variant(config, "disentangled", reversal=strengths[0])
    else:
        settings = variant(config, name if name in ABLATIONS else "plain_stgcn")
    if name == "leace":
        settings.network.emotion_dim = WIDE
    data = fold_data(cycles, split, hold_out_take=settings.protocol.hold_out_take, seed=settings.seed)
    model = fit_model(settings, data, seed=seed)
    latent: Features = encode(model.network, data.dataset.tensors(), model.layout).z_emotion
    fitted = latent[data.fit_index]
    if name == "plain":
        noisy = {f"noise-{s:g}": add_noise(fitted, latent, strength=s, seed=seed) for s in strengths}
        releases = {"plain": latent, **noisy}
    elif name == "leace":
        releases = {"leace": erase_subjects(fitted, cycles.subject[data.fit_index], latent)}
    else:
        releases = {"-".join([name, *(f"{s:g}" for s in strengths)]): latent}
    return {title: _point(release, data, split) for title, release in releases.items()}


def _point(release: Features, data: FoldData, split: Split) -> dict[str, Any]:
    """What is read of seen subjects from a release, and of unseen subjects' emotion."""
    cycles, known = data.cycles, data.attackable
    rounds = held_out_emotion_rounds(cycles.emotion[known], np.isin(known, data.held_index))
    attack = attack_seen_subjects(
        {"released": release[known]},
        cycles.subject[known],
        rounds,
        attackers=with_reflected(tuple(ATTACKERS), data),
        leave_out=cycles.emotion[known],
    )
    return {"known": attack_to_json(attack), "emotion": emotion_of_release(release, cycles, split)}


def released(model: Model, data: FoldData) -> dict[str, Features]:
    """Everything that can be released of all cycles, and the positive controls, by name: ``[N, F]`` each.

    The controls are of cycles as they were recorded; of calibrated ones, the baselines and what is left stand beside.
    """
    cycles, recorded, train = data.cycles, data.recorded, data.split.train
    everything = encode(model.network, data.dataset.tensors(), model.layout)
    logits = np.log(np.maximum(everything.probabilities, 1e-6))
    average = np.repeat(everything.z_identity[train].mean(axis=0, keepdims=True), len(cycles), axis=0)
    return {
        **{release: baseline_input(name, recorded, train) for release, name in CONTROLS.items()},
        **_calibration(data),
        "z_identity": everything.z_identity,
        "z_emotion": everything.z_emotion,
        "logits": logits - logits.mean(axis=1, keepdims=True),
        "probabilities": everything.probabilities,
        "decoded": decoded(model, everything.z_emotion, average),
        "relevance_maps": relevance_maps(model, data, everything.probabilities.argmax(axis=1)),
    }


def _calibration(data: FoldData) -> dict[str, Features]:
    """Each cycle's own baseline, which calibration keeps, and the calibrated cycle; nothing where there is neither."""
    own, train = data.recorded.baseline, data.split.train
    if own is None:
        return {}
    return {
        "subject_baseline": baseline_input("raw", own, train),
        "relative_to_baseline": baseline_input("raw", data.cycles, train),
    }


def relevance_maps(model: Model, data: FoldData, said: Index) -> Features:
    """The trusted map of every cycle for the emotion that the model says, ``[N, T' V]`` at the encoder's samples."""
    maps = explain_cycles(
        model.network,
        data.dataset.tensors(),
        model.layout,
        method=DEFAULT_METHOD,
        block=min(DEFAULT_BLOCK, len(model.network.emotion_encoder.blocks) - 1),
        target=lead(torch.from_numpy(said), model.emotions, batch=len(said)),
        reference=data.dataset.batch(data.split.train),
    )
    return maps[:, :: maps.shape[1] // model.network.emotion_channels.samples].reshape(len(maps), -1)


def decoded(model: Model, z_emotion: Features, z_identity: Features) -> Features:
    """Decode latents ``[n, De]`` and ``[n, Di]`` to rows laid out like the input "raw"."""
    emotion, identity = (torch.from_numpy(np.asarray(z, dtype=np.float32)) for z in (z_emotion, z_identity))
    with torch.no_grad():
        walk = model.network.decode(emotion, identity, POSES)
    poses = walk.positions.flatten(1).numpy()
    return np.concatenate([poses, walk.stride_time_s.log()[:, None].numpy()], axis=1)


def emotion_of_release(features: Features, cycles: CycleStore, split: Split) -> float:
    """Balanced accuracy of a fresh logistic regression that reads the emotion of unseen subjects from a release."""
    train = np.concatenate([split.train, split.validation])
    reader = scaled_pca(LogisticRegression(C=0.1, max_iter=2000)).fit(features[train], cycles.emotion[train])
    names, truth = np.unique(cycles.emotion, return_inverse=True)
    said = np.searchsorted(names, reader.predict(features[split.test]))
    return balanced_accuracy(truth[split.test], said)


def disentangled(cycles: CycleStore, releases: Mapping[str, Features], data: FoldData) -> dict[str, float]:
    """The numbers of the disentanglement table for one model.

    Emotion is probed on unseen subjects, the subject on seen subjects' held-out emotion, each in turn.
    """
    split, known = data.split, data.attackable
    emotion = np.unique(cycles.emotion, return_inverse=True)[1]
    subject = np.unique(cycles.subject, return_inverse=True)[1]
    numbers: dict[str, float] = {
        "entropy_emotion_nats": entropy_nats(emotion[split.test]),
        "entropy_walker_nats": entropy_nats(np.unique(subject[known], return_inverse=True)[1]),
        "cka": linear_cka(releases["z_emotion"][split.test], releases["z_identity"][split.test]),
    }
    rounds = held_out_emotion_rounds(cycles.emotion[known], np.isin(known, data.held_index))
    for name in ("z_emotion", "z_identity"):
        rows = releases[name]
        read = probe(rows[split.train], emotion[split.train], rows[split.test], emotion[split.test])
        numbers[f"emotion_from_{name}"], numbers[f"emotion_nats_from_{name}"] = read
        named = [probe(rows[known][a], subject[known][a], rows[known][b], subject[known][b]) for a, b in rounds]
        numbers[f"walker_from_{name}"] = float(np.mean([found.balanced_accuracy for found in named]))
        numbers[f"walker_nats_from_{name}"] = float(np.mean([found.information_nats for found in named]))
    return numbers | {
        "swap_emotion_chance": 1.0 / len(np.unique(cycles.emotion)),
        "swap_walker_chance": 1.0 / len(np.unique(cycles.subject[known])),
    }


def swapped(model: Model, data: FoldData, releases: Mapping[str, Features]) -> dict[str, list[Any]]:
    """The swap test over seen subjects: every cycle lends its emotion to the next subject, in another emotion there.

    Returns:
        per pair who lent the emotion (lender) and the body, and whether the judges named the emotion and the subject.
    """
    cycles, known = data.cycles, data.attackable
    subjects = np.unique(cycles.subject[known])
    following = dict(zip(subjects, np.roll(subjects, -1), strict=True))
    pairs = []
    for i in known:
        there = known[(cycles.subject[known] == following[cycles.subject[i]])]
        other = there[cycles.emotion[there] != cycles.emotion[i]]
        if len(other):
            pairs.append((i, other[i % len(other)]))
    lender, body = np.array(pairs).T
    said = swap_test(
        baseline_input("raw", cycles, data.split.train)[known],
        cycles.emotion[known],
        cycles.subject[known],
        decoded(model, releases["z_emotion"][lender], releases["z_identity"][body]),
        cycles.emotion[lender],
        cycles.subject[body],
    )
    return {
        "lender": cycles.subject[lender].tolist(),
        "body": cycles.subject[body].tolist(),
        "emotion": said.emotion.tolist(),
        "subject": said.subject.tolist(),
    }
