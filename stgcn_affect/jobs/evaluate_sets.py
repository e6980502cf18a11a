"""Evaluations of several data sets, one after the other, and the documents that show their results."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stgcn_affect.config import load_config
from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.evaluate import evaluate, quick
from stgcn_affect.jobs.run_data import Progress
from stgcn_affect.reporting.headline import HEADLINE, headline_table
from stgcn_affect.reporting.markdown import replace_sections, results_section
from stgcn_affect.settings import Config

log = logging.getLogger(__name__)

VARIABLE = "STGCN_AFFECT_DATA"
"""Names the folder that holds the real data sets."""


def configured_sets(path: Path, overrides: Sequence[str] = ()) -> dict[str, Config]:
    """The settings of every set of ``benchmark.sets`` whose data are there, by name.

    A set's own file comes first, then what ``path`` says besides, then the overrides. A set with a folder under
    ``benchmark.folders`` needs the environment variable STGCN_AFFECT_DATA, unless the overrides say where its data
    are, and is left out without it.

    Raises:
        InputError: a mistake in a file, or the folder is not there.
    """
    common = load_config(path, overrides)
    benchmark = common.benchmark
    for setting, names in (("folders", benchmark.folders), ("headline_sets", benchmark.headline_sets)):
        for name in names:
            if name not in benchmark.sets:
                raise InputError(f"{path}: benchmark.{setting}: expected names of benchmark.sets (got {name!r})")
    root, found = os.environ.get(VARIABLE, ""), {}
    for name, file in benchmark.sets.items():
        place: list[str] = []
        if name in benchmark.folders and not common.data.root:
            if not root:
                log.warning("%s is left out: %s does not name the folder of its data", name, VARIABLE)
                continue
            place = [f"data.root={Path(root) / benchmark.folders[name]}"]
        found[name] = load_config([path.parent / file, path], [*place, *overrides])
    return found


def evaluate_sets(
    path: Path,
    overrides: Sequence[str],
    out: Path,
    *,
    small: bool = False,
    jobs: int = 1,
    backend: str = "loky",
    progress: Progress | None = None,
) -> dict[str, dict[str, Any]]:
    """Evaluate every set into ``out/NAME`` and rebuild ``benchmark.document`` and the table of ``benchmark.headline``.

    The sections go to ``out/NAME/section.md`` too, and the headline table, once all of its sets are evaluated, to
    ``out/headline.md``. The documents stay as they are for results in small and for data of somebody's own
    (``data.root`` among the overrides); so does the section of a set that is left out.

    Args:
        path: a configuration with ``benchmark.sets``.
        overrides: ``key=value``, of all sets.
        out: the folder.
        small: as ``quick``.
        jobs: processes.
        backend: "loky" or "dask".
        progress: watches clips and tasks.

    Raises:
        InputError: a mistake in settings, data or document, the latter two before anything is trained.
    """
    sets = configured_sets(path, overrides)
    common = load_config(path, overrides)
    benchmark = common.benchmark
    published = not small and not common.data.root
    whole = bool(benchmark.headline_sets) and set(benchmark.headline_sets) <= set(sets)
    document = _document(path, benchmark.document, tuple(sets)) if published else None
    headline = _document(path, benchmark.headline, (HEADLINE,)) if published and whole else None
    results, sections = {}, {}
    for name, config in sets.items():
        chosen = quick(config) if small else config
        results[name] = evaluate(chosen, out / name, jobs=jobs, backend=backend, progress=progress)
        sections[name] = results_section(results[name], benchmark.shows)
        write_whole(sections[name] + "\n", path=out / name / "section.md")
    if document is not None:
        write_whole(replace_sections(document, sections), path=document)
    if whole:
        table = headline_table({name: results[name] for name in benchmark.headline_sets})
        write_whole(table + "\n", path=out / "headline.md")
        if headline is not None:
            write_whole(replace_sections(headline, {HEADLINE: table}), path=headline)
    return results


def _document(config: Path, name: str, sections: Sequence[str]) -> Path | None:
    """A document that the configuration names, its marks checked; None, with a warning, where it does not exist.

    It exists in a checkout, not beside an installed copy of the configurations.

    Raises:
        InputError: the marks of a section are missing.
    """
    path = config.parent / name
    if not name:
        return None
    if not path.is_file():
        log.warning("%s does not exist: the results go to the output folder only", path)
        return None
    replace_sections(path, dict.fromkeys(sections, ""))
    return path
