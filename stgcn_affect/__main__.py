"""``python -m stgcn_affect`` is the command ``stgcn-affect``."""

import sys

from stgcn_affect.cli.command import main

if __name__ == "__main__":
    sys.exit(main())
