"""The value reading as a tape: what to do with planes of bits, compiled while the walk goes on, run for many batches.

The tape works on one table of planes, uint64 [wires, W]: row 0 is the constant 0, row 1 the constant 1, then the inputs,
then what the steps give. A step reads rows and writes rows with higher numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from tc0.dsl.base.digits import brief
from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.bitslice.literals import Literals, groups, shapes
from tc0.dsl.bitslice.planes import ONES, Planes, run_of, tail
from tc0.dsl.bitslice.sums import Counter, Numbers, Sums
from tc0.dsl.interpret.float_steps import Store
from tc0.dsl.interpret.vectors import Array
from tc0.dsl.netlist import Kind, Rows
from tc0.dsl.netlist.operands import operands, terms_of

WIDE = 16  # gates with more operands are reduced one by one where they are few


class Step(Protocol):
    """One step. slots: rows of scratch that it uses, uint64 [slots, W]."""

    slots: int

    def run(self, table: Planes, scratch: Planes, count: int) -> None:
        """count: vectors in this chunk (at most 64 * W); the rest are arbitrary."""


# ---- AND, OR, NOT


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Gates of one fan-in. to: where they stand among the rows of the step. columns: for each operand position the
    operands of all gates; or, where `wide`, for each gate its operands."""

    to: Any
    size: int
    fanin: int
    columns: tuple[Any, ...]
    wide: bool


class LogicStep:
    """AND or OR of rows, or NOT. Scratch: one row for each gate of the largest group (two where the results are not
    together, or rows are shared)."""

    def __init__(self, kind: Kind, rows: Rows, row: Array | None, first: int, count: int) -> None:
        self.kind = kind
        self.first = first
        self.count = count
        self.row = row
        self.rows = rows.count
        self.groups = _groups(rows)
        size = max((group.size for group in self.groups if not group.wide), default=0)
        widest = max((group.fanin for group in self.groups if group.wide), default=0)
        self.largest = size
        self.calls = sum(len(group.columns) for group in self.groups)
        self.work = rows.terms
        self.slots = max(2 * size, widest) + (0 if row is None else rows.count)

    def run(self, table: Planes, scratch: Planes, count: int) -> None:
        out = table[self.first : self.first + self.count]
        if self.row is None:
            self._fill(table, scratch, out)
            return
        own, rest = scratch[: self.rows], scratch[self.rows :]
        self._fill(table, rest, own)
        np.take(own, self.row, 0, out, mode="clip")

    def _fill(self, table: Planes, scratch: Planes, out: Planes) -> None:
        for group in self.groups:
            if group.wide:
                self._reduce(table, scratch, out, group)
            elif isinstance(group.to, slice):
                self._columns(table, scratch, out[group.to], group)
            else:
                part = scratch[self.largest : self.largest + group.size]
                self._columns(table, scratch, part, group)
                out[group.to] = part

    def _columns(self, table: Planes, scratch: Planes, out: Planes, group: _Group) -> None:
        if group.fanin == 0:
            out[...] = ONES if self.kind is Kind.AND else 0
            return
        _rows(table, group.columns[0], out)
        if self.kind is Kind.NOT:
            np.invert(out, out=out)
            return
        operation = np.bitwise_and if self.kind is Kind.AND else np.bitwise_or
        buffer = scratch[: group.size]
        for column in group.columns[1:]:
            operation(out, _rows(table, column, buffer), out=out)

    def _reduce(self, table: Planes, scratch: Planes, out: Planes, group: _Group) -> None:
        operation = np.bitwise_and if self.kind is Kind.AND else np.bitwise_or
        numbers = range(group.to.start, group.to.stop) if isinstance(group.to, slice) else group.to
        buffer = scratch[: group.fanin]
        for number, read_by in zip(numbers, group.columns, strict=True):
            read = table[read_by] if isinstance(read_by, slice) else _rows(table, read_by, buffer)
            operation.reduce(read, axis=0, out=out[number])


