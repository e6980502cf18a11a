"""Check recordings and cut them into a cache of gait cycles.

python tools/prepare.py MANIFEST_OR_FOLDER --check      (says what is wrong with each clip, draws each skeleton)
python tools/prepare.py MANIFEST_OR_FOLDER --out CACHE  (checks, cuts, and writes the cache)
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.check import check_data
from stgcn_affect.jobs.prepare import prepare_data

MOST_LISTED = 20


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="prepare.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "data", type=Path, help="a manifest (CSV), a folder with manifest.csv, or an Emotion-Gait folder"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the folder of the cache; of the pictures with --check (default: check/)",
    )
    parser.add_argument(
        "--layout", metavar="NAME_OR_YAML", help="the skeleton, where neither files nor manifest say it"
    )
    parser.add_argument("--check", action="store_true", help="report on every clip and write no cache")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes at most (default: all cores, where it pays)")
    chosen = parser.parse_args(arguments)
    if not chosen.check and chosen.out is None:
        parser.error("expected --out CACHE, or --check (got neither)")
    return chosen


def bar(items: Iterable[Any], count: int) -> Iterator[Any]:
    yield from tqdm(items, total=count, desc="clips", unit=" clip", file=sys.stderr)


def prepare(chosen: argparse.Namespace) -> Iterator[str]:
    report = prepare_data(chosen.data, chosen.out, layout=chosen.layout, jobs=chosen.jobs, progress=bar)
    for source, reason in report.skipped[:MOST_LISTED]:
        yield f"left out: {source}: {reason}"
    if len(report.skipped) > MOST_LISTED:
        yield f"... and {len(report.skipped) - MOST_LISTED} more in {report.folder}/skipped.csv"
    yield from report.words()
    yield f"{'found as it was' if report.reused else 'written'}: {report.folder}"


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parse(arguments)
    place = chosen.data if chosen.data.is_dir() else chosen.data.parent
    pictures = chosen.out or place / "check"
    try:
        lines = (
            check_data(chosen.data, layout=chosen.layout, out=pictures, jobs=chosen.jobs, progress=bar)
            if chosen.check
            else prepare(chosen)
        )
        for line in lines:
            print(line)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
