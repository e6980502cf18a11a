"""Show which joints decided, and when in the gait cycle: for a whole run, or for one recording."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stgcn_affect.cli.common import add_jobs, bar, checked_jobs, run_tool, tool_parser
from stgcn_affect.settings import QUALITIES


def parse(arguments: Sequence[str] | None, *, program: str = "explain.py") -> argparse.Namespace:
    """Arguments of tools/explain.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__)
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="the folder of a finished run of train")
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="MOTION_FILE",
        help="a recording of one walk, to be explained: BVH, C3D, CSV, NPZ, NPY, PKL or H5",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of pictures and tables; default: in RUN_DIR/explanations"
    )
    parser.add_argument("--method", help="method of the maps; default: the one that the run's table chose")
    parser.add_argument(
        "--block", type=int, metavar="N", help="block of the emotion encoder, 0 the first; default: the method's best"
    )
    parser.add_argument(
        "--target",
        metavar="EMOTION",
        help="an emotion, two joined by a minus (sad-happy), or identity for the seen subjects",
    )
    parser.add_argument(
        "--layout", help="skeleton of MOTION_FILE, where the file does not say it: a name or a YAML file"
    )
    parser.add_argument(
        "--fps", type=float, metavar="HZ", help="frames a second of MOTION_FILE, where the file does not say it"
    )
    parser.add_argument(
        "--quality",
        choices=QUALITIES,
        default="",
        help="camera: MOTION_FILE holds poses from the video of one camera; mocap: it does not; default: by its layout",
    )
    parser.add_argument(
        "--others",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="other walks of the same subject, where the run compares walks with them",
    )
    parser.add_argument(
        "--release",
        action="store_true",
        help="write only what does not identify a subject: released maps in the place of single walks', averages of"
        " three subjects or more; default folder: RUN_DIR/explanations/released",
    )
    add_jobs(parser, "models and methods of a run side by side; default: as many as there are cores")
    parser.add_argument("--quick", action="store_true", help="few methods and factors, to try it out")
    chosen = parser.parse_args(arguments)
    if chosen.others and chosen.file is None:
        parser.error("--others: expected a MOTION_FILE to compare with them")
    if chosen.release and chosen.target == "identity":
        parser.error("--release: expected an emotion as --target, or none (got identity)")
    return chosen


def main(arguments: Sequence[str] | None = None, *, program: str = "explain.py") -> int:
    """Run tools/explain.py, or ``stgcn-affect explain``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    what = chosen.file.stem if chosen.file else "identity" if chosen.target == "identity" else ""
    folder = chosen.run / "explanations"
    out = chosen.out or (folder / "released" / what if chosen.release else folder / what)
    how: dict[str, Any] = {"method": chosen.method, "block": chosen.block}
    if chosen.file is not None:
        from stgcn_affect.jobs.explain.file import explain_file
        from stgcn_affect.reporting.explanation_text import file_table

        how |= {"target": chosen.target, "layout": chosen.layout, "fps_hz": chosen.fps}
        how |= {"quality": chosen.quality, "others": chosen.others, "release": chosen.release}
        yield file_table(explain_file(chosen.run, chosen.file, out, **how))
    elif chosen.target == "identity":
        from stgcn_affect.jobs.explain.identity import explain_identity
        from stgcn_affect.reporting.explanation_text import identity_table

        yield identity_table(explain_identity(chosen.run, out, **how))
    else:
        from stgcn_affect.jobs.explain.run import explain_run
        from stgcn_affect.reporting.explanation_text import run_table

        how |= {"target": chosen.target, "quick": chosen.quick, "jobs": checked_jobs(chosen), "progress": bar}
        how |= {"release": chosen.release, "kept": folder if chosen.release else None}
        yield run_table(explain_run(chosen.run, out, **how))
    yield f"pictures and tables: {out}"
