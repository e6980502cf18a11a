"""Measure how fast the package is on this machine.

python tools/benchmark.py [--quick] [--threads N] [--out FILE.json]
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.benchmark import benchmark


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmark.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the same in small, to try it out")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="of torch")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="keep the numbers")
    return parser.parse_args(arguments)


def table(found: Mapping[str, Any]) -> str:
    results = found["results"].items()
    return "\n".join(f"{name:<28}{row['value']:>12.2f} {row['unit']:<10}{row['about']}" for name, row in results)


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parse(arguments)
    try:
        if chosen.threads < 1:
            raise InputError(f"--threads: expected 1 or more (got {chosen.threads})")
        found = benchmark(quick=chosen.quick, threads=chosen.threads)
    except InputError as error:
        print(f"benchmark.py: {error}", file=sys.stderr)
        return 2
    print(table(found))
    if chosen.out is not None:
        write_whole(json.dumps(found, indent=1) + "\n", path=chosen.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
