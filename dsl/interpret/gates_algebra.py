"""The circuit reading: every gate in a block, every quotient as a level set, every comparison over a shared row."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.meter import Meter
from tc0.dsl.interpret.float_steps import FloatAlgebra
from tc0.dsl.interpret.forms import Forms, numbers, of_constants, ranged, rows_of, scale, select, total
from tc0.dsl.interpret.rows import point_values
from tc0.dsl.interpret.statics import add, big, floor_divide, multiply, negate, subtract, written_out
from tc0.dsl.interpret.vectors import Array, Run, Vector, shrink, uniform
from tc0.dsl.netlist import Block, Claim, Kind, Netlist, Place, Rows


class Gates:
    """Collects the blocks of a netlist. next: the number of the next wire."""

    floats: FloatAlgebra | None = None

    def __init__(self, inputs: int, meter: Meter) -> None:
        self.inputs = inputs
        self.next = 2 + inputs
        self.meter = meter
        self.blocks: list[Block] = []
        self.claims: list[Claim] = []

    def netlist(self, outputs: Array) -> Netlist:
        gates = self.next - 2 - self.inputs
        return Netlist(self.inputs, gates, tuple(self.blocks), tuple(self.claims), outputs)

    def _new(self, count: int) -> tuple[int, int]:
        """Reserves wires: the first wire and the number of its gate."""
        wire = self.next
        self.next += count
        return wire, wire - 2 - self.inputs

    def plain(self, kind: Kind, rows: Rows, row: Array | None, count: int, place: Place) -> int:
        wire, first = self._new(count)
        if count:
            self.blocks.append(Block(kind, first, count, rows, place, row))
        return wire

    def weighted(
        self, kind: Kind, rows: Rows, row: Array | None, thresholds: Array, kinds: Array | None, place: Place
    ) -> int:
        count = len(thresholds)
        wire, first = self._new(count)
        if count:
            self.blocks.append(Block(kind, first, count, rows, place, row, thresholds, None, None, kinds))
        return wire

    def modulo(self, rows: Rows, row: Array | None, moduli: Array, residues: Array, place: Place) -> int:
        count = len(moduli)
        wire, first = self._new(count)
        if count:
            self.blocks.append(Block(Kind.MOD, first, count, rows, place, row, None, moduli, residues))
        return wire

    def quotient(self, forms: Forms, row: Array | None, moduli: Vector, count: int, place: Place) -> Forms:
        const, low, high = (point_values(v, row) for v in (forms.const, forms.low, forms.high))
        first, last = floor_divide(low, moduli), floor_divide(high, moduli)
        levels = subtract(last, first)
        if uniform(levels):
            return self._even(forms, row, moduli, count, place, (const, first, last), levels)
        return self._uneven(forms, row, moduli, count, place, (const, first, last), levels)

    def _even(
        self,
        forms: Forms,
        row: Array | None,
        moduli: Vector,
        count: int,
        place: Place,
        ends: tuple[Vector, ...],
        levels: int,
    ) -> Forms:
        """As many levels at every point."""
        const, first, last = ends
        if levels == 0:
            return ranged(of_constants(first, count), first, last)
        self.meter.spend(count * levels, place.span)
        self.meter.reserve(24 * count * levels, place.span)
        step = add(_column(first), np.arange(1, levels + 1, dtype=np.int64))
        thresholds = subtract(multiply(step, _column(moduli)), _column(const))
        wanted = numbers(thresholds, levels) if uniform(thresholds) else _filled(thresholds, count, levels)
        wire = self._levels(forms, row, wanted, count, np.full(count, levels, np.int64), place)
        return Forms(count, levels, None, Run(wire, (count * levels,)).array(), None, None, first, first, last)

    def _uneven(
        self,
        forms: Forms,
        row: Array | None,
        moduli: Vector,
        count: int,
        place: Place,
        ends: tuple[Vector, ...],
        levels: Vector,
    ) -> Forms:
        const, first, last = ends
        size = sum(levels.tolist())
        self.meter.spend(size, place.span)
        self.meter.reserve(24 * size, place.span)
        counts = levels.astype(np.int64)
        starts = np.zeros(count + 1, np.int64)
        np.cumsum(counts, out=starts[1:])
        index = np.repeat(np.arange(count, dtype=np.int64), counts)
        step = np.arange(1, size + 1, dtype=np.int64) - starts[index]
        at = [_chosen(written_out(v), index) for v in (first, moduli, const)]
        wanted = numbers(subtract(multiply(add(at[0], step), at[1]), at[2]), size)
        wire = self._levels(forms, row, wanted, count, counts, place)
        return Forms(count, None, starts, Run(wire, (size,)).array(), None, None, first, first, last)

    def _levels(self, forms: Forms, row: Array | None, wanted: Array, count: int, counts: Array, place: Place) -> int:
        """One gate a level; all levels of a point read one row."""
        own = np.repeat(np.arange(count, dtype=np.int64) if row is None else row, counts)
        same = row is None and len(own) == count and count == forms.count and bool((counts == 1).all())
        return self.weighted(Kind.THR, rows_of(forms), None if same else own, wanted, None, place)

    def remainder(self, forms: Forms, row: Array | None, moduli: Vector, count: int, place: Place) -> Forms:
        found = self.quotient(forms, row, moduli, count, place)
        whole = forms if row is None else select(forms, row)
        return ranged(total([whole, scale(found, negate(written_out(moduli)))]), 0, subtract(moduli, 1))

    def claim(
        self, forms: Forms, row: Array | None, low: Array, high: Array, count: int, what: str, place: Place
    ) -> None:
        const = point_values(forms.const, row)
        lows, highs, shown = (numbers(v, count) for v in (subtract(low, const), subtract(high, const), const))
        after = self.next - 2 - self.inputs
        self.claims.append(Claim(rows_of(forms), row, count, lows, highs, shown, place, after, what))


def _is_big(v: Any) -> bool:
    return type(v) is np.ndarray and v.dtype == object


def _chosen(v: Vector, index: Array) -> Vector:
    """The elements of these numbers; one element stands for all."""
    if uniform(v):
        return v
    if v.ndim == 0:
        return v.item()
    return shrink(big(v)[index]) if _is_big(v) else np.asarray(v)[index]


def _column(v: Vector) -> Vector:
    return v if uniform(v) else np.asarray(written_out(v)).reshape(-1, 1)


def _filled(thresholds: Any, count: int, levels: int) -> Array:
    """Thresholds [count, levels] from an array that may lack rows or columns."""
    wide: Array = np.broadcast_to(np.atleast_2d(thresholds), (count, levels)).reshape(-1)
    return wide
