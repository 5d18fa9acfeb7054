"""Vectors over the points of a context: what a static value, a wire number or a row number is at every point.

A vector is one of
    a plain Python value     the same at every point
    an ndarray               one axis for each axis of the context, of length 1 (the same along it) or full
    `Run`                    consecutive numbers, not written out
    `Scaled`                 integers `m * 2**e` too large for 64 bits
Arrays hold int64 (int32 for wire and row numbers), bool, or objects (Python integers, fractions, strings, mixtures).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Vector = Any  # a Python value | ndarray | Run | Scaled
Shape = tuple[int, ...]


def product(lengths: Shape) -> int:
    """The product, exact whatever its size."""
    result = 1
    for length in lengths:
        result *= int(length)
    return result


class Run:
    """The numbers `base, base + 1, ...` in row-major order over `shape` (each axis 1 or full)."""

    __slots__ = ("base", "shape", "_array")

    def __init__(self, base: int, shape: Shape) -> None:
        self.base = base
        self.shape = shape
        self._array: Array | None = None

    @property
    def size(self) -> int:
        return product(self.shape)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def array(self) -> Array:
        """The numbers, int32 where they fit."""
        if self._array is None:
            end = self.base + self.size
            self._array = np.arange(self.base, end, dtype=number_type(end)).reshape(self.shape)
        return self._array


class Scaled:
    """Integers `m * 2**e`: m int64, e int64 (not negative), of equal shape."""

    __slots__ = ("m", "e")

    def __init__(self, m: Array, e: Array) -> None:
        if m.shape != e.shape:
            m, e = np.broadcast_arrays(m, e)
        self.m = m
        self.e = e

    @property
    def shape(self) -> Shape:
        return self.m.shape

    @property
    def size(self) -> int:
        return self.m.size

    @property
    def ndim(self) -> int:
        return self.m.ndim


def number_type(end: int) -> type[np.signedinteger[Any]]:
    """The type of wire or row numbers below `end`."""
    return np.int32 if end < 2**31 else np.int64


def uniform(v: Vector) -> bool:
    """Whether this is one plain value for all points."""
    return not isinstance(v, (np.ndarray, Run, Scaled))


def dense(v: Vector) -> Vector:
    """The vector with a `Run` written out."""
    return v.array() if type(v) is Run else v


def each(v: Vector, change: Callable[[Array], Array]) -> Vector:
    """A change of shape or order, applied to the arrays of a vector."""
    if type(v) is Scaled:
        return Scaled(change(v.m), change(v.e))
    return change(dense(v))


def add_axis(v: Vector) -> Vector:
    """The vector in a context with one more axis."""
    if uniform(v):
        return v
    if type(v) is Run:
        return Run(v.base, (*v.shape, 1))
    return each(v, lambda a: a[..., None])


def reshape(v: Vector, shape: Shape) -> Vector:
    if uniform(v):
        return v
    if type(v) is Run:
        return Run(v.base, shape)
    return each(v, lambda a: a.reshape(shape))


def flat(v: Vector) -> Vector:
    """One axis, row-major."""
    return reshape(v, (-1,)) if type(v) is not Run else Run(v.base, (v.size,))


def spread(v: Vector, shape: Shape) -> Vector:
    """The vector with every axis as long as in `shape`, as a view; a plain value becomes an array."""
    if uniform(v):
        return np.broadcast_to(single(v), shape)
    if type(v) is Run:
        if v.shape == shape:
            return v
        v = v.array()
    return each(v, lambda a: a if a.shape == shape else np.broadcast_to(a, shape))


def single(value: object) -> Array:
    """One plain value as an array without axes."""
    if type(value) is bool:
        return np.array(value)
    if type(value) is int and -(2**63) <= value < 2**63:
        return np.array(value, np.int64)
    result = np.empty((), object)
    result[()] = value
    return result


def take(v: Vector, index: Vector) -> Vector:
    """Elements of a one-dimensional pool; a plain value where the index is one."""
    if type(v) is Run:
        if uniform(index):
            return v.base + index
        if type(index) is Run:
            return Run(v.base + index.base, index.shape)
        return (index + v.base).astype(number_type(v.base + v.size), copy=False)
    index = dense(index)
    if uniform(index):
        if type(v) is Scaled:
            return int(v.m[index]) << int(v.e[index])
        element = v[index]
        return element.item() if isinstance(element, np.generic) else element
    return each(v, lambda a: a.take(index))


def common(*vectors: Vector) -> Shape:
    """The shape that the vectors have together, by broadcasting; () where all are plain values."""
    return np.broadcast_shapes(*(v.shape for v in vectors if not uniform(v)))


def collapse(v: Vector) -> Vector:
    """A plain value where all elements of an integer or boolean array are equal."""
    if type(v) is np.ndarray and v.size and v.dtype != object:
        first = v.flat[0]
        if first == v.flat[-1] and (v.size == 1 or bool((v == first).all())):
            return first.item()
    elif type(v) is np.ndarray and v.size == 1:
        return v.flat[0]
    return v


def pack(values: list[object], shape: Shape) -> Vector:
    """Python values as an array: bool or int64 where they all are, else objects."""
    kinds = set(map(type, values))
    if kinds == {bool}:
        return np.array(values, bool).reshape(shape)
    if kinds == {int}:
        return shrink(objects(values)).reshape(shape)
    return objects(values).reshape(shape)


def objects(values: list[object]) -> Array:
    result = np.empty(len(values), object)
    for at, value in enumerate(values):  # assigning a list would look into tuples
        result[at] = value
    return result


def shrink(integers: Array) -> Array:
    """Python integers as int64 where they are below 2**62."""
    if integers.size == 0:
        return integers.astype(np.int64)
    if max(integers.flat) < 2**62 and min(integers.flat) > -(2**62):
        return integers.astype(np.int64)
    return integers


def at_point(v: Vector, point: tuple[int, ...]) -> Any:
    """The plain value at one point of the context, given by its coordinates."""
    if uniform(v):
        return v
    if type(v) is Scaled:
        return int(at_point(v.m, point)) << int(at_point(v.e, point))
    v = dense(v)
    element = v[tuple(p if n > 1 else 0 for p, n in zip(point, v.shape, strict=True))]
    return element.item() if isinstance(element, np.generic) else element
