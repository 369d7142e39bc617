"""`python -m dlref verify` checks what the pages show on this machine; `python -m dlref explain` looks an error up."""

import sys

from dlref.engine import explain, verify

if __name__ == "__main__":
    sys.exit((explain if sys.argv[1:2] == ["explain"] else verify).main())
