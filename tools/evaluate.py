"""Evaluate a run or a configuration: python tools/evaluate.py RUN_DIR_OR_CONFIG [key=value ...] [--jobs N]."""

import sys

from stgcn_affect.cli.evaluate import main

if __name__ == "__main__":
    sys.exit(main())
