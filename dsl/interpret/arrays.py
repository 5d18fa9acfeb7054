"""Rules for arrays: comprehensions, literals, elements and slices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Bound, Comprehension, Element, Expr, Items, Range
from tc0.dsl.core.static import bad_slice, kind_of, out_of_range
from tc0.dsl.core.types import Float, Static, Symbol, Type, Wires, Word, code_bits
from tc0.dsl.core.types import Form as FormType
from tc0.dsl.interpret import statics
from tc0.dsl.interpret.contexts import MOST_AXES, Context, counted
from tc0.dsl.interpret.forms import of_constants, stack
from tc0.dsl.interpret.frame import Frame, Walk, explain, first_true, integer, truth, with_names
from tc0.dsl.interpret.merging import settled
from tc0.dsl.interpret.values import (
    Array,
    Bit,
    Form,
    Known,
    Pool,
    Segments,
    Value,
    joined,
    known,
    lift,
    lift_array,
    of_segments,
    segments,
)
from tc0.dsl.interpret.vectors import (
    Run,
    Scaled,
    Shape,
    Vector,
    add_axis,
    at_point,
    collapse,
    common,
    dense,
    each,
    pack,
    product,
    single,
    take,
    uniform,
)

# ---- comprehensions


class _Points:
    """The points of a comprehension, while its binders are taken one by one.

    base: the outer points, flattened where there would be too many axes. inner: the points so far.
    counts: of the axes after those of `base`, while `regular` (no ragged binder so far, no guard across axes).
    starts: int64 [outer points + 1], where each outer point's inner points begin, once not regular.
    """

    def __init__(self, walk: Walk, e: Comprehension, context: Context) -> None:
        crowded = len(context.shape) + len(e.bounds) > MOST_AXES
        self.base = context.flattened(walk.meter, e.span) if crowded else context
        self.inner = self.base
        self.counts: list[int] = []
        self.regular = True
        self.starts: Any = None

    def _begin(self) -> Any:
        """Starts for what was regular so far."""
        if self.starts is None:
            self.starts = np.arange(self.base.points + 1, dtype=np.int64) * product(tuple(self.counts))
        return self.starts

    def along(self, low: Vector, count: int, walk: Walk, span: Span) -> Vector:
        """A binder with as many values at all points: the binder's vector."""
        walk.meter.reserve(8 * count, span)
        self.inner = self.inner.along(count)
        if self.regular:
            self.counts.append(count)
        else:
            self.starts = self.starts * count
        if count == 1:
            return add_axis(low)
        axes = (1,) * (len(self.inner.shape) - 1)
        return statics.add(add_axis(low), np.arange(count, dtype=np.int64).reshape(*axes, count))

    def ragged(self, low: Vector, counts: Any, walk: Walk, span: Span) -> Vector:
        """A binder whose number of values differs from point to point."""
        outer = self._begin()
        self.regular = False
        lows = self.inner.full(low)
        self.inner, starts = self.inner.repeated(counts, walk.meter, span)
        self.starts = starts[outer]
        lows = dense(lows)
        if lows.dtype != object:
            return counted(lows, starts)
        return statics.add(np.repeat(lows, counts), counted(np.zeros(len(counts), np.int64), starts))

    def keep(self, chosen: Any) -> None:
        """A guard that holds at some points."""
        wide = [axis for axis, n in enumerate(chosen.shape) if n > 1]
        outer = len(self.base.shape)
        if self.regular and len(wide) == 1 and wide[0] >= outer:
            self.inner = self.inner.where(chosen)
            self.counts[wide[0] - outer] = self.inner.shape[wide[0]]
            return
        begin = self._begin()
        self.regular = False
        index = np.flatnonzero(self.inner.full(chosen))
        self.inner = self.inner.subset(index)
        self.starts = np.searchsorted(index, begin)


