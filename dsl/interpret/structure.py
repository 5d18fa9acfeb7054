"""Rules for static arithmetic, choices, repetition and names."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.digits import brief
from tc0.dsl.base.errors import Error, Fault
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import (
    Apply,
    Block,
    Constant,
    Fold,
    If,
    Length,
    Logic,
    Measure,
    Reduce,
    Report,
    Variable,
)
from tc0.dsl.core.static import apply_row, kind_of
from tc0.dsl.core.static import reduce as plain_reduction
from tc0.dsl.interpret import functions, statics
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.forms import pick, ranged, select
from tc0.dsl.interpret.frame import Frame, Walk, explain, first_true, integer, truth, with_names
from tc0.dsl.interpret.merging import merge, settled
from tc0.dsl.interpret.rows import bounds, element_wires
from tc0.dsl.interpret.values import Array, Form, Known, Pool, Value, known, lift, plain, segments, static_array
from tc0.dsl.interpret.vectors import (
    Scaled,
    Vector,
    at_point,
    collapse,
    common,
    dense,
    flat,
    pack,
    spread,
    take,
    uniform,
)
from tc0.dsl.netlist import Place
from tc0.dsl.ops.functions import FUNCTIONS, FunctionRow


def constant(walk: Walk, e: Constant, frame: Frame, context: Context) -> Value:
    value = e.value
    return static_array(context, value, getattr(e.type, "rank", None)) if isinstance(value, tuple) else value


def variable(walk: Walk, e: Variable, frame: Frame, context: Context) -> Value:
    return lift(frame.names[e.name], context)


# ---- static arithmetic


def apply(walk: Walk, e: Apply, frame: Frame, context: Context) -> Value:
    row = FUNCTIONS[e.function]
    values = [walk.rules[type(a)](walk, a, frame, context) for a in e.arguments]
    arguments: list[Vector] = []
    for value in values:
        if type(value) is Known:
            arguments.append(context.lift(value.data, value.context))
        elif type(value) is Array:
            return _on_arrays(row, e, values, frame, context)
        else:
            arguments.append(value)
    if all(map(uniform, arguments)):
        try:
            return apply_row(row, tuple(arguments), e.span)
        except Error as error:
            raise explain(frame, context, e.arguments)(error, ()) from None
    result = functions.apply(row, arguments, e.span, explain(frame, context, e.arguments))
    return known(context, collapse(result) if result_is_small(result) else result)


def result_is_small(v: Vector) -> bool:
    return type(v) is np.ndarray and v.size <= 1


def _on_arrays(row: FunctionRow, e: Apply, values: list[Value], frame: Frame, context: Context) -> Value:
    """A function (in practice `==`) of whole arrays, point by point."""
    values = [lift(v, context) for v in values]
    shape = _compact(context, values)
    results: list[object] = []
    for position in range(int(np.prod(shape, dtype=np.int64))):
        point = context.place(position, shape)
        results.append(apply_row(row, tuple(plain(v, point) for v in values), e.span))
    return results[0] if len(results) == 1 else known(context, pack(results, shape))


def _compact(context: Context, values: list[Value]) -> tuple[int, ...]:
    vectors: list[Vector] = []
    for value in values:
        if isinstance(value, Array):
            vectors += [value.offset, *value.dims, *value.steps()]
        elif isinstance(value, Known):
            vectors.append(value.data)
    found = common(*vectors)
    return found if found else (1,) * len(context.shape)


def logic(walk: Walk, e: Logic, frame: Frame, context: Context) -> Value:
    """Operands are evaluated only at points that the earlier ones left open."""
    stop = e.operator == "or"
    result: Vector = not stop
    for operand in e.operands:
        if type(result) is bool:
            if result is stop:
                return result
            result = truth(walk, operand, frame, context)
            continue
        decided = result if stop else ~result
        if decided.all():
            return stop
        done, still = context.split(decided)
        answer = truth(walk, operand, frame, still)
        result = collapse(context.merge([(done, stop), (still, answer)]))
    return known(context, result)


def reduce(walk: Walk, e: Reduce, frame: Frame, context: Context) -> Value:
    value = walk.rules[type(e.array)](walk, e.array, frame, context)
    if type(value) is not Array:
        if uniform(value) and type(value) is not Known:
            raise Error("E0504", f"`{e.function}` takes an array, not {kind_of(value)}", e.span)
        raise Fault("E9902", "a reduction of values that are no array", e.span)
    found = segments(value, context, walk.meter, e.span)
    if e.function != "SUM" and bool((np.diff(found.offsets()) == 0).any()):
        note = with_names(frame, context, [e.array], ())
        raise Error("E0501", f"`{e.function}` of nothing has no value{note}", e.span)
    numbers = found.numbers
    if found.rows * (found.per or 0) == 0 and e.function == "SUM" and found.starts is None:
        return 0
    if not statics.integers(numbers):
        result: Vector = _reduce_objects(e, found.offsets(), numbers)
    elif e.function == "SUM":
        if found.per is not None:
            result = statics.row_sum(numbers, found.rows, found.per)
        else:
            result = statics.segment_sum(numbers, found.offsets())
    else:
        result = _extreme(e.function, numbers, found.offsets())
    if found.rows == 1:
        return take(result, 0)
    if type(result) is Scaled:
        return known(context, Scaled(result.m.reshape(found.shape), result.e.reshape(found.shape)))
    return known(context, np.asarray(result).reshape(found.shape))


def _extreme(function: str, numbers: Vector, offsets: Any) -> Vector:
    operation = np.minimum if function == "min" else np.maximum
    wide = statics.written_out(numbers)
    return operation.reduceat(wide, offsets[:-1])


def _reduce_objects(e: Reduce, offsets: Any, numbers: Vector) -> Vector:
    values = statics.python_values(numbers, numbers.shape)
    ends = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    results = [plain_reduction(e, values[a:b]) for a, b in ends]
    return pack(results, (len(results),))


def length(walk: Walk, e: Length, frame: Frame, context: Context) -> Value:
    value = walk.rules[type(e.array)](walk, e.array, frame, context)
    if type(value) is Array:
        if e.axis >= len(value.dims):
            return 0
        return known(context, context.lift(value.dims[e.axis], value.context))
    if type(value) is str:
        return len(value)
    if type(value) is Known and value.data.dtype == object:
        data = context.lift(value.data, value.context)
        return known(context, pack([_length(x, e.span) for x in data.ravel().tolist()], data.shape))
    raise Error("E0504", f"`len` takes an array, not {kind_of(value)}", e.span)


def _length(value: object, span: Span) -> int:
    if not isinstance(value, (str, tuple)):
        raise Error("E0504", f"`len` takes an array, not {kind_of(value)}", span)
    return len(value)


# ---- choices and repetition


def choice(walk: Walk, e: If, frame: Frame, context: Context) -> Value:
    chosen = truth(walk, e.condition, frame, context)
    if chosen is True:
        return walk.rules[type(e.then)](walk, e.then, frame, context)
    if chosen is False:
        return walk.rules[type(e.other)](walk, e.other, frame, context)
    yes, no = context.split(chosen)
    then = walk.rules[type(e.then)](walk, e.then, frame, yes)
    other = walk.rules[type(e.other)](walk, e.other, frame, no)
    return merge(context, [(yes, then), (no, other)])


def block(walk: Walk, e: Block, frame: Frame, context: Context) -> Value:
    if e.locals:
        frame = frame.fork()
        for local in e.locals:
            frame.names[local.name] = walk.rules[type(local.value)](walk, local.value, frame, context)
    return walk.rules[type(e.result)](walk, e.result, frame, context)


def fold(walk: Walk, e: Fold, frame: Frame, context: Context) -> Value:
    times = integer(walk, e.times, frame, context)
    state = walk.rules[type(e.init)](walk, e.init, frame, context)
    inner = frame.fork()
    most = times if uniform(times) else int(statics.written_out(times).max())
    at = context
    for step in range(most):
        walk.meter.tick("fold", step / most, e.span)
        done = None
        if not uniform(times):
            at, done = _still(context, times, step)
        before = lift(state, at)
        inner.names[e.state], inner.names[e.index] = before, step
        inner.place = Place(e.span, frame.place, step)
        after = walk.rules[type(e.step)](walk, e.step, inner, at)
        after = _kept(walk, e, before, lift(after, at), inner, at)
        state = after if done is None else merge(context, [(at, after), (done, state)])
    return state


def _still(context: Context, times: Vector, step: int) -> tuple[Context, Context | None]:
    """The points that take this step, and the others."""
    going = np.asarray(statics.greater(times, step))
    if going.all():
        return context, None
    return context.split(going)


def _kept(walk: Walk, e: Fold, before: Value, after: Value, frame: Frame, context: Context) -> Value:
    """The state after a step: of the same shape, and a form with the range that it had."""
    match before, after:
        case Array(), Array() if not before.pool.static:
            for a, b in zip(before.dims, after.dims, strict=True):
                if (differ := statics.unequal(a, b)) is not False and np.any(differ):
                    point = first_true(differ) if not uniform(differ) else ()
                    shapes = [_shape_at(v, context, point) for v in (before, after)]
                    note = with_names(frame, context, [e.times], point)
                    raise Error(
                        "E0406",
                        f"the state of a fold keeps its shape: {shapes[0]} became {shapes[1]} in step {frame.names[e.index]}{note}",
                        e.step.span,
                    )
            if before.pool.forms is not None:
                return _kept_forms(walk, e, before, after, frame, context)
            return after
        case Form(), Form():
            return _kept_form(e, before, after, frame)
        case _:
            return after


def _shape_at(value: Array, context: Context, point: tuple[int, ...]) -> list[int]:
    point = point or (0,) * len(context.shape)
    return [at_point(d, point) for d in value.dims]


def _kept_form(e: Fold, before: Form, after: Form, frame: Frame) -> Form:
    low, high = bounds(before)
    found_low, found_high = bounds(after)
    _check_range(e, low, high, found_low, found_high, frame)
    shape = common(before.row, after.row)
    if not shape:
        form = settled(after)
        return Form(after.context, ranged(form.forms, low, high), form.row)
    form = settled(
        Form(
            after.context,
            after.forms,
            spread(after.row, shape) if not uniform(after.row) else np.full(shape, after.row),
        )
    )
    return Form(after.context, ranged(form.forms, _over(low, shape), _over(high, shape)), form.row)


def _over(v: Vector, shape: tuple[int, ...]) -> Vector:
    return v if uniform(v) else flat(dense(spread(v, shape)))


def _check_range(e: Fold, low: Vector, high: Vector, found_low: Vector, found_high: Vector, frame: Frame) -> None:
    outside = np.logical_or(statics.less(found_low, low), statics.greater(found_high, high))
    if np.any(outside):
        point = first_true(outside) if np.ndim(outside) else ()
        a, b, c, d = (v if uniform(v) else at_point(v, point) for v in (low, high, found_low, found_high))
        raise Error(
            "E0605",
            f"the state of the fold has range {brief(a)}..{brief(b)}, but step {frame.names[e.index]} gives {brief(c)}..{brief(d)}",
            e.step.span,
            "declare a wider range by `within` on the init, or a tighter one on the step",
        )


def _kept_forms(walk: Walk, e: Fold, before: Array, after: Array, frame: Frame, context: Context) -> Array:
    """An array of forms, element by element."""
    old, new = (segments(v, context, walk.meter, e.span) for v in (before, after))
    forms_before, forms_after = before.pool.forms, after.pool.forms
    assert forms_before is not None and forms_after is not None
    (one, _), (two, starts) = (element_wires(s, context) for s in (old, new))
    low, high = (pick(v, one) for v in (forms_before.low, forms_before.high))
    found_low, found_high = (pick(v, two) for v in (forms_after.low, forms_after.high))
    _check_range(e, low, high, found_low, found_high, frame)
    pool = Pool(np.arange(len(two)), False, ranged(select(forms_after, two), low, high))
    offset = 0 if context.points == 1 else starts[:-1].reshape(context.shape)
    return Array(context, pool, offset, after.dims, dense=True)


def refused(walk: Walk, e: Measure | Report, frame: Frame, context: Context) -> Value:
    raise Fault("E9902", f"a {type(e).__name__} stands inside of a family", e.span)
