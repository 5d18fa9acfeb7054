"""Real numbers given by expressions, known as closely as one asks: `exp`, `sqrt`, `sin`, `cos`, `pi` of rationals.

A `Real` answers `enclose(p)`: rationals low <= x <= high at most 2**-p apart. Floor, ceiling and comparison ask for
more digits until they are decided; what is still open after `MOST_DIGITS` binary digits (an expression that equals an
integer without showing it) is reported, never guessed.

Sources: exp and the logarithm of 2 by the decimal module (correctly rounded), pi by Machin's formula, sine and cosine by
their series after reduction modulo 2 pi, with the remainder bounded by the first term left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from math import ceil, floor, isqrt

MOST_DIGITS = 1 << 14
Enclosure = tuple[Fraction, Fraction]
Exact = int | Fraction


class Undecided(ArithmeticError):
    """Two numbers agree in so many digits that they are probably equal; exactness cannot be shown this way."""


@dataclass(frozen=True, slots=True, eq=False)
class Real:
    """A real number. within(p): an enclosure of width at most 2**-p. text: the expression, for messages."""

    within: Callable[[int], Enclosure]
    text: str

    def enclose(self, digits: int) -> Enclosure:
        return self.within(digits)

    def __add__(self, other: Real | Exact) -> Real:
        b = real(other)
        return Real(lambda p: _sum(self.within(p + 1), b.within(p + 1)), f"({self.text} + {b.text})")

    __radd__ = __add__

    def __neg__(self) -> Real:
        def within(p: int) -> Enclosure:
            low, high = self.within(p)
            return -high, -low

        return Real(within, f"-{self.text}")

    def __sub__(self, other: Real | Exact) -> Real:
        return self + -real(other)

    def __rsub__(self, other: Exact) -> Real:
        return -self + other

    def __mul__(self, other: Real | Exact) -> Real:
        b = real(other)
        return Real(lambda p: _refine(lambda q: _product(self.within(q), b.within(q)), p), f"{self.text} * {b.text}")

    __rmul__ = __mul__

    def __truediv__(self, other: Real | Exact) -> Real:
        if not isinstance(other, Real) and other == 0:
            raise ValueError(f"{self.text} / 0: division by zero")
        b = real(other)
        return Real(lambda p: _refine(lambda q: _quotient(self.within(q), b.within(q)), p), f"{self.text} / {b.text}")

    def __rtruediv__(self, other: Exact) -> Real:
        return real(other) / self

    def __pow__(self, exponent: int) -> Real | Fraction:
        if exponent < 0:
            return Fraction(1) / self**-exponent
        total: Real | Fraction = Fraction(1)
        for _ in range(exponent):
            total = self * total
        return total

    def __abs__(self) -> Real:
        return -self if self < 0 else self

    def __floor__(self) -> int:
        return _decide(self, floor)

    def __ceil__(self) -> int:
        return _decide(self, ceil)

    def __lt__(self, other: Real | Exact) -> bool:
        return _sign(self - other) < 0

    def __gt__(self, other: Real | Exact) -> bool:
        return _sign(self - other) > 0

    def __le__(self, other: Real | Exact) -> bool:
        return _sign(self - other) <= 0

    def __ge__(self, other: Real | Exact) -> bool:
        return _sign(self - other) >= 0

    def __str__(self) -> str:
        return self.text


def real(value: Real | Exact) -> Real:
    """A number as a real."""
    if isinstance(value, Real):
        return value
    exact = Fraction(value)
    return Real(lambda p: (exact, exact), str(value))


# ---- decisions


def _decide(x: Real, rounding: Callable[[Fraction], int]) -> int:
    digits = 16
    while digits <= MOST_DIGITS:
        low, high = x.within(digits)
        if rounding(low) == rounding(high):
            return rounding(low)
        digits *= 2
    raise Undecided(f"{x.text} is not told from an integer within {MOST_DIGITS:,} binary digits")


def _sign(x: Real) -> int:
    digits = 16
    while digits <= MOST_DIGITS:
        low, high = x.within(digits)
        if low > 0 or high < 0 or low == high:
            return (low > 0) - (high < 0)
        digits *= 2
    raise Undecided(f"{x.text} is not told from 0 within {MOST_DIGITS:,} binary digits")


# ---- interval arithmetic


def _sum(a: Enclosure, b: Enclosure) -> Enclosure:
    return a[0] + b[0], a[1] + b[1]


def _product(a: Enclosure, b: Enclosure) -> Enclosure:
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


def _quotient(a: Enclosure, b: Enclosure) -> Enclosure | None:
    if b[0] <= 0 <= b[1]:
        return None
    corners = [x / y for x in a for y in b]
    return min(corners), max(corners)


def _refine(compute: Callable[[int], Enclosure | None], digits: int) -> Enclosure:
    """An enclosure of width 2**-digits, from operands that are asked for more and more digits."""
    asked = digits + 8
    while asked <= 4 * MOST_DIGITS:
        found = compute(asked)
        if found is not None and (found[1] - found[0]) * (1 << (digits + 1)) <= 1:
            return found if found[0] == found[1] else _outward(found, digits)
        asked *= 2
    raise Undecided("division by a number that is not told from 0")


def _outward(found: Enclosure, digits: int) -> Enclosure:
    """The enclosure on a grid of 2**-(digits + 3), so that numerators stay small; at most 2**-(digits + 2) wider."""
    scale = 1 << (digits + 3)
    return Fraction(floor(found[0] * scale), scale), Fraction(ceil(found[1] * scale), scale)


# ---- functions


def square_root(x: Real | Exact) -> Real | Fraction:
    """The square root of a number that is at least 0; exact where it is rational."""
    if isinstance(x, Real):
        return Real(lambda p: _refine(lambda q: _root(x.within(2 * q), q), p), f"sqrt({x.text})")
    exact = Fraction(x)
    if exact < 0:
        raise ValueError(f"sqrt({x}): the square root of a negative number")
    top, bottom = isqrt(exact.numerator), isqrt(exact.denominator)
    if top * top == exact.numerator and bottom * bottom == exact.denominator:
        return Fraction(top, bottom)
    return Real(lambda p: _root((exact, exact), p + 1), f"sqrt({x})")


def _root(x: Enclosure, digits: int) -> Enclosure:
    if x[1] < 0:
        raise ValueError("the square root of a negative number")
    scale = 1 << digits
    low = isqrt(floor(max(x[0], Fraction(0)) * scale * scale))
    high = isqrt(ceil(x[1] * scale * scale)) + 1
    return Fraction(low, scale), Fraction(high, scale)


def exponential(x: Real | Exact) -> Real | Fraction:
    """e**x; 1 for 0."""
    if not isinstance(x, Real) and x == 0:
        return Fraction(1)
    argument = real(x)
    return Real(lambda p: _refine(lambda q: _exp(argument.within(q), q), p), f"exp({argument.text})")


def _exp(x: Enclosure, digits: int) -> Enclosure:
    if x[1] > 1 << 20:
        raise OverflowError("exp of a number above 2**20")
    places = digits * 3 // 10 + max(0, ceil(x[1])) // 2 + 12  # decimal digits: of the fraction, and before the point
    return _exp_one(x[0], places, -1), _exp_one(x[1], places, 1)


def _exp_one(x: Fraction, places: int, side: int) -> Fraction:
    """A bound for e**x from below (side -1) or above (1): decimal's exp is within half a unit of the last place."""
    context = Context(prec=places, Emax=10**9, Emin=-(10**9), traps=[])
    argument = context.divide(Decimal(x.numerator), Decimal(x.denominator))
    slack = Fraction(0) if not context.flags[Inexact] else abs(Fraction(argument)) / 10 ** (places - 1)
    value: Fraction = Fraction(context.exp(argument))
    error: Fraction = value / 10 ** (places - 1) + value * 2 * slack  # e**s <= 1 + 2 s for s <= 1
    return max(value + side * error, Fraction(0))