def comprehension(walk: Walk, e: Comprehension, frame: Frame, context: Context) -> Value:
    frame = frame.fork()
    bounds = _bounds_before(walk, e, frame, context) if e.separate else None
    lengths = [_length(low, high) for low, high in bounds] if bounds else []
    points = _Points(walk, e, context)
    for at, bound in enumerate(e.bounds):
        if bounds is not None:
            low, high = (points.inner.lift(v, context) for v in bounds[at])
        else:
            low, high = _bounds(walk, bound, frame, points.inner)
        if not _bind(walk, bound, low, high, frame, points):
            return empty(walk, e.type, lengths or [0], frame, context)
    if e.guard is not None:
        chosen = truth(walk, e.guard, frame, points.inner)
        if chosen is False:
            return empty(walk, e.type, [0], frame, context)
        if chosen is not True:
            points.keep(chosen)
    body = walk.rules[type(e.body)](walk, e.body, frame, points.inner)
    if points.regular:
        counts = tuple(points.counts)
        return _regular(walk, e, body, points, counts if e.separate else (product(counts),), context)
    dims = tuple(lengths) if e.separate else (collapse(np.diff(points.starts).reshape(context.shape)),)
    return _irregular(walk, e, body, points, dims, frame, context)


def _bounds(walk: Walk, bound: Bound, frame: Frame, context: Context) -> tuple[Vector, Vector]:
    low = integer(walk, bound.low, frame, context)
    return low, integer(walk, bound.high, frame, context)


def _bounds_before(walk: Walk, e: Comprehension, frame: Frame, context: Context) -> list[tuple[Vector, Vector]]:
    """The bounds of independent binders. After one that is empty everywhere, those without a value count as empty."""
    found: list[tuple[Vector, Vector]] = []
    nothing = False
    for bound in e.bounds:
        try:
            low, high = _bounds(walk, bound, frame, context)
        except Error:
            if not nothing:
                raise
            low, high = 0, 0
        nothing = nothing or _length(low, high) == 0 if uniform(low) and uniform(high) else nothing
        found.append((low, high))
    return found


def _length(low: Vector, high: Vector) -> Vector:
    if uniform(low) and uniform(high):
        return max(0, high - low)
    return collapse(statics.larger(statics.subtract(high, low), 0))


def _bind(walk: Walk, bound: Bound, low: Vector, high: Vector, frame: Frame, points: _Points) -> bool:
    """Takes a binder; False if no point is left."""
    count = _length(low, high)
    if uniform(count):
        if count == 0:
            return False
        frame.names[bound.name] = known_in(points, points.along(low, count, walk, bound.span))
        return True
    wide = points.inner.full(count)
    if wide.dtype == object:
        walk.meter.reserve(24 * sum(wide.tolist()), bound.span)
    frame.names[bound.name] = known_in(points, points.ragged(low, wide.astype(np.int64), walk, bound.span))
    return True


def known_in(points: _Points, v: Vector) -> Value:
    return known(points.inner, v)


def _regular(walk: Walk, e: Comprehension, body: Value, points: _Points, dims: Shape, context: Context) -> Array:
    """The array where every outer point has the same inner points, along axes of their own."""
    inner, counts = points.inner, tuple(points.counts)
    nb = len(points.base.shape)
    if isinstance(body, Array):
        array = lift_array(body, inner)
        found = segments(array, inner, walk.meter, e.span)
        shape, per = found.shape, found.per
        if per is None:
            return _regular_ragged(walk, e, array, found, points, dims, context)
        outer = shape[:nb]
        numbers = found.numbers
        if shape[nb:] != counts:
            numbers = _broadcast(walk, e.span, numbers, (*shape, per), (*outer, *counts, per))
        inner_dims = _equal_dims(e, array, inner, nb)
        return _at_base(context, points, outer, product(counts) * per, (*dims, *inner_dims), Pool(numbers, array.pool.static, array.pool.forms))
    vector, forms, is_static = _scalar(lift(body, inner))
    if uniform(vector):
        walk.meter.reserve(8 * product(counts), e.span)
        numbers = _filled(vector, product(counts), is_static)
        outer = (1,) * nb
    else:
        outer = vector.shape[:nb]
        numbers = vector
        if vector.shape[nb:] == counts and type(vector) is Run:
            numbers = Run(vector.base, (vector.size,))
        else:
            numbers = _broadcast(walk, e.span, vector, vector.shape, (*outer, *counts))
    return _at_base(context, points, outer, product(counts), dims, Pool(numbers, is_static, forms))


def _filled(value: Any, count: int, is_static: bool) -> Vector:
    if not is_static and count == 1:
        return Run(value, (1,))
    return np.broadcast_to(single(value), (count,)).copy()


