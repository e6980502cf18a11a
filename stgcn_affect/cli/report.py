"""Put a run on one page.

The page is one HTML file that opens from disk. It shows what tools/train.py, evaluate.py and explain.py left in the
folder of the run, and says which command makes what is missing.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from stgcn_affect.cli.common import run_tool


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments of tools/report.py; exits with code 2 where they are wrong."""
    parser = argparse.ArgumentParser(prog="report.py", description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="of tools/train.py")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: RUN_DIR/report.html")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run tools/report.py; the exit code."""
    return run_tool("report.py", _lines(parse(arguments)))


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    from stgcn_affect.jobs.report import write_report_page

    yield f"report: {write_report_page(chosen.run, chosen.out)}"
