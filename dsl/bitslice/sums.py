"""Sums of weighted wires for 64 vectors a word: questions about them, compiled once, answered for many batches.

    sums = Sums(rows.count, rows.fanin, rows.starts, rows.wires, rows.mantissas, rows.exponents, offsets)
    ge = sums.at_least(row, thresholds)              # first of its output planes, in the order asked
    q = sums.quotient(row, moduli)                   # Numbers: a base and binary digits, as output planes
    r = sums.remainder(row, moduli)
    v = sums.values()                                # the sums themselves as Numbers
    counter = sums.compile()                         # frozen, from here on

    out = counter.run(table)                         # table: uint64 [wires, W] -> uint64 [counter.outputs, W]
    out[ge], q.integers(out, count)

All arrays are numpy; integers of any length are allowed wherever `object` is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tc0.dsl.bitslice.planes import Integers, Planes

Anything = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Numbers as binary digits: number j is `base[j] + sum(2**i * plane(first + starts[j] + i))`.

    This is an operand row of weight-`2**i` terms and a constant, so that it serves as a form at once.
    base: int64 or object [count]. starts: int64 [count + 1]. first: the output plane of the first digit.
    """

    base: Anything
    starts: Integers
    first: int

    @property
    def planes(self) -> int:
        """How many output planes the digits take: `first .. first + planes`."""
        return int(self.starts[-1])

    def positions(self) -> Integers:
        """int64 [planes]: the exponent i of every digit."""
        return np.arange(self.planes, dtype=np.int64) - np.repeat(self.starts[:-1], np.diff(self.starts))

    def integers(self, outputs: Planes, count: int) -> Anything:
        """The numbers of the first `count` vectors, int64 [numbers, count], object where they do not fit."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Counter:
    """A compiled set of questions.

    outputs: planes that a run gives. slots: rows of its scratch table. reads: int64, the wires (rows of the table) read.
    """

    outputs: int
    slots: int
    reads: Integers

    def run(self, table: Planes, out: Planes | None = None, scratch: Planes | None = None) -> Planes:
        """table: uint64 [wires, W] -> uint64 [outputs, W].

        out: where to write the answers; it may be rows of `table` that are not read here. scratch: uint64
        [at least slots, W], to save an allocation a run. W should be such that `slots * W * 8` fits in cache.
        """
        raise NotImplementedError


class Sums:
    """Rows of weighted wires, and questions about their sums (see the module's text).

    count, fanin, starts, wires, mantissas, exponents: as in `netlist.Rows`; wires are row numbers of the table given
    to `Counter.run`, so any table and numbering will do. offsets: int64 or object [count], added to every sum.
    low, high: int64 or object [count], declared bounds of `sum + offset` where they are known to be tighter than
    what the weights allow (answers are unspecified for vectors that break them); int64 or object.

    Rows that contain the terms of a neighbouring row are summed by adding the difference; equal neighbours are summed
    once. Questions cost nothing until `compile`; planes that no question needs are never computed.
    """

    def __init__(
        self,
        count: int,
        fanin: int | None,
        starts: Integers | None,
        wires: Anything,
        mantissas: Anything | None = None,
        exponents: Anything | None = None,
        offsets: Anything | None = None,
        low: Anything | None = None,
        high: Anything | None = None,
    ) -> None:
        raise NotImplementedError

    @property
    def low(self) -> Anything:
        """The least value of every `sum + offset`, int64 or object [count]: declared, else from the weights."""
        raise NotImplementedError

    @property
    def high(self) -> Anything:
        """The largest value likewise."""
        raise NotImplementedError

    def at_least(self, row: Integers, thresholds: Anything) -> int:
        """Planes `sum[row[i]] + offset[row[i]] >= thresholds[i]`: the first of `len(row)` output planes in this order."""
        raise NotImplementedError

    def quotient(self, row: Integers, moduli: Any) -> Numbers:
        """`(sum + offset) // m` (floor) for every i. moduli: an integer or int64 or object [len(row)], at least 1.

        Any modulus: a power of two costs nothing beyond the sum, others a restoring division on planes.
        base is `low[row] // m`, and a number has as many digits as `high[row] // m - base` needs.
        """
        raise NotImplementedError

    def remainder(self, row: Integers, moduli: Any) -> Numbers:
        """`(sum + offset) % m` for every i, with base 0 and as many digits as `m - 1` needs (or as `high` needs, if fewer)."""
        raise NotImplementedError

    def values(self, row: Integers | None = None) -> Numbers:
        """The sums with their offsets, of these rows or of all; base is `low[row]`."""
        raise NotImplementedError

    def compile(self) -> Counter:
        """The schedule that answers all questions asked."""
        raise NotImplementedError
