"""Sphinx extension: writes a reference page for each folder of the package, from the folders' ``__all__``.

The order of the pages is that of the table in ``docs/how-it-works.md``. On a page the names are grouped by the file
that defines them, under that file's docstring. A name that several folders export is described on the first page and
listed, with a link, on the others. The pages are written to ``docs/reference/``, which git ignores.
"""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.pycode import ModuleAnalyzer

PACKAGE = "stgcn_affect"
TABLE_ROW = re.compile(r"^\| `(\w+)(?:/|\.py)` \|", flags=re.MULTILINE)
ARRAY = re.compile(r"~?numpy\.ndarray\[tuple\[~?typing\.Any, \.\.\.\], ~?numpy\.dtype\[([^][]+)\]\]")

INITIAL = re.compile(r"~?dataclasses\.InitVar\[((?:[^][]|\[(?:[^][]|\[(?:[^][]|\[[^][]*\])*\])*\])*)\]")
ARRAY_LIKE = re.compile(r"~?numpy\._typing\._array_like\._Buffer(?: \| [^,|()]+?(?:\[.*?\]+)?)+(?=[,)])")

ATTRIBUTES = {"data", "attribute", "property"}
GUARD = ".. first line"

OUTSIDE = ".. py:currentmodule:: None\n"
"""Ends the scope of a module, so that the full names that follow are taken as they are."""

INTRODUCTION = """
A page for each folder of the package, made from the docstrings; a folder imports only those above it. Shapes of
arrays: B cycles of a batch, N cycles, T samples, V joints, C channels, D latent size, K=3 partitions, Q emotions, S
subjects. Positions are in metres or body heights: y up, z forward, x to the subject's left.
"""

LONGEST_VALUE = 200
"""Constants whose value takes more characters than this are shown without it."""


class Entry(NamedTuple):
    """A public name: the module that defines it, and the full name under which it is described."""

    name: str
    module: str
    full_name: str
    obj: Any


def modules_in_order(docs: Path) -> Iterator[ModuleType]:
    """The package, then the parts in the order of the table, each followed by the folders inside it."""
    package = import_module(PACKAGE)
    yield package
    root = Path(package.__path__[0])
    parts = TABLE_ROW.findall((docs / "how-it-works.md").read_text(encoding="utf-8"))
    if missing := {path.parent.name for path in root.glob("*/__init__.py")} - {*parts}:
        raise ExtensionError(f"how-it-works.md: expected a row for each folder of {PACKAGE} (missing {missing})")
    for part in parts:
        yield import_module(f"{PACKAGE}.{part}")
        for inside in sorted((root / part).glob("*/**/__init__.py")):
            yield import_module(".".join((PACKAGE, *inside.parent.relative_to(root).parts)))


def public_names(module: ModuleType) -> list[str]:
    """A folder's ``__all__``; of a single file, the public classes and functions that it defines."""
    if hasattr(module, "__all__"):
        return list(module.__all__)
    return [
        name
        for name, obj in vars(module).items()
        if not name.startswith("_") and getattr(obj, "__module__", None) == module.__name__
    ]


def defining_module(module: ModuleType, name: str, obj: Any) -> str:
    """The file that a public name comes from; for a constant, the one that the folder imports it from."""
    if hasattr(obj, "__module__") and not isinstance(obj, ModuleType):
        return str(obj.__module__)
    for other in [module.__name__, *_imports(module)]:
        if ("", name) in ModuleAnalyzer.for_module(other).find_attr_docs():
            return other
    raise ExtensionError(f"{module.__name__}.{name}: expected a docstring below the constant")


def _imports(module: ModuleType) -> list[str]:
    return re.findall(r"^\s*from ([\w.]+) import", inspect.getsource(module), flags=re.MULTILINE)


def entries(module: ModuleType) -> Iterator[Entry]:
    """The public names of a folder or file, as its page lists them."""
    for name in public_names(module):
        obj = getattr(module, name)
        source = defining_module(module, name, obj)
        callable_ = inspect.isclass(obj) or inspect.isroutine(obj) or hasattr(obj, "__wrapped__")
        yield Entry(name, source, f"{module.__name__ if callable_ else source}.{name}", obj)


def described(entry: Entry) -> str:
    """The autodoc directive of a public name."""
    if inspect.isclass(entry.obj):
        kind = "autoexception" if issubclass(entry.obj, BaseException) else "autoclass"
    elif inspect.isroutine(entry.obj) or hasattr(entry.obj, "__wrapped__"):
        kind = "autofunction"
    else:
        value = repr(entry.obj)
        shown = len(value) <= LONGEST_VALUE and " at 0x" not in value
        return f".. autodata:: {entry.full_name}\n" + "   :no-value:\n" * (not shown)
    return f".. {kind}:: {entry.full_name}\n"


