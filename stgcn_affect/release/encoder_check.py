"""Read a released encoder back, byte by byte, and prove what is not in it: names of subjects, other tensors."""

import json
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from torch import Tensor

from stgcn_affect.errors import InputError, listed
from stgcn_affect.nn.st_gcn import SpatialTemporalBlock
from stgcn_affect.release.encoder_branch import EmotionBranch
from stgcn_affect.release.encoder_files import released_tensors
from stgcn_affect.release.encoder_names import ABOUT, CARD, ONNX, PROGRAM, WEIGHTS

SHORT = 3
"""A name of fewer characters, or of digits alone, looks like numbers and words: it is searched as a quoted string."""

LONG = 6
"""A name of so many characters is searched in the bytes of tensors too; shorter ones are there by chance."""

FEW = 8
"""Numbers of a constant that an exporter may add by itself, such as an axis or a small divisor."""


class EncoderCheck(NamedTuple):
    """What was searched and found absent.

    Args:
        files: names of the files.
        size: bytes that were searched, unpacked.
        tensors: how many tensors there are, each equal to one of the emotion branch.
        names: how many names were searched.
        quoted: how many of these look like numbers or are short, and were searched as quoted strings only.
    """

    files: tuple[str, ...]
    size: int
    tensors: int
    names: int
    quoted: int


class Piece(NamedTuple):
    """Some bytes of a file: where they are, the bytes, and whether they are the numbers of a tensor."""

    place: str
    content: bytes
    numbers: bool = False


def check_encoder(folder: str | Path, branch: EmotionBranch, *, names: Sequence[str]) -> EncoderCheck:
    """Hold the files of a released encoder against what may be in them.

    Every file must be one that is expected; the tensors of weights, program and ONNX must be those of the emotion
    branch, bit for bit, and no others; no name may stand in any byte.

    Args:
        folder: of ``export_encoder``.
        branch: the emotion branch that it was made of.
        names: of all training, validation and test subjects.

    Raises:
        InputError: another file, another tensor, or a name, and where.
    """
    folder = Path(folder)
    files = sorted(path.name for path in folder.iterdir())
    allowed, needed = {PROGRAM, WEIGHTS, ABOUT, CARD, ONNX}, {PROGRAM, WEIGHTS, ABOUT, CARD}
    if set(files) - allowed or needed - set(files):
        raise InputError(f"{folder}: expected the files {', '.join(sorted(needed))} (got {listed(files)})")
    count = _check_tensors(folder, branch)
    pieces = [piece for name in files for piece in _pieces(folder / name)]
    for piece in pieces:
        for name in names:
            if _found(name, piece):
                raise InputError(f"{folder / piece.place}: expected no subject's name in it (got {name!r})")
    quoted = sum(_looks_common(name) for name in names)
    return EncoderCheck(tuple(files), sum(len(p.content) for p in pieces), count, len(names), quoted)


def _check_tensors(folder: Path, branch: EmotionBranch) -> int:
    """Raise InputError unless all tensors are the branch's; how many there are."""
    wanted = released_tensors(branch)
    _check_equal(load_file(folder / WEIGHTS), wanted, folder / WEIGHTS)
    program = torch.export.load(folder / PROGRAM)
    buffers = dict(branch.named_buffers())
    constants = {name: tensor for name, tensor in program.constants.items() if isinstance(tensor, Tensor)}
    _check_equal(dict(program.state_dict), wanted, folder / PROGRAM)
    _check_equal(constants, {name: buffers[name] for name in buffers if name not in wanted}, folder / PROGRAM)
    inputs = [
        tensor for tensor in torch.utils._pytree.tree_leaves(program.example_inputs) if isinstance(tensor, Tensor)
    ]
    if any(not bool((tensor == tensor.flatten()[0]).all()) for tensor in inputs):
        raise InputError(f"{folder / PROGRAM}: expected traced inputs of one value (got cycles)")
    return len(wanted) + len(constants) + (_check_onnx(folder / ONNX, branch) if (folder / ONNX).is_file() else 0)


def _check_equal(found: Mapping[str, Tensor], wanted: Mapping[str, Tensor], path: Path) -> None:
    if set(found) != set(wanted):
        raise InputError(
            f"{path}: expected the tensors of the emotion branch"
            f" (got others: {listed(sorted(set(found) - set(wanted))) or 'none'};"
            f" missing: {listed(sorted(set(wanted) - set(found))) or 'none'})"
        )
    for name, tensor in wanted.items():
        if found[name].dtype != tensor.dtype or not torch.equal(found[name].detach(), tensor):
            raise InputError(f"{path}: expected the tensor {name} of the emotion branch (got another one)")


def _check_onnx(path: Path, branch: EmotionBranch) -> int:
    """Each floating initialiser has the numbers of one of the branch's tensors, in any order of its axes."""
    import onnx
    from onnx import numpy_helper

    known = [*branch.state_dict().values(), *branch.buffers()]
    blocks = [module for module in branch.modules() if isinstance(module, SpatialTemporalBlock)]
    known += [product for block in blocks for product in _products(block)]
    allowed = {_in_order(tensor.numpy()) for tensor in known if tensor.is_floating_point()}
    initialisers = onnx.load(path).graph.initializer
    for initialiser in initialisers:
        values = numpy_helper.to_array(initialiser)
        if values.dtype.kind == "f" and values.size > FEW and _in_order(values) not in allowed:
            raise InputError(f"{path}: expected the tensors of the emotion branch (got {initialiser.name} beside them)")
    return len(initialisers)


def _products(block: SpatialTemporalBlock) -> list[Tensor]:
    """What an exporter computes beforehand: edges times their importance, one by one and as a matrix."""
    conv = block.spatial
    return [(conv.edge_weight * conv.importance).detach(), conv.adjacency().detach()]


def _in_order(values: npt.NDArray[Any]) -> bytes:
    return np.sort(np.asarray(values, np.float32).ravel()).tobytes()


def _pieces(path: Path) -> Iterator[Piece]:
    """The contents of a file, unpacked, with the numbers of tensors apart."""
    content = path.read_bytes()
    if path.name == WEIGHTS:
        (header,) = struct.unpack("<Q", content[:8])
        yield Piece(path.name, content[8 : 8 + header])
        yield Piece(path.name, content[8 + header :], numbers=True)
    elif path.name == PROGRAM:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                numbers = re.search(r"/data/(weights/weight_|constants/tensor_)\d+$", member) is not None
                yield Piece(f"{path.name}/{member}", archive.read(member), numbers)
    elif path.name == ONNX:
        import onnx

        model = onnx.load(path)
        for initialiser in model.graph.initializer:
            yield Piece(path.name, initialiser.raw_data, numbers=True)
            initialiser.raw_data = b""
        yield Piece(path.name, model.SerializeToString())
    else:
        yield Piece(path.name, content)


def _found(name: str, piece: Piece) -> bool:
    """Whether a name stands in some bytes: as a word; of digits or too short, as a quoted string."""
    if not name or (piece.numbers and (len(name) < LONG or name.isdigit())):
        return False
    for form in {name, json.dumps(name)[1:-1]}:
        word = re.escape(form.encode())
        if piece.numbers:
            pattern = word
        elif _looks_common(name):
            pattern = b"[\"']" + word + b"[\"']"
        else:
            pattern = rb"(?<![A-Za-z0-9])" + word + rb"(?![A-Za-z0-9])"
        if re.search(pattern, piece.content):
            return True
    return False


def _looks_common(name: str) -> bool:
    return len(name) < SHORT or name.isdigit()
