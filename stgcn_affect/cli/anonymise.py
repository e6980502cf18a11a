"""Write walks without their walkers: the emotion of each recording, decoded on another body at another cadence.

A file gives a file; a folder or a manifest gives a folder of neutral names in random order, with a key beside it that
says which is which: keep the key back. A card says how the files were made and whether that was tested.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from stgcn_affect.cli.common import bar, run_tool, tool_parser


def parse(arguments: Sequence[str] | None, *, program: str = "anonymise.py") -> argparse.Namespace:
    """Arguments of tools/anonymise.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__)
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="the folder of a finished run, or a model file")
    parser.add_argument("source", type=Path, metavar="SOURCE", help="a motion file, a folder of them, or a manifest")
    parser.add_argument("--out", type=Path, required=True, metavar="PATH", help="a new file, or a new folder")
    parser.add_argument(
        "--format", default="", dest="kind", help="bvh, c3d, csv, npz or gif; default: the ending of --out, or bvh"
    )
    parser.add_argument(
        "--identity",
        default="mean",
        metavar="mean|random|SUBJECT",
        help="whose body: the mean of the training subjects (default), one that is nobody's, drawn for each recording,"
        " or that of a subject of the run, a real person",
    )
    parser.add_argument(
        "--cadence",
        default="mean",
        choices=("mean", "keep"),
        help="mean: that of the target body with the emotion (default); keep: that of the recording, which identifies",
    )
    parser.add_argument(
        "--seed", type=int, help="of the order and of random bodies; default: from the operating system, unknown to all"
    )
    parser.add_argument("--layout", help="skeleton of the recordings, where they do not say it: a name or a YAML file")
    parser.add_argument("--fps", type=float, metavar="HZ", help="their frames a second, where they do not say it")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, *, program: str = "anonymise.py") -> int:
    """Run tools/anonymise.py, or ``stgcn-affect anonymise``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.jobs.anonymise import anonymise
    from stgcn_affect.release.card import Mechanism

    made = anonymise(
        chosen.run,
        chosen.source,
        chosen.out,
        kind=chosen.kind,
        mechanism=Mechanism(chosen.identity, chosen.cadence),
        seed=chosen.seed,
        layout=chosen.layout,
        fps_hz=chosen.fps,
        progress=bar,
    )
    yield from made.lines()
