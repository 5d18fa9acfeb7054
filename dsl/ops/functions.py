"""Static functions and operators: what they mean on Python integers, booleans and exact rationals.

One row an entry. `meaning` takes plain Python values that have passed `takes`; it raises `Undefined` with a message
where the function has no value. The vectorised interpreter has faster versions of some rows and is tested against them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor, isqrt
from types import MappingProxyType

from tc0.dsl.base.digits import brief
from tc0.dsl.base.record import record
from tc0.dsl.numbers import real
from tc0.dsl.numbers.real import Real
from tc0.dsl.ops import floats
from tc0.dsl.ops.undefined import Undefined as Undefined

Number = int | Fraction | Real


@record
class FunctionRow:
    """takes: kinds of the arguments, "integer", "number" (integer, rational or real), "bool" or "any"; the last repeats
    where `many`. gives: "integer", "rational", "real", "bool", or "number" (the widest kind among the arguments)."""

    name: str
    takes: tuple[str, ...]
    gives: str
    meaning: Callable[..., object]
    doc: str
    many: bool = False
    operator: bool = False


def _decided(meaning: Callable[..., object]) -> Callable[..., object]:
    """A function of reals, with what cannot be decided or is not defined reported as `Undefined`."""

    def decided(*arguments: Number) -> object:
        try:
            return meaning(*arguments)
        except real.Undecided as e:
            raise Undefined(str(e), "E0507") from None
        except (ValueError, OverflowError) as e:
            raise Undefined(str(e)) from None

    return decided


def _divide(a: Number, b: Number) -> Fraction | Real:
    if isinstance(a, Real) or isinstance(b, Real):
        return real.real(a) / b
    if b == 0:
        raise Undefined(f"{brief(a)} / 0: division by zero")
    return Fraction(a) / b


def _equal(a: object, b: object) -> bool:
    if isinstance(a, Real) or isinstance(b, Real):
        raise Undefined("reals are not compared by `==`: equality of two expressions is not decided", "E0507")
    return a == b


def _floor_divide(a: int, b: int) -> int:
    if b == 0:
        raise Undefined(f"{brief(a)} // 0: division by zero")
    return a // b


def _modulo(a: int, b: int) -> int:
    if b == 0:
        raise Undefined(f"{brief(a)} % 0: division by zero")
    return a % b


def _divisor(b: int) -> int:
    if b == 0:
        raise Undefined("a word is divided by the constant 0", "E0710")
    return b


MOST_BITS = 1 << 22  # a static integer of more bits is an error: no family needs it, and `2**2**40` must not hang


def _power(a: Number, b: int) -> Number:
    if b < 0 and a == 0 and not isinstance(a, Real):
        raise Undefined(f"0**{brief(b)}: division by zero")
    size = 64 if isinstance(a, Real) else max(abs(a.numerator).bit_length(), a.denominator.bit_length())
    if size > 1 and size * abs(b) > MOST_BITS:
        raise Undefined(f"this power has more than {MOST_BITS:,} binary digits", "E0506")
    if b < 0:
        return a**b if isinstance(a, Real) else Fraction(a) ** b
    value: Number = a**b
    return value


def _shift(sign: int) -> Callable[[int, int], int]:
    def shift(a: int, b: int) -> int:
        if b < 0:
            raise Undefined(f"a shift by {brief(b)}")
        if sign > 0:
            if a.bit_length() + b > MOST_BITS:
                raise Undefined(f"this shift has more than {MOST_BITS:,} binary digits", "E0506")
            return a << b
        return a >> b

    return shift


def _clog2(n: int) -> int:
    if n < 0:
        raise Undefined(f"clog2({brief(n)}): the logarithm of a negative number")
    return (n - 1).bit_length() if n > 0 else 0


def _flog2(n: int) -> int:
    if n <= 0:
        raise Undefined(f"flog2({brief(n)}): defined from 1 on")
    return n.bit_length() - 1


def _bits(n: int) -> int:
    if n < 0:
        raise Undefined(f"bits({brief(n)}): defined from 0 on")
    return n.bit_length()


def _bit(i: int, j: int) -> int:
    if j < 0:
        raise Undefined(f"bit({i}, {j}): bits are numbered from 0")
    return (i >> j) & 1


def _isqrt(n: int) -> int:
    if n < 0:
        raise Undefined(f"isqrt({brief(n)}): defined from 0 on")
    return isqrt(n)


def _iroot(n: int, d: int) -> int:
    if d < 1 or n < 0:
        raise Undefined(f"iroot({brief(n)}, {brief(d)}): defined for n >= 0 and d >= 1")
    if n < 2 or d == 1:
        return n
    if d >= n.bit_length():
        return 1
    x = 1 << -(-n.bit_length() // d)
    while True:  # Newton from above: decreases until the floor of the root
        y = ((d - 1) * x + n // x ** (d - 1)) // d
        if y >= x:
            return x
        x = y


_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
_PROVED = 318_665_857_834_031_151_167_461  # Sorenson and Webster 2015: the first 12 primes decide below this


def _is_prime(p: int) -> bool:
    if p < 2:
        return False
    for q in _WITNESSES:
        if p % q == 0:
            return p == q
    if p >= _PROVED:
        raise Undefined(f"is_prime is decided below {_PROVED:,}")
    s = ((p - 1) & -(p - 1)).bit_length() - 1
    d = (p - 1) >> s
    for a in _WITNESSES:
        x = pow(a, d, p)
        if x in (1, p - 1):
            continue
        for _ in range(s - 1):
            x = x * x % p
            if x == p - 1:
                break
        else:
            return False
    return True


def _pow_mod(a: int, e: int, m: int) -> int:
    if m < 1:
        raise Undefined(f"pow_mod(.., .., {brief(m)}): the modulus must be at least 1")
    if e < 0:
        return pow(_inverse_mod(a, m), -e, m)
    return pow(a, e, m)


def _inverse_mod(a: int, m: int) -> int:
    if m < 1:
        raise Undefined(f"inverse_mod(.., {brief(m)}): the modulus must be at least 1")
    if math.gcd(a, m) != 1:
        raise Undefined(f"{brief(a)} has no inverse modulo {brief(m)}")
    return pow(a, -1, m) if m > 1 else 0


def _rows(*rows: FunctionRow) -> Mapping[str, FunctionRow]:
    return MappingProxyType({row.name: row for row in rows})


FUNCTIONS: Mapping[str, FunctionRow] = _rows(
    FunctionRow("+", ("number", "number"), "number", lambda a, b: a + b, "sum", operator=True),
    FunctionRow("-", ("number", "number"), "number", lambda a, b: a - b, "difference", operator=True),
    FunctionRow("*", ("number", "number"), "number", lambda a, b: a * b, "product", operator=True),
    FunctionRow("/", ("number", "number"), "rational", _decided(_divide), "exact quotient", operator=True),
    FunctionRow("//", ("integer", "integer"), "integer", _floor_divide, "quotient, rounded down", operator=True),
    FunctionRow("%", ("integer", "integer"), "integer", _modulo, "remainder of `//`", operator=True),
    FunctionRow(
        "divisor", ("integer",), "integer", _divisor, "a static divisor of words, which is not 0", operator=True
    ),
    FunctionRow("**", ("number", "integer"), "number", _power, "power", operator=True),
    FunctionRow("<<", ("integer", "integer"), "integer", _shift(1), "times a power of two", operator=True),
    FunctionRow(
        ">>", ("integer", "integer"), "integer", _shift(-1), "divided by a power of two, rounded down", operator=True
    ),
    FunctionRow("negate", ("number",), "number", lambda a: -a, "negation", operator=True),
    FunctionRow("not", ("bool",), "bool", lambda a: not a, "negation of a boolean", operator=True),
    FunctionRow("<", ("number", "number"), "bool", _decided(lambda a, b: a < b), "less", operator=True),
    FunctionRow("<=", ("number", "number"), "bool", _decided(lambda a, b: a <= b), "at most", operator=True),
    FunctionRow(">", ("number", "number"), "bool", _decided(lambda a, b: a > b), "greater", operator=True),
    FunctionRow(">=", ("number", "number"), "bool", _decided(lambda a, b: a >= b), "at least", operator=True),
    FunctionRow("==", ("any", "any"), "bool", _equal, "equal", operator=True),
    FunctionRow("!=", ("any", "any"), "bool", lambda a, b: not _equal(a, b), "not equal", operator=True),
    FunctionRow(
        "min", ("number",), "number", _decided(lambda *values: min(values)), "the least of its arguments", many=True
    ),
    FunctionRow(
        "max", ("number",), "number", _decided(lambda *values: max(values)), "the greatest of its arguments", many=True
    ),
    FunctionRow("abs", ("number",), "number", _decided(abs), "absolute value"),
    FunctionRow("ceil", ("number",), "integer", _decided(ceil), "the least integer that is at least the argument"),
    FunctionRow("floor", ("number",), "integer", _decided(floor), "the greatest integer that is at most the argument"),
    FunctionRow("exp", ("number",), "real", _decided(real.exponential), "the exponential; exact under floor and ceil"),
    FunctionRow("sqrt", ("number",), "real", _decided(real.square_root), "the square root; exact under floor and ceil"),
    FunctionRow("sin", ("number",), "real", _decided(real.sine), "the sine, of radians; exact under floor and ceil"),
    FunctionRow(
        "cos", ("number",), "real", _decided(real.cosine), "the cosine, of radians; exact under floor and ceil"
    ),
    FunctionRow("clog2", ("integer",), "integer", _clog2, "log2 rounded up; clog2(0) is 0"),
    FunctionRow("flog2", ("integer",), "integer", _flog2, "log2 rounded down; flog2(0) is an error"),
    FunctionRow("bits", ("integer",), "integer", _bits, "number of binary digits; bits(0) is 0"),
    FunctionRow("isqrt", ("integer",), "integer", _isqrt, "square root rounded down"),
    FunctionRow("iroot", ("integer", "integer"), "integer", _iroot, "iroot(n, d): d-th root of n, rounded down"),
    FunctionRow("bit", ("integer", "integer"), "integer", _bit, "bit(i, j): binary digit j of i, digit 0 the lowest"),
    FunctionRow("is_prime", ("integer",), "bool", _is_prime, "whether the argument is a prime number"),
    FunctionRow("pow_mod", ("integer", "integer", "integer"), "integer", _pow_mod, "pow_mod(a, e, m): a**e modulo m"),
    FunctionRow(
        "inverse_mod", ("integer", "integer"), "integer", _inverse_mod, "inverse_mod(a, m): the inverse of a modulo m"
    ),
    FunctionRow("relu", ("number",), "number", _decided(floats.relu), "the argument where it is positive, else 0"),
    FunctionRow("float", ("integer", "bool", "any"), "any", floats.made, "a number or bits as a float", operator=True),
    FunctionRow(
        "float scaled",
        ("integer", "bool", "number", "integer"),
        "any",
        floats.scaled,
        "a * 2**e as a float",
        operator=True,
    ),
    FunctionRow(
        "float code", ("integer", "bool", "integer"), "any", floats.decoded, "the bits of a as a float", operator=True
    ),
    FunctionRow("precision", ("any",), "integer", floats.precision_of, "the number of bits of a float", operator=True),
    FunctionRow("wire", ("any", "integer"), "integer", floats.bit_of, "one bit of a float", operator=True),
    FunctionRow(
        "one length", ("integer", "integer"), "integer", floats.one_length, "the length of two arrays", operator=True
    ),
)
