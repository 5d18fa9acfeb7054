"""Calls of `table` families: one shared DNF of NOT, AND and OR, whatever the body says.

With b input and m output bits a call has b NOTs, 2**b ANDs (the minterms, in the order of the integer whose bit k is
input k) and m ORs, each over the minterms where its output is 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tc0.dsl.base.errors import LimitReached
from tc0.dsl.core.program import Family
from tc0.dsl.interpret.arrays import width_of
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.frame import Frame, Walk, integer, value_at
from tc0.dsl.interpret.rows import array_of_run, element_wires, wire_numbers
from tc0.dsl.interpret.values import Array, Bit, Known, Value, segments
from tc0.dsl.interpret.vectors import dense, number_type, uniform
from tc0.dsl.netlist import Kind, Place, Rows

MOST_INPUTS = 20  # bits of a table's input


def table(walk: Walk, family: Family, inner: Frame, e: Any, context: Context) -> Value:
    """A call: `inner` holds the parameters over the context."""
    place = Place(e.span, inner.place.caller if inner.place is not None else None)
    groups = _groups(family, inner, context)
    wires, starts = _inputs(walk, family, inner, context, e)
    parts = []
    for points, values in groups:
        first = int(points[0])
        bits = int(starts[first + 1] - starts[first])
        if bits > MOST_INPUTS:
            raise LimitReached("E0807", f"a table of {bits} input bits has more than 2**{MOST_INPUTS} rows", e.span)
        truth = walk.tabulate(walk, family, values, bits, inner, context, context.place(first, context.shape))
        parts.append((points, wires[starts[points][:, None] + np.arange(bits)], truth))
    ors, ends = _build(walk, parts, context, place)
    if not family.result.shape and not width_of(walk, family.result, inner, context):
        return Bit(context, context.run(ors))
    dims = [integer(walk, d, inner, context) for d in family.result.shape if d is not None]
    dims += width_of(walk, family.result, inner, context)
    return array_of_run(context, ors, ends, tuple(dims))


def _groups(family: Family, inner: Frame, context: Context) -> list[tuple[Any, dict[str, Any]]]:
    """Points with equal static parameters and sizes."""
    names = [p.name for p in family.statics] + [s.name for s in family.sizes]
    values = [inner.names[name] for name in names]
    if all(uniform(v) and not isinstance(v, (Known, Array)) for v in values):
        return [(np.arange(context.points), dict(zip(names, values, strict=True)))]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for position in range(context.points):
        point = context.place(position, context.shape)
        groups.setdefault(tuple(value_at(v, context, point) for v in values), []).append(position)
    return [(np.array(points), dict(zip(names, key, strict=True))) for key, points in groups.items()]


def _inputs(walk: Walk, family: Family, inner: Frame, context: Context, e: Any) -> tuple[Any, Any]:
    """All input wires at every point, one axis, and where each point starts."""
    found = []
    for parameter in family.parameters:
        value = inner.names[parameter.name]
        if isinstance(value, Bit):
            wires = np.asarray(dense(context.full(value.wires)))
            found.append((wires, np.arange(context.points + 1, dtype=np.int64)))
        else:
            found.append(element_wires(segments(value, context, walk.meter, e.span), context))
    if not found:
        return np.zeros(0, np.int32), np.zeros(context.points + 1, np.int64)
    counts = [np.diff(starts) for _, starts in found]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sum(counts[1:], counts[0]))])
    result = np.empty(int(starts[-1]), np.int64)
    at = starts[:-1]
    for (wires, own), count in zip(found, counts, strict=True):
        result[np.arange(own[-1]) + np.repeat(at - own[:-1], count)] = wires
        at = at + count
    return wire_numbers(result), starts


Part = tuple[Any, Any, Any]  # points [p], inputs int [p, bits], truth bool [2**bits, outputs]


def _build(walk: Walk, parts: Sequence[Part], context: Context, place: Place) -> tuple[int, Any]:
    """The gates: the first OR, and where the ORs of each point start."""
    sizes = [(len(points), inputs.shape[1], truth.shape[1]) for points, inputs, truth in parts]
    walk.meter.spend(sum(p * ((1 << b) + b + m) for p, b, m in sizes), place.span)
    walk.meter.reserve(8 * sum(p * (1 << b) * max(1, b) for p, b, _ in sizes), place.span)
    number = number_type(walk.algebra.next)
    nots = _starts(context, [(points, inputs.shape[1]) for points, inputs, _ in parts])
    ands = _starts(context, [(points, len(truth)) for points, _, truth in parts])
    ors = _starts(context, [(points, truth.shape[1]) for points, _, truth in parts])
    wires = _joined(context, [(points, inputs) for points, inputs, _ in parts])
    base = _emit(walk, Kind.NOT, wires, np.ones(len(wires), np.int64), place)
    rows = []
    for points, inputs, truth in parts:
        bits = inputs.shape[1]
        negated = base + nots[points][:, None] + np.arange(bits)
        literals = np.stack([negated, inputs], 2).astype(number_type(walk.algebra.next))  # [p, bits, 2]
        digits = np.arange(len(truth))[:, None] >> np.arange(bits) & 1
        rows.append((points, literals[:, np.arange(bits), digits].reshape(len(points), -1)))
    widths = _joined(context, [(p, np.full((len(p), len(t)), i.shape[1])) for p, i, t in parts])
    base = _emit(walk, Kind.AND, _joined(context, rows), widths, place)
    rows, counts = [], []
    for points, _, truth in parts:
        terms = (
            np.concatenate([np.flatnonzero(column) for column in truth.T]) if truth.shape[1] else np.zeros(0, np.int64)
        )
        rows.append((points, base + ands[points][:, None] + terms))
        counts.append((points, np.broadcast_to(truth.sum(0), (len(points), truth.shape[1]))))
    return _emit(walk, Kind.OR, _joined(context, rows).astype(number, copy=False), _joined(context, counts), place), ors


def _starts(context: Context, parts: Sequence[tuple[Any, int]]) -> Any:
    """Where each point's items begin, int64 [points + 1]."""
    counts = np.zeros(context.points, np.int64)
    for points, count in parts:
        counts[points] = count
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])


def _joined(context: Context, parts: Sequence[tuple[Any, Any]]) -> Any:
    """Items [points of the part, each], in the order of the points, one axis."""
    if len(parts) == 1:
        return parts[0][1].reshape(-1)
    starts = _starts(context, [(points, items.shape[1]) for points, items in parts])
    result = np.empty(int(starts[-1]), np.int64)
    for points, items in parts:
        result[starts[points][:, None] + np.arange(items.shape[1])] = items
    return result


def _emit(walk: Walk, kind: Kind, wires: Any, lengths: Any, place: Place) -> int:
    """A block of gates whose rows have these lengths: the first wire."""
    wires = wire_numbers(wires)
    count = len(lengths)
    if count == 0 or bool((lengths == lengths[0]).all()):
        rows = Rows(count, int(lengths[0]) if count else 0, None, wires)
    else:
        rows = Rows(count, None, np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]), wires)
    return walk.algebra.plain(kind, rows, None, count, place)
