"""Rules for arrays: comprehensions, literals, elements and slices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Bound, Comprehension, Expr
from tc0.dsl.core.types import Float, Static, Symbol, Type, Wires, Word, code_bits
from tc0.dsl.core.types import Form as FormType
from tc0.dsl.interpret import statics
from tc0.dsl.interpret.contexts import MOST_AXES, Context, counted
from tc0.dsl.interpret.forms import of_constants
from tc0.dsl.interpret.frame import Frame, Walk, first_true, integer, truth
from tc0.dsl.interpret.merging import settled
from tc0.dsl.interpret.values import (
    Array,
    Bit,
    Form,
    Known,
    Pool,
    Segments,
    Value,
    known,
    lift,
    lift_array,
    segments,
)
from tc0.dsl.interpret.vectors import (
    Run,
    Shape,
    Vector,
    add_axis,
    at_point,
    collapse,
    dense,
    each,
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
        return _at_base(
            context,
            points,
            outer,
            product(counts) * per,
            (*dims, *inner_dims),
            Pool(numbers, array.pool.static, array.pool.forms),
        )
    vector, forms, is_static = scalar(lift(body, inner))
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


def scalar(value: Value) -> tuple[Vector, Any, bool]:
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
    return Error(
        "E0403",
        f"a ragged array: the elements have different shapes, one of them {found}",
        e.span,
        "pad the rows: `if j < i then .. else 0`",
    )


def _regular_ragged(
    walk: Walk, e: Comprehension, array: Array, found: Segments, points: _Points, dims: Shape, context: Context
) -> Array:
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
    return Array(
        context, Pool(numbers, array.pool.static, array.pool.forms), collapse(offset), (*dims, *inner_dims), dense=True
    )


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
    vector, forms, is_static = scalar(lift(body, inner))
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
