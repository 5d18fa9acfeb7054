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

from tc0.dsl.bitslice.asking import Groups, Questions
from tc0.dsl.bitslice.planes import Integers, Planes, words_for
from tc0.dsl.bitslice.schedule import Operation, buffers, carry_out, place
from tc0.dsl.bitslice.steps import Step, Steps, needed
from tc0.dsl.bitslice.weights import Anything, bit_lengths, minus, narrowed, plus, row_sums


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
        digits = outputs[self.first : self.first + self.planes]
        return integers_of(self.base, self.starts, digits, count)


def integers_of(base: Anything, starts: Integers, digits: Planes, count: int) -> Anything:
    """Numbers of which number j has the digits `starts[j] .. starts[j + 1]`, added to base[j]: [numbers, count]."""
    lengths = np.diff(starts)
    numbers, longest = len(lengths), int(lengths.max(initial=0))
    narrow = base.dtype != object and longest < 62
    found = np.zeros((numbers, count), np.int64 if narrow else object)
    octets = (
        np.ascontiguousarray(digits).astype("<u8", copy=False).view(np.uint8).reshape(len(digits), 8 * digits.shape[1])
    )
    for position in range(longest):
        has = np.flatnonzero(lengths > position)
        rows = octets[starts[has] + position][:, : words_for(count) * 8]
        bits = np.unpackbits(rows, axis=1, count=count, bitorder="little")
        found[has] += bits.astype(np.int64) << position if narrow else bits.astype(object) * (1 << position)
    found += base[:, None]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Counter:
    """A compiled set of questions.

    outputs: planes that a run gives. slots: rows of its scratch table. reads: int64, the wires (rows of the table) read.
    program: the operations in order; buffers: how many of the slots are room for one operation.
    """

    outputs: int
    slots: int
    reads: Integers
    program: list[Operation]
    buffers: int

    @property
    def work(self) -> int:
        """Planes that the operations of the program give together."""
        return sum(operation.count for operation in self.program)

    def run(self, table: Planes, out: Planes | None = None, scratch: Planes | None = None) -> Planes:
        """table: uint64 [wires, W] -> uint64 [outputs, W].

        out: where to write the answers; it may be rows of `table` that are not read here. scratch: uint64
        [at least slots, W], to save an allocation a run. W should be such that `slots * W * 8` fits in cache.
        """
        width = table.shape[1]
        if out is None:
            out = np.empty((self.outputs, width), np.uint64)
        if scratch is None:
            scratch = np.empty((self.slots, width), np.uint64)
        planes = self.slots - self.buffers
        carry_out(self.program, table, out, scratch[:planes], scratch[planes : self.slots])
        return out


class Sums:
    """Rows of weighted wires, and questions about their sums (see the module's text).

    count, fanin, starts, wires, mantissas, exponents: as in `netlist.Rows`; wires are row numbers of the table given
    to `Counter.run`, so any table and numbering will do. offsets: int64 or object [count], added to every sum.
    low, high: int64 or object [count], declared bounds of `sum + offset` where they are known to be tighter than
    what the weights allow (quotients, remainders and values are unspecified for vectors that break them).

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
        self._count = count
        if starts is None:
            assert fanin is not None
            starts = np.arange(count + 1, dtype=np.int64) * fanin
        self._rows = Groups(count, starts, np.asarray(wires), mantissas, exponents)
        self._offsets = np.zeros(count, np.int64) if offsets is None else narrowed(offsets)
        self._low = low
        self._high = high
        self._asked = Questions(self._rows, self._offsets)

    @property
    def low(self) -> Anything:
        """The least value of every `sum + offset`, int64 or object [count]: declared, else from the weights."""
        if self._low is None:
            rows = self._rows
            self._low = plus(self._offsets, row_sums(rows.starts, rows.mantissas, rows.exponents, -1))
        return self._low

    @property
    def high(self) -> Anything:
        """The largest value likewise."""
        if self._high is None:
            rows = self._rows
            self._high = plus(self._offsets, row_sums(rows.starts, rows.mantissas, rows.exponents, 1))
        return self._high

    def at_least(self, row: Integers, thresholds: Anything) -> int:
        """Planes `sum[row[i]] + offset[row[i]] >= thresholds[i]`: the first of `len(row)` output planes in this order."""
        return self._asked.at_least(np.asarray(row, np.int64), np.asarray(thresholds))

    def quotient(self, row: Integers, moduli: Any) -> Numbers:
        """`(sum + offset) // m` (floor) for every i. moduli: an integer or int64 or object [len(row)], at least 1.

        Any modulus: a power of two costs nothing beyond the sum, others a restoring division on planes.
        base is `low[row] // m`, and a number has as many digits as `high[row] // m - base` needs.
        """
        row, divisors = np.asarray(row, np.int64), _every(moduli, len(row))
        base = narrowed(self.low[row] // divisors)
        lengths = bit_lengths(np.maximum(minus(self.high[row] // divisors, base), 0))
        return self._numbers("quotient", row, divisors, base, base, lengths)

    def remainder(self, row: Integers, moduli: Any) -> Numbers:
        """`(sum + offset) % m` for every i, with base 0 and as many digits as `m - 1` needs."""
        row, divisors = np.asarray(row, np.int64), _every(moduli, len(row))
        base = narrowed(self.low[row] // divisors)
        lengths = bit_lengths(minus(divisors, 1))
        return self._numbers("remainder", row, divisors, base, np.zeros(len(row), np.int64), lengths)

    def values(self, row: Integers | None = None) -> Numbers:
        """The sums with their offsets, of these rows or of all; base is `low[row]`."""
        row = np.arange(self._count, dtype=np.int64) if row is None else np.asarray(row, np.int64)
        low = self.low[row]
        lengths = bit_lengths(np.maximum(minus(self.high[row], low), 0))
        return self._numbers("quotient", row, np.ones(len(row), np.int64), low, low, lengths)

    def _numbers(
        self, what: str, row: Integers, moduli: Anything, base: Anything, shown: Anything, lengths: Integers
    ) -> Numbers:
        """Asks for `sum + offset - base * m`, divided by m."""
        most = bit_lengths(np.maximum(minus(self.high[row], narrowed(_product(base, moduli))), 0))
        starts = np.zeros(len(row) + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        return Numbers(shown, starts, self._asked.divide(what, row, moduli, _product(base, moduli), most, starts))

    def network(self) -> tuple[list[Step], int]:
        """The steps that answer all questions asked, and how many planes they number: a circuit of adders and gates."""
        steps = Steps()
        self._asked.emit(steps)
        return needed(steps.items, steps.next), steps.next

    def compile(self) -> Counter:
        """The schedule that answers all questions asked."""
        steps, planes = self.network()
        program, slots, reads = place(steps, planes)
        room = buffers(program)
        return Counter(self._asked.outputs, slots + room, reads, program, room)


def _every(moduli: Any, count: int) -> Anything:
    found: Anything = np.empty(count, object)
    found[:] = moduli
    found = narrowed(found)
    return found


def _product(base: Anything, moduli: Anything) -> Anything:
    found: Anything = narrowed(base.astype(object) * moduli)
    return found
