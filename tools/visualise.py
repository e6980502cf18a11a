"""Draw: python tools/visualise.py layout|graph|body|cycle|latent|compare SOURCE [--out DIR]."""

import sys

from stgcn_affect.cli.visualise import main

if __name__ == "__main__":
    sys.exit(main())
