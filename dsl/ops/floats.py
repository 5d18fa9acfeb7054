"""Operations on static floats: what they mean, one row an entry, and how floats are made from other values.

A static number beside a float is rounded to the float's type first; floats of different types do not mix. The functions
that only floats have (`float(p)(x)`, `.bits`, `relu`) are rows of `FUNCTIONS` too, so that they are applied as others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from tc0.dsl.numbers import floats
from tc0.dsl.numbers.floats import Float, Format
from tc0.dsl.numbers.real import Real, Undecided
from tc0.dsl.ops.undefined import Undefined

# Operators and functions by name, on one or two floats of one format.
OPERATIONS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {
        "+": floats.add,
        "-": floats.subtract,
        "*": floats.multiply,
        "/": floats.divide,
        "negate": floats.negated,
        "abs": floats.absolute,
        "exp": floats.exponent_of,
        "sqrt": floats.square_root,
        "relu": floats.relu,
        "<": lambda a, b: floats.compared(a, b) < 0,
        "<=": lambda a, b: floats.compared(a, b) <= 0,
        ">": lambda a, b: floats.compared(a, b) > 0,
        ">=": lambda a, b: floats.compared(a, b) >= 0,
        "==": lambda a, b: floats.compared(a, b) == 0,
        "!=": lambda a, b: floats.compared(a, b) != 0,
        "min": lambda *numbers: floats.least(numbers),
        "max": lambda *numbers: floats.greatest(numbers),
    }
)
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
REDUCTIONS = MappingProxyType({"SUM": "SUM", "MAX": "max", "MIN": "min", "max": "max", "min": "min"})


def is_float(value: object) -> bool:
    """Whether a static value is a float or an array of floats."""
    while isinstance(value, tuple) and value:
        value = value[0]
    return isinstance(value, Float)


def operate(name: str, arguments: Sequence[object]) -> object:
    """An operation of the table on arguments of which at least one is a float; equality of arrays too."""
    if name in ("==", "!=") and any(isinstance(a, tuple) for a in arguments):
        return _same(*arguments) is (name == "==")
    return OPERATIONS[name](*_alike(arguments))


def _same(a: object, b: object) -> bool:
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    return bool(operate("==", (a, b)))


def reduce(name: str, elements: Sequence[object]) -> Float:
    """`SUM`, `min` or `max` of values of which at least one is a float."""
    numbers = _alike(elements)
    if name == "SUM":
        return floats.total(numbers, numbers[0].format)
    return floats.least(numbers) if name == "min" else floats.greatest(numbers)


def _alike(values: Sequence[object]) -> list[Float]:
    """Values of which at least one is a float, all as floats of its format."""
    format = next(v.format for v in values if isinstance(v, Float))
    return [convert(format, v) for v in values]


def convert(format: Format, value: object) -> Float:
    """A static value as a float: a number is rounded once, a string of bits is read, a float must be of this type."""
    match value:
        case Float(format=given):
            if given != format:
                raise Undefined(f"a {given} is no {format}: floats of different types do not mix", "E0714")
            return value
        case bool():
            raise Undefined("a float is made from a number, not from a boolean", "E0504")
        case int() | Fraction() | Real():
            return _rounded(format, value)
        case str():
            return _read(format, value)
        case _:
            raise Undefined("a float is made from a number or from bits", "E0504")


def _rounded(format: Format, value: int | Fraction | Real) -> Float:
    try:
        return floats.from_number(format, value)
    except Undecided as e:
        raise Undefined(str(e), "E0507") from None
    except (ValueError, OverflowError) as e:
        raise Undefined(str(e), "E0501") from None


def _read(format: Format, bits: str) -> Float:
    for bit in bits:
        if bit not in "01":
            raise Undefined(f"`{bit}` is not a bit: a string of bits holds 0 and 1", "E0702")
    try:
        return floats.from_bits(format, [int(bit) for bit in bits])
    except floats.NoCode as e:
        raise Undefined(str(e), "E0715") from None


def format_of(precision: int, nearest: bool) -> Format:
    """`float(precision)`, or `float(precision, nearest)`."""
    try:
        return Format(precision, nearest)
    except ValueError as e:
        raise Undefined(f"{e}, not {precision}", "E0713") from None


# ---- meanings of rows of FUNCTIONS


def made(precision: int, nearest: bool, value: object) -> Float:
    """`float(precision)(value)`."""
    return convert(format_of(precision, nearest), value)


def scaled(precision: int, nearest: bool, factor: int | Fraction, exponent: int) -> Float:
    """`float(precision)(factor * 2**exponent)`, where the power is not written out."""
    return floats.scaled(format_of(precision, nearest), factor, exponent)


def decoded(precision: int, nearest: bool, code: int) -> Float:
    """The float whose wire k is bit k of `code`."""
    return _read(format_of(precision, nearest), "".join(str(code >> k & 1) for k in range(precision)))


def precision_of(value: object) -> int:
    """The number of bits of a float."""
    if not isinstance(value, Float):
        raise Undefined("this static value has no wires", "E0205")
    return value.format.precision


def bit_of(value: object, place: int) -> int:
    """One wire of a float."""
    precision_of(value)
    assert isinstance(value, Float)
    return floats.to_bits(value)[place]


def relu(value: object) -> object:
    """The number where it is positive, else 0; of any static number."""
    return value if value > 0 else 0  # type: ignore[operator]


def one_length(left: int, right: int) -> int:
    """The length of two arrays that go together element by element."""
    if left != right:
        raise Undefined(f"lengths that must be equal are {left} and {right}", "E0404")
    return left
