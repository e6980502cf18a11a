"""Measure how fast the package is here and how a training grows, or compare its block with the field's own forms."""

import argparse
import json
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

from stgcn_affect.cli.common import bar, run_tool, tool_parser
from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole


def parse(arguments: Sequence[str] | None, *, program: str = "benchmark.py") -> argparse.Namespace:
    """Arguments of tools/benchmark.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__)
    parser.add_argument(
        "--suite",
        choices=("package", "peers", "growth"),
        default="package",
        help="package: training, maps, reading; peers: our block beside ST-GCN's original form, PyG message passing"
        " and a temporal convolution network, about 10 minutes; growth: a training over up to a million cycles (12 GB"
        " of disk), joints, samples and subjects, about 15 minutes; default: package",
    )
    parser.add_argument("--quick", action="store_true", help="the same in small, to try it out")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="threads that torch uses; default: 1")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE.json",
        help="write the numbers to this file too; --suite peers writes its tables beside it, as .md",
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="CHECKOUT",
        help="instead: ratios to another checkout of the package, of its training steps by processor time",
    )
    parser.add_argument(
        "--commands",
        action="store_true",
        help="with --against: ratios of whole commands by the clock, such as a training; over an hour",
    )
    parser.add_argument(
        "--figure",
        type=Path,
        metavar="FILE.png",
        help="roofline of --suite peers, or curves of --suite growth, .png or .svg; default: beside the file of --out",
    )
    parser.add_argument("--most-cycles", type=int, metavar="N", help="--suite growth: leave out what has more cycles")
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="DIR",
        help="--suite growth: where caches are written; default: the temporary folder",
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, *, program: str = "benchmark.py") -> int:
    """Run tools/benchmark.py, or ``stgcn-affect benchmark``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    if chosen.threads < 1:
        raise InputError(f"--threads: expected 1 or more (got {chosen.threads})")
    if chosen.figure is not None and chosen.suite == "package":
        raise InputError("--figure: only --suite peers and growth draw one (got --suite package)")
    for option in ("most_cycles", "folder"):
        if getattr(chosen, option) is not None and chosen.suite != "growth":
            raise InputError(f"--{option.replace('_', '-')}: goes with --suite growth (got --suite {chosen.suite})")
    if chosen.folder is not None and not chosen.folder.is_dir():
        raise InputError(f"--folder: expected a folder (got {chosen.folder})")
    if chosen.figure is not None and chosen.figure.suffix.lower() not in (".png", ".svg"):
        raise InputError(f"--figure: a figure is written as .png or .svg (got {chosen.figure})")
    if chosen.out is not None and chosen.out.suffix.lower() in (".md", ".png", ".svg"):
        raise InputError(f"--out: the numbers are written as JSON (got {chosen.out})")
    if chosen.commands and chosen.against is None:
        raise InputError("--commands: expected --against CHECKOUT beside it (got none)")
    if chosen.against is not None:
        found = yield from _against(chosen)
    elif chosen.suite == "peers":
        found = yield from _peers(chosen)
    elif chosen.suite == "growth":
        found = yield from _growth(chosen)
    else:
        found = yield from _package(chosen)
    if chosen.out is not None:
        write_whole(json.dumps(found, indent=1) + "\n", path=chosen.out)


def _against(chosen: argparse.Namespace) -> Generator[str, None, dict[str, Any]]:
    from stgcn_affect.jobs.benchmark_against import compare_commands, compare_steps

    repeats = 2 if chosen.quick else 9
    rows = compare_commands(chosen.against) if chosen.commands else compare_steps(chosen.against, repeats=repeats)
    found = {}
    for name, row in rows:
        found[name] = row
        yield (
            f"{name:<28}{row['ratio']:>7.2f} x ({row['low']:.2f} to {row['high']:.2f})"
            f"  {row['here_ms']:.1f} ms here, {row['there_ms']:.1f} ms there"
        )
    return found


def _package(chosen: argparse.Namespace) -> Generator[str, None, dict[str, Any]]:
    from stgcn_affect.jobs.benchmark import benchmark

    found = benchmark(quick=chosen.quick, threads=chosen.threads)
    for name, row in found["results"].items():
        yield f"{name:<28}{row['value']:>12.2f} {row['unit']:<10}{row['about']}"
    return found


def _peers(chosen: argparse.Namespace) -> Generator[str, None, dict[str, Any]]:
    from stgcn_affect.jobs.peers.suite import compare
    from stgcn_affect.reporting.peer_tables import peer_markdown, peer_roofline, peer_tables
    from stgcn_affect.reporting.text import aligned
    from stgcn_affect.visual.style import save_figure

    found = compare(quick=chosen.quick, threads=chosen.threads, progress=bar)
    for table in peer_tables(found):
        yield table.words
        yield from (f"  {line}" for line in aligned(table.rows, left=()))
        yield ""
    if chosen.out is not None:
        write_whole(peer_markdown(found), path=chosen.out.with_suffix(".md"))
    figure = chosen.figure or (chosen.out.with_suffix(".png") if chosen.out else None)
    if figure is not None:
        yield f"roofline: {save_figure(peer_roofline(found), path=figure)}"
    return found


def _growth(chosen: argparse.Namespace) -> Generator[str, None, dict[str, Any]]:
    from stgcn_affect.jobs.growth import growth
    from stgcn_affect.reporting.growth_tables import growth_pictures, growth_tables
    from stgcn_affect.reporting.text import aligned
    from stgcn_affect.visual.style import save_figure

    settings = {"quick": chosen.quick, "threads": chosen.threads, "most_cycles": chosen.most_cycles}
    found = growth(**settings, folder=chosen.folder, progress=bar)
    for table in growth_tables(found):
        yield from aligned(table, left=())
        yield ""
    figure = chosen.figure or (chosen.out.with_suffix(".png") if chosen.out else None)
    if figure is not None:
        yield f"figure: {save_figure(growth_pictures(found), path=figure)}"
    return found
