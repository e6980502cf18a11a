"""Release the emotion encoder of one member of a run: attack it, write its card and files, and read them back."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.config import load_config
from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.splits import Split
from stgcn_affect.errors import InputError, listed
from stgcn_affect.evaluation.membership import Signals, membership_attack, membership_signals
from stgcn_affect.evaluation.old_results import read_results
from stgcn_affect.explain.maps.explained_model import ExplainedModel
from stgcn_affect.jobs.run_data import cache_folder, models_of_run
from stgcn_affect.release.encoder_branch import EmotionBranch
from stgcn_affect.release.encoder_check import EncoderCheck, check_encoder
from stgcn_affect.release.encoder_files import export_encoder, released_layout
from stgcn_affect.release.encoder_names import ABOUT, CARD, ONNX, PROGRAM, WEIGHTS
from stgcn_affect.reporting.model_card import CardFacts, model_card
from stgcn_affect.settings import Config
from stgcn_affect.training.checkpoint import model_paths, read_model
from stgcn_affect.training.model import Model

Index = npt.NDArray[np.int64]

FITTED, HELD_OUT = "that fitted the weights", "of held-out takes"

FILES = {
    PROGRAM: "the program (torch.export), for any number of cycles, with its weights",
    WEIGHTS: "the weights alone (safetensors), by name",
    ABOUT: "inputs, outputs, layout, emotions, normalisation, temperature, outlier threshold",
    CARD: "this card",
    ONNX: "the program as ONNX, with its weights",
}


class Released(NamedTuple):
    """What was released: the member's name, what the check found, and the membership attacks by what was attacked."""

    member: str
    check: EncoderCheck
    membership: Mapping[str, Mapping[str, Any]]


def export_run(run: Path, out: Path, *, member: str | None = None, onnx: bool = False) -> Released:
    """Write a member's emotion encoder into a new folder, with its card, and check what is in it.

    Args:
        run: the folder of a finished run.
        out: the new folder; it is removed again where the check finds what must not be there.
        member: the name of a fold's folder, such as "fold-02"; needed where the run has several models.
        onnx: write ONNX too.

    Raises:
        InputError: no finished run, no such member, a model that compares walks with others of their subject, a folder
            with files in it, or a name of a subject in the files.
    """
    model, name, members = _member(run, member)
    config = load_config(run / "config.yaml")
    membership = _membership(config, run)
    branch = EmotionBranch(model.network, model.layout)
    evaluation = run / "evaluation" / "results.json"
    card = model_card(
        _facts(model, branch, name, members, synthetic=not config.data.root, onnx=onnx),
        trained=_results(run / "results.json"),
        evaluated=read_results(evaluation) if evaluation.is_file() else None,
        membership=membership,
    )
    export_encoder(model, out, card=card, onnx=onnx)
    names = sorted({subject for subjects in model.parts.values() for subject in subjects} | set(model.subjects))
    try:
        check = check_encoder(out, branch, names=names)
    except InputError:
        shutil.rmtree(out)
        raise
    return Released(name, check, membership)


def _member(run: Path, wanted: str | None) -> tuple[Model, str, int]:
    """The named member, its name, and how many the run has."""
    paths = {path.parent.name if path.parent != run else "model": path for path in model_paths(run)}
    if wanted is None and len(paths) > 1:
        raise InputError(f"{run}: expected --member, one of {listed(paths)}, as one model is released (got none)")
    name = next(iter(paths)) if wanted is None else wanted
    if name not in paths:
        raise InputError(f"--member: expected one of {listed(paths)} (got {name!r})")
    return read_model(paths[name]), name, len(paths)


def _facts(model: Model, branch: EmotionBranch, name: str, members: int, *, synthetic: bool, onnx: bool) -> CardFacts:
    return CardFacts(
        member=name,
        members=members,
        parts={part: len(subjects) for part, subjects in model.parts.items()},
        synthetic=synthetic,
        temperature=model.temperature,
        layout=f"{model.layout.name}, {model.layout.num_joints} joints",
        mean_rest=released_layout(model) is not model.layout,
        files={file: about for file, about in FILES.items() if onnx or file != ONNX},
        weights=sum(tensor.numel() for tensor in branch.state_dict().values()),
    )


def _membership(config: Config, run: Path) -> dict[str, Mapping[str, Any]]:
    """The attack on every model of the run; empty where its cycles are not there any more."""
    if not (cache_folder(config, run) / "meta.json").is_file():
        return {}
    found: dict[str, list[tuple[Signals, Signals]]] = {FITTED: [], HELD_OUT: []}
    for one in models_of_run(run):
        fitted, held = _training_takes(config, one)
        others = membership_signals(one.model, one.dataset, one.test)
        for words, index in ((FITTED, fitted), (HELD_OUT, held)):
            if len(index):
                found[words].append((membership_signals(one.model, one.dataset, index), others))
    return {words: membership_attack(pairs, seed=config.seed) for words, pairs in found.items() if pairs}


def _training_takes(config: Config, one: ExplainedModel) -> tuple[Index, Index]:
    """Indices of a model's training cycles: those that fitted its weights, and those of takes that were held out."""
    split = Split("membership", one.train, one.validation, one.test, subjects=one.cycles.subject)
    data = fold_data(one.cycles, split, hold_out_take=config.protocol.hold_out_take, seed=config.seed)
    return data.fit_index, data.held_index


def _results(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise InputError(f"{path}: expected the results of a finished run (got no file of this name)")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
