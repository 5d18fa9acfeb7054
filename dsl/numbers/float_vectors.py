"""Vectors of log-precision floats: the operations of `floats` on arrays, bit for bit.

A result is first a double, `value * 2**exponent` with an exponent of its own: exact, or on the same side of every border
between two floats as the exact result. Where an exact result has more digits than a double, what is cut off sets the
last digit that is kept ("jamming"): that digit lies below every border, so it only says that the result is between two.
Then `_round` rounds once. Arrays are taken in pieces that fit into the cache.

Loaded where wires carry values, never for work without wires: it needs numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from tc0.dsl.base.record import record
from tc0.dsl.numbers.floats import Float, Format, Mixed, exponent_of

Integers = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
# Reads arrays of one shape, writes mantissas and exponents into the last two.
Kernel = Callable[..., None]

LN2 = 0.6931471805599453
LN2_PARTS = (22713 / 2**15, 98173 / 2**36, 14831 / 2**53, float.fromhex("0x1.abc9e3b39803fp-56"))  # their sum, nearly
SERIES = tuple(1 / factorial(k) for k in range(14))  # of e**x
SLACK = 2.0**-48  # more than the relative error of `_exponential`

PIECE = 1 << 13  # elements that are worked on together: a dozen arrays of them fit into the cache
DOUBLE = 53  # digits of a double
NEVER = -(1 << 40)  # an exponent below all others: the result is zero


@record
class Floats:
    """Floats of one format, each by its one encoding: int64 arrays of the same shape."""

    format: Format
    mantissa: Integers
    exponent: Integers

    @property
    def shape(self) -> tuple[int, ...]:
        return self.mantissa.shape

    @property
    def size(self) -> int:
        return self.mantissa.size

    def __len__(self) -> int:
        return len(self.mantissa)

    def __getitem__(self, index: Any) -> Floats:
        """What numpy's index selects, as an array (of no dimensions for one float)."""
        return Floats(self.format, np.asarray(self.mantissa[index]), np.asarray(self.exponent[index]))

    def reshape(self, *shape: int) -> Floats:
        return Floats(self.format, self.mantissa.reshape(*shape), self.exponent.reshape(*shape))


def vector(format: Format, numbers: Sequence[Float]) -> Floats:
    """[n]: the floats, which have this format (else `Mixed`)."""
    for x in numbers:
        if x.format != format:
            raise Mixed(f"{format} and {x.format} do not mix")
    mantissas, exponents = [x.mantissa for x in numbers], [x.exponent for x in numbers]
    return Floats(format, np.array(mantissas, np.int64), np.array(exponents, np.int64))


def listed(x: Floats) -> list[Float]:
    """The floats of an array one by one, the last index fastest."""
    pairs = zip(x.mantissa.ravel().tolist(), x.exponent.ravel().tolist(), strict=True)
    return [Float(x.format, mantissa, exponent) for mantissa, exponent in pairs]


def filled(number: Float, shape: int | tuple[int, ...]) -> Floats:
    """The same float everywhere."""
    mantissa, exponent = (np.full(shape, part, np.int64) for part in (number.mantissa, number.exponent))
    return Floats(number.format, mantissa, exponent)


def concatenated(parts: Sequence[Floats], axis: int = 0) -> Floats:
    """At least one array of floats after another."""
    format = same_format(*parts)
    mantissas, exponents = [x.mantissa for x in parts], [x.exponent for x in parts]
    return Floats(format, np.concatenate(mantissas, axis), np.concatenate(exponents, axis))


def same_format(*parts: Floats) -> Format:
    """The format of all of them; `Mixed` if there are several."""
    first = parts[0].format
    for x in parts:
        if x.format != first:
            raise Mixed(f"{first} and {x.format} do not mix")
    return first


# ---- rounding


def rounded(format: Format, sums: Integers, exponent: Integers) -> Floats:
    """The floats for `sums * 2**exponent`, |sums| < 2**63. A sum that stands for a range has at least digits + 3 digits."""
    return in_pieces(format, round_sums, sums, exponent)


