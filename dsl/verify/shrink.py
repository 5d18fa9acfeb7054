"""A failing case made smaller while it still fails: blocks of digits cleared, the largest first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tc0.dsl.verify.enumerate import Rows

Fails = Callable[[Rows], npt.NDArray[np.bool_]]  # digits [cases, digits] -> which of them fail

MOST_ROUNDS = 512
CELLS = 1 << 21  # digits of the candidates of a round


def shrink(row: npt.NDArray[np.int64], fails: Fails) -> npt.NDArray[np.int64]:
    """A case with as few nonzero digits as clearing blocks finds; it fails too."""
    for _ in range(MOST_ROUNDS):
        candidates = _cleared(row)
        if not len(candidates):
            return row
        failing = fails(candidates)
        if not failing.any():
            return row
        row = candidates[int(np.argmax(failing))]
    return row


def _cleared(row: npt.NDArray[np.int64]) -> Rows:
    """The case with one block of its nonzero digits cleared, for overlapping blocks whose lengths halve down to 1."""
    nonzero = np.flatnonzero(row)
    found: list[npt.NDArray[np.int64]] = []
    length = len(nonzero)
    while length and len(found) * len(row) <= CELLS:
        for start in range(0, len(nonzero) - length + 1, max(1, length // 2)):
            smaller = row.copy()
            smaller[nonzero[start : start + length]] = 0
            found.append(smaller)
        length = 1 << (length - 1).bit_length() - 1 if length > 1 else 0
    return np.array(found, np.int64).reshape(len(found), len(row))
