"""Release the emotion encoder of a run: python tools/export.py RUN_DIR --out FOLDER [--member NAME] [--onnx]."""

import sys

from stgcn_affect.cli.export import main

if __name__ == "__main__":
    sys.exit(main())
