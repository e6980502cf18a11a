"""Check recordings and cut them into a cache of gait cycles.

python tools/prepare.py MANIFEST_OR_FOLDER --out CACHE [--layout NAME_OR_YAML]
python tools/prepare.py MANIFEST_OR_FOLDER --check      (says what is wrong with each clip, writes nothing)
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from stgcn_affect.data.examine import Unreadable
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.prepare import check_data, prepare_data
from stgcn_affect.motion.clip import Clip


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="prepare.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "data", type=Path, help="a manifest (CSV), a folder with manifest.csv, or an Emotion-Gait folder"
    )
    parser.add_argument("--out", type=Path, metavar="CACHE", help="the folder of the cache")
    parser.add_argument(
        "--layout", metavar="NAME_OR_YAML", help="the skeleton, where neither files nor manifest say it"
    )
    parser.add_argument("--check", action="store_true", help="report on every clip and write nothing")
    chosen = parser.parse_args(arguments)
    if not chosen.check and chosen.out is None:
        parser.error("expected --out CACHE, or --check (got neither)")
    return chosen


def bar(clips: Iterable[Clip | Unreadable], count: int) -> Iterator[Clip | Unreadable]:
    yield from tqdm(clips, total=count, desc="clips", unit=" clip", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parse(arguments)
    try:
        if chosen.check:
            for line in check_data(chosen.data, layout=chosen.layout, progress=bar):
                print(line)
            return 0
        report = prepare_data(chosen.data, chosen.out, layout=chosen.layout, progress=bar)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join(report.words()))
    print(f"{'found as it was' if report.reused else 'written'}: {report.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
