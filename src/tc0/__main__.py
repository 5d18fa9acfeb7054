"""`python -m tc0` is the command `tc0`."""

import sys

from tc0.repl.cli import main

if __name__ == "__main__":
    sys.exit(main())
