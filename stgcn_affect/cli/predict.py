"""Predict the emotion of many recordings: a table with a row a recording, and one with a row a gait cycle.

A recording that cannot be read or has no gait cycle is a row too, which says why.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from stgcn_affect.cli.common import add_jobs, bar, checked_jobs, run_tool, tool_parser
from stgcn_affect.settings import QUALITIES


def parse(arguments: Sequence[str] | None, *, program: str = "predict.py") -> argparse.Namespace:
    """Arguments of tools/predict.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__)
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="the folder of a finished run, a model file, a folder that export wrote, or demo: synthetic walkers only",
    )
    parser.add_argument(
        "recordings",
        type=Path,
        nargs="+",
        metavar="FILES_OR_FOLDER",
        help="recordings (BVH, C3D, CSV, NPZ, NPY, PKL or H5), folders of them, or manifests of prepare",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("predictions.csv"),
        metavar="FILE.csv",
        help="a row a recording; a row a cycle stands in FILE_cycles.csv beside it; default: predictions.csv",
    )
    parser.add_argument("--layout", help="skeleton of the recordings, where they do not say it: a name or a YAML file")
    parser.add_argument("--fps", type=float, metavar="HZ", help="frames a second, where the recordings do not say it")
    parser.add_argument(
        "--quality",
        choices=QUALITIES,
        default="",
        help="camera: poses from the video of one camera; mocap: they are not; default: by their layout",
    )
    add_jobs(parser, "processes at most; default: as many as there are cores, for 64 recordings or more")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, *, program: str = "predict.py") -> int:
    """Run tools/predict.py, or ``stgcn-affect predict``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.jobs.predict import predict_files
    from stgcn_affect.reporting.predictions import summary_lines

    found = predict_files(
        chosen.model,
        chosen.recordings,
        chosen.out,
        layout=chosen.layout,
        fps_hz=chosen.fps,
        quality=chosen.quality,
        jobs=checked_jobs(chosen),
        progress=lambda items, count: bar(items, count, "recordings"),
    )
    yield from summary_lines(found, out=chosen.out)