def _rows(table: Planes, index: Any, out: Planes) -> Planes:
    """Rows of the table, copied to `out`."""
    if isinstance(index, slice):
        out[...] = table[index]
        return out
    return np.take(table, index, 0, out, mode="clip")  # "clip" writes straight into `out`


def _groups(rows: Rows) -> tuple[_Group, ...]:
    if rows.fanin is not None:
        return (_group(slice(0, rows.count), rows.wires.reshape(rows.count, rows.fanin)),)
    lengths, starts = rows.lengths(), rows.offsets()
    order = np.argsort(lengths, kind="stable")
    fanins, firsts = np.unique(lengths[order], return_index=True)
    groups = []
    for fanin, members in zip(fanins.tolist(), np.split(order, firsts[1:]), strict=True):
        groups.append(_group(run_of(members), rows.wires[starts[members][:, None] + np.arange(fanin)]))
    return tuple(groups)


def _group(to: Any, wires: Array) -> _Group:
    count, fanin = wires.shape
    wide = fanin > WIDE and count < 4 * fanin
    lines = wires if wide else np.ascontiguousarray(wires.T)
    return _Group(to, count, fanin, tuple(run_of(line) for line in lines), wide)


class LiteralStep:
    """Threshold gates that are an AND or an OR of wires and complements: the literals joined, where a sum would add them."""

    def __init__(self, rows: Rows, row: Array, conjunction: Array, first: int) -> None:
        starts, wires = operands(rows, row)
        inverted = None
        if rows.mantissas is not None:
            inverted = terms_of(rows, row, np.sign(rows.mantissas) < 0)
        literals = Literals(starts, wires, inverted, conjunction)
        order, runs = shapes(literals)
        self.first = first
        self.count = len(row)
        self.groups = groups(literals, order, runs, 0)
        self.order = None if (order[:-1] < order[1:]).all() else order
        self.room = max((group.room for group in self.groups), default=0)
        self.slots = self.room + (0 if self.order is None else self.count)
        joined = [len(group.plain) + len(group.inverted) for group in self.groups]
        self.calls = sum(joined)
        self.work = len(wires)

    def run(self, table: Planes, scratch: Planes, count: int) -> None:
        own = table[self.first : self.first + self.count]
        out = own if self.order is None else scratch[self.room : self.slots]
        for group in self.groups:
            group.run(table, scratch[: self.room], out)
        if self.order is not None:
            own[self.order] = out


# ---- sums


class SumStep:
    """Planes that a counter gives, as rows from `first` on."""

    def __init__(self, counter: Counter, first: int) -> None:
        self.counter = counter
        self.first = first
        self.slots = counter.slots
        self.calls, self.work = len(counter.program), counter.work

    def run(self, table: Planes, scratch: Planes, count: int) -> None:
        if self.counter.outputs:
            self.counter.run(table, table[self.first : self.first + self.counter.outputs], scratch)


class EqualStep:
    """Numbers that a counter gives, compared with constants: rows `first .. first + count`."""

    def __init__(self, counter: Counter, numbers: Numbers, wanted: Array, first: int) -> None:
        self.counter = counter
        self.first = first
        self.slots = counter.slots + counter.outputs
        self.calls, self.work = len(counter.program), counter.work
        lengths = np.diff(numbers.starts)
        self.count = len(wanted)
        values = wanted.tolist()
        possible = [v >> n == 0 for v, n in zip(values, lengths.tolist(), strict=True)]
        self.never = np.flatnonzero(~np.array(possible, bool))
        self.steps: list[tuple[Any, Any, Any]] = []
        for position in range(int(lengths.max(initial=0))):
            has = np.flatnonzero(lengths > position)
            planes = numbers.first + numbers.starts[has] + position
            flip = np.array([0 if values[g] >> position & 1 else ONES for g in has.tolist()], np.uint64)
            self.steps.append((run_of(has), run_of(planes), flip[:, None]))

    def run(self, table: Planes, scratch: Planes, count: int) -> None:
        digits = self.counter.run(table, None, scratch)
        out = table[self.first : self.first + self.count]
        out[...] = ONES
        for gates, planes, flip in self.steps:
            out[gates] &= digits[planes] ^ flip
        out[self.never] = 0


