"""`python -m dlref verify` runs the documented examples and computes again what pages show, on this machine."""

import sys

from dlref.engine.verify import main

if __name__ == "__main__":
    sys.exit(main())
