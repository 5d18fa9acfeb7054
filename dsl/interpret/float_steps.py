"""Floats in the value reading: decoded once, computed with as mantissas and exponents, encoded only where bits are read.

Decoded floats stand in slots of one store beside the table of planes: mantissa and exponent, int64 [slots, 64 * words].
A float that a step gives has rows of the table too; they are filled only if some other step, or the result, reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from tc0.dsl.bitslice.planes import Planes
from tc0.dsl.numbers import float_codes as codes
from tc0.dsl.numbers import float_sums as sums
from tc0.dsl.numbers import float_vectors as vectors
from tc0.dsl.numbers.float_vectors import Floats
from tc0.dsl.numbers.floats import Format
from tc0.dsl.ops.float_operators import FLOAT_OPERATORS, FloatOperands, FloatRow

SLOT_ROWS = 128  # the store takes as much for a slot as for so many rows of the table


@dataclass(slots=True, eq=False)
class Store:
    """slots: how many floats. mantissa, exponent: int64 [slots, lanes], of the chunk that is being computed."""

    slots: int = 0
    mantissa: Any = None
    exponent: Any = None

    def ready(self, lanes: int) -> None:
        """Makes room for a chunk."""
        if self.mantissa is None or self.mantissa.shape != (self.slots, lanes):
            self.mantissa = np.empty((self.slots, lanes), np.int64)
            self.exponent = np.empty((self.slots, lanes), np.int64)

    def get(self, format: Format, at: Any) -> Floats:
        return Floats(format, self.mantissa[at], self.exponent[at])

    def put(self, first: int, found: Floats) -> None:
        end = first + len(found.mantissa)
        self.mantissa[first:end], self.exponent[first:end] = found.mantissa, found.exponent


class DecodeStep:
    """Floats whose bits are rows of the table, into slots `first ..`. wires: [floats, precision]."""

    def __init__(self, store: Store, format: Format, wires: Any, first: int) -> None:
        self.store = store
        self.format = format
        self.wires = np.ascontiguousarray(wires).reshape(-1)
        self.first = first
        self.slots = len(self.wires)

    def run(self, table: Planes, scratch: Planes, count: int) -> None:
        self.store.ready(64 * table.shape[1])
        planes = np.take(table, self.wires, 0, scratch[: self.slots], mode="clip")
        self.store.put(self.first, codes.from_planes(self.format, planes))


class FloatStep:
    """One operator on floats in slots. operands: slots of each, [results], or of all summands with `starts`
    [results + 1]. first: the rows of the result. slot: its slots (none where it is a bit). encode: whether its rows are
    read."""

    slots = 0

    def __init__(
        self, store: Store, row: FloatRow, format: Format, operands: list[Any], starts: Any, first: int, slot: int
    ) -> None:
        self.store = store
        self.operation = OPERATIONS[row.operator]
        self.array = row.operands is FloatOperands.ARRAY
        self.bit = row.bit
        self.format = format
        self.operands = operands
        self.starts = starts
        self.first = first
        self.slot = slot
        self.encode = row.bit

    def run(self, table: Planes, scratch: Planes, count: int) -> None:
        self.store.ready(64 * table.shape[1])
        operands = [self.store.get(self.format, at) for at in self.operands]
        found = self.operation(*operands, self.starts) if self.array else self.operation(*operands)
        if self.bit:
            octets = np.packbits(found, axis=-1, bitorder="little")
            table[self.first : self.first + len(found)] = octets.view("<u8")
            return
        self.store.put(self.slot, found)
        if self.encode:
            size = len(found.mantissa) * self.format.precision
            table[self.first : self.first + size] = codes.to_planes(found)


OPERATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "+": vectors.add,
        "-": vectors.subtract,
        "*": vectors.multiply,
        "/": vectors.divide,
        "negate": vectors.negated,
        "abs": vectors.absolute,
        "relu": vectors.relu,
        "sqrt": vectors.square_root,
        "exp": vectors.exponential,
        "SUM": sums.total,
        "MAX": sums.greatest_of,
        "MIN": sums.least_of,
        ">=": lambda a, b: vectors.compared(a, b) >= 0,
        ">": lambda a, b: vectors.compared(a, b) > 0,
        "<=": lambda a, b: vectors.compared(a, b) <= 0,
        "<": lambda a, b: vectors.compared(a, b) < 0,
    }
)
assert OPERATIONS.keys() == FLOAT_OPERATORS.keys()


@dataclass(slots=True, eq=False)
class FloatAlgebra:
    """What the value reading knows of the floats on its wires. Wires of results ascend, so that blocks are found by bisection.

    steps, new: the tape's steps and its counter of wires.
    """

    steps: list[Any]
    new: Callable[[int], int]
    store: Store = field(default_factory=Store)
    firsts: list[int] = field(default_factory=list)  # of blocks of results: first wire
    ends: list[int] = field(default_factory=list)  # one past the last wire
    blocks: list[FloatStep] = field(default_factory=list)
    decoded: dict[tuple[Format, int], int] = field(default_factory=dict)  # first of consecutive wires: slot

    def operation(self, row: FloatRow, format: Format, wires: list[Any], starts: Any, count: int) -> int:
        """A step for `count` results: the first of their wires. wires: of each operand, [floats, precision]."""
        operands = [self._slots(format, w) for w in wires]
        bits = 1 if row.bit else format.precision
        first = self.new(count * bits)
        slot = self.store.slots
        if count:
            step = FloatStep(self.store, row, format, operands, starts, first, slot)
            self.steps.append(step)
            if not row.bit:
                self.store.slots += count
                self.firsts.append(first)
                self.ends.append(first + count * bits)
                self.blocks.append(step)
        return first

    def read(self, wires: Any) -> None:
        """Some other step reads these wires: results of floats among them are encoded."""
        if not self.firsts or not np.size(wires):
            return
        at = np.searchsorted(self.firsts, np.unique(wires), "right") - 1
        for block in np.unique(at[at >= 0]).tolist():
            self.blocks[block].encode = True

    def _slots(self, format: Format, wires: Any) -> Any:
        """Where these floats stand in the store; those that are not there yet are decoded."""
        slots = np.full(len(wires), -1, np.int64)
        if not len(wires):
            return slots
        starts = wires[:, 0].astype(np.int64)
        whole = (wires == starts[:, None] + np.arange(format.precision)).all(1)
        if self.firsts:
            firsts = np.asarray(self.firsts)
            at = np.searchsorted(firsts, starts, "right") - 1
            for block in np.unique(at[whole & (at >= 0)]).tolist():
                step = self.blocks[block]
                own = np.flatnonzero(whole & (at == block))
                place, rest = np.divmod(starts[own] - step.first, format.precision)
                fits = (rest == 0) & (starts[own] < self.ends[block]) & (step.format == format)
                slots[own[fits]] = step.slot + place[fits]
        left = np.flatnonzero(slots < 0)
        if len(left):
            slots[left] = self._decode(format, wires[left], starts[left], whole[left])
        return slots

    def _decode(self, format: Format, wires: Any, starts: Any, whole: Any) -> Any:
        rows, inverse = np.unique(wires, axis=0, return_inverse=True)
        known = [self.decoded.get((format, int(r[0])), -1) if _is_run(r) else -1 for r in rows]
        found = np.array(known, np.int64)
        missing = np.flatnonzero(found < 0)
        if len(missing):
            self.read(rows[missing])
            first = self.store.slots
            self.steps.append(DecodeStep(self.store, format, rows[missing], first))
            found[missing] = first + np.arange(len(missing))
            self.store.slots += len(missing)
            for row, slot in zip(rows[missing], found[missing].tolist(), strict=True):
                if _is_run(row):
                    self.decoded[format, int(row[0])] = slot
        return found[inverse.reshape(-1)]


def _is_run(row: Any) -> bool:
    return int(row[-1]) - int(row[0]) == len(row) - 1 and bool((np.diff(row) == 1).all())
