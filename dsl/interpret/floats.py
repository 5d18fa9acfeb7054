"""Rules for floats on wires: constants as codes; in the value reading operators as what they mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Call
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.frame import Frame, Walk
from tc0.dsl.interpret.rows import wire_numbers
from tc0.dsl.interpret.values import Array, Bit, Pool, Segments, Value, lift, of_segments, segments
from tc0.dsl.interpret.vectors import Run, Shape, Vector, dense, product, uniform
from tc0.dsl.numbers.floats import to_bits
from tc0.dsl.ops.float_operators import FLOAT_OPERATORS, FloatOperands
from tc0.dsl.ops.floats import convert, format_of
from tc0.dsl.ops.undefined import Undefined

# ---- constants


def codes(values: list[Any], precisions: list[int], nearest: bool, span: Span) -> Any:
    """The wires of static values as floats: int32, one axis. Numbers are rounded once; a float must be of this type."""
    found: list[int] = []
    seen: dict[Any, tuple[int, ...]] = {}
    for value, precision in zip(values, precisions, strict=True):
        key = (type(value), value, precision)
        if key not in seen:
            try:
                seen[key] = to_bits(convert(format_of(precision, nearest), value))
            except Undefined as e:
                raise Error(e.code, e.message, span) from None
        found += seen[key]
    return np.array(found, np.int32)


def check_precision(precision: Vector, nearest: bool, what: str, span: Span) -> None:
    """Floats have an even number of bits, from 4 to 64."""
    for p in [precision] if uniform(precision) else np.unique(np.asarray(dense(precision))).tolist():
        try:
            format_of(p, nearest)
        except Undefined as e:
            raise Error(e.code, f"{what}: {e.message}", span) from None


# ---- operators


def meant(walk: Walk, e: Call, arguments: list[Value], frame: Frame, context: Context) -> Value | None:
    """The value of an operator on floats, computed as such; None where it is left to its family: in a circuit, and
    where the precision differs from point to point."""
    native = walk.algebra.floats
    if native is None or e.meaning is None:
        return None
    operands = [lift(a, context) for a in arguments]
    if not all(isinstance(a, Array) and type(a.dims[-1]) is int for a in operands):
        return None
    (precision, *others) = [a.dims[-1] for a in operands]
    if any(p != precision for p in others):
        return None  # the family says what is wrong
    row = FLOAT_OPERATORS[e.meaning.operator]
    try:
        format = format_of(precision, e.meaning.nearest)
    except Undefined as error:
        raise Error(error.code, error.message, e.span) from None
    parts = [segments(a, context, walk.meter, e.span) for a in operands]
    starts = None
    if row.operands is FloatOperands.ARRAY:
        (part,) = parts
        shape, count = part.shape, part.rows
        wires = [_wires(part.numbers).reshape(-1, precision)]
        starts = part.offsets() // precision
        if row.operator != "SUM" and bool((np.diff(starts) == 0).any()):
            raise Error("E0712", f"`{row.operator}` of nothing", e.span)
    else:
        shape = _common([p.shape for p in parts])
        count = product(shape)
        wires = [_spread(p, precision, shape) for p in parts]
    bits = 1 if row.bit else precision
    walk.meter.spend(count * bits, e.span)
    walk.meter.reserve(8 * sum(w.size for w in wires), e.span)
    wire = native.operation(row, format, wires, starts, count)
    if row.bit:
        return Bit(context, wire if count == 1 else Run(wire, shape))
    pool = Pool(Run(wire, (count * precision,)))
    return of_segments(context, Segments(shape, count, precision, None, pool.numbers), (precision,), pool)


def _wires(numbers: Vector) -> Any:
    return np.asarray(wire_numbers(dense(numbers)))


def _common(shapes: list[Shape]) -> Shape:
    """The compact shape of the points that any of these tells apart."""
    return tuple(max(lengths) for lengths in zip(*shapes, strict=True)) if shapes[0] else ()


def _spread(part: Segments, precision: int, shape: Shape) -> Any:
    """The wires of one float at each point of a compact shape: [points, precision]."""
    own = _wires(part.numbers).reshape(*part.shape, precision)
    return np.broadcast_to(own, (*shape, precision)).reshape(-1, precision)
