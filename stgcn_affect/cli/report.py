"""Put a run on one page.

The page is one HTML file that opens from disk. It shows what train, evaluate and explain left in the folder of
the run, and says which command makes what is missing.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from stgcn_affect.cli.common import run_tool, tool_parser


def parse(arguments: Sequence[str] | None, *, program: str = "report.py") -> argparse.Namespace:
    """Arguments of tools/report.py; exits with code 2 where they are wrong. ``program`` is the name in messages."""
    parser = tool_parser(program, __doc__)
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="the folder of a run of train")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the page; default: RUN_DIR/report.html")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, *, program: str = "report.py") -> int:
    """Run tools/report.py, or ``stgcn-affect report``; the exit code."""
    return run_tool(program, _lines(parse(arguments, program=program)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.jobs.report import write_report_page

    yield f"report: {write_report_page(chosen.run, chosen.out)}"
