"""Explain decisions: python tools/explain.py RUN_DIR [MOTION_FILE] [--target EMOTION] [--out DIR] [--quick]."""

import sys

from stgcn_affect.cli.explain import main

if __name__ == "__main__":
    sys.exit(main())
