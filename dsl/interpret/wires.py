"""Rules for gates: AND, OR, NOT, MAJ, THR, MOD, multiplexers and equality."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.digits import brief
from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Choose, Gate, IsSymbol, Modulo, Not, Same, Threshold, Xor
from tc0.dsl.interpret import statics
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.forms import (
    Forms,
    literals,
    numbers,
    of_rows,
    of_wires,
    opposite,
    rows_of,
    select,
    sum_rows,
    total,
)
from tc0.dsl.interpret.frame import Frame, Walk, first_true, integer, with_names
from tc0.dsl.interpret.rows import (
    aligned,
    array,
    array_of_run,
    as_form,
    bit,
    bounds,
    element_wires,
    full_array,
    gates,
    place_of,
    row_at_points,
    thresholds,
    unit_rows,
    wire_numbers,
    wrapped,
)
from tc0.dsl.interpret.values import Array, Bit, Form, Segments, Value, lift, segments
from tc0.dsl.interpret.vectors import Run, Vector, at_point, dense, number_type, uniform
from tc0.dsl.netlist import Kind, Place, Rows

KINDS = {"AND": Kind.AND, "OR": Kind.OR, "MAJ": Kind.MAJ}


def gate(walk: Walk, e: Gate, frame: Frame, context: Context) -> Value:
    kind = KINDS[e.function]
    place = place_of(e, frame)
    if e.spread:
        found = array(walk, e.operands[0], frame, context)
        parts = segments(found, context, walk.meter, e.span)
        if found.pool.forms is None:
            return _plain(walk, kind, parts, context, place)
        forms = select(found.pool.forms, parts.numbers)
        check_bits(forms.low, forms.high, e.span, e.function)
        return _gate_of_rows(walk, kind, forms, parts, context, place)
    values = [walk.rules[type(o)](walk, o, frame, context) for o in e.operands]
    if not any(isinstance(v, Form) for v in values):
        return Bit(context, gates(walk, kind, context, [_wire(v, context, e) for v in values], place))
    return _gate_of_forms(walk, kind, e, values, context, place)


def _wire(value: Value, context: Context, e: Gate | Threshold | Modulo) -> Vector:
    if not isinstance(value, Bit):
        raise Error("E0308", "an input of a gate is one bit", e.span)
    return context.lift(value.wires, value.context)


def _plain(walk: Walk, kind: Kind, parts: Segments, context: Context, place: Place) -> Bit:
    walk.meter.spend(context.points, place.span)
    base = walk.algebra.plain(kind, unit_rows(parts), row_at_points(parts, context), context.points, place)
    return Bit(context, context.run(base))


def check_bits(low: Vector, high: Vector, span: Span, what: str) -> None:
    """Forms that a gate takes must be 0 or 1."""
    outside = np.logical_or(statics.less(low, 0), statics.greater(high, 1))
    if np.any(outside):
        point = first_true(outside) if np.ndim(outside) else ()
        a, b = (v if uniform(v) else at_point(v, point) for v in (low, high))
        raise Error(
            "E0602",
            f"`{what}` takes bits, but this form has range {brief(a)}..{brief(b)}",
            span,
            "compare it (`L >= 1`), declare it (`within(L, 0, 1)`, `bit(L)`), or add it up (`SUM`)",
        )


def least_of(kind: Kind, operands: Vector) -> Vector:
    """The least sum of 0/1 operands at which a gate is 1."""
    match kind:
        case Kind.AND:
            return operands
        case Kind.OR:
            return 1
        case _:
            return statics.add(statics.floor_divide(operands, 2), 1)


def _kinds(plain: Any, kind: Kind) -> tuple[Kind, Any]:
    """A gate of literals counts as it is written; others are thresholds."""
    if plain.all():
        return kind, None
    if not plain.any():
        return Kind.THR, None
    return Kind.THR, np.where(plain, np.int8(kind), np.int8(Kind.THR))


def _gate_of_rows(walk: Walk, kind: Kind, forms: Forms, parts: Segments, context: Context, place: Place) -> Bit:
    """A gate over an array of forms, row by row."""
    single = literals(forms)
    if parts.per is not None:
        plain = single.reshape(parts.rows, parts.per).all(1)
        count: Vector = parts.per
    else:
        offsets = parts.offsets()
        others = np.concatenate([np.zeros(1, np.int64), np.cumsum(~single)])
        plain = others[offsets[1:]] == others[offsets[:-1]]
        count = np.diff(offsets).reshape(parts.shape)
    summed = Form(context, sum_rows(forms, parts.rows, parts.per, parts.starts), parts.row())
    as_kind, kinds = _kinds(plain, kind)
    return Bit(context, thresholds(walk, as_kind, context, summed, least_of(kind, count), place, kinds))


def _gate_of_forms(walk: Walk, kind: Kind, e: Gate, values: list[Value], context: Context, place: Place) -> Bit:
    """A gate over several operands of which some are forms."""
    forms = [as_form(v, context, o.span) for v, o in zip(values, e.operands, strict=True)]
    for f, operand in zip(forms, e.operands, strict=True):
        check_bits(*bounds(f), operand.span, e.function)
    parts, shape = aligned(forms)
    plain = np.logical_and.reduce([literals(p) for p in parts])
    as_kind, kinds = _kinds(plain, kind)
    joined = wrapped(total(parts), shape, context)
    return Bit(context, thresholds(walk, as_kind, context, joined, least_of(kind, len(forms)), place, kinds))


def threshold(walk: Walk, e: Threshold, frame: Frame, context: Context) -> Value:
    least = integer(walk, e.least, frame, context)
    place = place_of(e, frame)
    if e.spread:
        found = array(walk, e.operands[0], frame, context)
        parts = segments(found, context, walk.meter, e.span)
        if found.pool.forms is None:
            forms = of_rows(wire_numbers(dense(parts.numbers)), parts.rows, parts.per, parts.starts)
        else:
            forms = sum_rows(select(found.pool.forms, parts.numbers), parts.rows, parts.per, parts.starts)
        joined = Form(context, forms, parts.row())
    else:
        values = [walk.rules[type(o)](walk, o, frame, context) for o in e.operands]
        if values:
            aligned_, shape = aligned([as_form(v, context, o.span) for v, o in zip(values, e.operands, strict=True)])
            joined = wrapped(total(aligned_), shape, context)
        else:
            joined = as_form(0, context, e.span)
    return Bit(context, thresholds(walk, Kind.THR, context, joined, least, place))


def modulo(walk: Walk, e: Modulo, frame: Frame, context: Context) -> Value:
    modulus = integer(walk, e.modulus, frame, context)
    check_modulus(modulus, e.modulus, frame, context)
    residue = statics.remainder(integer(walk, e.residue, frame, context), modulus)
    place = place_of(e, frame)
    if e.spread:
        found = array(walk, e.operands[0], frame, context)
        parts = segments(found, context, walk.meter, e.span)
        rows, row = unit_rows(parts), row_at_points(parts, context)
    else:
        operands = [_wire(walk.rules[type(o)](walk, o, frame, context), context, e) for o in e.operands]
        wires = np.empty((*context.shape, len(operands)), number_type(walk.algebra.next))
        for at, operand in enumerate(operands):
            wires[..., at] = dense(operand)
        rows, row = Rows(context.points, len(operands), None, wires.reshape(-1)), None
    walk.meter.spend(context.points, e.span)
    moduli, residues = (full_array(v, context).copy() for v in (modulus, residue))
    return Bit(context, context.run(walk.algebra.modulo(rows, row, moduli, residues, place)))


def check_modulus(modulus: Vector, e: Any, frame: Frame, context: Context) -> None:
    """`//`, `%` and MOD of wires take a modulus of at least 1."""
    below = statics.less(modulus, 1)
    if np.any(below):
        point = first_true(below) if np.ndim(below) else ()
        found = modulus if uniform(modulus) else at_point(modulus, point)
        note = with_names(frame, context, [e], point)
        raise Error("E0603", f"a modulus must be at least 1, not {found}{note}", e.span)


def negation(walk: Walk, e: Not, frame: Frame, context: Context) -> Value:
    value = walk.rules[type(e.operand)](walk, e.operand, frame, context)
    place = place_of(e, frame)
    if isinstance(value, Bit):
        wires = context.lift(value.wires, value.context)
        return Bit(context, gates(walk, Kind.NOT, context, [wires], place))
    f = as_form(value, context, e.span)
    check_bits(*bounds(f), e.operand.span, "!")
    kind, kinds = _kinds(literals(f.forms, positive=True), Kind.NOT)
    negative = Form(context, opposite(f.forms), f.row)
    return Bit(context, thresholds(walk, kind, context, negative, 0, place, kinds))


def xor(walk: Walk, e: Xor, frame: Frame, context: Context) -> Value:
    a = bit(walk, e.left, frame, context)
    b = bit(walk, e.right, frame, context)
    place = place_of(e, frame)
    not_b = gates(walk, Kind.NOT, context, [b], place)
    left = gates(walk, Kind.AND, context, [a, not_b], place)
    not_a = gates(walk, Kind.NOT, context, [a], place)
    right = gates(walk, Kind.AND, context, [not_a, b], place)
    return Bit(context, gates(walk, Kind.OR, context, [left, right], place))


# ---- gates on all wires of two values


def choose(walk: Walk, e: Choose, frame: Frame, context: Context) -> Value:
    c = bit(walk, e.condition, frame, context)
    then = lift(walk.rules[type(e.then)](walk, e.then, frame, context), context)
    other = lift(walk.rules[type(e.other)](walk, e.other, frame, context), context)
    place = place_of(e, frame)
    not_c = gates(walk, Kind.NOT, context, [c], place)
    if isinstance(then, Bit) and isinstance(other, Bit):
        first = gates(walk, Kind.AND, context, [c, then.wires], place)
        second = gates(walk, Kind.AND, context, [not_c, other.wires], place)
        return Bit(context, gates(walk, Kind.OR, context, [first, second], place))
    if not (isinstance(then, Array) and isinstance(other, Array)):
        raise Error("E0308", "the branches of a multiplexer are wires of one type", e.span)
    same_shape(then, other, e, frame, context)
    (a, starts), (b, _) = (element_wires(segments(v, context, walk.meter, e.span), context) for v in (then, other))
    counts = np.diff(starts)
    conditions, negated = (np.repeat(full_array(v, context), counts) for v in (c, not_c))
    walk.meter.spend(3 * len(a), e.span)
    first = pairs(walk, Kind.AND, conditions, a, place)
    second = pairs(walk, Kind.AND, negated, b, place)
    size = len(a)
    base = pairs(walk, Kind.OR, np.arange(first, first + size), np.arange(second, second + size), place)
    return array_of_run(context, base, starts, then.dims)


def pairs(walk: Walk, kind: Kind, a: Any, b: Any, place: Place) -> int:
    """Gates of two bits each, element by element; their number must have been announced."""
    wires = np.stack([a, b], 1).astype(number_type(walk.algebra.next), copy=False).reshape(-1)
    return walk.algebra.plain(kind, Rows(len(a), 2, None, wires), None, len(a), place)


def same_shape(a: Array, b: Array, e: Any, frame: Frame, context: Context) -> None:
    """Two arrays must have equal shapes at every point."""
    differ = [statics.unequal(x, y) for x, y in zip(a.dims, b.dims, strict=True)]
    if len(a.dims) == len(b.dims) and not any(np.any(d) for d in differ):
        return
    first = next((d for d in differ if np.any(d)), True)
    point = first_true(first) if np.ndim(first) else (0,) * len(context.shape)
    shapes = [[at_point(d, point) for d in v.dims] for v in (a, b)]
    note = with_names(frame, context, [e], point)
    raise Error("E0404", f"the shapes {shapes[0]} and {shapes[1]} differ{note}", e.span)


def same(walk: Walk, e: Same, frame: Frame, context: Context) -> Value:
    left = lift(walk.rules[type(e.left)](walk, e.left, frame, context), context)
    right = lift(walk.rules[type(e.right)](walk, e.right, frame, context), context)
    place = place_of(e, frame)
    assert isinstance(left, Array) and isinstance(right, Array)
    same_shape(left, right, e, frame, context)
    parts = [element_wires(segments(v, context, walk.meter, e.span), context) for v in (left, right)]
    starts = parts[0][1]
    forms = total([_element_forms(left, parts[0][0]), opposite(_element_forms(right, parts[1][0]))])
    walk.meter.spend(3 * forms.count + context.points, e.span)
    at_least = _not_negative(walk, forms, place)
    at_most = _not_negative(walk, opposite(forms), place)
    size = forms.count
    equal = pairs(walk, Kind.AND, np.arange(at_least, at_least + size), np.arange(at_most, at_most + size), place)
    ends = Run(equal, (size,)).array()
    counts = np.diff(starts)
    regular = len(set(counts.tolist())) == 1
    rows = Rows(context.points, int(counts[0]) if regular else None, None if regular else starts, ends)
    result = context.run(walk.algebra.plain(Kind.AND, rows, None, context.points, place))
    return Bit(context, gates(walk, Kind.NOT, context, [result], place) if e.negated else result)


def _element_forms(value: Array, numbers_: Any) -> Forms:
    """The elements of an array, given by their numbers in its pool, as forms."""
    if value.pool.forms is not None:
        return select(value.pool.forms, numbers_)
    return of_wires(wire_numbers(numbers_))


def _not_negative(walk: Walk, forms: Forms, place: Place) -> int:
    """One gate `L >= 0` for each row."""
    least = numbers(statics.subtract(0, forms.const), forms.count)
    return walk.algebra.weighted(Kind.THR, rows_of(forms), None, least, None, place)


def is_symbol(walk: Walk, e: IsSymbol, frame: Frame, context: Context) -> Value:
    value = lift(walk.rules[type(e.symbol)](walk, e.symbol, frame, context), context)
    number = integer(walk, e.number, frame, context)
    place = place_of(e, frame)
    assert isinstance(value, Array)
    wires, starts = element_wires(segments(value, context, walk.meter, e.span), context)
    width = len(wires) // context.points
    digits = np.arange(width, dtype=np.int64)
    if uniform(number):
        code = np.array([number >> i & 1 for i in range(width)], np.int64)
        wanted = np.full(context.points, int(code.sum()), np.int64)
    else:
        code = full_array(number, context).reshape(-1, 1) >> digits & 1
        wanted = code.sum(1)
    mantissas = np.broadcast_to(2 * code - 1, (context.points, width)).reshape(-1)
    walk.meter.spend(context.points, e.span)
    weights = None if bool((mantissas == 1).all()) else mantissas
    rows = Rows(context.points, width, None, wire_numbers(wires), weights)
    found = context.run(walk.algebra.weighted(Kind.AND, rows, None, wanted, None, place))
    return Bit(context, gates(walk, Kind.NOT, context, [found], place) if e.negated else found)
