"""Rules for elements and slices of arrays; every index is checked at all points before anything is read."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Element, Expr, Range
from tc0.dsl.core.static import bad_slice, kind_of, out_of_range
from tc0.dsl.interpret import statics
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.frame import Frame, Walk, explain, first_true, integer, with_names
from tc0.dsl.interpret.values import Array, Bit, Form, Known, Pool, Value, known, lift_array
from tc0.dsl.interpret.vectors import Vector, at_point, collapse, common, pack, product, take, uniform


def element(walk: Walk, e: Element, frame: Frame, context: Context) -> Value:
    value = walk.rules[type(e.array)](walk, e.array, frame, context)
    if type(value) is not Array:
        return _of_objects(walk, e, value, frame, context)
    array = lift_array(value, context)
    steps = None if array.strides is None and len(array.dims) == 1 else array.steps()
    offset = array.offset
    dims: list[Vector] = []
    strides: list[Vector] = []
    rowmajor = array.strides is None
    for at, selector in enumerate(e.selectors):
        length, step = array.dims[at], 1 if steps is None else steps[at]
        if isinstance(selector, Range):
            low = integer(walk, selector.low, frame, context)
            high = integer(walk, selector.high, frame, context)
            _check_slice(selector, low, high, length, frame, context)
            offset = statics.add(offset, statics.multiply(low, step))
            dims.append(collapse(statics.subtract(high, low)))
            strides.append(step)
            rowmajor = rowmajor and len(dims) == 1
        else:
            index = integer(walk, selector, frame, context)
            _check_index(selector, index, length, frame, context)
            offset = statics.add(offset, statics.multiply(index, step))
            rowmajor = rowmajor and not dims
    rest = len(e.selectors)
    if rest == len(array.dims) and not dims:
        return _single(context, array.pool, offset)
    dims += array.dims[rest:]
    if steps is not None:
        strides += steps[rest:]
    return Array(context, array.pool, offset, tuple(dims), None if rowmajor else tuple(strides))


def _single(context: Context, pool: Pool, offset: Vector) -> Value:
    numbers = take(pool.numbers, offset)
    if pool.static:
        return known(context, numbers)
    if pool.forms is not None:
        return Form(context, pool.forms, numbers)
    return Bit(context, numbers)


def _check_index(selector: Expr, index: Vector, length: Vector, frame: Frame, context: Context) -> None:
    if type(index) is int and type(length) is int:
        if 0 <= index < length:
            return
        outside: Any = True
    elif type(length) is int and type(index) is np.ndarray:
        if index.min() >= 0 and index.max() < length:
            return
        outside = (index < 0) | (index >= length)
    else:
        outside = np.logical_or(statics.less(index, 0), statics.at_least(index, length))
        if not np.any(outside):
            return
    point = first_true(outside) if np.ndim(outside) else ()
    found, most = (v if uniform(v) else at_point(v, point) for v in (index, length))
    raise Error("E0401", out_of_range(found, most) + with_names(frame, context, [selector], point), selector.span)


def _check_slice(selector: Range, low: Vector, high: Vector, length: Vector, frame: Frame, context: Context) -> None:
    if type(low) is int and type(high) is int and type(length) is int and 0 <= low <= high <= length:
        return
    outside = statics.less(low, 0)
    outside = np.logical_or(outside, np.logical_or(statics.less(high, low), statics.greater(high, length)))
    if not np.any(outside):
        return
    point = first_true(outside) if np.ndim(outside) else ()
    a, b, c = (v if uniform(v) else at_point(v, point) for v in (low, high, length))
    note = with_names(frame, context, [selector.low, selector.high], point)
    raise Error("E0402", bad_slice(a, b, c) + note, selector.span)


def _of_objects(walk: Walk, e: Element, value: Value, frame: Frame, context: Context) -> Value:
    """Characters of strings, and elements of arrays whose rank differs from point to point."""
    if uniform(value) and not isinstance(value, (str, Known)):
        raise Error("E0308", f"{kind_of(value)} has no elements", e.span)
    selectors: list[tuple[Expr | Range, Vector, Vector]] = []
    for selector in e.selectors:
        if isinstance(selector, Range):
            selectors.append(
                (selector, integer(walk, selector.low, frame, context), integer(walk, selector.high, frame, context))
            )
        else:
            selectors.append((selector, integer(walk, selector, frame, context), None))
    data = context.lift(value.data, value.context) if isinstance(value, Known) else value
    shape = common(data, *(v for _, a, b in selectors for v in (a, b) if v is not None)) or (1,) * len(context.shape)
    results: list[object] = []
    for position in range(product(shape)):
        point = context.place(position, shape)
        found = at_point(data, point)
        try:
            results.append(
                _pick_object(
                    found,
                    [(s, at_point(a, point), None if b is None else at_point(b, point)) for s, a, b in selectors],
                    e.span,
                )
            )
        except Error as error:
            raise explain(frame, context, e.selectors)(error, point) from None
    return results[0] if len(results) == 1 else known(context, pack(results, shape))


def _pick_object(value: Any, selectors: list[tuple[Any, int, int | None]], span: Span) -> Any:
    if not selectors:
        return value
    selector, low, high = selectors[0]
    if not isinstance(value, (tuple, str)):
        raise Error("E0308", f"{kind_of(value)} has no elements", span)
    if high is None:
        if not 0 <= low < len(value):
            raise Error("E0401", out_of_range(low, len(value)), selector.span)
        return _pick_object(value[low], selectors[1:], span)
    if not 0 <= low <= high <= len(value):
        raise Error("E0402", bad_slice(low, high, len(value)), selector.span)
    part = value[low:high]
    return part if isinstance(part, str) else tuple(_pick_object(x, selectors[1:], span) for x in part)
