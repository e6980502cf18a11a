"""Put a run on one page: python tools/report.py RUN_DIR [--out FILE]."""

import sys

from stgcn_affect.cli.report import main

if __name__ == "__main__":
    sys.exit(main())
