"""Put a run on one page: python tools/report.py RUN_DIR [--out FILE].

The page is one HTML file that opens from disk. It shows what tools/train.py, evaluate.py and explain.py left in the
folder of the run, and says which command makes what is missing.
"""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.report import write_report_page


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="report.py", description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="of tools/train.py")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: RUN_DIR/report.html")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parse(arguments)
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING, force=True)
    try:
        page = write_report_page(chosen.run, chosen.out)
    except InputError as error:
        print(f"report.py: {error}", file=sys.stderr)
        return 2
    print(f"report: {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
