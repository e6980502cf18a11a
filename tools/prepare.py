"""Prepare recordings: python tools/prepare.py DATA (--propose NEW.csv | --check | --out CACHE)."""

import sys

from stgcn_affect.cli.prepare import main

if __name__ == "__main__":
    sys.exit(main())
