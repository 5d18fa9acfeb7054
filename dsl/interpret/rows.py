"""From values over a context to operand rows of gates, and back: what all rules on wires share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Expr
from tc0.dsl.core.static import kind_of
from tc0.dsl.interpret import statics
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.forms import Forms, numbers, of_constants, of_wires, pick, rows_of, select, total
from tc0.dsl.interpret.frame import Frame, Walk
from tc0.dsl.interpret.values import Array, Bit, Form, Known, Pool, Segments, Value, lift
from tc0.dsl.interpret.vectors import (
    Run,
    Shape,
    Vector,
    common,
    dense,
    flat,
    number_type,
    product,
    single,
    spread,
    uniform,
)
from tc0.dsl.netlist import Kind, Place, Rows

FEW = 4  # rows of at most so many terms are repeated rather than shared: a row number costs as much


def place_of(e: Any, frame: Frame) -> Place:
    """The place of a node's gates."""
    return Place(e.span, frame.place)


# ---- operands


def wire_numbers(v: Vector) -> Any:
    """Wire numbers as an array, int32 where they fit."""
    if uniform(v):
        return np.array(v, number_type(v + 1))
    a = dense(v)
    if a.dtype == np.int64 and (a.size == 0 or a.max() < 2**31):
        return a.astype(np.int32)
    return a


def bit(walk: Walk, e: Expr, frame: Frame, context: Context) -> Vector:
    """The wire of a bit at every point."""
    value = walk.rules[type(e)](walk, e, frame, context)
    if not isinstance(value, Bit):
        raise Error("E0308", f"one bit is needed here, not {describe_value(value)}", e.span)
    return context.lift(value.wires, value.context)


def describe_value(value: Value) -> str:
    match value:
        case Array():
            return "an array"
        case Form():
            return "a form"
        case Bit():
            return "a bit"
        case Known():
            return "a static value"
        case _:
            return kind_of(value)


def form(walk: Walk, e: Expr, frame: Frame, context: Context) -> Form:
    """A form at every point."""
    return as_form(walk.rules[type(e)](walk, e, frame, context), context, e.span)


def as_form(value: Value, context: Context, span: Span) -> Form:
    """A form, a bit or a static integer as a form over this context."""
    match value:
        case Form():
            return Form(context, value.forms, context.lift(value.row, value.context))
        case Bit():
            wires = context.lift(value.wires, value.context)
            if uniform(wires):
                return Form(context, of_wires(wire_numbers(wires).reshape(1)), 0)
            return Form(context, of_wires(wire_numbers(flat(wires))), Run(0, wires.shape))
        case Known():
            return constant_form(context.lift(value.data, value.context), context)
        case int():
            return constant_form(value, context)
        case _:
            raise Error("E0308", f"one form is needed here, not {describe_value(value)}", span)


def constant_form(v: Vector, context: Context) -> Form:
    """Static integers as forms without terms."""
    if uniform(v):
        return Form(context, of_constants(v, 1), 0)
    return Form(context, of_constants(statics.written_out(flat(v)), v.size), Run(0, v.shape))


def array(walk: Walk, e: Expr, frame: Frame, context: Context) -> Array:
    """An array at every point."""
    value = walk.rules[type(e)](walk, e, frame, context)
    if not isinstance(value, Array):
        raise Error("E0308", f"an array is needed here, not {describe_value(value)}", e.span)
    lifted = lift(value, context)
    assert isinstance(lifted, Array)
    return lifted


# ---- forms side by side


def aligned(forms: Sequence[Form], *others: Vector) -> tuple[list[Forms], Shape]:
    """The forms with one row for each point that they (and the other vectors) tell apart, and the compact shape of
    these points; () if it is one row for all."""
    shape = common(*(f.row for f in forms), *others)
    return [at_shape(f, shape) for f in forms], shape


def at_shape(f: Form, shape: Shape) -> Forms:
    """The rows of a form at the points of a compact shape."""
    if uniform(f.row):
        rows = f.forms if f.forms.count == 1 else select(f.forms, Run(f.row, (1,)))
        count = product(shape)
        return rows if count == 1 else select(rows, np.zeros(count, np.int64))
    return select(f.forms, flat(spread(f.row, shape)))


def over_shape(v: Vector, shape: Shape) -> Vector:
    """A vector at the points of a compact shape: one value, or [points]."""
    return v if uniform(v) else flat(spread(v, shape))


def wrapped(forms: Forms, shape: Shape, context: Context) -> Form:
    """Rows at the points of a compact shape, as a value."""
    return Form(context, forms, Run(0, shape) if product(shape) > 1 else 0)


def summed(walk: Walk, context: Context, forms: Sequence[Form]) -> Form:
    """The sum of forms at every point."""
    if len(forms) == 1:
        return forms[0]
    parts, shape = aligned(forms)
    return wrapped(total(parts), shape, context)