def _scalar(value: Value) -> tuple[Vector, Any, bool]:
    """A single value as (numbers, forms, static)."""
    match value:
        case Bit():
            return value.wires, None, False
        case Form():
            form = settled(value)
            return form.row, form.forms, False
        case Known():
            return value.data, None, True
        case _:
            return value, None, True


def _broadcast(walk: Walk, span: Span, numbers: Vector, shape: Shape, target: Shape) -> Vector:
    """Elements written out to a larger shape, one axis."""
    if shape == target:
        return numbers if numbers.ndim == 1 else each(numbers, lambda a: a.reshape(-1))
    walk.meter.reserve(8 * product(target), span)
    return each(numbers, lambda a: np.broadcast_to(a.reshape(shape), target).reshape(-1))


def _at_base(context: Context, points: _Points, outer: Shape, per: int, dims: tuple[Vector, ...], pool: Pool) -> Array:
    rows = product(outer)
    if rows == 1:
        return Array(context, pool, 0, dims, dense=True)
    if points.base is not context:  # flattened: the outer points have one axis there
        outer = context.shape
    offset = (np.arange(rows, dtype=np.int64) * per).reshape(outer)
    return Array(context, pool, offset, dims, dense=True)


def _equal_dims(e: Comprehension, array: Array, inner: Context, nb: int) -> tuple[Vector, ...]:
    """The lengths of the body, which must not differ along the binders."""
    result = []
    for at, length in enumerate(array.dims):
        if not uniform(length) and any(n > 1 for n in length.shape[nb:]):
            first = length[(...,) + (slice(0, 1),) * (len(inner.shape) - nb)]
            if (differ := length != first).any():
                raise _not_equal(e, array, inner, first_true(differ), at)
            length = first
        result.append(length if uniform(length) else collapse(length.reshape(length.shape[:nb])))
    return tuple(result)


def _not_equal(e: Comprehension, array: Array, inner: Context, point: tuple[int, ...], at: int) -> Error:
    found = [at_point(d, point) for d in array.dims]
    return Error("E0403", f"a ragged array: the elements have different shapes, one of them {found}", e.span, "pad the rows: `if j < i then .. else 0`")


def _regular_ragged(walk: Walk, e: Comprehension, array: Array, found: Segments, points: _Points, dims: Shape, context: Context) -> Array:
    """Bodies whose shape differs between outer points (not along the binders)."""
    inner, counts = points.inner, tuple(points.counts)
    nb = len(points.base.shape)
    inner_dims = _equal_dims(e, array, inner, nb)
    target = (*found.shape[:nb], *counts)
    rows = np.broadcast_to(np.arange(found.rows).reshape(found.shape), target).reshape(-1)
    numbers, starts = _gather_rows(walk, found, rows, e.span)
    starts = starts[:: product(counts)]
    if points.base is not context:
        shape: Shape = context.shape
        inner_dims = tuple(d if uniform(d) else d.reshape(shape) for d in inner_dims)
    else:
        shape = found.shape[:nb]
    offset = starts[:-1].reshape(shape)
    return Array(context, Pool(numbers, array.pool.static, array.pool.forms), collapse(offset), (*dims, *inner_dims), dense=True)


def _gather_rows(walk: Walk, found: Segments, rows: Any, span: Span) -> tuple[Vector, Any]:
    """The elements of some rows, one after the other, and where each row starts."""
    offsets = found.offsets()
    if len(rows) == found.rows and bool((rows == np.arange(found.rows)).all()):
        return found.numbers, offsets
    counts = np.diff(offsets)[rows]
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    walk.meter.reserve(24 * int(starts[-1]), span)
    index = np.arange(starts[-1], dtype=np.int64)
    index += np.repeat(offsets[rows] - starts[:-1], counts)
    return take(found.numbers, index), starts


def _irregular(
    walk: Walk, e: Comprehension, body: Value, points: _Points, dims: tuple[Vector, ...], frame: Frame, context: Context
) -> Array:
    """The array where the number of inner points differs: everything is written out point by point."""
    inner, starts = points.inner, points.starts
    if isinstance(body, Array):
        array = lift_array(body, inner)
        found = segments(array, inner, walk.meter, e.span)
        rows = np.broadcast_to(np.arange(found.rows).reshape(found.shape), inner.shape).reshape(-1)
        numbers, own = _gather_rows(walk, found, rows, e.span)
        inner_dims = tuple(_first_dims(e, array, inner, points, at, context) for at in range(len(array.dims)))
        pool = Pool(numbers, array.pool.static, array.pool.forms)
        return Array(context, pool, _offset(own[starts][:-1], context), (*dims, *inner_dims), dense=True)
    vector, forms, is_static = _scalar(lift(body, inner))
    walk.meter.reserve(8 * inner.points, e.span)
    numbers = inner.full(vector)
    if type(numbers) is np.ndarray and not numbers.flags.writeable:
        numbers = np.ascontiguousarray(numbers)
    return Array(context, Pool(numbers, is_static, forms), _offset(starts[:-1], context), dims, dense=True)


