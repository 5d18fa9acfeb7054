"""Rows of powers of two to the binary digits of their sums, by full adders on planes.

A *column* is a (row, position). Column (r, p) is summed at time `level(r) + p`: by then the carries of column (r, p - 1) and
the digit of the row that r continues are known. All columns of one time are summed together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tc0.dsl.bitslice.planes import Integers
from tc0.dsl.bitslice.steps import ONE, Do, Steps

Digits = Callable[[int, Integers], None]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Rows to be summed together.

    rows: how many. before: int64 [rows], the row that each continues, or -1. level: int64 [rows]. width: int64 [rows],
    digits wanted. row, position, wire: int64 [powers], a power 2**position of a wire; negative: bool [powers], of its
    complement. constant_row, constant_position: int64 [constants], a power 2**position added.
    """

    rows: int
    before: Integers
    level: Integers
    width: Integers
    row: Integers
    position: Integers
    wire: Integers
    negative: Any
    constant_row: Integers
    constant_position: Integers


def add_columns(steps: Steps, columns: Columns, report: Digits) -> None:
    """Emits the adders. report(time, digits): digits int64 [rows], the plane of each row's digit of position
    `time - level(row)`, ZERO where there is none; called for every time in order."""
    arrivals = _Arrivals(steps, columns)
    successor = np.flatnonzero(columns.before >= 0)
    successor = successor[np.argsort(columns.before[successor], kind="stable")]
    preceding = columns.before[successor]
    rows, planes = _nothing()
    digits = np.zeros(columns.rows, np.int64)
    last = int((columns.level + columns.width).max(initial=0))
    for time in range(last):
        own_rows, own_planes = arrivals.at(time)
        rows = np.concatenate([own_rows, rows])
        planes = np.concatenate([own_planes, planes])
        inside = (time - columns.level[rows]) < columns.width[rows]
        if not inside.all():
            rows, planes = rows[inside], planes[inside]
        carry_rows, carry_planes, sum_rows, sum_planes = _reduce(steps, rows, planes)
        digits[:] = 0
        digits[sum_rows] = sum_planes
        report(time, digits)
        if len(successor):
            passed = digits[preceding]
            known = passed != 0
            carry_rows = np.concatenate([successor[known], carry_rows])
            carry_planes = np.concatenate([passed[known], carry_planes])
        rows, planes = carry_rows, carry_planes


def _nothing() -> tuple[Integers, Integers]:
    return np.zeros(0, np.int64), np.zeros(0, np.int64)


def _reduce(steps: Steps, rows: Integers, planes: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """Planes of one position each to one digit a row, and the carries: rows and planes of carries, then of digits."""
    carry_rows: list[Integers] = []
    carry_planes: list[Integers] = []
    done_rows: list[Integers] = []
    done_planes: list[Integers] = []
    while len(rows):
        if len(rows) > 1:
            order = np.argsort(rows, kind="stable")
            rows, planes = rows[order], planes[order]
        change = np.flatnonzero(rows[1:] != rows[:-1]) + 1
        starts = np.concatenate([[0], change])
        counts = np.diff(np.append(starts, len(rows)))
        single = counts == 1
        if single.any():
            at = starts[single]
            done_rows.append(rows[at])
            done_planes.append(planes[at])
            if single.all():
                break
            kept = np.repeat(~single, counts)
            rows, planes = rows[kept], planes[kept]
            counts = counts[~single]
            starts = np.cumsum(counts) - counts
        used = np.zeros(len(rows), np.bool_)
        next_rows: list[Integers] = []
        next_planes: list[Integers] = []
        for do, times in ((Do.FULL, counts // 3), (Do.HALF, (counts == 2).astype(np.int64))):
            group, turn = _turns(times)
            if not len(group):
                continue
            a = starts[group] + turn
            operands = [a, a + times[group]] + ([a + 2 * times[group]] if do == Do.FULL else [])
            for operand in operands:
                used[operand] = True
            sums, carries = steps.pair(do, *(planes[operand] for operand in operands))
            owner = rows[starts[group]]
            next_rows.append(owner)
            next_planes.append(sums)
            carry_rows.append(owner)
            carry_planes.append(carries)
        next_rows.append(rows[~used])
        next_planes.append(planes[~used])
        rows, planes = np.concatenate(next_rows), np.concatenate(next_planes)
    return _joined(carry_rows), _joined(carry_planes), _joined(done_rows), _joined(done_planes)


def _joined(parts: list[Integers]) -> Integers:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _turns(times: Integers) -> tuple[Integers, Integers]:
    """Every group as often as its number of times: (group, turn), all first turns, then all second turns, and so on.

    In this order the operands of equally long columns are runs of consecutive planes."""
    total = int(times.sum())
    group = np.repeat(np.arange(len(times), dtype=np.int64), times)
    if len(times) == 1:
        return group, np.arange(total, dtype=np.int64)
    turn = np.arange(total, dtype=np.int64) - np.repeat(np.cumsum(times) - times, times)
    order = np.argsort(turn, kind="stable")
    return group[order], turn[order]


class _Arrivals:
    """The wires and constants of every column, loaded when the first column needs them."""

    def __init__(self, steps: Steps, columns: Columns) -> None:
        self._steps = steps
        inside = np.flatnonzero(columns.position < columns.width[columns.row])
        row = columns.row[inside]
        time = columns.level[row] + columns.position[inside]
        key = columns.wire[inside] * 2 + columns.negative[inside]
        keys, at, inverse = np.unique(key, return_index=True, return_inverse=True)
        inverse = inverse.reshape(-1)
        first = np.full(len(keys), np.iinfo(np.int64).max)
        np.minimum.at(first, inverse, time)
        # Loads of one time are consecutive planes, the plain wires first, in the order in which the rows name them.
        order = np.lexsort((at, keys % 2, first))
        rank = np.empty(len(keys), np.int64)
        rank[order] = np.arange(len(keys))
        self._keys = keys[order]
        self._first = first[order]
        self._loaded = 0
        self._planes = np.zeros(len(keys), np.int64)
        sorting = np.lexsort((columns.negative[inside], row, time))
        self._time = time[sorting]
        self._row = row[sorting]
        self._load = rank[inverse[sorting]]
        kept = np.flatnonzero(columns.constant_position < columns.width[columns.constant_row])
        self._constant_row = columns.constant_row[kept]
        self._constant_time = columns.level[self._constant_row] + columns.constant_position[kept]

    def at(self, time: int) -> tuple[Integers, Integers]:
        """Rows and planes that arrive at this time."""
        start, stop = np.searchsorted(self._time, (time, time + 1)).tolist()
        rows, planes = _nothing()
        if start < stop:
            self._load_until(time)
            rows, planes = self._row[start:stop], self._planes[self._load[start:stop]]
        if len(self._constant_time):
            constants = self._constant_row[self._constant_time == time]
            rows = np.concatenate([rows, constants])
            planes = np.concatenate([planes, np.full(len(constants), ONE, np.int64)])
        return rows, planes

    def _load_until(self, time: int) -> None:
        stop = int(np.searchsorted(self._first, time, "right"))
        if stop == self._loaded:
            return
        keys = self._keys[self._loaded : stop]
        plain = int(np.count_nonzero(keys % 2 == 0))
        parts = []
        if plain:
            parts.append(self._steps.add(Do.LOAD, keys[:plain] // 2))
        if plain < len(keys):
            parts.append(self._steps.add(Do.LOADNOT, keys[plain:] // 2))
        self._planes[self._loaded : stop] = np.concatenate(parts)
        self._loaded = stop
