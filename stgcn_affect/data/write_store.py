"""Write a cache of gait cycles, whole or not at all."""

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import yaml

from stgcn_affect.data.store import CACHE_FORMAT, NAMES, NUMBERS, CycleStore
from stgcn_affect.errors import InputError


def write_store(
    store: CycleStore,
    folder: str | Path,
    *,
    skipped: tuple[tuple[str, str], ...] = (),
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write a cache as a whole or not at all: into a folder beside it, which then takes its name.

    Args:
        store: the cycles.
        folder: created, or replaced where it is an older cache or empty.
        skipped: (source, reason) of what was left out, for ``skipped.csv``.
        facts: further entries of ``meta.json``, as JSON's types.

    Raises:
        InputError: the folder holds something else than a cache, or cannot be written.
    """
    folder = Path(folder).absolute()
    check_replaceable(folder)
    part = folder.with_name(f".{folder.name}.{uuid4().hex}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
    except OSError as error:
        raise InputError(f"{folder}: expected a place for a cache that can be written (got {error})") from error
    try:
        _write_files(store, part, skipped, facts or {})
        if folder.exists():
            old = part.with_suffix(".old")
            folder.rename(old)
            part.rename(folder)
            shutil.rmtree(old)
        else:
            part.rename(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise InputError(f"{folder}: expected room for a cache that can be written (got {error})") from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def check_replaceable(folder: Path) -> None:
    """Raises InputError where a cache would overwrite a file, or a folder that is neither a cache nor empty."""
    if folder.is_dir():
        if any(folder.iterdir()) and not (folder / "meta.json").is_file():
            raise InputError(f"{folder}: expected a new or empty folder or a cache to replace (got other files in it)")
    elif folder.exists():
        raise InputError(f"{folder}: expected a folder for the cache (got a file)")


def _write_files(store: CycleStore, part: Path, skipped: tuple[tuple[str, str], ...], facts: Mapping[str, Any]) -> None:
    np.save(part / "positions.npy", np.ascontiguousarray(store.positions, dtype=np.float32))
    columns = [[f"{x:.9g}" for x in getattr(store, c).tolist()] for c in NUMBERS]
    columns += [getattr(store, c).tolist() for c in NAMES]
    _write_csv(part / "index.csv", (*NUMBERS, *NAMES), list(zip(*columns, strict=True)))
    _write_csv(part / "skipped.csv", ("source", "reason"), list(skipped))
    text = yaml.safe_dump(store.layout.to_dict(), sort_keys=False, allow_unicode=True)
    (part / "layout.yaml").write_text(text, encoding="utf-8")
    meta = {
        "format": CACHE_FORMAT,
        "name": store.name,
        "settings": store.settings,
        "digest": store.digest,
        "truth": store.truth,
        "attributes": {source: dict(found) for source, found in store.attributes.items()},
    }
    (part / "meta.json").write_text(json.dumps({**facts, **meta}, indent=1, ensure_ascii=False), encoding="utf-8")


def _write_csv(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
