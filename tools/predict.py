"""Predict the emotion of recordings: python tools/predict.py MODEL FILES_OR_FOLDER... [--out FILE.csv] [--jobs N]."""

import sys

from stgcn_affect.cli.predict import main

if __name__ == "__main__":
    sys.exit(main())