def bounds(f: Form) -> tuple[Vector, Vector]:
    """The range at each point: compact vectors."""
    row = dense(f.row)
    return pick(f.forms.low, row), pick(f.forms.high, row)


def every_point(f: Form, context: Context) -> tuple[Forms, Any]:
    """A pool and the row that each point of the context reads, int64 [points]; None: point i reads row i."""
    if uniform(f.row):
        rows = f.forms if f.forms.count == 1 else select(f.forms, Run(f.row, (1,)))
        return rows, None if context.points == 1 else np.zeros(context.points, np.int64)
    full = context.full(f.row)
    if type(full) is Run and full.base == 0 and full.size == f.forms.count:
        return f.forms, None
    full = np.asarray(dense(full))
    if f.forms.count > context.points or (f.forms.fanin is not None and f.forms.fanin <= FEW):
        return select(f.forms, full), None
    return f.forms, full.astype(np.int64, copy=False)


def point_values(v: Vector, row: Any) -> Vector:
    """Constants or bounds of a pool, at each point."""
    return v if row is None or uniform(v) else pick(v, row)


# ---- gates


def gates(walk: Walk, kind: Kind, context: Context, operands: Sequence[Vector], place: Place) -> Vector:
    """Plain gates of single bits at every point: the wires."""
    walk.meter.spend(context.points, place.span)
    shape = common(*operands)
    count, fanin = product(shape), len(operands)
    shared = count < context.points and (fanin > FEW or not shape)
    if not shared:
        shape, count = context.shape, context.points
    walk.meter.reserve(4 * count * fanin, place.span)
    wires = np.empty((*shape, fanin), number_type(walk.algebra.next))
    for at, operand in enumerate(operands):
        wires[..., at] = dense(operand)
    row = None
    if shared:
        row = (
            np.zeros(context.points, np.int64)
            if count == 1
            else np.asarray(dense(context.full(Run(0, shape)))).astype(np.int64)
        )
    base = walk.algebra.plain(kind, Rows(count, fanin, None, wires.reshape(-1)), row, context.points, place)
    return context.run(base)


def unit_rows(found: Segments) -> Rows:
    """The elements of arrays of bits as rows."""
    return Rows(found.rows, found.per, found.starts, wire_numbers(flat(found.numbers)))


def row_at_points(found: Segments, context: Context) -> Any:
    """The row of the segments that each point reads; None: point i reads row i."""
    if found.rows == context.points:
        return None
    if found.rows == 1:
        return np.zeros(context.points, np.int64)
    return np.asarray(dense(context.full(found.row()))).astype(np.int64)


def thresholds(
    walk: Walk, kind: Kind, context: Context, f: Form, least: Vector, place: Place, kinds: Any = None
) -> Vector:
    """Gates `L >= least` at every point: the wires. kinds: int8 over the rows of the pool, or None."""
    walk.meter.spend(context.points, place.span)
    before = f.forms
    forms, row = every_point(f, context)
    if kinds is not None:
        full = np.zeros(context.points, np.int64) if uniform(f.row) else np.asarray(dense(context.full(f.row)))
        kinds = kinds[full] if before.count > 1 else np.broadcast_to(kinds, (context.points,))
    at = least if uniform(least) else context.full(least)
    wanted = numbers(statics.subtract(at, point_values(forms.const, row)), context.points)
    base = walk.algebra.weighted(kind, rows_of(forms), row, wanted, kinds, place)
    return context.run(base)


def element_wires(found: Segments, context: Context) -> tuple[Any, Any]:
    """All elements at all points: numbers, one axis, and where each point starts, int64 [points + 1]."""
    numbers_ = np.asarray(dense(flat(found.numbers)))
    if found.rows == context.points:
        return numbers_, found.offsets()
    row = np.zeros(context.points, np.int64) if found.rows == 1 else np.asarray(dense(context.full(found.row())))
    if found.per is not None:
        starts = np.arange(context.points + 1, dtype=np.int64) * found.per
        return numbers_.reshape(found.rows, found.per)[row].reshape(-1), starts
    offsets = found.offsets()
    counts = np.diff(offsets)[row]
    starts = np.zeros(context.points + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    index = np.arange(starts[-1], dtype=np.int64) + np.repeat(offsets[row] - starts[:-1], counts)
    return numbers_[index], starts


def array_of_run(context: Context, base: int, starts: Any, dims: tuple[Vector, ...]) -> Array:
    """Consecutive wires as an array at every point."""
    offset = 0 if context.points == 1 else starts[:-1].reshape(context.shape)
    return Array(context, Pool(Run(base, (int(starts[-1]),))), offset, dims, dense=True)


def full_array(v: Vector, context: Context) -> Any:
    """A vector at every point as an array [points]."""
    return np.asarray(dense(context.full(v))) if not uniform(v) else np.broadcast_to(single(v), (context.points,))
