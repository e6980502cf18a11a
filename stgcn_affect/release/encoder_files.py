"""The files of a released encoder, and how they are written: a program, its weights, and what a reader must know."""

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from stgcn_affect import __version__
from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole
from stgcn_affect.nn.input_channels import CHANNELS
from stgcn_affect.release.encoder_branch import OUTPUTS, EmotionBranch
from stgcn_affect.release.encoder_names import ABOUT, CARD, FORMAT, INPUTS, ONNX, PROGRAM, WEIGHTS
from stgcn_affect.skeleton.layout import Layout, layout_names, load_layout
from stgcn_affect.training.model import Model

REST_HEIGHT_M = 1.7
"""Body height of a rest pose that is made of the mean cycle."""

ONNX_OPSET = 18


def export_encoder(model: Model, folder: str | Path, *, card: str, onnx: bool = False) -> list[Path]:
    """Write the emotion branch of a model into a new folder, from which ``load_released`` predicts.

    Args:
        model: trained; one that judges a walk by itself.
        folder: new, or empty.
        card: the model card, Markdown.
        onnx: write the program as ONNX too, which needs the packages of the extra ``onnx``.

    Returns:
        the paths of its files.

    Raises:
        InputError: a folder with files in it, a model that judges a walk beside others of its subject, or no package to
            write ONNX with.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: expected a new folder (got one with files in it, or a file)")
    if model.average_baseline is not None:
        raise InputError(
            "export: expected a model that judges a walk by itself (got one that compares it with others of its"
            " subject, whose walks cannot be handed on)"
        )
    branch = EmotionBranch(model.network, model.layout)
    program = exported_program(branch, model)
    folder.mkdir(parents=True, exist_ok=True)
    with _quiet():
        if onnx:
            _write_onnx(program, folder / ONNX)
        torch.export.save(program, folder / PROGRAM)
    write_whole(save(released_tensors(branch)), path=folder / WEIGHTS)
    write_whole(json.dumps(about_encoder(branch, model), indent=1) + "\n", path=folder / ABOUT)
    write_whole(card, path=folder / CARD)
    return sorted(folder.iterdir())


def exported_program(branch: EmotionBranch, model: Model) -> torch.export.ExportedProgram:
    """The branch as a program for any number of cycles, without paths or lines of the source in it.

    A program keeps the inputs that it was traced with: these are zeros and ones.
    """
    samples, joints = model.network.cycle_samples, model.layout.num_joints
    traced = (torch.zeros(3, samples, joints, 3), torch.ones(3))
    cycles = {0: torch.export.Dim("cycles", min=1)}
    with _quiet():
        program = torch.export.export(branch, traced, dynamic_shapes=(cycles, cycles), strict=False)
    for node in program.graph.nodes:
        for key in ("stack_trace", "source_fn_stack", "nn_module_stack", "torch_fn", "from_node"):
            node.meta.pop(key, None)
    return program


def released_tensors(branch: EmotionBranch) -> dict[str, Tensor]:
    """The weights and fitted numbers of a branch, by name."""
    return {name: tensor.detach().contiguous() for name, tensor in branch.state_dict().items()}


def about_encoder(branch: EmotionBranch, model: Model) -> dict[str, Any]:
    """What a reader of the program must know, as JSON's types."""
    channels = branch.channels
    return {
        "format": FORMAT,
        "stgcn_affect": __version__,
        "torch": torch.__version__,
        "emotions": list(model.emotions),
        "temperature": model.temperature,
        "outlier_threshold": model.outlier_threshold,
        "cycle_samples": model.network.cycle_samples,
        "inputs": {
            "positions": "[B, T, V, 3] float32: pelvis at the origin in each frame, facing +z, y up, x to the left, in"
            " body heights; a stride from left heel strike to left heel strike, half-open, resampled to T samples",
            "stride_time_s": "[B] float32: seconds that the stride took",
        },
        "outputs": dict(zip(OUTPUTS, ("[B, Q]", f"[B, {branch.encoder.readout.out_features}]", "[B]"), strict=True)),
        "probabilities": "softmax(logits / temperature); a cycle is an outlier where outlier_score > outlier_threshold",
        "normalisation": {
            "channels": list(CHANNELS),
            "mean": channels.mean.view(-1, len(CHANNELS)).tolist(),
            "scale": channels.scale.view(-1, len(CHANNELS)).tolist(),
            "bone_lengths": None if channels.retarget is None else channels.retarget.lengths.tolist(),
            "of": "all training subjects together; [V][C], and bones in the joints' order, in body heights",
        },
        "layout": released_layout(model).to_dict(),
        "input_names": list(INPUTS),
    }


def released_layout(model: Model) -> Layout:
    """The skeleton of a model without a person's body in it.

    The rest pose of a skeleton that a recording brought, as BVH does, is that of the recorded person; the mean pose of
    all training cycles stands in for it.
    """
    layout = model.layout
    if layout.rest is None or (
        layout.name in layout_names() and load_layout(layout.name).to_dict() == layout.to_dict()
    ):
        return layout
    mean_pose = model.network.decoder.mean[:, 0].numpy()
    return Layout.from_dict({**layout.to_dict(), "rest": (REST_HEIGHT_M * mean_pose).round(4).tolist()}, "layout")


def _write_onnx(program: torch.export.ExportedProgram, path: Path) -> None:
    try:
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise InputError(f"--onnx: expected the packages of pip install 'stgcn_affect[onnx]' (got {error})") from error
    names: dict[str, Any] = {"input_names": list(INPUTS), "output_names": list(OUTPUTS)}
    made = torch.onnx.export(program, dynamo=True, opset_version=ONNX_OPSET, verbose=False, **names)
    if made is None:
        raise RuntimeError("torch.onnx.export gave no program")
    for node in made.model.graph:
        node.metadata_props.clear()
        node.doc_string = None
    made.save(path)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without torch's warnings about its own workings."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
