"""The value reading: gates as steps on planes; quotients and remainders are binary digits of sums, not level sets."""

from __future__ import annotations

import numpy as np

from tc0.dsl.base.meter import Meter
from tc0.dsl.bitslice.sums import Numbers
from tc0.dsl.interpret.float_steps import FloatAlgebra
from tc0.dsl.interpret.forms import Forms, numbers, rows_of
from tc0.dsl.interpret.rows import point_values
from tc0.dsl.interpret.statics import floor_divide, subtract
from tc0.dsl.interpret.tape import ClaimStep, EqualStep, LiteralStep, LogicStep, Step, SumStep, sums_of
from tc0.dsl.interpret.vectors import Array, Run, Vector, shrink, uniform
from tc0.dsl.netlist import Kind, Place, Rows
from tc0.dsl.netlist.operands import and_or


class Values:
    """Collects the steps of a tape. next: the number of the next row of the table. Whatever reads rows says so to
    `floats`, which encodes no float whose bits nobody reads."""

    def __init__(self, inputs: int, meter: Meter) -> None:
        self.inputs = inputs
        self.next = 2 + inputs
        self.meter = meter
        self.steps: list[Step] = []
        self.floats = FloatAlgebra(self.steps, self._new)

    def _new(self, count: int) -> int:
        wire = self.next
        self.next += count
        return wire

    def plain(self, kind: Kind, rows: Rows, row: Array | None, count: int, place: Place) -> int:
        if kind is Kind.MAJ:
            lengths = rows.lengths() // 2 + 1
            return self.weighted(kind, rows, row, lengths if row is None else lengths[row], None, place)
        self.floats.read(rows.wires)
        wire = self._new(count)
        if count:
            self.steps.append(LogicStep(kind, rows, row, wire, count))
        return wire

    def weighted(
        self, kind: Kind, rows: Rows, row: Array | None, thresholds: Array, kinds: Array | None, place: Place
    ) -> int:
        self.floats.read(rows.wires)
        count = len(thresholds)
        wire = self._new(count)
        if count:
            at = _each(row, count)
            simple, conjunction = and_or(rows, at, thresholds)
            # Where many gates share a row its sum is there anyway, and a comparison is cheaper than a long AND.
            if simple.all() and (rows.count == count or (rows.lengths() <= 4).all()):
                self.steps.append(LiteralStep(rows, at, conjunction, wire))
            else:
                sums = sums_of(rows)
                sums.at_least(at, thresholds)
                self.steps.append(SumStep(sums.compile(), wire))
        return wire

    def modulo(self, rows: Rows, row: Array | None, moduli: Array, residues: Array, place: Place) -> int:
        self.floats.read(rows.wires)
        count = len(moduli)
        wire = self._new(count)
        if count:
            sums = sums_of(rows)
            found = sums.remainder(_each(row, count), moduli)
            self.steps.append(EqualStep(sums.compile(), found, residues, wire))
        return wire

    def quotient(self, forms: Forms, row: Array | None, moduli: Vector, count: int, place: Place) -> Forms:
        low, high = (floor_divide(point_values(v, row), moduli) for v in (forms.low, forms.high))
        return self._division(forms, row, moduli, count, place, "quotient", low, high)

    def remainder(self, forms: Forms, row: Array | None, moduli: Vector, count: int, place: Place) -> Forms:
        return self._division(forms, row, moduli, count, place, "remainder", 0, subtract(moduli, 1))

    def _division(
        self,
        forms: Forms,
        row: Array | None,
        moduli: Vector,
        count: int,
        place: Place,
        what: str,
        low: Vector,
        high: Vector,
    ) -> Forms:
        """Binary digits of a sum as rows of the table; they are a form with weights 2**i."""
        self.floats.read(forms.wires)
        ends = (numbers(v, forms.count) for v in (forms.const, forms.low, forms.high))
        sums = sums_of(rows_of(forms), *ends)
        divisors = moduli if uniform(moduli) else numbers(moduli, count)
        ask = sums.quotient if what == "quotient" else sums.remainder
        found: Numbers = ask(_each(row, count), divisors)
        counter = sums.compile()
        self.meter.spend(counter.outputs, place.span)
        wire = self._new(counter.outputs)
        self.steps.append(SumStep(counter, wire))
        exponents = found.positions().astype(np.int32)
        wires = Run(wire + found.first, (found.planes,)).array()
        base = shrink(found.base) if found.base.dtype == object else found.base
        return Forms(count, None, found.starts, wires, None, exponents, base, low, high)

    def claim(
        self, forms: Forms, row: Array | None, low: Array, high: Array, count: int, what: str, place: Place
    ) -> None:
        self.floats.read(forms.wires)
        at = _each(row, count)
        const = numbers(point_values(forms.const, at if row is not None else None), count)
        self.steps.append(ClaimStep(rows_of(forms), at, const, low, high, what, place.span))


def _each(row: Array | None, count: int) -> Array:
    return np.arange(count, dtype=np.int64) if row is None else row.astype(np.int64, copy=False)
