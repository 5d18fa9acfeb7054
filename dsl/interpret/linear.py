"""Rules for linear forms: sums and multiples are free, comparisons and `bit` are gates, `//` and `%` level sets."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.digits import brief
from tc0.dsl.base.errors import Error
from tc0.dsl.core.program import Compare, Linear, Quotient, Remainder, Scale, Sum, ToBit, ToForm, Within
from tc0.dsl.interpret import statics
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.forms import (
    Forms,
    numbers,
    of_rows,
    of_wires,
    opposite,
    pick,
    ranged,
    rows_of,
    scale,
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
    at_shape,
    bounds,
    element_wires,
    every_point,
    form,
    gates,
    over_shape,
    place_of,
    point_values,
    thresholds,
    wire_numbers,
    wrapped,
)
from tc0.dsl.interpret.values import Array, Bit, Form, Pool, Value, lift, segments
from tc0.dsl.interpret.vectors import Run, Vector, at_point, common, dense, uniform
from tc0.dsl.interpret.wires import check_modulus
from tc0.dsl.netlist import Kind, Place

# ---- free


def to_form(walk: Walk, e: ToForm, frame: Frame, context: Context) -> Value:
    value = lift(walk.rules[type(e.value)](walk, e.value, frame, context), context)
    if not isinstance(value, Array):
        return as_form(value, context, e.span)
    if value.pool.forms is not None:
        return value
    forms = of_wires(wire_numbers(dense(value.pool.numbers)))
    pool = Pool(Run(0, (forms.count,)), False, forms)
    return Array(context, pool, value.offset, value.dims, value.strides, value.dense)


def linear(walk: Walk, e: Linear, frame: Frame, context: Context) -> Value:
    found = [(sign, form(walk, term, frame, context)) for sign, term in e.terms]
    parts, shape = aligned([f for _, f in found])
    signed = [part if sign > 0 else opposite(part) for (sign, _), part in zip(found, parts, strict=True)]
    return wrapped(total(signed), shape, context)


def scaled(walk: Walk, e: Scale, frame: Frame, context: Context) -> Value:
    weight = integer(walk, e.weight, frame, context)
    f = form(walk, e.form, frame, context)
    shape = common(f.row, weight)
    return wrapped(scale(at_shape(f, shape), over_shape(weight, shape)), shape, context)


def sum_of(walk: Walk, e: Sum, frame: Frame, context: Context) -> Value:
    found = array(walk, e.array, frame, context)
    parts = segments(found, context, walk.meter, e.span)
    if found.pool.forms is None:
        forms = of_rows(wire_numbers(dense(parts.numbers)), parts.rows, parts.per, parts.starts)
    else:
        forms = sum_rows(select(found.pool.forms, parts.numbers), parts.rows, parts.per, parts.starts)
    return Form(context, forms, parts.row())


def within(walk: Walk, e: Within, frame: Frame, context: Context) -> Value:
    f = form(walk, e.form, frame, context)
    low = integer(walk, e.low, frame, context)
    high = integer(walk, e.high, frame, context)
    found_low, found_high = bounds(f)
    _possible(e, low, high, found_low, found_high, frame, context)
    inside = np.logical_and(statics.at_least(found_low, low), statics.at_most(found_high, high))
    if not np.all(inside):
        _claim(walk, f, low, high, inside, "within", place_of(e, frame), context)
    shape = common(f.row, low, high)
    rows = at_shape(f, shape)
    return wrapped(ranged(rows, over_shape(low, shape), over_shape(high, shape)), shape, context)


def _possible(
    e: Within, low: Vector, high: Vector, found_low: Vector, found_high: Vector, frame: Frame, context: Context
) -> None:
    """A declared range must not be empty, nor miss the range that the form has."""
    wrong = statics.greater(low, high)
    missed = np.logical_or(statics.greater(low, found_high), statics.less(high, found_low))
    for flags, is_empty in ((wrong, True), (missed, False)):
        if not np.any(flags):
            continue
        point = first_true(flags) if np.ndim(flags) else ()
        a, b, c, d = (v if uniform(v) else at_point(v, point) for v in (low, high, found_low, found_high))
        note = with_names(frame, context, [e.low, e.high], point)
        text = (
            f"the range {brief(a)}..{brief(b)} is empty"
            if is_empty
            else f"this form has range {brief(c)}..{brief(d)}: it is never in {brief(a)}..{brief(b)}"
        )
        raise Error("E0606", text + note, e.span)


def _claim(
    walk: Walk, f: Form, low: Vector, high: Vector, inside: Any, what: str, place: Place, context: Context
) -> None:
    """Declares a range at the points where it does not follow."""
    forms, row = every_point(f, context)
    lows, highs = (numbers(v if uniform(v) else context.full(v), context.points) for v in (low, high))
    if np.ndim(inside) and np.any(inside):
        open_ = np.flatnonzero(~np.asarray(context.full(np.asarray(inside))))
        row = open_ if row is None else row[open_]
        lows, highs = lows[open_], highs[open_]
    walk.algebra.claim(forms, row, lows, highs, len(lows), what, place)


# ---- gates


def to_bit(walk: Walk, e: ToBit, frame: Frame, context: Context) -> Value:
    value = lift(walk.rules[type(e.value)](walk, e.value, frame, context), context)
    place = place_of(e, frame)
    if isinstance(value, Bit):
        value = as_form(value, context, e.span)
    if isinstance(value, Form):
        low, high = bounds(value)
        inside = np.logical_and(statics.at_least(low, 0), statics.at_most(high, 1))
        if not np.all(inside):
            if not e.declared:
                _not_a_bit(e, low, high, inside, frame, context)
            _claim(walk, value, 0, 1, inside, "bit", place, context)
        return Bit(context, thresholds(walk, Kind.THR, context, value, 1, place))
    assert isinstance(value, Array)
    if value.pool.forms is None:
        return value
    return _array_to_bits(walk, e, value, place, frame, context)


def _not_a_bit(e: ToBit, low: Vector, high: Vector, inside: Any, frame: Frame, context: Context) -> None:
    point = first_true(~np.asarray(inside)) if np.ndim(inside) else ()
    a, b = (v if uniform(v) else at_point(v, point) for v in (low, high))
    note = with_names(frame, context, [e.value], point)
    raise Error(
        "E0602",
        f"a bit is needed here, but this form has range {brief(a)}..{brief(b)}{note}",
        e.span,
        "compare it (`L >= 1`), or declare that it is 0 or 1: `bit(L)`",
    )


def _array_to_bits(walk: Walk, e: ToBit, value: Array, place: Place, frame: Frame, context: Context) -> Array:
    """One gate for each element at each point."""
    forms = value.pool.forms
    assert forms is not None
    row, starts = element_wires(segments(value, context, walk.meter, e.span), context)
    count = len(row)
    if count == 0:
        return Array(context, Pool(Run(0, (0,))), 0, value.dims, value.strides, True)
    used, at = (forms, None) if _all_rows(row, forms.count) else (forms, row.astype(np.int64))
    low, high = (point_values(v, at) for v in (used.low, used.high))
    inside = np.logical_and(statics.at_least(low, 0), statics.at_most(high, 1))
    if not np.all(inside):
        if not e.declared:
            _not_a_bit(e, low, high, inside, frame, Context((count,)))
        zeros = np.zeros(count, np.int64)
        walk.algebra.claim(used, at, zeros, zeros + 1, count, "bit", place)
    walk.meter.spend(count, e.span)
    least = numbers(statics.subtract(1, point_values(used.const, at)), count)
    base = walk.algebra.weighted(Kind.THR, rows_of(used), at, least, None, place)
    return array_of_run(context, base, starts, value.dims)


def _all_rows(row: Any, count: int) -> bool:
    return len(row) == count and bool((row == np.arange(count)).all())


COMPARISONS = {">=": (1, 0), ">": (1, 1), "<=": (-1, 0), "<": (-1, 1)}


def compare(walk: Walk, e: Compare, frame: Frame, context: Context) -> Value:
    left = form(walk, e.left, frame, context)
    right = form(walk, e.right, frame, context)
    place = place_of(e, frame)
    up, beyond = _difference(left, right, context)

    def gate(sign: int, least: int) -> Vector:
        operand = up if sign > 0 else Form(context, opposite(up.forms), up.row)
        wanted = statics.add(beyond, least) if sign > 0 else statics.subtract(least, beyond)
        return thresholds(walk, Kind.THR, context, operand, wanted, place)

    if e.operator in COMPARISONS:
        return Bit(context, gate(*COMPARISONS[e.operator]))
    least = 0 if e.operator == "==" else 1
    first, second = gate(1, least), gate(-1, least)
    kind = Kind.AND if e.operator == "==" else Kind.OR
    return Bit(context, gates(walk, kind, context, [first, second], place))


def _difference(left: Form, right: Form, context: Context) -> tuple[Form, Vector]:
    """A form L and numbers c such that left - right is L - c. Where one side is a number at every point, it is c: the
    thresholds differ then, and points that compare one form share its row of terms."""
    if not right.forms.wires.size:
        return left, pick(right.forms.const, dense(right.row))
    if not left.forms.wires.size:
        return Form(context, opposite(right.forms), right.row), statics.negate(pick(left.forms.const, dense(left.row)))
    parts, shape = aligned([left, right])
    return wrapped(total([parts[0], opposite(parts[1])]), shape, context), 0


def quotient(walk: Walk, e: Quotient, frame: Frame, context: Context) -> Value:
    forms, row, moduli, place = _division(walk, e, frame, context)
    found = walk.algebra.quotient(forms, row, moduli, context.points, place)
    return Form(context, found, 0 if context.points == 1 else Run(0, context.shape))


def remainder(walk: Walk, e: Remainder, frame: Frame, context: Context) -> Value:
    forms, row, moduli, place = _division(walk, e, frame, context)
    found = walk.algebra.remainder(forms, row, moduli, context.points, place)
    return Form(context, found, 0 if context.points == 1 else Run(0, context.shape))


def _division(walk: Walk, e: Quotient | Remainder, frame: Frame, context: Context) -> tuple[Forms, Any, Vector, Place]:
    f = form(walk, e.form, frame, context)
    modulus = integer(walk, e.modulus, frame, context)
    check_modulus(modulus, e.modulus, frame, context)
    forms, row = every_point(f, context)
    return forms, row, modulus if uniform(modulus) else context.full(modulus), place_of(e, frame)
