"""Write walks without their walkers: python tools/anonymise.py RUN_DIR SOURCE --out PATH [--format bvh]."""

import sys

from stgcn_affect.cli.anonymise import main

if __name__ == "__main__":
    sys.exit(main())
