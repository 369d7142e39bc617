"""`python -m dlref verify` runs every documented example on this machine."""

import sys

from dlref.engine.verify import main

if __name__ == "__main__":
    sys.exit(main())
