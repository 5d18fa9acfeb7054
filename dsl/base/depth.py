"""Deep recursion in our own walks: bounded by the session's limits, not by Python's small default."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FRAMES = 400_000


@contextmanager
def deep() -> Iterator[None]:
    """Lets Python frames nest deeply while the block runs."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
