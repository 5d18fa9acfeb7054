"""Contexts: one point for each combination of the index variables in scope, as broadcast axes where they are regular.

A binder with equal bounds at all points adds an axis, so that lifting an outer vector is a view. A choice that depends
on one axis picks from that axis. Only what is ragged becomes a flat list of points with an index into the outer ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.meter import Meter
from tc0.dsl.base.source import Span
from tc0.dsl.interpret.vectors import (
    Array,
    Run,
    Scaled,
    Shape,
    Vector,
    add_axis,
    dense,
    each,
    pack,
    product,
    reshape,
    single,
    spread,
    uniform,
)

MOST_AXES = 8  # beyond, a context is flattened: numpy has a limit, and many short axes are slow

ROOT, AXIS, PICK, FLAT = range(4)


class Context:
    """shape: the axes; points: their product. kind says how it was made from `parent`:
    AXIS one more axis at the end; PICK the positions `index` of axis `axis`; FLAT one axis, the points `index` of the
    parent in row-major order (None: all of them, or each `counts` times: the index is made when it is needed)."""

    __slots__ = ("shape", "points", "parent", "kind", "axis", "index", "counts", "_cache")

    def __init__(
        self,
        shape: Shape = (),
        parent: Context | None = None,
        kind: int = ROOT,
        axis: int = 0,
        index: Array | None = None,
        counts: Array | None = None,
    ) -> None:
        self.shape = shape
        self.points = product(shape)
        self.parent = parent
        self.kind = kind
        self.axis = axis
        self.index = index
        self.counts = counts
        self._cache: dict[Any, Any] = {}

    # ---- lifting

    def lift(self, v: Vector, source: Context) -> Vector:
        """A vector over `source`, an ancestor, as a vector over this context."""
        if source is self or uniform(v):
            return v
        path = []
        at: Context | None = self
        while at is not source:
            assert at is not None, "a value was used outside of its context"
            path.append(at)
            at = at.parent
        for step in reversed(path):
            v = step._down(v)
        return v

    def _down(self, v: Vector) -> Vector:
        """A vector over the parent, over this context."""
        if self.kind == AXIS:
            return add_axis(v)
        if self.kind == PICK:
            return v if v.shape[self.axis] == 1 else each(v, self._pick)
        if v.size == 1:
            return reshape(v, (1,))
        found = self._cache.get(id(v))
        if found is None:
            found = self._cache[id(v)] = (v, self._flatten(v))  # v is kept, so that its id stays taken
        return found[1]

    def _pick(self, a: Array) -> Array:
        assert self.index is not None
        first, last = int(self.index[0]), int(self.index[-1])
        if last - first + 1 == len(self.index):
            return a[(slice(None),) * self.axis + (slice(first, last + 1),)]
        return a.take(self.index, self.axis)

    def _flatten(self, v: Vector) -> Vector:
        assert self.parent is not None
        outer = self.parent.shape
        if self.index is None and self.counts is not None:
            self.index = np.repeat(np.arange(self.parent.points, dtype=np.int64), self.counts)
        if self.index is None:
            return reshape(spread(v, outer), (self.points,))
        full = tuple(n > 1 for n in v.shape)
        index = self._cache.get(full)
        if index is None:
            index = self._cache[full] = _reduced(self.index, outer, full)
        return each(v, lambda a: a.reshape(-1).take(index))

    # ---- vectors of this context

    def full(self, v: Vector) -> Vector:
        """The vector at every point: one axis [points]."""
        if type(v) is Run and v.shape == self.shape:
            return Run(v.base, (self.points,))
        return reshape(dense(spread(v, self.shape)), (self.points,))

    def whole(self, v: Array) -> Vector:
        """An array [points], with the axes of this context."""
        return v.reshape(self.shape)

    def run(self, base: int) -> Vector:
        """Consecutive numbers over all points."""
        return base if self.points == 1 else Run(base, self.shape)

    def place(self, position: int, shape: Shape) -> tuple[int, ...]:
        """The coordinates of a flat position of an array of compact `shape`."""
        return tuple(int(i) for i in np.unravel_index(position, shape)) if shape else (0,) * len(self.shape)

    # ---- contexts inside of this one

    def flattened(self, meter: Meter, span: Span) -> Context:
        """The same points with one axis."""
        meter.reserve(8 * self.points, span)
        return Context((self.points,), self, FLAT)

    def along(self, count: int) -> Context:
        """Every point `count` times: one more axis."""
        return Context((*self.shape, count), self, AXIS)

    def repeated(self, counts: Array, meter: Meter, span: Span) -> tuple[Context, Array]:
        """Point p `counts[p]` times (int64 [points]): the new context, and where each point starts, int64 [points + 1]."""
        total = int(counts.sum()) if counts.size < 2**20 or counts.max() < 2**40 else sum(counts.tolist())
        meter.reserve(16 * total, span)
        starts = np.zeros(self.points + 1, np.int64)
        np.cumsum(counts, out=starts[1:])
        return Context((total,), self, FLAT, counts=counts), starts

    def split(self, chosen: Array) -> tuple[Context, Context]:
        """The points where a boolean vector is true, and the others; neither is empty."""
        wide = [axis for axis, n in enumerate(chosen.shape) if n > 1]
        if len(wide) == 1:
            flags = chosen.reshape(-1)
            return self.pick(wide[0], np.flatnonzero(flags)), self.pick(wide[0], np.flatnonzero(~flags))
        flags = self.full(chosen)
        return self.subset(np.flatnonzero(flags)), self.subset(np.flatnonzero(~flags))

    def where(self, chosen: Array) -> Context:
        """The points where a boolean vector is true."""
        wide = [axis for axis, n in enumerate(chosen.shape) if n > 1]
        if len(wide) == 1:
            return self.pick(wide[0], np.flatnonzero(chosen.reshape(-1)))
        return self.subset(np.flatnonzero(self.full(chosen)))

    def pick(self, axis: int, index: Array) -> Context:
        return Context((*self.shape[:axis], len(index), *self.shape[axis + 1 :]), self, PICK, axis, index)

    def subset(self, index: Array) -> Context:
        return Context((len(index),), self, FLAT, 0, index)

    # ---- back from parts

    def merge(self, parts: list[tuple[Context, Vector]]) -> Vector:
        """One vector from vectors over parts of this context (from `split`); other points are left arbitrary."""
        first = parts[0][1]
        if uniform(first) and all(uniform(v) and type(v) is type(first) and v == first for _, v in parts):
            return first
        if any(type(v) is Scaled for _, v in parts):
            return self._merge_scaled(parts)
        arrays = _alike([single(v) if uniform(v) else dense(v) for _, v in parts])
        shape = self._joint([(part, a) for (part, _), a in zip(parts, arrays, strict=True)])
        result = np.empty(shape, np.result_type(*arrays) if arrays[0].dtype != object else object)
        for (part, _), a in zip(parts, arrays, strict=True):
            part._write(result, a)
        return result.reshape(self.shape) if shape != self.shape and product(shape) == self.points else result

    def _joint(self, parts: list[tuple[Context, Array]]) -> Shape:
        """The compact shape that holds all parts."""
        if any(part.kind == FLAT for part, _ in parts):
            return (self.points,)
        shape = [1] * len(self.shape)
        for part, a in parts:
            shape[part.axis] = self.shape[part.axis]
            for axis, n in enumerate(a.shape):
                if n > 1:
                    shape[axis] = self.shape[axis]
        return tuple(shape)

    def _write(self, result: Array, a: Array) -> None:
        """Puts a vector over this part where its points are in the parent."""
        if self.kind == FLAT:
            result[self.index] = a.reshape(-1) if a.size == self.points else np.broadcast_to(a, self.shape).reshape(-1)
        else:
            result[(slice(None),) * self.axis + (self.index,)] = a

    def _merge_scaled(self, parts: list[tuple[Context, Vector]]) -> Vector:
        pairs = []
        for part, vector in parts:
            v: Vector = single(vector) if uniform(vector) else dense(vector)
            if isinstance(v, Scaled):
                pairs.append((part, v))
            elif v.dtype == object or v.dtype == bool:
                return self.merge([(p, _as_objects(w)) for p, w in parts])
            else:
                pairs.append((part, Scaled(v, np.zeros_like(v))))
        m: Array = self.merge([(part, v.m) for part, v in pairs])
        e: Array = self.merge([(part, v.e) for part, v in pairs])
        return Scaled(m, e)


PIECE = 1 << 18  # elements that are made at once, so that a large vector is written in one pass


def counted(first: Array, starts: Array) -> Array:
    """`first[p], first[p] + 1, ...` for each point p, one after the other; `starts` int64 [points + 1]."""
    total = int(starts[-1])
    result = np.empty(total, np.int64)
    shift = first - starts[:-1]
    at = 0
    while at < len(shift):
        end = max(at + 1, int(np.searchsorted(starts, starts[at] + PIECE, "right")) - 1)
        a, b = int(starts[at]), int(starts[end])
        piece = np.arange(a, b, dtype=np.int64)
        piece += np.repeat(shift[at:end], np.diff(starts[at : end + 1]))
        result[a:b] = piece
        at = end
    return result


def _as_objects(v: Vector) -> Vector:
    if type(v) is Scaled:
        values: list[object] = [int(m) << int(e) for m, e in zip(v.m.flat, v.e.flat, strict=True)]
        return pack(values, v.shape)
    return v


def _alike(arrays: list[Array]) -> list[Array]:
    """The arrays as they are if all are numbers of one kind, else as objects."""
    kinds = {a.dtype.kind for a in arrays}
    if len(kinds) == 1:
        return arrays
    return [a.astype(object) for a in arrays]


def _reduced(index: Array, outer: Shape, full: tuple[bool, ...]) -> Array:
    """Flat positions in `outer` as flat positions in an array that has only the `full` axes."""
    if all(full[axis] or n == 1 for axis, n in enumerate(outer)):
        return index
    result: Array | None = None
    stride, inner = 1, 1
    for axis in reversed(range(len(outer))):
        n = outer[axis]
        if full[axis]:
            coordinate = index // inner % n if inner > 1 else index % n
            result = coordinate * stride if result is None else result + coordinate * stride
            stride *= n
        inner *= n
    assert result is not None
    return result