def in_pieces(format: Format, kernel: Kernel, *parts: npt.NDArray[Any]) -> Floats:
    """The kernel on arrays that are broadcast against one another."""
    shape = np.broadcast_shapes(*(x.shape for x in parts))
    flat = [_flat(x, shape) for x in parts]
    mantissa, exponent = np.empty(shape, np.int64), np.empty(shape, np.int64)
    mantissas, exponents = mantissa.reshape(-1), exponent.reshape(-1)
    for start in range(0, mantissa.size, PIECE):
        piece = slice(start, start + PIECE)
        here = [x if x.size == 1 else x[piece] for x in flat]
        kernel(format, *here, mantissas[piece], exponents[piece])
    return Floats(format, mantissa, exponent)


def _flat(x: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """[n], or [1] where all are the same; what is written into it is written into x if x has this shape."""
    return x.reshape(-1) if x.size == 1 or x.shape == shape else np.broadcast_to(x, shape).reshape(-1)


def round_sums(format: Format, sums: Integers, exponent: Integers, mantissas: Integers, exponents: Integers) -> None:
    """Writes what `rounded` gives."""
    _round(format, _jammed(sums), exponent, mantissas, exponents)


def _jammed(sums: Integers) -> Doubles:
    """Doubles of the integers: exact below 2**53, else of 53 digits or less whose last says whether more were cut off."""
    long = np.abs(sums) >= 1 << DOUBLE
    if not long.any():
        return sums.astype(np.float64)
    cut = sums & -2048
    cut |= (cut != sums).astype(np.int64) << 11
    return np.where(long, cut, sums).astype(np.float64)


def _round(format: Format, value: Doubles, exponent: Integers, mantissas: Integers, exponents: Integers) -> None:
    """Writes the floats for `value * 2**exponent`; the values are normal doubles or 0."""
    digits, largest = format.digits, format.largest
    bits = value.view(np.int64)
    unit = bits >> (DOUBLE - 1)
    unit &= 0x7FF
    unit += exponent
    unit -= 1075  # value = magnitude * 2**(that), of 53 digits
    np.copyto(unit, NEVER, where=value == 0)
    magnitude = bits & ((1 << (DOUBLE - 1)) - 1)
    magnitude |= 1 << (DOUBLE - 1)
    drop = -largest - unit
    np.maximum(drop, DOUBLE - digits, out=drop)
    unit += drop
    np.minimum(drop, DOUBLE + 2, out=drop)
    if format.nearest:
        kept = magnitude >> drop
        kept &= 1
        magnitude += kept
        magnitude += np.left_shift(1, drop - 1)
        magnitude -= 1
    kept = magnitude >> drop
    if format.nearest:
        carry = kept >> digits
        kept >>= carry
        unit += carry
        np.copyto(unit, -largest, where=kept == 0)
    np.copyto(kept, largest, where=unit > largest)
    np.minimum(unit, largest, out=exponents)
    sign = bits >> 63
    kept ^= sign
    np.subtract(kept, sign, out=mantissas)


# ---- order


def order(x: Floats) -> Integers:
    """Integers that grow with the value, for floats of one format; the negative of a float has the negative integer."""
    place = x.exponent + x.format.largest
    place <<= x.format.digits
    place *= np.sign(x.mantissa)
    place += x.mantissa
    return place


def from_order(format: Format, keys: Integers) -> Floats:
    """The floats that have these integers in the order."""
    place = np.abs(keys)
    exponent = (place >> format.digits) - format.largest
    place &= format.largest
    place *= np.sign(keys)
    return Floats(format, place, exponent)


def compared(a: Floats, b: Floats) -> npt.NDArray[np.int8]:
    """-1, 0 or 1: how a compares with b."""
    same_format(a, b)
    x, y = order(a), order(b)
    return (x > y).view(np.int8) - (x < y).view(np.int8)


def equal(a: Floats, b: Floats) -> Bools:
    same_format(a, b)
    found: Bools = (a.mantissa == b.mantissa) & (a.exponent == b.exponent)
    return found


def at_least(a: Floats, b: Floats) -> Bools:
    """a >= b"""
    same_format(a, b)
    found: Bools = order(a) >= order(b)
    return found


def above(a: Floats, b: Floats) -> Bools:
    """a > b"""
    same_format(a, b)
    found: Bools = order(a) > order(b)
    return found


def greatest(a: Floats, b: Floats) -> Floats:
    """The greater one by element."""
    return from_order(same_format(a, b), np.maximum(order(a), order(b)))


def least(a: Floats, b: Floats) -> Floats:
    """The lesser one by element."""
    return from_order(same_format(a, b), np.minimum(order(a), order(b)))


def selected(condition: Bools, a: Floats, b: Floats) -> Floats:
    """a where the condition holds, else b."""
    format = same_format(a, b)
    mantissa, exponent = np.where(condition, a.mantissa, b.mantissa), np.where(condition, a.exponent, b.exponent)
    return Floats(format, mantissa, exponent)


# ---- arithmetic


def negated(x: Floats) -> Floats:
    return Floats(x.format, -x.mantissa, x.exponent)


def absolute(x: Floats) -> Floats:
    return Floats(x.format, np.abs(x.mantissa), x.exponent)


def relu(x: Floats) -> Floats:
    """The number where it is positive, else 0."""
    return Floats(x.format, np.maximum(x.mantissa, 0), np.where(x.mantissa > 0, x.exponent, -x.format.largest))


def add(a: Floats, b: Floats) -> Floats:
    return in_pieces(same_format(a, b), _add, a.mantissa, a.exponent, b.mantissa, b.exponent)


def subtract(a: Floats, b: Floats) -> Floats:
    return add(a, negated(b))


def multiply(a: Floats, b: Floats) -> Floats:
    return in_pieces(same_format(a, b), _multiply, a.mantissa, a.exponent, b.mantissa, b.exponent)


def divide(a: Floats, b: Floats) -> Floats:
    """The quotients; 0 where b is 0."""
    return in_pieces(same_format(a, b), _divide, a.mantissa, a.exponent, b.mantissa, b.exponent)


def _add(format: Format, m: Integers, e: Integers, n: Integers, f: Integers, *out: Integers) -> None:
    """The summand of the larger exponent is moved up to meet the other, by at most `guard` digits; if it has the larger
    exponent, it has all its digits. What the other has below that is jammed."""
    digits = format.digits
    guard = min(digits + 3, 62 - digits)
    distance = e - f
    swapped = distance < 0
    upper, lower = np.where(swapped, n, m), np.where(swapped, m, n)
    np.abs(distance, out=distance)
    move = np.minimum(distance, guard)
    if guard == digits + 3:  # all of the other is less than an eighth of a unit, so only its sign counts
        np.copyto(lower, np.sign(lower), where=distance > guard)
    else:
        distance -= move
        np.minimum(distance, 63, out=distance)
        cut = lower >> distance
        cut |= (cut << distance) != lower
        lower = cut
    upper <<= move
    upper += lower
    exponent = np.maximum(e, f)
    exponent -= move
    value = _jammed(upper) if 2 * digits + 4 > DOUBLE else upper.astype(np.float64)
    _round(format, value, exponent, *out)


def _multiply(format: Format, m: Integers, e: Integers, n: Integers, f: Integers, *out: Integers) -> None:
    product = m * n
    value = _jammed(product) if 2 * format.digits > DOUBLE else product.astype(np.float64)
    _round(format, value, e + f, *out)


def _divide(format: Format, m: Integers, e: Integers, n: Integers, f: Integers, *out: Integers) -> None:
    """A quotient that is no border has a distance of at least 2**(-2 digits - 2) of it to every border: up to 25 digits the
    correctly rounded double lies on its side. Else its first 35 digits are corrected by the remainder."""
    zero = n == 0
    if zero.any():
        n = n + zero
        m = np.where(zero, 0, m)
    value = m / n
    if format.digits > 25:
        value = _corrected(value, m, n)
    _round(format, value, e - f, *out)


def _corrected(value: Doubles, m: Integers, n: Integers) -> Doubles:
    """The quotients m / n from their nearest doubles: 35 digits and a last one that says whether there are more.

    The remainders are small, so that they are right modulo 2**64.
    """
    a, b = np.abs(m), np.abs(n)
    head, places = _head(value)
    rest = _moved(a, places)
    rest -= head * b
    over, under = rest >= b, rest < 0
    head += over
    head -= under
    np.copyto(rest, 0, where=(rest == b) & over)
    return _with_head(value, head, rest != 0)


def _head(value: Doubles) -> tuple[Integers, Integers]:
    """The first 35 digits of |value|, and how many of them stand behind the point."""
    bits = value.view(np.int64) & ((1 << 63) - 1)
    head = bits & ((1 << 52) - 1)
    head |= 1 << 52
    head >>= 18
    return head, 1075 - 18 - (bits >> 52)


def _moved(m: Integers, places: Integers) -> Integers:
    """m * 2**places modulo 2**64."""
    return np.where(places < 64, m << np.minimum(places, 63), 0)


def _with_head(value: Doubles, head: Integers, more: Bools) -> Doubles:
    """The doubles with these first 35 digits, and whether there are more; 0 stays 0.

    A head that was corrected has as many digits as before: no quotient of numbers of 31 digits, and no root of one, is
    so close to a power of two that its nearest double is one.
    """
    head <<= 18
    head |= more
    head &= (1 << 52) - 1
    bits = value.view(np.int64) & ~((1 << 52) - 1)
    bits |= head
    return np.where(value == 0, 0.0, bits.view(np.float64))


# ---- functions


def square_root(x: Floats) -> Floats:
    """The square roots; 0 of negative numbers."""
    return in_pieces(x.format, _square_root, x.mantissa, x.exponent)


def _square_root(format: Format, m: Integers, e: Integers, *out: Integers) -> None:
    """As for quotients: up to 24 digits the root of a double, which is correctly rounded, decides."""
    odd = e & 1
    m = np.maximum(m, 0) << odd
    value = np.sqrt(m.astype(np.float64))
    if format.digits > 24:
        value = _corrected_root(value, m)
    _round(format, value, e >> 1, *out)


def _corrected_root(value: Doubles, m: Integers) -> Doubles:
    """The roots of m from their nearest doubles: 35 digits and a last one that says whether there are more."""
    head, places = _head(value)
    rest = _moved(m, 2 * places)
    rest -= head * head
    over, under = rest > 2 * head, rest < 0
    rest -= np.where(over, 2 * head + 1, 0)
    head += over
    head -= under
    return _with_head(value, head, rest != 0)


def exponential(x: Floats) -> Floats:
    """e**x. What doubles do not decide, about one float in 2**16 of 31 digits, is left to the scalar function."""
    open_ = np.empty(x.shape, np.bool_)
    found = in_pieces(x.format, _exponential, x.mantissa, x.exponent, open_)
    for at in zip(*np.nonzero(open_), strict=True):
        exact = exponent_of(Float(x.format, int(x.mantissa[at]), int(x.exponent[at])))
        found.mantissa[at], found.exponent[at] = exact.mantissa, exact.exponent
    return found


def _exponential(format: Format, m: Integers, e: Integers, open_: Bools, *out: Integers) -> None:
    """e**x, and where an error of at most SLACK of it may change how it is rounded.

    x = turns * ln 2 + rest with |turns| < 2**35, so that its products with parts of 18 digits are exact, and the first two
    differences too: they are multiples of 2**-36 below 2**17. The third is off by 2**-55 at most. The sum of the series
    up to rest**13 with |rest| < 0.35 is off by 2**-57, its roundings by less than 5 * 2**-53.
    """
    digits = format.digits
    size = m.astype(np.float64)
    scale = np.clip(e, -1000, digits + 3)
    scale += 1023
    scale <<= 52
    size *= scale.view(np.float64)
    limit = float(1 << (digits + 3))  # beyond, the result is the largest float, or 0
    np.clip(size, -limit, limit, out=size)
    near = np.abs(size) < 2.0 ** (-digits - 5)
    turns = np.rint(size * (1 / LN2))
    for part in LN2_PARTS:
        size -= turns * part
    value = np.full(size.shape, SERIES[-1])
    for coefficient in SERIES[-2::-1]:
        value *= size
        value += coefficient
    high, value = value * (1 + SLACK), value * (1 - SLACK)
    exponent = turns.astype(np.int64)
    if near.any():  # |e**x - 1| < 2 |x|: above or below 1 by less than the last digit here
        np.copyto(value, float(1 << (digits + 4)) + np.sign(m), where=near)
        np.copyto(high, value, where=near)
        np.copyto(exponent, -digits - 4, where=near)
    _round(format, value, exponent, *out)
    mantissas, exponents = np.empty_like(m), np.empty_like(m)
    _round(format, high, exponent, mantissas, exponents)
    np.not_equal(mantissas, out[0], out=open_)
    open_ |= exponents != out[1]
