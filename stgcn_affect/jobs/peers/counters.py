"""What a computation costs whatever the machine does beside it: FLOP, bytes moved, bytes alive at the peak."""

import math
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode


class Counts(NamedTuple):
    """The cost of a computation, operator by operator.

    Args:
        flop: of matrix products and convolutions, 2 for a multiplication with its addition; nothing else is counted.
        moved_bytes: that operators read and write.
        peak_bytes: of the tensors made meanwhile, where most of them are alive.
    """

    flop: int
    moved_bytes: int
    peak_bytes: int


def count(run: Callable[[], object]) -> Counts:
    """Run a computation twice and count its cost; the same computation has the same counts, whatever the machine."""
    in_place = dict.fromkeys((torch.ops.aten.addmm_, torch.ops.aten.baddbmm_), _added_product_flop)
    with FlopCounterMode(display=False, custom_mapping=in_place) as flop:
        run()
    with TensorBytes() as tensors:
        run()
    return Counts(flop.get_total_flops(), tensors.moved_bytes, tensors.peak_bytes)


def _added_product_flop(given: Sequence[int], left: Sequence[int], right: Sequence[int], **_: Any) -> int:
    """FLOP of a matrix product that is added in place, which torch's counter leaves out; of shapes."""
    return 2 * math.prod(left) * right[-1]


class TensorBytes(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch leaves it untyped
    """Counts bytes that operators move, and bytes of the tensors that they make, while they are alive.

    An operator reads each tensor that it is given and writes each tensor that it makes or changes in place, once. Views
    move nothing, and neither do operators whose result is uninitialised. A broadcast dimension counts once. What an
    operator allocates and frees inside of itself is not seen.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.moved_bytes = self.peak_bytes = self.alive_bytes = 0
        self._known: set[int] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Run an operator and add its bytes."""
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        given, read, changed = _roles(func, args, kwargs)
        old = {tensor.untyped_storage()._cdata for tensor in given}
        made = [tensor for tensor in _tensors(result) if tensor.untyped_storage()._cdata not in old]
        for tensor in made:
            self._watch(tensor.untyped_storage())
        if (made or changed) and "empty" not in func.__name__:
            self.moved_bytes += sum(map(tensor_bytes, [*read, *made, *changed]))
        return result

    def _watch(self, storage: torch.UntypedStorage) -> None:
        key, size = storage._cdata, storage.nbytes()
        if key in self._known:
            return
        self._known.add(key)
        weakref.finalize(storage, self._freed, key, size).atexit = False
        self.alive_bytes += size
        self.peak_bytes = max(self.peak_bytes, self.alive_bytes)

    def _freed(self, key: int, size: int) -> None:
        self._known.discard(key)
        self.alive_bytes -= size


def tensor_bytes(tensor: Tensor) -> int:
    """Bytes of a tensor's different elements: a dimension of stride 0 holds one."""
    different = 0 if tensor.numel() == 0 else 1
    for size, stride in zip(tensor.shape, tensor.stride(), strict=True):
        different *= size if stride else 1
    return different * tensor.element_size()


def _roles(
    func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
    """Tensors that an operator is given, those that it reads, and those that it changes, by its schema.

    A tensor given as ``out`` is changed and not read; one that is changed in place is both.
    """
    arguments = {argument.name: argument for argument in func._schema.arguments}
    given, read, changed = [], [], []
    for name, value in [*zip(arguments, args, strict=False), *kwargs.items()]:
        tensors, argument = _tensors(value), arguments[name]
        given += tensors
        if not argument.is_out:
            read += tensors
        if argument.alias_info is not None and argument.alias_info.is_write:
            changed += tensors
    return given, read, changed


def _tensors(values: Any) -> list[Tensor]:
    return [leaf for leaf in tree_leaves(values) if isinstance(leaf, Tensor)]