def pi() -> Real:
    """The circle number, by Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239)."""

    def within(digits: int) -> Enclosure:
        scale = 1 << (digits + 16)
        value = 16 * _arctan(5, scale) - 4 * _arctan(239, scale)
        slack = 40 * (digits + 16)
        return Fraction(value - slack, scale), Fraction(value + slack, scale)

    return Real(lambda p: _refine(within, p), "pi")


def natural_log_of_2() -> Real:
    """The natural logarithm of 2."""

    def within(digits: int) -> Enclosure:
        places = digits * 3 // 10 + 4
        value = Fraction(Context(prec=places).ln(Decimal(2)))  # correctly rounded
        return value - Fraction(1, 10**places), value + Fraction(1, 10**places)

    return Real(lambda p: _refine(within, p), "ln(2)")


def _arctan(inverse: int, scale: int) -> int:
    """scale * arctan(1 / inverse), off by less than 2 for every term."""
    term = scale // inverse
    total, divisor, sign = 0, 1, 1
    while term:
        total += sign * (term // divisor)
        term //= inverse * inverse
        divisor, sign = divisor + 2, -sign
    return total


def sine(x: Real | Exact) -> Real | Fraction:
    """sin(x), x in radians; 0 for 0."""
    if not isinstance(x, Real) and x == 0:
        return Fraction(0)
    argument = real(x)
    return Real(lambda p: _refine(lambda q: _wave(argument, q, 1), p), f"sin({argument.text})")


def cosine(x: Real | Exact) -> Real | Fraction:
    """cos(x), x in radians; 1 for 0."""
    if not isinstance(x, Real) and x == 0:
        return Fraction(1)
    argument = real(x)
    return Real(lambda p: _refine(lambda q: _wave(argument, q, 0), p), f"cos({argument.text})")


def _wave(x: Real, digits: int, first: int) -> Enclosure:
    """Sine (first = 1) or cosine (first = 0): x moved by turns into about -4..4, then the series at the middle of its
    enclosure; both functions move by at most as much as x does."""
    low, high = x.within(digits + 2)
    turns = round((low + high) / 2 / Fraction(710, 113))
    moved = x - 2 * turns * pi() if turns else x
    low, high = moved.within(digits + 2)
    middle = (low + high) / 2
    value, error = _series(middle, digits + 4, first)
    error += (high - low) / 2
    return value - error, value + error


def _series(x: Fraction, digits: int, first: int) -> tuple[Fraction, Fraction]:
    """The alternating series of sine or cosine at x, and a bound of what is left out."""
    scale = 1 << (digits + 8)
    unit = Fraction(round(x * scale), scale)
    term, total, power = (unit if first else Fraction(1)), Fraction(0), first
    while abs(term) * scale >= 1 or power <= abs(unit):
        total += term
        term = -term * unit * unit / ((power + 1) * (power + 2))
        term = Fraction(round(term * scale), scale)
        power += 2
    return total, Fraction(2 * power + 4, scale)
