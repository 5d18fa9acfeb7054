"""What a name stands for at every point of a context: statics, wires, forms, arrays of them, families.

A static value that is the same at all points is a plain Python value, without a class of ours around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tc0.dsl.base.meter import Meter
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Family
from tc0.dsl.core.static import leaves, shape_of
from tc0.dsl.interpret.contexts import AXIS, Context
from tc0.dsl.interpret.forms import Forms, stack
from tc0.dsl.interpret.statics import add, multiply, written_out
from tc0.dsl.interpret.vectors import Array as Numbers
from tc0.dsl.interpret.vectors import (
    Run,
    Scaled,
    Shape,
    Vector,
    at_point,
    common,
    dense,
    pack,
    product,
    spread,
    take,
    uniform,
)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A static value that differs from point to point."""

    context: Context
    data: Vector


@dataclass(frozen=True, slots=True, eq=False)
class Bit:
    """One wire at every point: its number."""

    context: Context
    wires: Vector


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One linear form at every point: its row in a pool."""

    context: Context
    forms: Forms
    row: Vector


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Storage of arrays, one axis: static values, wire numbers (forms None), or row numbers of `forms`."""

    numbers: Vector
    static: bool = False
    forms: Forms | None = None

    @property
    def size(self) -> int:
        return int(self.numbers.size)


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """An array at every point. Element (i, j, ..) is `pool[offset + i * strides[0] + j * strides[1] + ..]`.

    dims: lengths; for words, symbols and floats the last one is their width. strides: None for row-major.
    dense: the elements of the points that `offset` and `dims` tell apart, in order, are the whole pool.
    """

    context: Context
    pool: Pool
    offset: Vector
    dims: tuple[Vector, ...]
    strides: tuple[Vector, ...] | None = None
    dense: bool = False

    def steps(self) -> tuple[Vector, ...]:
        """The strides, written out."""
        if self.strides is not None:
            return self.strides
        steps: list[Vector] = []
        step: Vector = 1
        for length in reversed(self.dims):
            steps.append(step)
            step = multiply(step, length)
        return tuple(reversed(steps))


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A family with some of its static and size parameters fixed, to values over one context."""

    family: Family
    fixed: dict[str, Value]


@dataclass(frozen=True, slots=True, eq=False)
class Families:
    """A family at every point: number `which` of the choices."""

    context: Context
    choices: tuple[Closure, ...]
    which: Vector


Value = Any  # a plain static value | Known | Bit | Form | Array | Families


# ---- making


def known(context: Context, data: Vector) -> Value:
    """A static vector as a value."""
    return data if uniform(data) else Known(context, data)


def static_array(context: Context, value: tuple[Any, ...], rank: int | None = None) -> Array:
    """A nested tuple as an array of statics, the same at all points."""
    dims = shape_of(value)
    if rank is not None and len(dims) < rank:
        dims += (0,) * (rank - len(dims))
    numbers = pack(list(leaves(value)), (-1,))
    return Array(context, Pool(numbers, static=True), 0, dims, dense=True)


def wire_array(context: Context, numbers: Vector, dims: Shape) -> Array:
    """Wires, the same at all points."""
    return Array(context, Pool(numbers), 0, dims, dense=True)


# ---- lifting


def lift(value: Value, context: Context) -> Value:
    """A value of an outer context, in this one."""
    if type(value) is Array:
        return lift_array(value, context)
    if isinstance(value, (Known, Bit, Form, Families)):
        source = value.context
        if source is context:
            return value
        match value:
            case Known():
                return Known(context, context.lift(value.data, source))
            case Bit():
                return Bit(context, context.lift(value.wires, source))
            case Form():
                return Form(context, value.forms, context.lift(value.row, source))
            case Families():
                return Families(context, value.choices, context.lift(value.which, source))
    return value


def lift_array(value: Array, context: Context) -> Array:
    source = value.context
    if source is context:
        return value
    offset = context.lift(value.offset, source)
    dims = tuple(context.lift(d, source) for d in value.dims)
    strides = None if value.strides is None else tuple(context.lift(s, source) for s in value.strides)
    kept = value.dense and (all(uniform(v) for v in (offset, *dims)) or _in_order(context, source))
    return Array(context, value.pool, offset, dims, strides, kept)


def _in_order(context: Context, source: Context) -> bool:
    """Whether the way to an outer context only adds axes."""
    at: Context | None = context
    while at is not source:
        assert at is not None
        if at.kind != AXIS:
            return False
        at = at.parent
    return True


# ---- flattening


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """The elements of an array, row-major, for each of the points that it tells apart.

    shape: the compact shape of those points over the context; rows: how many. per: elements of each, or None and
    `starts` int64 [rows + 1]. numbers: all elements, one axis.
    """

    shape: Shape
    rows: int
    per: int | None
    starts: Numbers | None
    numbers: Vector

    def offsets(self) -> Numbers:
        if self.starts is not None:
            return self.starts
        assert self.per is not None
        return np.arange(self.rows + 1, dtype=np.int64) * self.per

    def row(self) -> Vector:
        """The number of the row of each point: a compact vector."""
        return 0 if self.rows == 1 else Run(0, self.shape)


def segments(value: Array, context: Context, meter: Meter, span: Span) -> Segments:
    """An array over this context, flattened."""
    if all(type(d) is int for d in value.dims):
        return _regular(value, context, meter, span)
    return _ragged(value, context, meter, span)


def _compact(context: Context, *vectors: Vector) -> Shape:
    found = common(*vectors)
    return found if found else (1,) * len(context.shape)


def _regular(value: Array, context: Context, meter: Meter, span: Span) -> Segments:
    per = product(value.dims)
    if uniform(value.offset) and value.strides is None:
        shape = (1,) * len(context.shape)
        return Segments(shape, 1, per, None, cut(value.pool.numbers, value.offset, per))
    steps = value.steps()
    shape = _compact(context, value.offset, *steps)
    rows = product(shape)
    if value.dense and value.pool.size == rows * per:
        return Segments(shape, rows, per, None, value.pool.numbers)
    meter.reserve(8 * rows * per, span)
    index = _column(value.offset, shape)
    for length, step in zip(value.dims, steps, strict=True):
        along = np.arange(length, dtype=np.int64)
        index = (index[:, :, None] + _column(step, shape)[:, :, None] * along).reshape(index.shape[0], -1)
    if index.shape[0] < rows:
        index = np.broadcast_to(index, (rows, per))
    return Segments(shape, rows, per, None, take(value.pool.numbers, index.reshape(-1)))


def _column(v: Vector, shape: Shape) -> Numbers:
    """A vector as a column [rows, 1] or [1, 1]."""
    if uniform(v):
        return np.full((1, 1), v, np.int64)
    return np.asarray(dense(spread(v, shape))).reshape(-1, 1)


def cut(numbers: Vector, first: int, count: int) -> Vector:
    """Consecutive elements of a pool."""
    if type(numbers) is Run:
        return Run(numbers.base + first, (count,))
    if first == 0 and count == numbers.size:
        return numbers
    if type(numbers) is Scaled:
        return Scaled(numbers.m[first : first + count], numbers.e[first : first + count])
    return numbers[first : first + count]


def _ragged(value: Array, context: Context, meter: Meter, span: Span) -> Segments:
    steps = value.steps()
    shape = _compact(context, value.offset, *value.dims, *steps)
    rows = product(shape)
    lengths = [_wide(d, shape) for d in value.dims]
    counts = lengths[0]
    for length in lengths[1:]:
        counts = counts * length
    starts = np.zeros(rows + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    total = int(starts[-1])
    if value.dense and value.pool.size == total:
        return Segments(shape, rows, None, starts, value.pool.numbers)
    meter.reserve(24 * total, span)
    position = np.arange(total, dtype=np.int64)
    position -= np.repeat(starts[:-1], counts)
    index = np.repeat(_wide(value.offset, shape), counts)
    for at in reversed(range(len(lengths))):
        step = _wide(steps[at], shape)
        if at == 0:
            index += position * np.repeat(step, counts)
        else:
            length = np.repeat(lengths[at], counts)
            index += position % np.maximum(length, 1) * np.repeat(step, counts)
            position //= np.maximum(length, 1)
    return Segments(shape, rows, None, starts, take(value.pool.numbers, index))


def _wide(v: Vector, shape: Shape) -> Numbers:
    return np.asarray(dense(spread(v, shape))).reshape(-1).astype(np.int64, copy=False)


def of_segments(context: Context, found: Segments, dims: tuple[Vector, ...], pool: Pool) -> Array:
    """The array that has these elements at the points of the segments."""
    if found.per is not None:
        offset: Vector = 0
        if found.rows > 1:
            offset = (np.arange(found.rows, dtype=np.int64) * found.per).reshape(found.shape)
        return Array(context, pool, offset, dims, dense=True)
    assert found.starts is not None
    return Array(context, pool, found.starts[:-1].reshape(found.shape), dims, dense=True)


# ---- back to plain values


def plain(value: Value, point: tuple[int, ...]) -> Any:
    """A static value at one point of its context: a number, a string, or nested tuples."""
    match value:
        case Known():
            return at_point(value.data, point)
        case Array():
            dims = [at_point(d, point) for d in value.dims]
            steps = [at_point(s, point) for s in value.steps()]
            return _nested(value.pool.numbers, at_point(value.offset, point), dims, steps)
        case _:
            return value


def _nested(numbers: Vector, offset: int, dims: Sequence[int], steps: Sequence[int]) -> Any:
    if not dims:
        return take(numbers, offset)
    return tuple(_nested(numbers, offset + i * steps[0], dims[1:], steps[1:]) for i in range(dims[0]))


def joined_pools(pools: Sequence[Pool]) -> tuple[Pool, list[int]]:
    """One pool that holds all, and where each begins in it."""
    distinct: list[Pool] = []
    starts: list[int] = []
    first: dict[int, int] = {}
    size, rows = 0, 0
    arrays: list[Vector] = []
    for pool in pools:
        if id(pool) not in first:
            first[id(pool)] = size
            distinct.append(pool)
            numbers = pool.numbers
            if pool.forms is not None:
                numbers = np.asarray(dense(numbers)).astype(np.int64) + rows
                rows += pool.forms.count
            arrays.append(numbers)
            size += pool.size
        starts.append(first[id(pool)])
    if len(distinct) == 1:
        return distinct[0], starts
    forms = None if distinct[0].forms is None else stack([p.forms for p in distinct if p.forms is not None])
    return Pool(joined(arrays), distinct[0].static, forms), starts


def joined(arrays: Sequence[Vector]) -> Vector:
    """Pools of numbers or statics, one after the other."""
    wide = [written_out(a) for a in arrays]
    kinds = {a.dtype.kind for a in wide if a.size}
    if len(kinds) > 1:
        wide = [a.astype(object) for a in wide]
    elif kinds:
        wide = [a for a in wide if a.size]
    return np.concatenate(wide)


def shifted(numbers: Vector, by: int) -> Vector:
    """Positions in a pool that has moved."""
    return add(numbers, by) if by else numbers
