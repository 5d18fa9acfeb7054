"""Chains: rows whose terms contain those of a neighbour, so that only the difference is to be added."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tc0.dsl.bitslice.planes import Integers

MOST = 1 << 24  # powers among which containment is looked for: it sorts them


@dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """before: int64 [rows], the row whose sum each row continues, a neighbour, or -1. level: int64 [rows], how many rows come
    before in the chain. own: bool [powers], which powers are the row's own and not those of the row before."""

    before: Integers
    level: Integers
    own: npt.NDArray[np.bool_]


def chains(rows: int, row: Integers, wire: Integers, position: Integers, widths: Integers) -> Chains:
    """Finds chains among neighbouring rows.

    row: ascending, wire (with its sign), position: int64 [powers]. widths: digits of each row's sum, int64 [rows].
    A row continues its neighbour where that is fewer planes to add.
    """
    before = np.full(rows, -1, np.int64)
    own = np.ones(len(row), np.bool_)
    counts = np.bincount(row, minlength=rows)
    if rows < 2 or len(row) == 0 or len(row) > MOST or not _plausible(counts, row, wire, position):
        return Chains(before, np.zeros(rows, np.int64), own)
    key, many = _keys(wire, position)
    place = row * many + key
    order = np.argsort(place, kind="stable")
    ordered = place[order]
    again = _repeats(ordered)
    step = int(again.max(initial=0)) + 1
    if step > 1:  # the second term of one wire is told from the first
        place[order] = ordered * step + again
        many *= step
        ordered = place[order]

    def absent(shift: int) -> npt.NDArray[np.bool_]:
        at = np.minimum(np.searchsorted(ordered, place + shift), len(ordered) - 1)
        return np.asarray(ordered[at] != place + shift)

    missing_above, missing_below = absent(many), absent(-many)
    lost_above = np.bincount(row[missing_above], minlength=rows)  # powers that the next row lacks
    lost_below = np.bincount(row[missing_below], minlength=rows)
    forward = np.zeros(rows, np.bool_)
    forward[1:] = (lost_above[:-1] == 0) & (lost_below[1:] + widths[:-1] < counts[1:] + (lost_below[1:] == 0))
    backward = np.zeros(rows, np.bool_)
    backward[:-1] = (lost_below[1:] == 0) & (lost_above[:-1] + widths[1:] < counts[:-1]) & ~forward[1:] & ~forward[:-1]
    index = np.arange(rows)
    before[forward] = index[forward] - 1
    before[backward] = index[backward] + 1
    own[forward[row] & ~missing_below] = False
    own[backward[row] & ~missing_above] = False
    level = index - np.maximum.accumulate(np.where(forward, 0, index))
    flipped = backward[::-1]
    level += (index - np.maximum.accumulate(np.where(flipped, 0, index)))[::-1]
    return Chains(before, level, own)


def _plausible(counts: Integers, row: Integers, wire: Integers, position: Integers) -> bool:
    """Whether any row can contain a neighbour: its smallest wire at least must be there too."""
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    filled = np.flatnonzero(counts)
    if len(filled) < 2:
        return False
    least = np.minimum.reduceat(wire, starts[filled])
    most = np.maximum.reduceat(wire, starts[filled])
    up = (least[1:] <= least[:-1]) & (most[1:] >= most[:-1])
    down = (least[1:] >= least[:-1]) & (most[1:] <= most[:-1])
    return bool((up | down).any())


def _keys(wire: Integers, position: Integers) -> tuple[Integers, int]:
    """Numbers 0 .. many that tell (wire, position) apart, compact enough to be multiplied by the number of rows."""
    span = int(position.max()) + 1
    found, inverse = np.unique(wire * span + position, return_inverse=True)
    return inverse.reshape(-1).astype(np.int64), len(found) + 1


def _repeats(ordered: Integers) -> Integers:
    """For each element of a sorted array, how many equal ones stand before it."""
    index = np.arange(len(ordered))
    first = np.ones(len(ordered), np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return index - np.maximum.accumulate(np.where(first, index, 0))
