"""Recordings into gait cycles, in three steps.

%(prog)s FOLDER --propose NEW.csv        guesses a manifest, for you to correct
%(prog)s MANIFEST_OR_FOLDER --check      reports on each clip, draws each skeleton
%(prog)s MANIFEST_OR_FOLDER --out CACHE  checks, cuts, and writes the cache
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from stgcn_affect.cli.common import add_jobs, bar, checked_jobs, run_tool, tool_parser


def parse(arguments: Sequence[str] | None, *, program: str = "prepare.py") -> argparse.Namespace:
    """Arguments of tools/prepare.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__)
    parser.add_argument("data", type=Path, help="a manifest (CSV), a folder with manifest.csv, an Emotion-Gait folder")
    parser.add_argument("--propose", type=Path, metavar="NEW.csv", help="guess a manifest for a folder of recordings")
    parser.add_argument("--check", action="store_true", help="report on every clip and write no cache")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="the cache; with --check the pictures (default: check/)"
    )
    parser.add_argument("--layout", metavar="NAME_OR_YAML", help="the skeleton, where files and manifest do not say it")
    add_jobs(parser, "processes at most (default: all cores, where it pays)")
    chosen = parser.parse_args(arguments)
    if chosen.propose and (chosen.check or chosen.out):
        parser.error("expected --propose NEW.csv alone, to be corrected before --check and --out (got one with it)")
    if not (chosen.check or chosen.out or chosen.propose):
        parser.error("expected --propose NEW.csv, --check or --out CACHE (got none)")
    return chosen


def main(arguments: Sequence[str] | None = None, *, program: str = "prepare.py") -> int:
    """Run tools/prepare.py, or ``stgcn-affect prepare``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.jobs.prepare import check_data, prepare_data, propose_manifest
    from stgcn_affect.reporting.preparation import cache_lines

    if chosen.propose:
        yield from propose_manifest(
            chosen.data, chosen.propose, layout=chosen.layout, jobs=checked_jobs(chosen), progress=bar
        )
        yield f"Correct it where it is wrong, then: stgcn-affect prepare {chosen.propose} --check"
    elif chosen.check:
        place = chosen.data if chosen.data.is_dir() else chosen.data.parent
        pictures = chosen.out or place / "check"
        yield from check_data(chosen.data, layout=chosen.layout, out=pictures, jobs=checked_jobs(chosen), progress=bar)
    else:
        made = prepare_data(chosen.data, chosen.out, layout=chosen.layout, jobs=checked_jobs(chosen), progress=bar)
        yield from cache_lines(made)
