"""Train and judge a model: python tools/train.py [CONFIG.yaml] [key=value ...] [--out RUN_DIR] [--resume]."""

import sys

from stgcn_affect.cli.train import main

if __name__ == "__main__":
    sys.exit(main())
