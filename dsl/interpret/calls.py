"""Rules for calls: sizes bound from arguments, shapes and `where` checked, recursion that must get smaller."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.digits import brief
from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Applied, Call, Expr, Family, Invoke, Reference, Size
from tc0.dsl.core.show import show_dim
from tc0.dsl.core.types import Float, Kind, Static, Wires, Word
from tc0.dsl.core.types import Form as FormType
from tc0.dsl.core.types import width_of as declared
from tc0.dsl.interpret import floats, statics
from tc0.dsl.interpret.arrays import width_of
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.forms import pick, ranged, select
from tc0.dsl.interpret.frame import Frame, Walk, first_true, integer, truth, with_names
from tc0.dsl.interpret.merging import merge
from tc0.dsl.interpret.recursion import founded, measured
from tc0.dsl.interpret.rows import at_shape, bounds, element_wires, full_array, over_shape, wrapped
from tc0.dsl.interpret.tables import table
from tc0.dsl.interpret.values import (
    Array,
    Closure,
    Families,
    Form,
    Known,
    Pool,
    Value,
    known,
    lift,
    segments,
    static_array,
)
from tc0.dsl.interpret.vectors import Vector, at_point, collapse, common, dense, uniform
from tc0.dsl.netlist import Place

# ---- families as values


def reference(walk: Walk, e: Reference, frame: Frame, context: Context) -> Value:
    fixed = {name: walk.rules[type(value)](walk, value, frame, context) for name, value in e.fixed}
    return Families(context, (Closure(e.family, fixed),), 0)


def closure_of(applied: Applied, context: Context) -> Closure:
    """A family with values from outside, as a value."""
    return Closure(applied.family, {name: given(value, context) for name, value in applied.values})


def given(value: Any, context: Context) -> Value:
    """A static value from outside of any context."""
    if isinstance(value, Applied):
        return Families(context, (closure_of(value, context),), 0)
    return static_array(context, value) if isinstance(value, tuple) else value


def call(walk: Walk, e: Call, frame: Frame, context: Context) -> Value:
    walk.meter.tick(span=e.span)
    target = walk.rules[type(e.target)](walk, e.target, frame, context)
    if isinstance(target, Applied):
        target = Families(context, (closure_of(target, context),), 0)
    assert isinstance(target, Families)
    arguments = [walk.rules[type(a)](walk, a, frame, context) for a in e.arguments]
    if e.meaning is not None and (found := floats.meant(walk, e, arguments, frame, context)) is not None:
        return found
    which = context.lift(target.which, target.context)
    if uniform(which):
        closure = target.choices[which]
        body, inner = enter(walk, closure, arguments, e.span, frame, context)
        if body is None:
            return table(walk, closure.family, inner, e, context)
        result = walk.rules[type(body)](walk, body, inner, context)
        return leave(walk, closure.family, result, inner, context, e.span)
    return _call_choices(walk, e, target, which, arguments, frame, context)


def _call_choices(
    walk: Walk, e: Call, target: Families, which: Vector, arguments: list[Value], frame: Frame, context: Context
) -> Value:
    """A call whose family differs from point to point: one family after the other."""
    parts: list[tuple[Context, Value]] = []
    numbers = np.asarray(dense(which))
    for at, closure in enumerate(target.choices):
        chosen = numbers == at
        if not chosen.any():
            continue
        part = context.where(chosen)
        own = [lift(a, part) for a in arguments]
        body, inner = enter(walk, closure, own, e.span, frame, part)
        if body is None:
            parts.append((part, table(walk, closure.family, inner, e, part)))
            continue
        result = walk.rules[type(body)](walk, body, inner, part)
        parts.append((part, leave(walk, closure.family, result, inner, part, e.span)))
    return merge(context, parts)


# ---- entering a family


def enter(
    walk: Walk, closure: Closure, arguments: list[Value], span: Span, frame: Frame, context: Context
) -> tuple[Expr | None, Frame]:
    """The body of a family and the frame to walk it in; no body for a table. Everything is checked before."""
    family = closure.family
    depth = frame.depth + 1
    walk.meter.deeper(depth, span)
    names: dict[str, Value] = {}
    inner = Frame(names, Place(span, frame.place), frame.active, depth)
    for name, value in closure.fixed.items():
        names[name] = lift(value, context)
    _check_statics(family, names, span)
    lifted = [lift(a, context) for a in arguments]
    _bind_sizes(walk, family, lifted, inner, context, span)
    founded(family, measured(family, names, context), family.name, inner, context, span)
    _check_static_shapes(walk, family, inner, context, span)
    for parameter, value in zip(family.parameters, lifted, strict=True):
        what = f"`{parameter.name}` of `{family.name}`"
        names[parameter.name] = shaped(walk, parameter.type, value, what, inner, context, span)
    check_where(walk, family, inner, context, span)
    return None if family.table else family.body.get(), inner


def leave(walk: Walk, family: Family, result: Value, inner: Frame, context: Context, span: Span) -> Value:
    """The result of a family, its shape checked against the declared type."""
    return shaped(walk, family.result, lift(result, context), f"the result of `{family.name}`", inner, context, span)


def _check_statics(family: Family, names: dict[str, Value], span: Span) -> None:
    for parameter in family.statics:
        if parameter.name not in names:
            raise Error("E0306", f"`{family.name}` needs `{parameter.name}` in brackets", span)
        value = names[parameter.name]
        match parameter.type:
            case Static(kind=Kind.INTEGER, rank=0):
                data = value.data if isinstance(value, Known) else value
                if isinstance(data, Array) or not statics.integers(data):
                    raise Error("E0504", f"`{parameter.name}` of `{family.name}` must be an integer", span)
            case _:
                pass


def _bind_sizes(walk: Walk, family: Family, arguments: list[Value], inner: Frame, context: Context, span: Span) -> None:
    """Sizes that are not fixed, from the shapes of the arguments: bare uses first, then linear ones."""
    names = inner.names
    waiting = []
    for size in family.sizes:
        if size.name in names:
            continue
        if size.parameter is None:
            hint = f"write `{family.name}[{size.name} = ..](..)`"
            raise Error("E0306", f"the size `{size.name}` of `{family.name}` is not bound by its arguments", span, hint)
        if size.scale is None:
            assert size.axis is not None
            names[size.name] = known(context, _dimension(arguments[size.parameter], size.axis))
        else:
            waiting.append(size)
    for size in waiting:
        names[size.name] = known(context, _solved(walk, family, size, arguments, inner, context, span))
    for size in family.sizes:
        check_size(family, size.name, names[size.name], span)


def check_size(family: Family, name: str, value: Value, span: Span) -> None:
    data = value.data if isinstance(value, Known) else value
    if isinstance(data, (Array, Families)) or not statics.integers(data):
        raise Error("E0504", f"the size `{name}` of `{family.name}` must be an integer", span)
    if np.any(statics.less(data, 0)):
        found = data if uniform(data) else int(np.min(statics.written_out(data)))
        raise Error("E0407", f"the size `{name}` of `{family.name}` is {found}, which is negative", span)


def _dimension(value: Value, axis: int) -> Vector:
    return collapse(value.dims[axis]) if isinstance(value, Array) and axis < len(value.dims) else 0


def _solved(
    walk: Walk, family: Family, size: Size, arguments: list[Value], inner: Frame, context: Context, span: Span
) -> Vector:
    """`scale * name + offset` solved for the name."""
    assert size.parameter is not None and size.axis is not None and size.scale is not None
    length = _dimension(arguments[size.parameter], size.axis)
    offset = 0 if size.offset is None else integer(walk, size.offset, inner, context)
    rest = statics.subtract(length, offset)
    wrong = np.logical_or(
        statics.unequal(statics.remainder(rest, size.scale), 0), statics.less(statics.floor_divide(rest, size.scale), 0)
    )
    if np.any(wrong):
        point = first_true(wrong) if np.ndim(wrong) else ()
        found = length if uniform(length) else at_point(length, point)
        name = family.parameters[size.parameter].name
        shown = _linear_text(size, offset if uniform(offset) else at_point(offset, point))
        raise Error("E0404", f"`{name}` of `{family.name}` has length {found}, which is not {shown}", span)
    return collapse(statics.floor_divide(rest, size.scale))


def _linear_text(size: Size, offset: int) -> str:
    base = size.name if size.scale == 1 else f"{size.scale} * {size.name}"
    text = base if offset == 0 else f"{base} + {offset}" if offset > 0 else f"{base} - {-offset}"
    return f"{text} for any {size.name} >= 0"


def _check_static_shapes(walk: Walk, family: Family, inner: Frame, context: Context, span: Span) -> None:
    for parameter in family.statics:
        value = inner.names[parameter.name]
        if not parameter.shape or not isinstance(value, Array):
            continue
        declared = f"it is declared with the shape [{', '.join(map(show_dim, parameter.shape))}]"
        for at, dim in enumerate(parameter.shape):
            wanted = integer(walk, dim, inner, context)
            found = value.dims[at] if at < len(value.dims) else 0
            _equal(found, wanted, f"`{parameter.name}` of `{family.name}`", at, span, hint=declared)


def _equal(
    found: Vector, wanted: Vector, what: str, axis: int, span: Span, unit: str = "", hint: str | None = None
) -> None:
    if type(found) is int and type(wanted) is int and found == wanted:
        return
    differ = statics.unequal(found, wanted)
    if not np.any(differ):
        return
    point = first_true(differ) if np.ndim(differ) else ()
    a, b = (v if uniform(v) else at_point(v, point) for v in (found, wanted))
    if not unit:
        unit = "length" if axis == 0 else f"length along axis {axis}"
    raise Error("E0404", f"{what} must have {unit} {b}, but this has {a}", span, hint)


def check_where(walk: Walk, family: Family, inner: Frame, context: Context, span: Span) -> None:
    """What the family presumes must hold at every point."""
    if family.where is None:
        return
    holds = truth(walk, family.where, inner, context)
    if holds is True:
        return
    point = first_true(~holds) if np.ndim(holds) else ()
    note = with_names(inner, context, [family.where], point)
    text = family.where.span.text if family.where.span is not None else "its `where` clause"
    raise Error("E0405", f"`{family.name}` presumes {text}, which does not hold{note}", span)


# ---- shapes of arguments and results


def shaped(walk: Walk, type: Wires, value: Value, what: str, inner: Frame, context: Context, span: Span) -> Value:
    """The value, its shape and width compared with a declared type; a form gets its declared range."""
    if isinstance(value, Array):
        rank = len(type.shape)
        for at, dim in enumerate(type.shape):
            if dim is not None:
                _equal(value.dims[at], integer(walk, dim, inner, context), what, at, span)
        if len(value.dims) > rank and isinstance(type.element, Word | Float) and declared(type.element) is not None:
            (width,) = width_of(walk, type, inner, context)
            unit = "width" if isinstance(type.element, Word) else "precision"
            _equal(value.dims[-1], width, what, rank, span, unit)
            if isinstance(type.element, Float):
                floats.check_precision(width, type.element.nearest, what, span)
    if isinstance(type.element, FormType) and type.element.low is not None and type.element.high is not None:
        low = integer(walk, type.element.low, inner, context)
        high = integer(walk, type.element.high, inner, context)
        return _declared(walk, value, low, high, what, context, span)
    return value


def _declared(walk: Walk, value: Value, low: Vector, high: Vector, what: str, context: Context, span: Span) -> Value:
    """A form as a parameter or result: its range must lie in the declared one, which it has from here on."""
    if isinstance(value, Form):
        found_low, found_high = bounds(value)
        _check_declared(found_low, found_high, low, high, what, span)
        shape = common(value.row, low, high)
        return wrapped(ranged(at_shape(value, shape), over_shape(low, shape), over_shape(high, shape)), shape, context)
    assert isinstance(value, Array) and value.pool.forms is not None
    forms = value.pool.forms
    if uniform(low) and uniform(high):
        numbers = np.unique(np.asarray(dense(value.pool.numbers)))
        _check_declared(pick(forms.low, numbers), pick(forms.high, numbers), low, high, what, span)
        pool = Pool(value.pool.numbers, False, ranged(forms, low, high))
        return Array(context, pool, value.offset, value.dims, value.strides, value.dense)
    rows, starts = element_wires(segments(value, context, walk.meter, span), context)
    own = select(forms, rows.astype(np.int64))
    counts = np.diff(starts)
    lows, highs = (np.repeat(full_array(v, context), counts) for v in (low, high))
    _check_declared(own.low, own.high, lows, highs, what, span)
    pool = Pool(np.arange(len(rows)), False, ranged(own, lows, highs))
    offset = 0 if context.points == 1 else starts[:-1].reshape(context.shape)
    return Array(context, pool, offset, value.dims, dense=True)


def _check_declared(found_low: Vector, found_high: Vector, low: Vector, high: Vector, what: str, span: Span) -> None:
    outside = np.logical_or(statics.less(found_low, low), statics.greater(found_high, high))
    if not np.any(outside):
        return
    point = first_true(outside) if np.ndim(outside) else ()
    a, b, c, d = (v if uniform(v) else at_point(v, point) for v in (found_low, found_high, low, high))
    raise Error(
        "E0608",
        f"{what} has range {brief(c)}..{brief(d)}, but this form has range {brief(a)}..{brief(b)}",
        span,
        "declare a tighter range: `within(L, lo, hi)`",
    )


# ---- static functions


def invoke(walk: Walk, e: Invoke, frame: Frame, context: Context) -> Value:
    function = e.function
    arguments = [lift(walk.rules[type(a)](walk, a, frame, context), context) for a in e.arguments]
    depth = frame.depth + 1
    walk.meter.deeper(depth, e.span)
    walk.meter.tick(span=e.span)
    names = dict(zip(function.parameters, arguments, strict=True))
    inner = Frame(names, frame.place, frame.active, depth)
    measured = tuple(
        None if isinstance(a, (Array, Families)) else a.data if isinstance(a, Known) else a for a in arguments
    )
    founded(function, measured, function.name, inner, context, e.span)
    body = function.body.get()
    return walk.rules[type(body)](walk, body, inner, context)
