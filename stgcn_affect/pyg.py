"""What is used of PyG, imported without torch's compiler.

``torch_geometric`` imports ``torch._dynamo`` to recognise compiled modules, which takes longer than all the rest of it,
at the start of every command. A placeholder stands there while PyG is imported; whoever asks for ``torch._dynamo``
later gets the true one.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

__all__ = ["Data", "Dataset", "MessagePassing"]

_COMPILER = "torch._dynamo"


class _Placeholder(ModuleType):
    """Stands for the compiler, and makes way for it as soon as something of it is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # as the import system asks for
            raise AttributeError(name)
        if sys.modules.get(_COMPILER) is self:
            del sys.modules[_COMPILER]
        return getattr(import_module(_COMPILER), name)


@contextmanager
def _without_compiler() -> Iterator[None]:
    placeholder = _Placeholder(_COMPILER)
    sys.modules.setdefault(_COMPILER, placeholder)
    try:
        yield
    finally:
        if sys.modules.get(_COMPILER) is placeholder:
            del sys.modules[_COMPILER]


with _without_compiler():
    from torch_geometric.data import Data, Dataset
    from torch_geometric.nn import MessagePassing
