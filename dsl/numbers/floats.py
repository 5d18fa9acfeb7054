"""Log-precision floats: numbers `m * 2**e` with a mantissa and an exponent of p/2 bits each, sign and magnitude.

Every operation is the exact real result, rounded once: toward zero, or to nearest with ties to even. Beyond the largest
number it saturates with its sign, below the smallest it is zero. Nothing here writes a number out as an integer of
`2**e`: with 32 bits for it, e reaches 2**31 - 1. What is far below the last digit of a result only tells on which side
of a digit the exact value lies, and is carried as one bit, `more`.

Source: Merrill and Sabharwal 2023, appendix A, with one encoding for each value: the least exponent that holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import isqrt

from tc0.dsl.base.record import record
from tc0.dsl.numbers.real import MOST_DIGITS, Real, Undecided, exponential, natural_log_of_2

LEAST_PRECISION, MOST_PRECISION = 4, 64
SHORT = 64  # a result whose exponent is farther from 0 than this is shown as `m * 2**e`, not written out


class Mixed(ArithmeticError):
    """Two floats of different types meet."""


class NoCode(ValueError):
    """Bits that are the encoding of no float."""


@record
class Format:
    """`float(precision)`, or `float(precision, nearest)`; precision even, from 4 to 64."""

    precision: int
    nearest: bool = False

    def __post_init__(self) -> None:
        if self.precision % 2 or not LEAST_PRECISION <= self.precision <= MOST_PRECISION:
            raise ValueError(f"the precision of a float is even, from {LEAST_PRECISION} to {MOST_PRECISION}")

    @property
    def digits(self) -> int:
        """The number of binary digits of the mantissa, and of the exponent, without their signs."""
        return self.precision // 2 - 1

    @property
    def largest(self) -> int:
        """The largest mantissa, and the largest exponent; the smallest is its negative."""
        return (1 << self.digits) - 1

    @property
    def zero(self) -> Float:
        return Float(self, 0, -self.largest)

    def __str__(self) -> str:
        return f"float({self.precision}{', nearest' if self.nearest else ''})"


@record
class Float:
    """One float, encoded: |mantissa| has all its digits or the exponent is the smallest. Two are equal iff their types
    and their values are. There is no operator `+` on purpose: a sum of several is not a fold."""

    format: Format
    mantissa: int
    exponent: int

    def __str__(self) -> str:
        return text(self)

    @property
    def written_out(self) -> bool:
        """Whether the value is short enough to be shown as one number."""
        return abs(self.exponent) <= SHORT or self.mantissa == 0

    def fraction(self) -> Fraction:
        """The value. Its length grows with the exponent: only for exponents that one can afford."""
        m, e = self.mantissa, self.exponent
        if m == 0:
            return Fraction(0)
        return Fraction(m << e) if e >= 0 else Fraction(m, 1 << -e)


# ---- rounding


def rounded(format: Format, magnitude: int, exponent: int, negative: bool = False, more: bool = False) -> Float:
    """The float for `magnitude * 2**exponent`; more: the exact value lies strictly between that and the next magnitude.

    With `more` the magnitude has more digits than a mantissa, so that what is unknown is below the last one.
    """
    digits, largest = format.digits, format.largest
    if magnitude == 0 and not more:
        return format.zero
    drop = max(magnitude.bit_length() - digits, -largest - exponent)
    assert drop > 0 or not more
    if drop <= 0:
        kept = magnitude << -drop  # by less than `digits` places
    else:
        kept = magnitude >> drop
        if format.nearest and _up(kept, magnitude, drop, more):
            kept += 1
            if kept.bit_length() > digits:
                kept, drop = kept >> 1, drop + 1
    if kept == 0:
        return format.zero
    if exponent + drop > largest:
        return Float(format, -largest if negative else largest, largest)
    return Float(format, -kept if negative else kept, exponent + drop)


def _up(kept: int, magnitude: int, drop: int, more: bool) -> bool:
    """Whether what is dropped rounds up: more than half of a unit, or half of one beside an odd digit."""
    if drop > magnitude.bit_length():
        return False
    half, rest = magnitude >> (drop - 1) & 1, magnitude & ((1 << (drop - 1)) - 1)
    return bool(half) and (rest > 0 or more or kept & 1 == 1)


def ratio(format: Format, above: int, below: int, exponent: int = 0) -> Float:
    """The float for `above / below * 2**exponent`; below is not 0."""
    negative, above, below = (above < 0) != (below < 0), abs(above), abs(below)
    if above == 0:
        return format.zero
    scale = max(0, format.digits + 2 + below.bit_length() - above.bit_length())
    quotient, rest = divmod(above << scale, below)
    return rounded(format, quotient, exponent - scale, negative, rest > 0)


def scaled(format: Format, factor: int | Fraction, exponent: int) -> Float:
    """The float for `factor * 2**exponent`, however large the exponent."""
    return ratio(format, factor.numerator, factor.denominator, exponent)


def from_number(format: Format, value: int | Fraction | Real) -> Float:
    """The float for an exact number, or for a real that is known as closely as one asks (else `Undecided`)."""
    if isinstance(value, Real):
        return _from_real(format, value, 0)
    return ratio(format, value.numerator, value.denominator)


def _from_real(format: Format, value: Real, exponent: int) -> Float:
    """The float for `value * 2**exponent`: both ends of an enclosure have to round to it."""
    digits = format.digits + 8
    while digits <= MOST_DIGITS:
        low, high = (scaled(format, end, exponent) for end in value.enclose(digits))
        if low == high:
            return low
        digits *= 2
    raise Undecided(f"{value.text} is not told from the border between two floats within {MOST_DIGITS:,} binary digits")


# ---- bits


def to_bits(x: Float) -> tuple[int, ...]:
    """The wires: magnitude of the mantissa, lowest bit first, its sign, then the exponent likewise."""
    places = range(x.format.digits)
    return tuple(
        bit for part in (x.mantissa, x.exponent) for bit in (*(abs(part) >> k & 1 for k in places), int(part < 0))
    )


def from_bits(format: Format, bits: Sequence[int]) -> Float:
    """The float that these wires carry; `NoCode` if they are not its one encoding."""
    if len(bits) != format.precision:
        raise NoCode(f"{format} has {format.precision} bits, not {len(bits)}")
    half = format.precision // 2
    mantissa, exponent = (_signed(bits[start : start + half]) for start in (0, half))
    found = rounded(format, abs(mantissa), exponent, mantissa < 0)
    if to_bits(found) != tuple(bits):
        raise NoCode(f"the code {''.join(map(str, bits))} is not the one of {text(found)} in {format}")
    return found


def _signed(bits: Sequence[int]) -> int:
    magnitude = sum(bit << k for k, bit in enumerate(bits[:-1]))
    return -magnitude if bits[-1] else magnitude


def values(format: Format) -> Iterable[Float]:
    """All floats of a format, ascending."""
    digits, largest = format.digits, format.largest
    shorter = [(m, -largest) for m in range(1, 1 << (digits - 1))]
    full = [(m, e) for e in range(-largest, largest + 1) for m in range(1 << (digits - 1), largest + 1)]
    positive = [Float(format, m, e) for m, e in shorter + full]
    return [*(negated(x) for x in reversed(positive)), format.zero, *positive]


# ---- order


def order(x: Float) -> int:
    """An integer that grows with the value; for floats of one format."""
    place = (x.exponent + x.format.largest << x.format.digits) + abs(x.mantissa)
    return -place if x.mantissa < 0 else place


def compared(a: Float, b: Float) -> int:
    """-1, 0 or 1: how a compares with b."""
    same_format(a, b)
    return (order(a) > order(b)) - (order(a) < order(b))


def greatest(numbers: Sequence[Float]) -> Float:
    """The greatest of at least one float."""
    same_format(*numbers)
    return max(numbers, key=order)


def least(numbers: Sequence[Float]) -> Float:
    """The least of at least one float."""
    same_format(*numbers)
    return min(numbers, key=order)


def same_format(*numbers: Float) -> Format:
    """The format of all of them; `Mixed` if there are several."""
    first = numbers[0].format
    for x in numbers:
        if x.format != first:
            raise Mixed(f"{first} and {x.format} do not mix")
    return first


# ---- arithmetic


def negated(x: Float) -> Float:
    return Float(x.format, -x.mantissa, x.exponent)


def absolute(x: Float) -> Float:
    return Float(x.format, abs(x.mantissa), x.exponent)


def relu(x: Float) -> Float:
    """The number where it is positive, else 0."""
    return x if x.mantissa > 0 else x.format.zero


def add(a: Float, b: Float) -> Float:
    return total((a, b), same_format(a, b))


def subtract(a: Float, b: Float) -> Float:
    return add(a, negated(b))


def multiply(a: Float, b: Float) -> Float:
    product = a.mantissa * b.mantissa
    return rounded(same_format(a, b), abs(product), a.exponent + b.exponent, product < 0)


def divide(a: Float, b: Float) -> Float:
    """The quotient; 0 where b is 0."""
    format = same_format(a, b)
    if b.mantissa == 0:
        return format.zero
    return ratio(format, a.mantissa, b.mantissa, a.exponent - b.exponent)


def total(numbers: Iterable[Float], format: Format) -> Float:
    """The sum of any number of floats: exact, then rounded once.

    Summands are gathered by exponent, from the lowest. Where the next exponent is far above everything gathered so far,
    that only decides on which side of the rest's last digit the sum lies, unless the rest cancels; so the integers grow
    with the number of summands, never with the distance of their exponents.
    """
    gathered: dict[int, int] = {}
    for x in numbers:
        if x.format != format:
            raise Mixed(f"{format} and {x.format} do not mix")
        gathered[x.exponent] = gathered.get(x.exponent, 0) + x.mantissa
    guard = format.digits + 4
    parts: list[tuple[int, int]] = []  # m * 2**e, none 0; all below one together are less than 2**(its e - guard)
    for exponent in sorted(e for e, m in gathered.items() if m):
        mantissa = gathered[exponent]
        if parts and exponent - parts[-1][1] <= parts[-1][0].bit_length() + guard:
            lower, unit = parts.pop()
            mantissa, exponent = (mantissa << (exponent - unit)) + lower, unit
        if mantissa:
            parts.append((mantissa, exponent))
    if not parts:
        return format.zero
    mantissa, exponent = parts[-1]
    return _with_rest(format, mantissa, exponent, parts[-2][0] if len(parts) > 1 else 0)


def _with_rest(format: Format, sum_: int, unit: int, below: int) -> Float:
    """The float for `sum_ * 2**unit` and a rest of the sign of `below`, smaller than `2**(unit - digits - 4)`."""
    if not below:
        return rounded(format, abs(sum_), unit, sum_ < 0)
    guard = format.digits + 3
    magnitude = abs(sum_) << guard
    if (below < 0) != (sum_ < 0):
        magnitude -= 1
    return rounded(format, magnitude, unit - guard, sum_ < 0, more=True)


# ---- functions


def square_root(x: Float) -> Float:
    """The square root; 0 of a negative number."""
    if x.mantissa <= 0:
        return x.format.zero
    scale = max(0, 2 * (x.format.digits + 2) - x.mantissa.bit_length())
    scale += (x.exponent - scale) % 2
    magnitude = x.mantissa << scale
    root = isqrt(magnitude)
    return rounded(x.format, root, (x.exponent - scale) // 2, more=root * root != magnitude)


def exponent_of(x: Float) -> Float:
    """e**x. Except at 0 it is irrational, so an enclosure that is close enough always decides how it is rounded."""
    format, digits = x.format, x.format.digits
    if x.mantissa == 0:
        return rounded(format, 1, 0)
    size = abs(x.mantissa).bit_length() + x.exponent  # |x| < 2**size
    if size < -digits - 5:  # |e**x - 1| < 2 |x|
        guard = digits + 3
        return rounded(format, (1 << guard) - (x.mantissa < 0), -guard, more=True)
    if size > digits + 2:  # |x| >= 2**(digits + 2), more than the largest exponent and the digits
        return format.zero if x.mantissa < 0 else Float(format, format.largest, format.largest)
    value = x.fraction()
    turns = (value / natural_log_of_2()).__floor__()
    rest = exponential(value - turns * natural_log_of_2())  # in 1..2
    assert isinstance(rest, Real)
    return _from_real(format, rest, turns)


# ---- text


def text(x: Float) -> str:
    """The exact value, as it may be written: `5/16`, `-14`, `3 * 2**-200`, `2**300`."""
    if x.written_out:
        return str(x.fraction())
    lowest = (x.mantissa & -x.mantissa).bit_length() - 1
    mantissa, exponent = x.mantissa >> lowest, x.exponent + lowest
    return f"2**{exponent}" if mantissa == 1 else f"{mantissa} * 2**{exponent}"