def page(module: ModuleType, homes: dict[tuple[str, str], str], docs: Path) -> str:
    """The reStructuredText of a folder's page; ``homes`` says where a name of an earlier page is described."""
    title = module.__name__
    lines = [f"{title}\n{'=' * len(title)}\n", f".. automodule:: {title}\n   :no-members:\n\n{OUTSIDE}"]
    example = docs / "examples" / f"{title.split('.')[1] if '.' in title else ''}.md"
    if example.exists():
        lines.append(f"Examples: :doc:`/examples/{example.stem}`\n")
    found = list(entries(module))
    new = [entry for entry in found if (entry.module, entry.name) not in homes]
    homes |= {(entry.module, entry.name): entry.full_name for entry in new}
    names = [homes[entry.module, entry.name] for entry in found]
    lines.append(".. autosummary::\n   :nosignatures:\n\n" + "".join(f"   ~{name}\n" for name in names))
    for file in sorted({entry.module for entry in new}):
        if file != title:
            heading = f"``{file.rpartition('.')[2]}``"
            lines += [f"{heading}\n{'-' * len(heading)}\n", f".. automodule:: {file}\n   :no-members:\n   :no-index:\n"]
        lines += [described(entry) for entry in new if entry.module == file]
    return "\n".join(lines)


def index(modules: list[ModuleType]) -> str:
    """The page that lists the pages, each with the first line of its folder's docstring."""
    names = [module.__name__ for module in modules]
    short = [name.removeprefix(f"{PACKAGE}.") for name in names]
    firsts = [(inspect.getdoc(module) or "").partition("\n")[0] for module in modules]
    lines = [".. list-table::\n   :widths: 20 80\n"]
    lines += [f"   * - :doc:`{s} <{n}>`\n     - {first}" for s, n, first in zip(short, names, firsts, strict=True)]
    tree = "\n".join(f"   {s} <{n}>" for s, n in zip(short, names, strict=True))
    table = "\n".join(lines)
    return f"API reference\n=============\n{INTRODUCTION}\n{table}\n\n.. toctree::\n   :hidden:\n\n{tree}\n"


def write_pages(app: Sphinx) -> None:
    """Write the pages and their index before Sphinx looks for its sources."""
    docs = Path(app.srcdir)
    folder, homes = docs / "reference", dict[tuple[str, str], str]()
    folder.mkdir(exist_ok=True)
    modules = [module for module in modules_in_order(docs) if public_names(module)]
    texts = {f"{module.__name__}.rst": page(module, homes, docs) for module in modules}
    texts["index.rst"] = index(modules)
    for old in {path.name for path in folder.glob("*.rst")} - texts.keys():
        (folder / old).unlink()
    for name, text in texts.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def skip_foreign(app: Sphinx, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """Leave out members that another library adds to a class: NamedTuple's aliases, scikit-learn's set_fit_request."""
    alias = (inspect.getdoc(obj) or "").startswith("Alias for field number")
    foreign = inspect.isfunction(obj) and not obj.__module__.startswith(PACKAGE)
    return True if alias or foreign else None


def readable_signature(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: str | None, returned: str | None
) -> tuple[str | None, str | None]:
    """Write ``NDArray[float32]`` and ``ArrayLike`` for their long forms, and ``...`` for a default of a factory."""

    def short(text: str | None) -> str | None:
        text = text and ARRAY.sub(r"~numpy.typing.NDArray[\1]", text).replace("<factory>", "...")
        return text and ARRAY_LIKE.sub("~numpy.typing.ArrayLike", INITIAL.sub(r"\1", text))

    return short(signature), short(returned)


def keep_first_line(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Keep napoleon from reading the first line of a constant or property as "type: description" at its colon."""
    if what in ATTRIBUTES:
        lines[:0] = [GUARD, ""]


def remove_guard(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Take the line out that ``keep_first_line`` put in."""
    if what in ATTRIBUTES and lines[:1] == [GUARD]:
        del lines[:2]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("builder-inited", write_pages)
    app.connect("autodoc-skip-member", skip_foreign)
    app.connect("autodoc-process-docstring", keep_first_line, priority=400)
    app.connect("autodoc-process-docstring", remove_guard, priority=600)
    app.connect("autodoc-process-signature", readable_signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