class ClaimStep:
    """Verifies that forms lie in their declared ranges."""

    def __init__(self, rows: Rows, row: Array, const: Array, low: Array, high: Array, what: str, span: Span) -> None:
        self.rows = rows
        self.row = row
        self.const = const
        self.low = low
        self.high = high
        self.span = span
        self.what = what
        sums = sums_of(rows)
        self.above = sums.at_least(row, _less(low, const))
        self.beyond = sums.at_least(row, _less(high, const, 1))
        self.counter = sums.compile()
        self.slots = self.counter.slots + self.counter.outputs
        self.calls, self.work = len(self.counter.program), self.counter.work

    def run(self, table: Planes, scratch: Planes, count: int) -> None:
        found = self.counter.run(table, None, scratch)
        size = len(self.row)
        bad = ~found[self.above : self.above + size] | found[self.beyond : self.beyond + size]
        words = -(-count // 64)
        bad = bad[:, :words]
        if words:
            bad[:, -1] &= tail(count)
        if bad.any():
            self._fail(table, bad)

    def _fail(self, table: Planes, bad: Planes) -> None:
        """Names the first vector, and its first form, that is out of range."""
        word = int(np.flatnonzero(bad.any(0))[0])
        union = int(np.bitwise_or.reduce(bad[:, word]))
        vector = (union & -union).bit_length() - 1
        claim = int(np.flatnonzero(bad[:, word] >> np.uint64(vector) & np.uint64(1))[0])
        row = int(self.row[claim])
        offsets = self.rows.offsets()
        a, b = int(offsets[row]), int(offsets[row + 1])
        value = int(self.const[claim])
        for term in range(a, b):
            if int(table[int(self.rows.wires[term]), word]) >> vector & 1:
                m = 1 if self.rows.mantissas is None else int(self.rows.mantissas[term])
                e = 0 if self.rows.exponents is None else int(self.rows.exponents[term])
                value += m << e
        raise out_of_range(value, int(self.low[claim]), int(self.high[claim]), self.what, self.span)


def out_of_range(value: int, low: int, high: int, what: str, span: Span) -> Error:
    """The error of a declaration that does not hold."""
    written = "`bit` declares it to be 0 or 1" if what == "bit" else "`within` declares its range"
    return Error("E0610", f"this form is {brief(value)} here, outside {brief(low)}..{brief(high)}", span, written)


def _less(a: Array, b: Array, more: int = 0) -> Array:
    """a - b + more, exact."""
    values = [int(x) - int(y) + more for x, y in zip(a, b, strict=True)]
    result = np.empty(len(values), object)
    result[:] = values
    return result


def sums_of(rows: Rows, offsets: Array | None = None, low: Array | None = None, high: Array | None = None) -> Sums:
    """Questions about operand rows."""
    return Sums(rows.count, rows.fanin, rows.starts, rows.wires, rows.mantissas, rows.exponents, offsets, low, high)


# ---- the whole


@dataclass(slots=True, eq=False)
class Tape:
    """rows: of the table. steps: in order. floats: the store beside the table."""

    inputs: int
    rows: int
    steps: Sequence[Step]
    floats: Store

    @property
    def slots(self) -> int:
        """Rows of scratch."""
        return max((step.slots for step in self.steps), default=0)

    @property
    def rows_per_call(self) -> float:
        """How many rows a numpy call handles on average."""
        known = [
            step for step in self.steps if isinstance(step, LogicStep | LiteralStep | SumStep | ClaimStep | EqualStep)
        ]
        calls = sum(step.calls for step in known)
        return sum(step.work for step in known) / calls if calls else float("inf")

    def run(self, table: Planes, scratch: Planes, inputs: Planes, count: int) -> None:
        """Fills the table for one chunk. scratch: uint64 [slots, W]. inputs: uint64 [inputs, W]."""
        table[0] = 0
        table[1] = ONES
        table[2 : 2 + self.inputs] = inputs
        for step in self.steps:
            step.run(table, scratch, count)
