"""Digits to comparisons with constants, as the digits come, from the lowest.

`U >= T` holds on the digits 0 .. p iff (where T has digit 0) it holds on those below or U has digit 1, and (where T has
digit 1) it holds on those below and U has digit 1. Thresholds of one row that agree on their low digits share the work.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.bitslice.planes import Integers
from tc0.dsl.bitslice.steps import ONE, ZERO, Do, Steps
from tc0.dsl.bitslice.weights import bit_lengths


class Comparisons:
    """row: int64 [gates], thresholds: int64 or object [gates], outputs: int64 [gates], the output plane of each gate.
    level, width: int64 [rows], when the digits of a row come and how many; U has no others."""

    def __init__(
        self, steps: Steps, row: Integers, thresholds: Any, outputs: Integers, level: Integers, width: Integers
    ) -> None:
        self._steps = steps
        positive = thresholds > 0
        steps.store(np.full(int((~positive).sum()), ONE, np.int64), outputs[~positive])
        lengths = np.zeros(len(row), np.int64)
        lengths[positive] = bit_lengths(thresholds[positive])
        never = lengths > width[row]
        steps.store(np.full(int(never.sum()), ZERO, np.int64), outputs[never])
        open_ = np.flatnonzero(positive & ~never)
        limbs = _limbs(thresholds[open_])
        begin = level[row[open_]] + _lowest(limbs)
        order = np.argsort(begin, kind="stable")
        self._gate = open_[order]
        self._limbs = limbs[order]
        self._begin = begin[order]
        self._row = row[self._gate]
        self._base = level[self._row]
        self._end = self._base + width[self._row] - 1
        self._outputs = outputs[self._gate]
        self._node = np.full(len(order), ONE, np.int64)
        self._live = np.zeros(0, np.int64)
        self._started = 0

    def take(self, time: int, digits: Integers) -> None:
        """digits: int64 [rows], the planes of the digits that come at this time."""
        stop = int(np.searchsorted(self._begin, time, "right"))
        if stop > self._started:
            self._live = np.concatenate([self._live, np.arange(self._started, stop)])
            self._started = stop
        live = self._live
        if not len(live):
            return
        position = time - self._base[live]
        limb = np.minimum(position >> 6, self._limbs.shape[1] - 1)
        wanted = (self._limbs[live, limb] >> (position & 63).astype(np.uint64)) & np.uint64(1)
        wanted[position >> 6 > limb] = 0
        digit = digits[self._row[live]]
        node = self._node[live]
        # Equal (node, digit, wanted) give equal results: gates of one row share them.
        key = ((node << 31) | digit) << 1 | wanted.astype(np.int64)
        if len(live) == 1:
            found, inverse = key, np.zeros(1, np.int64)
        else:
            found, inverse = np.unique(key, return_inverse=True)
        both, lower, upper = found & 1 == 1, found >> 32, (found >> 1) & 0x7FFFFFFF
        new = np.empty(len(found), np.int64)
        new[both] = self._steps.folded(Do.AND, lower[both], upper[both])
        new[~both] = self._steps.folded(Do.OR, lower[~both], upper[~both])
        self._node[live] = new[inverse.reshape(-1)]
        ended = self._end[live] == time
        if ended.any():
            over = live[ended]
            self._steps.store(self._node[over], self._outputs[over])
            self._live = live[~ended]


def _limbs(values: Any) -> Any:
    """uint64 [values, limbs]: the binary digits of values of at least 0."""
    if values.dtype != object:
        return values.astype(np.uint64)[:, None]
    most = max((int(value).bit_length() for value in values), default=0)
    octets = 8 * max(1, -(-most // 64))
    text = b"".join(int(value).to_bytes(octets, "little") for value in values)
    return np.frombuffer(text, "<u8").astype(np.uint64).reshape(len(values), octets // 8)


def _lowest(limbs: Any) -> Integers:
    """int64 [values]: the position of the lowest digit 1 of each."""
    if not len(limbs):
        return np.zeros(0, np.int64)
    limb = np.argmax(limbs != 0, axis=1)
    part = limbs[np.arange(len(limbs)), limb]
    alone = part & (~part + np.uint64(1))
    found: Integers = limb * 64 + _log2(alone)
    return found


def _log2(powers: Any) -> Integers:
    found = np.zeros(len(powers), np.int64)
    for step in (32, 16, 8, 4, 2, 1):
        wide = powers >> np.uint64(step) > 0
        found[wide] += step
        powers = np.where(wide, powers >> np.uint64(step), powers)
    return found
