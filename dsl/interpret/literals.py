"""Rules for array literals."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Items
from tc0.dsl.interpret import statics
from tc0.dsl.interpret.arrays import empty, scalar
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.forms import stack
from tc0.dsl.interpret.frame import Frame, Walk
from tc0.dsl.interpret.values import Array, Pool, Segments, Value, joined, lift, of_segments, segments
from tc0.dsl.interpret.vectors import (
    Scaled,
    Shape,
    Vector,
    at_point,
    common,
    dense,
    pack,
    product,
    single,
    take,
    uniform,
)


def items(walk: Walk, e: Items, frame: Frame, context: Context) -> Value:
    values = [lift(walk.rules[type(x)](walk, x, frame, context), context) for x in e.elements]
    if not values:
        return empty(walk, e.type, [0], frame, context)
    if isinstance(values[0], Array):
        return _items_of_arrays(walk, e, values, frame, context)
    scalars = [scalar(v) for v in values]
    vectors, forms = _one_pool(scalars)
    shape = common(*vectors) or (1,) * len(context.shape)
    if any(type(v) is Scaled for v in vectors):
        vectors = [statics.written_out(v) for v in vectors]
    arrays = [single(v) if uniform(v) else np.asarray(dense(v)) for v in vectors]
    if len({a.dtype.kind for a in arrays}) > 1:
        arrays = [a.astype(object) for a in arrays]
    numbers = np.stack([np.broadcast_to(a, shape) for a in arrays], -1).reshape(-1)
    if numbers.dtype == object and scalars[0][2]:
        numbers = pack(numbers.tolist(), (-1,))
    pool = Pool(numbers, scalars[0][2], forms)
    found = Segments(shape, product(shape), len(values), None, numbers)
    return of_segments(context, found, (len(values),), pool)


def _one_pool(scalars: list[tuple[Vector, Any, bool]]) -> tuple[list[Vector], Any]:
    """Row numbers in one pool of forms."""
    if scalars[0][1] is None:
        return [v for v, _, _ in scalars], None
    vectors, size = [], 0
    for vector, forms, _ in scalars:
        vectors.append(vector + size if uniform(vector) else np.asarray(dense(vector)).astype(np.int64) + size)
        size += forms.count
    return vectors, stack([forms for _, forms, _ in scalars])


def _items_of_arrays(walk: Walk, e: Items, values: list[Array], frame: Frame, context: Context) -> Array:
    dims = values[0].dims
    for value, element in zip(values[1:], e.elements[1:], strict=True):
        same = len(value.dims) == len(dims)
        differ = [statics.unequal(a, b) for a, b in zip(dims, value.dims, strict=True)] if same else [True]
        if any(np.any(d) for d in differ):
            shapes = [[at_point(d, (0,) * len(context.shape)) for d in v.dims] for v in (values[0], value)]
            raise Error("E0403", f"a ragged array: elements of shape {shapes[0]} and {shapes[1]}", element.span)
    found = [segments(v, context, walk.meter, e.span) for v in values]
    forms = None
    pools = [v.pool for v in values]
    if pools[0].forms is not None:
        forms = stack([p.forms for p in pools if p.forms is not None])
    numbers, base = [], 0
    for part, pool in zip(found, pools, strict=True):
        numbers.append(part.numbers if base == 0 else np.asarray(dense(part.numbers)).astype(np.int64) + base)
        base += pool.forms.count if pool.forms is not None else 0
    count = len(values)
    shape = np.broadcast_shapes(*(f.shape for f in found))
    rows = product(shape)
    if all(f.per is not None for f in found):
        per = found[0].per or 0
        walk.meter.reserve(8 * rows * count * per, e.span)
        wide = [statics.written_out(n) for n in numbers]
        if len({a.dtype.kind for a in wide}) > 1:
            wide = [a.astype(object) for a in wide]
        stacked = np.stack(
            [np.broadcast_to(a.reshape(*f.shape, per), (*shape, per)) for a, f in zip(wide, found, strict=True)], -2
        )
        result = Segments(shape, rows, count * per, None, stacked.reshape(-1))
    else:
        result = _stack_ragged(walk, e.span, found, numbers, shape)
    return of_segments(context, result, (count, *dims), Pool(result.numbers, pools[0].static, forms))


def _stack_ragged(walk: Walk, span: Span, found: list[Segments], numbers: list[Vector], shape: Shape) -> Segments:
    """Arrays of different sizes at different points, one after the other at each point."""
    rows = product(shape)
    pool, starts, size = joined(numbers), [], 0
    for part, own in zip(found, numbers, strict=True):
        row = np.broadcast_to(np.arange(part.rows).reshape(part.shape), shape).reshape(-1)
        starts.append((part.offsets()[row] + size, np.diff(part.offsets())[row]))
        size += own.size
    begin = np.stack([a for a, _ in starts], 1).reshape(-1)
    counts = np.stack([b for _, b in starts], 1).reshape(-1)
    ends = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=ends[1:])
    walk.meter.reserve(24 * int(ends[-1]), span)
    index = np.arange(ends[-1], dtype=np.int64) + np.repeat(begin - ends[:-1], counts)
    return Segments(shape, rows, None, ends[:: len(found)], take(pool, index))
