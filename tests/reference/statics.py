"""Static arithmetic and functions (section 3) on Python integers, booleans, exact rationals and strings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from fractions import Fraction

from tc0.dsl.base.source import Span

from .values import Array, Mistake, Real, Type, Value, integer, scalars


def number(value: Value, span: Span | None) -> int | Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise Mistake("a number is needed", span)
    return value


def _near(value: Value) -> Value:
    return value.near if isinstance(value, Real) else value


def arithmetic(operator: str, left: Value, right: Value, span: Span | None) -> int | Fraction | Real:
    """`+ - * / // % << >> **` of statics; `//` and `%` are floor division."""
    if operator in ("//", "%", "<<", ">>"):
        a, b = integer(left, f"an operand of `{operator}`", span), integer(right, f"an operand of `{operator}`", span)
        if operator in ("//", "%") and b == 0 or operator in ("<<", ">>") and b < 0:
            raise Mistake(f"{a} {operator} {b} has no value", span)
        return {"//": lambda: a // b, "%": lambda: a % b, "<<": lambda: a << b, ">>": lambda: a >> b}[operator]()
    if isinstance(left, Real) or isinstance(right, Real):
        return Real(Fraction(arithmetic(operator, _near(left), _near(right), span)))  # type: ignore[arg-type]
    x, y = number(left, span), number(right, span)
    match operator:
        case "+":
            return x + y
        case "-":
            return x - y
        case "*":
            return x * y
        case "/":
            if y == 0:
                raise Mistake("division by zero", span)
            return Fraction(x) / y
        case _:
            return _power(x, integer(y, "an exponent", span), span)


def _power(base: int | Fraction, exponent: int, span: Span | None) -> int | Fraction:
    if exponent < 0:
        if base == 0:
            raise Mistake("division by zero", span)
        return Fraction(base) ** exponent
    return base**exponent


def compare(operator: str, left: Value, right: Value, span: Span | None) -> bool:
    if operator in ("==", "!="):
        if _comparable(left) != _comparable(right):
            raise Mistake("these are not compared: true and false are not 1 and 0", span)
        return (left == right) == (operator == "==")
    a, b = number(left, span), number(right, span)
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]


def _comparable(value: Value) -> str:
    if isinstance(value, Array):
        return "array"
    return "bool" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"


def _flog2(n: int) -> int:
    if n < 1:
        raise Mistake(f"flog2({n}) has no value")
    return n.bit_length() - 1


def _clog2(n: int) -> int:
    _natural(n)
    return (n - 1).bit_length() if n else 0


def _bits(n: int) -> int:
    return _natural(n).bit_length()


def _natural(n: int) -> int:
    if n < 0:
        raise Mistake(f"{n} is negative")
    return n


def _iroot(n: int, d: int) -> int:
    """The floor of the d-th root, by bisection."""
    if d < 1:
        raise Mistake(f"iroot(.., {d}) has no value")
    low, high = 0, _natural(n) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**d <= n else (low, middle)
    return low


def _inverse_mod(a: int, m: int) -> int:
    if m < 1 or math.gcd(a, m) != 1:
        raise Mistake(f"{a} has no inverse modulo {m}")
    return pow(a, -1, m) if m > 1 else 0


def _pow_mod(a: int, e: int, m: int) -> int:
    if m < 1:
        raise Mistake(f"a modulus of {m}")
    return pow(a, e, m) if e >= 0 else pow(_inverse_mod(a, m), -e, m)


INTEGER_FUNCTIONS: Mapping[str, tuple[int, Callable[..., int | bool]]] = {
    "clog2": (1, _clog2),
    "flog2": (1, _flog2),
    "bits": (1, _bits),
    "isqrt": (1, lambda n: math.isqrt(_natural(n))),
    "iroot": (2, _iroot),
    "bit": (2, lambda i, j: i >> _natural(j) & 1),
    "is_prime": (1, lambda p: p > 1 and all(p % d for d in range(2, math.isqrt(p) + 1))),
    "pow_mod": (3, _pow_mod),
    "inverse_mod": (2, _inverse_mod),
}
NUMBER_FUNCTIONS: Mapping[str, Callable[..., int | Fraction]] = {"abs": abs, "ceil": math.ceil, "floor": math.floor}
REAL_FUNCTIONS = ("exp", "sqrt", "sin", "cos")
NAMES = (*INTEGER_FUNCTIONS, *NUMBER_FUNCTIONS, *REAL_FUNCTIONS, "min", "max", "relu")


def apply(name: str, arguments: list[Value], span: Span | None) -> Value:
    """A static function on its arguments."""
    if name == "relu":
        _count(name, arguments, 1, span)
        return max(0, number(arguments[0], span))
    if name in ("min", "max"):
        spread = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], Array) else None
        values = [number(v, span) for v in (scalars(spread) if spread is not None else arguments)]
        if not values:
            raise Mistake(f"`{name}` of nothing", span)
        return min(values) if name == "min" else max(values)
    if name in NUMBER_FUNCTIONS:
        _count(name, arguments, 1, span)
        if isinstance(arguments[0], Real):
            if name == "abs":
                return Real(abs(arguments[0].near))
            return NUMBER_FUNCTIONS[name](arguments[0].near)
        return NUMBER_FUNCTIONS[name](number(arguments[0], span))
    if name in REAL_FUNCTIONS:
        _count(name, arguments, 1, span)
        return _real(name, Fraction(number(_near(arguments[0]), span)), span)
    count, function = INTEGER_FUNCTIONS[name]
    _count(name, arguments, count, span)
    return function(*(integer(a, f"an argument of `{name}`", span) for a in arguments))


def _count(name: str, arguments: list[Value], wanted: int, span: Span | None) -> None:
    if len(arguments) != wanted:
        raise Mistake(f"`{name}` takes {wanted} arguments", span)


# ---- numbers that may be irrational, to many more digits than any float has

_DIGITS = Context(prec=400)


def _real(name: str, x: Fraction, span: Span | None) -> Value:
    if name == "sqrt":
        if x < 0:
            raise Mistake("the square root of a negative number", span)
        root = Fraction(math.isqrt(x.numerator), math.isqrt(x.denominator))
        return root if root * root == x else Real(Fraction(_DIGITS.sqrt(_decimal(x))))
    if x == 0:
        return 0 if name == "sin" else 1
    if name == "exp":
        return Real(Fraction(_DIGITS.exp(_decimal(x))))
    return Real(_series(x, 1 if name == "sin" else 0))


def _decimal(x: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(x.numerator), Decimal(x.denominator))


def _series(x: Fraction, first: int) -> Fraction:
    """The series of the sine (first = 1) or the cosine (first = 0), of moderate x."""
    scale = 10**400
    term, total_, n = x**first, Fraction(0), first
    while abs(term) * scale > 1:
        total_ += term
        term = Fraction(round(-term * x * x / ((n + 1) * (n + 2)) * scale * 10**9), scale * 10**9)
        n += 2
    return total_


def _arctan_inverse(n: int) -> Fraction:
    return sum((Fraction((-1) ** k, (2 * k + 1) * n ** (2 * k + 1)) for k in range(300)), Fraction(0))


PI = Real(4 * (4 * _arctan_inverse(5) - _arctan_inverse(239)))  # Machin 1706; 300 terms give 419 digits


def result_type(name: str) -> Type:
    return Type(
        "bool" if name == "is_prime" else "integer" if name in ("ceil", "floor", *INTEGER_FUNCTIONS) else "static"
    )


def total(array: Array, span: Span | None) -> int | Fraction:
    """`SUM` of statics."""
    found: int | Fraction = 0
    for item in array.items:
        found += number(item, span)
    return found
