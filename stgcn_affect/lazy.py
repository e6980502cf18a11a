"""Public names of a folder that load when they are first used, so that a tool starts without what it does not need."""

import ast
import inspect
import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Folder(ModuleType):
    """A folder whose public names are looked up in its files when they are first asked for (PEP 562).

    Where a file has the name of a function in it, as ``verdict.py`` has, the folder's name is the function.
    """

    _file_of: dict[str, str]

    def __getattr__(self, name: str) -> Any:
        if name not in self._file_of:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        found = getattr(import_module(self._file_of[name]), name)
        setattr(self, name, found)
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType) and name in self._file_of:  # the import of the file of that name
            value = getattr(value, name)
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._file_of})


def load_when_used(folder: str) -> None:
    """Let a folder load its public names when they are first used; its ``__init__`` calls this at its end.

    The names are those that the ``__init__`` imports under ``if TYPE_CHECKING:``, where type checkers read them.

    Args:
        folder: the folder's ``__name__``.
    """
    module = sys.modules[folder]
    blocks = [node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.If)]
    imports = [line for block in blocks for line in block.body if isinstance(line, ast.ImportFrom)]
    module.__dict__["_file_of"] = {name.name: str(line.module) for line in imports for name in line.names}
    module.__class__ = _Folder