def _offset(starts: Any, context: Context) -> Vector:
    return int(starts[0]) if len(starts) == 1 else starts.reshape(context.shape)


def _first_dims(e: Comprehension, array: Array, inner: Context, points: _Points, at: int, context: Context) -> Vector:
    """A length of the body for each outer point; 0 where that has no inner points, unless it is the same everywhere."""
    length = array.dims[at]
    if uniform(length):
        return length
    wide, starts = np.asarray(inner.full(length)), points.starts
    counts = np.diff(starts)
    first = np.zeros(len(counts), np.int64)
    some = counts > 0
    first[some] = wide[starts[:-1][some]]
    if (differ := wide != np.repeat(first, counts)).any():
        raise _not_equal(e, array, inner, inner.place(int(differ.argmax()), inner.shape), at)
    return collapse(first.reshape(context.shape))


# ---- arrays of nothing


def width_of(walk: Walk, type: Wires, frame: Frame, context: Context) -> list[Vector]:
    """The trailing dimension of words, symbols and floats; none for bits and forms."""
    match type.element:
        case Word(width=width) | Float(precision=width):
            return [_known_dim(walk, width, frame, context)]
        case Symbol(symbols=symbols):
            return [code_bits(len(symbols))]
        case _:
            return []


def _known_dim(walk: Walk, dim: Expr | None, frame: Frame, context: Context) -> Vector:
    """A dimension from a type; 0 where it is not known or has no value."""
    if dim is None:
        return 0
    try:
        return collapse(integer(walk, dim, frame, context))
    except (Error, KeyError):
        return 0


def empty(walk: Walk, type: Type, lengths: Sequence[Vector], frame: Frame, context: Context) -> Array:
    """An array without elements: its first dimensions, the others from its type."""
    dims = list(lengths)
    if isinstance(type, Wires):
        for dim in type.shape[len(dims) :]:
            dims.append(_known_dim(walk, dim, frame, context))
        dims += width_of(walk, type, frame, context)
        forms = of_constants(np.zeros(0, np.int64), 0) if isinstance(type.element, FormType) else None
        return Array(context, Pool(Run(0, (0,)), False, forms), 0, tuple(dims), dense=True)
    rank = type.rank if isinstance(type, Static) else None
    dims += [0] * ((rank or 1) - len(dims))
    return Array(context, Pool(np.zeros(0, np.int64), static=True), 0, tuple(dims), dense=True)


# ---- literals


def items(walk: Walk, e: Items, frame: Frame, context: Context) -> Value:
    values = [lift(walk.rules[type(x)](walk, x, frame, context), context) for x in e.elements]
    if not values:
        return empty(walk, e.type, [0], frame, context)
    if isinstance(values[0], Array):
        return _items_of_arrays(walk, e, values, frame, context)
    scalars = [_scalar(v) for v in values]
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
        stacked = np.stack([np.broadcast_to(a.reshape(*f.shape, per), (*shape, per)) for a, f in zip(wide, found, strict=True)], -2)
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


# ---- elements and slices


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
        if type(selector) is Range:
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
            selectors.append((selector, integer(walk, selector.low, frame, context), integer(walk, selector.high, frame, context)))
        else:
            selectors.append((selector, integer(walk, selector, frame, context), None))
    data = context.lift(value.data, value.context) if isinstance(value, Known) else value
    shape = common(data, *(v for _, a, b in selectors for v in (a, b) if v is not None)) or (1,) * len(context.shape)
    results: list[object] = []
    for position in range(product(shape)):
        point = context.place(position, shape)
        found = at_point(data, point)
        try:
            results.append(_pick_object(found, [(s, at_point(a, point), None if b is None else at_point(b, point)) for s, a, b in selectors], e.span))
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



