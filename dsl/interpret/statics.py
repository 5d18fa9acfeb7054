"""Exact integer arithmetic on vectors: int64 where the result has at most 62 bits, `Scaled` for products of powers of
two, Python integers beyond."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tc0.dsl.interpret.vectors import (
    Array,
    Scaled,
    Shape,
    Vector,
    dense,
    objects,
    shrink,
    single,
    spread,
    uniform,
)

FEW = 32
MOST = 62  # bits of an int64 that are used, so that a sum of two still fits


# ---- integers in vectors


def bits_of(v: Vector) -> int:
    """The number of binary digits of the largest magnitude."""
    if type(v) is int:
        return v.bit_length()
    if type(v) is Scaled:
        return bits_of(v.m) + int(v.e.max()) if v.size else 0
    if v.size == 0:
        return 0
    if v.dtype == object:
        return int(max(max(v.flat).bit_length(), min(v.flat).bit_length()))
    if v.size <= FEW:  # a list is faster than two calls of numpy
        values = v.ravel().tolist()
        return int(max(max(values), -min(values)).bit_length())
    return max(int(v.max()), -int(v.min())).bit_length()


def written_out(v: Vector) -> Vector:
    """Integers without a scale: int64 where they fit, else Python integers."""
    v = dense(v)
    if type(v) is not Scaled:
        return v
    if bits_of(v) <= MOST:
        return v.m << v.e
    return shrink(_shift_objects(v.m, v.e))


def _shift_objects(m: Array, e: Array) -> Array:
    values: list[object] = [a << b for a, b in zip(m.ravel().tolist(), e.ravel().tolist(), strict=True)]
    return objects(values).reshape(m.shape)


def big(v: Vector) -> Array:
    """The integers as Python objects in an array."""
    found: Array = single(v) if uniform(v) else written_out(v)
    return found if found.dtype == object else found.astype(object)


def _narrow(v: Array) -> Array:
    """Objects as int64 where they fit."""
    return shrink(v) if v.dtype == object else v


def _exact(a: Vector, b: Vector, bits: int, operation: Callable[[Any, Any], Any]) -> Vector:
    """An operation on int64 where the result has at most `bits` bits that fit, else on Python integers."""
    if bits <= MOST:
        return operation(a, b)
    return _narrow(operation(big(a), big(b)))


def add(a: Vector, b: Vector) -> Vector:
    """The sum of integers."""
    if type(a) is int and type(b) is int:
        return a + b
    if type(a) is int and a == 0:
        return b
    if type(b) is int and b == 0:
        return a
    a, b = written_out(a), written_out(b)
    return _exact(a, b, max(bits_of(a), bits_of(b)) + 1, np.add)


def subtract(a: Vector, b: Vector) -> Vector:
    """The difference of integers."""
    if type(a) is int and type(b) is int:
        return a - b
    if type(b) is int and b == 0:
        return a
    a, b = written_out(a), written_out(b)
    return _exact(a, b, max(bits_of(a), bits_of(b)) + 1, np.subtract)


def multiply(a: Vector, b: Vector) -> Vector:
    """The product of integers."""
    if type(a) is int and type(b) is int:
        return a * b
    for x, y in ((a, b), (b, a)):
        if type(x) is int and x == 1:
            return y
        if type(x) is int and x == 0:
            return 0
    if type(a) is Scaled or type(b) is Scaled:
        return _multiply_scaled(a, b)
    a, b = dense(a), dense(b)
    return _exact(a, b, bits_of(a) + bits_of(b), np.multiply)


def scaled(v: Vector) -> Scaled | None:
    """Integers as `m * 2**e` with m of at most 62 bits, if that is possible at once."""
    if type(v) is Scaled:
        return v
    if type(v) is int:
        e = max(0, (v & -v).bit_length() - 1)
        m = v >> e
        return Scaled(np.array(m, np.int64), np.array(e, np.int64)) if m.bit_length() <= MOST else None
    v = dense(v)
    if v.dtype != object:
        return Scaled(v, np.zeros((), np.int64))
    pairs = [((x & -x).bit_length() - 1 if x else 0, x) for x in v.ravel().tolist()]
    mantissas = [x >> e for e, x in pairs]
    if any(m.bit_length() > MOST for m in mantissas):
        return None
    return Scaled(
        np.array(mantissas, np.int64).reshape(v.shape), np.array([e for e, _ in pairs], np.int64).reshape(v.shape)
    )


def _multiply_scaled(a: Vector, b: Vector) -> Vector:
    left, right = scaled(a), scaled(b)
    if left is not None and right is not None and bits_of(left.m) + bits_of(right.m) <= MOST:
        return Scaled(left.m * right.m, left.e + right.e)
    return _narrow(big(a) * big(b))


def negate(a: Vector) -> Vector:
    """The negation of integers."""
    if type(a) is int:
        return -a
    return Scaled(-a.m, a.e) if type(a) is Scaled else -dense(a)


def floor_divide(a: Vector, b: Vector) -> Vector:
    """`a // b` of integers; no b is 0."""
    if type(a) is int and type(b) is int:
        return a // b
    a, b = written_out(a), written_out(b)
    return _exact(a, b, max(bits_of(a), bits_of(b)), np.floor_divide)


def remainder(a: Vector, b: Vector) -> Vector:
    """`a % b` of integers; no b is 0."""
    if type(a) is int and type(b) is int:
        return a % b
    a, b = written_out(a), written_out(b)
    return _exact(a, b, max(bits_of(a), bits_of(b)), np.remainder)


def _comparison(operation: Any) -> Callable[[Vector, Vector], Vector]:
    def compare(a: Vector, b: Vector) -> Vector:
        if type(a) is int and type(b) is int:
            return bool(operation(a, b))
        if type(a) is Scaled and type(b) is int and b == 0:  # the sign is that of the mantissa
            return operation(a.m, 0)
        a, b = written_out(a), written_out(b)
        if max(bits_of(a), bits_of(b)) > MOST:
            a, b = big(a), big(b)
        return operation(a, b).astype(bool, copy=False)

    return compare


less = _comparison(np.less)
at_most = _comparison(np.less_equal)
greater = _comparison(np.greater)
at_least = _comparison(np.greater_equal)
equal = _comparison(np.equal)
unequal = _comparison(np.not_equal)


def choose(condition: Vector, a: Vector, b: Vector) -> Vector:
    """a where the condition holds, b elsewhere; integers."""
    if type(condition) is bool:
        return a if condition else b
    if type(a) is int and type(b) is int and max(bits_of(a), bits_of(b)) <= MOST:
        return np.where(condition, np.int64(a), np.int64(b))
    if type(a) is Scaled or type(b) is Scaled:
        left, right = scaled(a), scaled(b)
        if left is not None and right is not None:
            return Scaled(np.where(condition, left.m, right.m), np.where(condition, left.e, right.e))
    a, b = written_out(a), written_out(b)
    if max(bits_of(a), bits_of(b)) > MOST:
        a, b = big(a), big(b)
    return np.where(condition, a, b)


def smaller(a: Vector, b: Vector) -> Vector:
    return min(a, b) if type(a) is int and type(b) is int else choose(less(a, b), a, b)


def larger(a: Vector, b: Vector) -> Vector:
    return max(a, b) if type(a) is int and type(b) is int else choose(greater(a, b), a, b)


def bit_lengths(v: Vector) -> Vector:
    """The number of binary digits of integers that are not negative."""
    if type(v) is int:
        return v.bit_length()
    v = written_out(v)
    if v.dtype != object and bits_of(v) <= 52:
        return np.frexp(v.astype(np.float64))[1].astype(np.int64)  # exact below 2**53
    return np.array([x.bit_length() for x in v.ravel().tolist()], np.int64).reshape(v.shape)


# ---- plain values


def python_values(v: Vector, shape: Shape) -> list[Any]:
    """The plain values of a vector at all points of a shape, row-major."""
    if uniform(v):
        return [v] * int(np.prod(shape, dtype=np.int64))
    wide = spread(v, shape)
    if type(wide) is Scaled:
        return [m << e for m, e in zip(wide.m.ravel().tolist(), wide.e.ravel().tolist(), strict=True)]
    values: list[Any] = dense(wide).ravel().tolist()
    return values


def integers(*arguments: Vector) -> bool:
    """Whether all arguments are integers (not booleans, not fractions) at all points."""
    return all(map(_integers, arguments))


def _integers(v: Vector) -> bool:
    if type(v) is np.ndarray:
        return v.dtype.kind == "i" or (v.dtype == object and all(type(x) is int for x in v.flat))
    return type(v) is int or (not uniform(v))


# ---- sums over segments


def segment_sum(v: Vector, starts: Array) -> Vector:
    """Exact sums of `v[starts[i] : starts[i + 1]]`; v has one axis, or is one value for all."""
    if uniform(v):
        lengths = np.diff(starts)
        return multiply(v, lengths)
    v = dense(v)
    if type(v) is Scaled:
        if bits_of(v) + v.size.bit_length() <= MOST:
            v = v.m << v.e
        elif bits_of(v.m) <= 31:
            return _limb_sum(v, starts)
        else:
            v = written_out(v)
    if v.dtype == object or bits_of(v) + v.size.bit_length() > MOST:
        total = np.concatenate([np.zeros(1, object), np.cumsum(v.astype(object))]) if v.size else np.zeros(1, object)
        return _narrow(total[starts[1:]] - total[starts[:-1]])
    total = np.zeros(v.size + 1, np.int64)
    np.cumsum(v, out=total[1:])
    return total[starts[1:]] - total[starts[:-1]]


def row_sum(v: Vector, rows: int, per: int) -> Vector:
    """Exact sums of rows of `per` values each."""
    if uniform(v):
        return v * per
    if per == 1:
        return v
    v = dense(v)
    if type(v) is not Scaled and v.dtype != object and bits_of(v) + per.bit_length() <= MOST:
        return v.reshape(rows, per).sum(1)
    return segment_sum(v, np.arange(rows + 1, dtype=np.int64) * per)


LIMB = 24


def _limb_sum(v: Scaled, starts: Array) -> Vector:
    """Sums of `m * 2**e`, |m| < 2**31, in limbs of 24 bits: float64 sums of integers below 2**53 are exact."""
    segments = len(starts) - 1
    segment = np.repeat(np.arange(segments, dtype=np.int64), np.diff(starts))
    limbs = bits_of(v) // LIMB + 4
    where, shift = np.divmod(v.e, LIMB)
    shifted = v.m << shift  # |shifted| < 2**55
    at = segment * limbs + where
    size = segments * limbs
    low = np.bincount(at, (shifted & (2**LIMB - 1)).astype(np.float64), size)
    high = np.bincount(at + 1, (shifted >> LIMB).astype(np.float64), size)
    limb = (low[:size].astype(np.int64) + high[:size].astype(np.int64)).reshape(segments, limbs)
    for i in range(limbs - 1):
        limb[:, i + 1] += limb[:, i] >> LIMB
        limb[:, i] &= 2**LIMB - 1
    octets = np.zeros((segments, 3 * (limbs - 1)), np.uint8)
    for b in range(3):
        octets[:, b::3] = (limb[:, :-1] >> (8 * b)) & 255
    width = octets.shape[1]
    data, top = octets.tobytes(), limb[:, -1].tolist()
    values: list[object] = [
        int.from_bytes(data[r * width : (r + 1) * width], "little") + (top[r] << (LIMB * (limbs - 1)))
        for r in range(segments)
    ]
    return shrink(objects(values))
