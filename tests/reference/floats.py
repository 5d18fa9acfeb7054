"""Log-precision floats as section 8 of the language reference says, on fractions: every operation is the exact result,
then one rounding. A float is its value, a fraction; its encoding is found by search."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from math import isqrt

Code = tuple[int, int]  # mantissa and exponent


def limits(p: int) -> tuple[int, int]:
    """Digits of the mantissa, and the largest mantissa or exponent."""
    digits = p // 2 - 1
    return digits, 2**digits - 1


def all_values(p: int) -> list[Fraction]:
    """Everything that some mantissa and some exponent make, ascending."""
    _, most = limits(p)
    return sorted({m * Fraction(2) ** e for m in range(-most, most + 1) for e in range(-most, most + 1)})


def encode(p: int, value: Fraction) -> Code:
    """The least exponent that represents the value exactly."""
    _, most = limits(p)
    if value == 0:
        return 0, -most
    above, below = abs(value.numerator), value.denominator
    for exponent in range(max(-most, above.bit_length() - below.bit_length() - p), most + 1):
        mantissa = value / Fraction(2) ** exponent
        if mantissa.denominator == 1 and abs(mantissa) <= most:
            return int(mantissa), exponent
    raise AssertionError(f"{value} is no float({p})")


def wires(p: int, code: Code) -> str:
    """Magnitude of the mantissa with the lowest bit first, its sign, then the exponent likewise."""
    digits, _ = limits(p)
    return "".join(f"{abs(part):0{digits}b}"[::-1] + ("1" if part < 0 else "0") for part in code)


def code(p: int, bits: Sequence[int]) -> Code:
    """Mantissa and exponent from wires, whether they are the encoding of a float or not."""
    digits, _ = limits(p)
    parts = [bits[: digits + 1], bits[digits + 1 :]]
    mantissa, exponent = (sum(b << k for k, b in enumerate(part[:-1])) * (-1 if part[-1] else 1) for part in parts)
    return mantissa, exponent


def decode(p: int, bits: Sequence[int]) -> Fraction:
    """The value on wires."""
    mantissa, exponent = code(p, bits)
    return mantissa * Fraction(2) ** exponent if mantissa else Fraction(0)


def is_code(p: int, bits: Sequence[int]) -> bool:
    """Whether wires are the one encoding of a float."""
    return wires(p, encode(p, decode(p, bits))) == "".join(map(str, bits))


def truncate(p: int, value: Fraction) -> Fraction:
    """The float nearest to the value among those that are not farther from zero."""
    return _down(p, value)[0]


def _down(p: int, value: Fraction) -> tuple[Fraction, Fraction]:
    """The truncated value, and the distance to the next float away from zero."""
    _, most = limits(p)
    size = abs(value)
    near = size.numerator.bit_length() - size.denominator.bit_length() - p  # the search starts close to the number
    if size == 0:
        return size, Fraction(0)
    exponent = max(-most, near)
    while size // Fraction(2) ** exponent > most:
        exponent += 1
        if exponent > most:
            return (1 if value > 0 else -1) * most * Fraction(2) ** most, Fraction(0)
    unit = Fraction(2) ** exponent
    kept = size // unit * unit
    return (-kept if value < 0 else kept), unit


def nearest(p: int, value: Fraction) -> Fraction:
    """The float closest to the value; of two, the one that is an even multiple of the distance between them."""
    low, unit = _down(p, value)
    if unit == 0:
        return low
    rest = abs(value) - abs(low)
    away = low + (unit if value > 0 else -unit)
    _, most = limits(p)
    if away.numerator.bit_length() > most and abs(away) > most * Fraction(2) ** most:
        return low
    if 2 * rest == unit:
        return low if abs(low) // unit % 2 == 0 else away
    return away if 2 * rest > unit else low


def rounding(p: int, to_nearest: bool, value: Fraction) -> Fraction:
    return nearest(p, value) if to_nearest else truncate(p, value)


def operate(p: int, to_nearest: bool, operator: str, a: Fraction, b: Fraction) -> Fraction:
    """`+ - * /` of two floats; a quotient by zero is zero."""
    if operator == "/" and b == 0:
        return Fraction(0)
    exact = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[operator]()
    return rounding(p, to_nearest, exact)


def total(p: int, to_nearest: bool, values: Sequence[Fraction]) -> Fraction:
    return rounding(p, to_nearest, sum(values, Fraction(0)))


def exp_bounds(x: Fraction, bits: int = 300) -> tuple[Fraction, Fraction]:
    """Bounds of e**x by its series at x / 2**k, squared k times; |x| <= 64."""
    halvings = 10
    scale = 1 << (bits + 200)
    small = x / 2**halvings
    term, sum_, n = Fraction(1), Fraction(0), 0
    while abs(term) * scale > 1:
        sum_ += term
        n += 1
        term = Fraction(round(term * small / n * scale * 4), scale * 4)
    slack = Fraction(4 * (n + 2), scale)
    low, high = sum_ - slack, sum_ + slack
    for _ in range(halvings):
        low, high = low * low, high * high
        low, high = Fraction(int(low * scale), scale), Fraction(int(high * scale) + 1, scale)
    return low, high


class OutOfReach(Exception):
    """The result is a float, but its fraction is too long for this arithmetic."""


def exp(p: int, to_nearest: bool, x: Fraction) -> Fraction:
    """e**x rounded. Raises OutOfReach for large |x| whose result is not beyond the largest or below the least float."""
    if x == 0:
        return Fraction(1)
    _, most = limits(p)
    if abs(x) > 2 * (most + p):  # e > 2: the result is beyond 2**(most + p), or below the inverse of that
        return rounding(p, to_nearest, Fraction(2) ** (2 * (most + p)) if x > 0 else Fraction(1, 2 ** (2 * (most + p))))
    if abs(x) > 20_000:
        raise OutOfReach(f"exp of {float(x):g}")
    if p <= 12 and abs(x) <= 64:
        ends = {rounding(p, to_nearest, end) for end in exp_bounds(x)}
    else:
        ends = {rounding(p, to_nearest, end) for end in _exp_decimal(x)}
    assert len(ends) == 1
    return ends.pop()


def _exp_decimal(x: Fraction) -> tuple[Fraction, Fraction]:
    """Bounds of e**x by the decimal arithmetic of Python, which rounds it correctly."""
    context = Context(prec=400)
    argument = context.divide(Decimal(x.numerator), Decimal(x.denominator))
    found, slack = Fraction(context.exp(argument)), Fraction(1, 10**380)
    return found * (1 - slack), found * (1 + slack)


def sqrt(p: int, to_nearest: bool, x: Fraction) -> Fraction:
    """The square root rounded: from below to more digits than any float of its size and any middle of two has, and above
    that where something is left."""
    if x <= 0:
        return Fraction(0)
    places = x.denominator.bit_length() + 2 * p
    low = Fraction(isqrt(x.numerator * 4**places // x.denominator), 2**places)
    return rounding(p, to_nearest, low if low * low == x else low + Fraction(1, 2 ** (places + 1)))
