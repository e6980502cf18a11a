"""Load pickles of plain data, without running any code that a pickle may hold."""

import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError

_KIND = re.compile(r"[<>|=]?(?:b1|[iu][1248]|f[248]|c(?:8|16)|[SU]\d{0,6})")
"""Numbers, truth values and text of fixed length; an array of objects could hold anything."""


# Each stand-in takes a state in a method of its own: without one, a pickle could set attributes of the class.


class _Refused(pickle.UnpicklingError):
    """A name that a pickle of data has no need of."""


class _Kind:
    """Stands for numpy.dtype."""

    def __init__(self, name: Any, *_: Any) -> None:
        if not isinstance(name, str) or not _KIND.fullmatch(name):
            raise _Refused(f"an array of {name!r}")
        self.dtype = np.dtype(name)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        if state[1] in ("<", ">"):
            self.dtype = self.dtype.newbyteorder(state[1])


class _Array:
    """Stands for the two functions that rebuild an array: from a state that follows, or from a buffer."""

    def __init__(self, *given: Any) -> None:
        self.values: npt.NDArray[Any] | None = None
        if len(given) == 4:
            buffer, kind, shape, order = given
            self.values = _numbers(buffer, kind, shape, order)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, kind, columns_first, content = state
        self.values = _numbers(content, kind, shape, "F" if columns_first else "C")


class _Scalar:
    """Stands for the function that rebuilds a NumPy number."""

    def __init__(self, kind: Any, content: Any) -> None:
        self.values = _numbers(content, kind, (), "C")

    def __setstate__(self, state: object) -> None:
        raise _Refused(f"a state for {type(self).__name__.strip('_')!r}")


class _Bytes:
    """Stands for _codecs.encode, by which old protocols write bytes."""

    def __init__(self, text: str, encoding: str = "latin1") -> None:
        if encoding != "latin1":
            raise _Refused(f"the encoding {encoding!r}")
        self.content = text.encode("latin1")

    def __setstate__(self, state: object) -> None:
        raise _Refused(f"a state for {type(self).__name__.strip('_')!r}")


class _Name:
    """Stands for numpy.ndarray, which is only ever named."""

    def __setstate__(self, state: object) -> None:
        raise _Refused(f"a state for {type(self).__name__.strip('_')!r}")


_ALLOWED: dict[tuple[str, str], type] = {
    ("numpy", "dtype"): _Kind,
    ("numpy", "ndarray"): _Name,
    ("_codecs", "encode"): _Bytes,
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _Array for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): _Scalar for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): _Array for core in ("core", "_core")},
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise _Refused(f"{module}.{name}")
        return _ALLOWED[module, name]


def load_plain_pickle(path: Path) -> Any:
    """Read a pickle of dictionaries, lists, tuples, text, numbers, bytes and NumPy arrays of these; refuse others.

    A pickle names functions and lets them run; here every name but those of NumPy's own arrays ends the reading, and
    these stand for code of this file, so that neither foreign code nor NumPy's unpickling runs.

    Raises:
        InputError: no pickle, or one that names something else; says what it names.
    """
    try:
        with path.open("rb") as file:
            return _plain(_Unpickler(file).load())
    except _Refused as error:
        raise InputError(
            f"{path}: expected a pickle of plain containers, numbers, text and arrays; a pickle can run code, so"
            f" nothing else is loaded (got {error})"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: expected a file that can be read (got {error.strerror})") from error
    except (pickle.UnpicklingError, EOFError, LookupError, AttributeError, TypeError, ValueError) as error:
        raise InputError(f"{path}: expected a whole pickle (got: {' '.join(str(error).split())})") from error
    except (ArithmeticError, MemoryError, RecursionError) as error:
        raise InputError(f"{path}: expected a pickle of a sane size (got: {type(error).__name__})") from error


def _numbers(content: Any, kind: Any, shape: Any, order: str) -> npt.NDArray[Any]:
    content = content.content if isinstance(content, _Bytes) else content
    values = np.frombuffer(content, dtype=kind.dtype) if len(content) else np.empty(0, kind.dtype)
    return values.reshape(shape, order="F" if order == "F" else "C")


def _plain(value: Any) -> Any:
    """Put arrays, numbers and bytes in the places of what stands for them."""
    match value:
        case dict():
            return {_plain(key): _plain(content) for key, content in value.items()}
        case list():
            return [_plain(content) for content in value]
        case tuple():
            return tuple(_plain(content) for content in value)
        case _Array() if value.values is not None:
            return value.values
        case _Scalar():
            return value.values.item()
        case _Bytes():
            return value.content
        case None | bool() | int() | float() | str() | bytes():
            return value
    raise _Refused(f"an object of {type(value).__name__.strip('_')!r}")
