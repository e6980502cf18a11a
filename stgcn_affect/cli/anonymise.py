"""Write walks without their walkers: the emotion of each recording, decoded on another body at another cadence.

A file gives a file; a folder or a manifest gives a folder of neutral names in random order, with a key beside it that
says which is which: keep the key back. A card says how the files were made and whether that was tested.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stgcn_affect.cli.common import bar, run_tool, tool_parser


def parse(arguments: Sequence[str] | None, *, program: str = "anonymise.py") -> argparse.Namespace:
    """Arguments of tools/anonymise.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__)
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="the folder of a finished run, or a model file")
    parser.add_argument("source", type=Path, metavar="SOURCE", help="a motion file, a folder of them, or a manifest")
    parser.add_argument("--out", type=Path, metavar="PATH", help="a new file, or a new folder")
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
    parser.add_argument(
        "--score",
        action="store_true",
        help="attack and measure the files of a manifest that names subjects, beside those of simpler mechanisms",
    )
    chosen = parser.parse_args(arguments)
    if chosen.out is None and not chosen.score:
        parser.error("expected --out PATH, or --score")
    return chosen


def main(arguments: Sequence[str] | None = None, *, program: str = "anonymise.py") -> int:
    """Run tools/anonymise.py, or ``stgcn-affect anonymise``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.jobs.anonymise.kept import passed_before
    from stgcn_affect.release.card import Mechanism

    mechanism = Mechanism(chosen.identity, chosen.cadence)
    how: dict[str, Any] = {"mechanism": mechanism, "layout": chosen.layout, "fps_hz": chosen.fps, "progress": bar}
    if chosen.score:
        from stgcn_affect.jobs.anonymise.score import score_anonymised
        from stgcn_affect.reporting.anonymised_tables import anonymised_text

        yield anonymised_text(
            score_anonymised(chosen.run, chosen.source, kind=chosen.kind or "npz", seed=chosen.seed or 0, **how)
        )
    if chosen.out is not None:
        from stgcn_affect.jobs.anonymise.write import anonymise

        passed = passed_before(chosen.run, mechanism)
        made = anonymise(
            chosen.run, chosen.source, chosen.out, kind=chosen.kind, seed=chosen.seed, passed=passed, **how
        )
        yield from made.lines()
