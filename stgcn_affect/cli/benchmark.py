"""Measure how fast the package is on this machine."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from stgcn_affect.cli.common import run_tool, tool_parser
from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole


def parse(arguments: Sequence[str] | None, *, program: str = "benchmark.py") -> argparse.Namespace:
    """Arguments of tools/benchmark.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__)
    parser.add_argument("--quick", action="store_true", help="the same in small, to try it out")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="threads that torch uses; default: 1")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="write the numbers to this file too")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, *, program: str = "benchmark.py") -> int:
    """Run tools/benchmark.py, or ``stgcn-affect benchmark``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.jobs.benchmark import benchmark

    if chosen.threads < 1:
        raise InputError(f"--threads: expected 1 or more (got {chosen.threads})")
    found = benchmark(quick=chosen.quick, threads=chosen.threads)
    for name, row in found["results"].items():
        yield f"{name:<28}{row['value']:>12.2f} {row['unit']:<10}{row['about']}"
    if chosen.out is not None:
        write_whole(json.dumps(found, indent=1) + "\n", path=chosen.out)
