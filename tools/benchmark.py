"""Measure how fast the package is here: python tools/benchmark.py [--quick] [--threads N] [--out FILE.json]."""

import sys

from stgcn_affect.cli.benchmark import main

if __name__ == "__main__":
    sys.exit(main())
