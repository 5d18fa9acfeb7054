"""Exit statuses of the command."""

from __future__ import annotations

FINE = 0
FAILED = 1  # a check failed, a file is not in canonical layout
WRONG = 2  # an error in the program or on the command line
FAULT = 70  # a fault of tc0
INTERRUPTED = 130
