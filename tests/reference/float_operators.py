"""Operators on floats (section 8): types, their meaning on fractions, and the families of the library that a circuit calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tc0.dsl.base.source import Span

from . import floats
from .reading import CallLibrary, Reading
from .values import Array, Bit, Constant, Float, Mistake, Real, Scalar, Type, Value, like, scalars, type_of

FAMILIES = {
    "+": "float_add",
    "-": "float_subtract",
    "*": "float_multiply",
    "/": "float_divide",
    "negate": "float_negate",
    "abs": "float_abs",
    "relu": "float_relu",
    "sqrt": "float_sqrt",
    "exp": "float_exp",
    "SUM": "float_sum",
    "MAX": "float_max",
    "MIN": "float_min",
    ">=": "float_at_least",
    ">": "float_greater",
    "<=": "float_at_most",
    "<": "float_less",
}
ROUNDED = ("+", "-", "*", "/", "sqrt", "exp", "SUM")  # by their kernels in brackets
FUNCTIONS = ("abs", "relu", "sqrt", "exp")
REDUCTIONS = ("SUM", "MAX", "MIN")
ORDER = (">=", ">", "<=", "<")


# ---- types and constants


def check(precision: int, span: Span | None) -> None:
    if precision < 4 or precision % 2 or precision > 64:
        raise Mistake(f"float({precision}): the precision is even, from 4 to 64", span)


def constant(type: Type, value: Scalar, what: str, span: Span | None) -> Constant:
    """A static number as a float, rounded once; a static float must be of this type."""
    if type.width is None:
        raise Mistake(f"the precision of {what} is not known here", span)
    check(type.width, span)
    match value:
        case Constant(precision=precision, nearest=nearest):
            if (precision, nearest) != (type.width, type.nearest):
                raise Mistake(f"{what}: floats of different types do not mix", span)
            return value
        case Real(near=near):
            ends = {floats.rounding(type.width, type.nearest, near * (1 + Fraction(s, 10**300))) for s in (-1, 1)}
            assert len(ends) == 1
            return Constant(type.width, type.nearest, ends.pop())
        case int() | Fraction() if not isinstance(value, bool):
            return Constant(type.width, type.nearest, floats.rounding(type.width, type.nearest, Fraction(value)))
    raise Mistake(f"{what} must be a number", span)


def among(values: Sequence[Value]) -> bool:
    """Whether one of these is a float, static or on wires, or an array of them."""
    return any(type_of(value).kind in ("float", "constant") for value in values)


def as_constants(values: Sequence[Value], others: Sequence[Type], span: Span | None) -> list[Value]:
    """Static values of which some are floats: the numbers among them as floats of the same type."""
    types = [type for type in (*map(type_of, values), *others) if type.kind == "constant" and type.width is not None]
    if not types:
        return list(values)
    return [like(v, [constant(types[0], i, "a number", span) for i in scalars(v)], types[0].element) for v in values]


def alike(values: Sequence[Value], reading: Reading, span: Span | None) -> list[Value]:
    """Floats and numbers as floats of one type: on wires if one of them is."""
    if any(type_of(value).kind in ("bit", "form", "uint", "int", "symbol", "family") for value in values):
        raise Mistake("floats go with floats and with static numbers", span)
    types = [t for t in map(type_of, values) if t.kind == "float"]
    if not types:
        return as_constants(values, (), span)
    found: list[Value] = []
    for value in values:
        type = type_of(value)
        if type.kind == "text":
            raise Mistake("a string is no float", span)
        if not type.is_static and type.element != types[0].element:
            raise Mistake("floats of different types do not mix", span)
        items = [
            reading.constant(constant(types[0], item, "a number", span)) if type.is_static else item
            for item in scalars(value)
        ]
        found.append(like(value, items, types[0].element))
    return found


# ---- floats from other values


def made(value: Value, type: Type, reading: Reading, span: Span | None) -> Value:
    """`float(p)(value)`: static numbers, bits as a code, floats of this type; on arrays by element."""
    given = type_of(value)
    check(type.width or 0, span)
    if given.kind == "text" and not given.shape:
        bits = [int(digit) for digit in str(value)]
        if len(bits) != type.width or not floats.is_code(type.width, bits):
            raise Mistake(f"{value} is no code of float({type.width})", span)
        return Constant(type.width, type.nearest, floats.decode(type.width, bits))
    if given.is_static:
        items = [constant(type, item, "the value of a float", span) for item in scalars(value)]
        return like(value, items, replace(type, kind="constant"))
    if given.kind == "float":
        if given.element != type:
            raise Mistake("floats of different types do not mix", span)
        return value
    if given.kind != "bit" or not given.shape or given.shape[-1] != type.width:
        raise Mistake("this is not read as a float", span)
    assert isinstance(value, Array)
    codes = [bit for bit in value.items if isinstance(bit, Bit)]
    width = type.width or 0
    items = [reading.float(type, codes[at : at + width]) for at in range(0, len(codes), width)]
    return Array(type, value.shape[:-1], tuple(items)) if value.shape[1:] else items[0]


# ---- operators


def binary(
    operator: str, left: Value, right: Value, reading: Reading, span: Span | None, library: CallLibrary
) -> Value:
    """`+ - * /` of floats; by element `+ -` of arrays of one shape, `* /` of an array by a float."""
    if operator not in ("+", "-", "*", "/"):
        raise Mistake(f"`{operator}` does not take floats", span)
    left, right = alike((left, right), reading, span)
    a, b = type_of(left).shape, type_of(right).shape
    if not (a == b if operator in ("+", "-") or not (a or b) else not b or (not a and operator == "*")):
        raise Mistake(f"`{operator}` does not take floats of the shapes {a} and {b}", span)
    many = left if a else right
    length = len(scalars(many))
    pairs = zip(*(scalars(v) * (1 if type_of(v).shape or not (a or b) else length) for v in (left, right)), strict=True)
    return like(many, [_one(operator, pair, reading, library) for pair in pairs], type_of(many).element)


def compare(
    operator: str, left: Value, right: Value, reading: Reading, span: Span | None, library: CallLibrary
) -> Value:
    """The order of two floats by their exact values; static floats give a static boolean."""
    left, right = alike((left, right), reading, span)
    if type_of(left).shape or type_of(right).shape:
        raise Mistake(f"`{operator}` compares single floats", span)
    return _one(operator, (*scalars(left), *scalars(right)), reading, library)


def unary(operator: str, operand: Value, reading: Reading, span: Span | None, library: CallLibrary) -> Value:
    """`-` of a float or of each of an array; `abs`, `relu`, `sqrt`, `exp` of one."""
    if type_of(operand).shape and operator != "negate":
        raise Mistake(f"`{operator}` takes one float", span)
    return like(operand, [_one(operator, (i,), reading, library) for i in scalars(operand)], type_of(operand).element)


def reduction(
    operator: str, arguments: Sequence[Value], reading: Reading, span: Span | None, library: CallLibrary
) -> Value:
    """SUM, MAX or MIN of one array of any rank, or of several single values."""
    values = alike(arguments, reading, span)
    if len(values) > 1 and any(type_of(value).shape for value in values):
        raise Mistake(f"`{operator}` takes one array or several single values", span)
    items = [item for value in values for item in scalars(value)]
    if not items and operator != "SUM":
        raise Mistake(f"`{operator}` of nothing", span)
    return _one(operator, items, reading, library, type_of(values[0]).element)


def _one(
    operator: str, operands: Sequence[Scalar], reading: Reading, library: CallLibrary, type: Type | None = None
) -> Scalar:
    type = type_of(operands[0]) if type is None else type
    if type.kind == "constant":
        return static(operator, [i.value for i in operands if isinstance(i, Constant)], type)
    found = reading.operate_floats(operator, [i for i in operands if isinstance(i, Float)], type, library)
    assert isinstance(found, Float | Bit)
    return found


def static(operator: str, values: Sequence[Fraction], type: Type) -> Scalar:
    """An operator on static floats."""
    assert type.width is not None
    found = meaning(operator, values, type.width, type.nearest)
    return found if isinstance(found, bool) else Constant(type.width, type.nearest, found)


# ---- what they mean


def meaning(operator: str, values: Sequence[Fraction], p: int, nearest: bool) -> Fraction | bool:
    """The exact real result, rounded once."""
    match operator, *values:
        case "+" | "-" | "*" | "/", a, b:
            return floats.operate(p, nearest, operator, a, b)
        case "negate", a:
            return -a
        case "abs", a:
            return abs(a)
        case "relu", a:
            return max(a, Fraction(0))
        case "sqrt", a:
            return floats.sqrt(p, nearest, a)
        case "exp", a:
            return floats.exp(p, nearest, a)
        case ">=", a, b:
            return a >= b
        case ">", a, b:
            return a > b
        case "<=", a, b:
            return a <= b
        case "<", a, b:
            return a < b
        case "SUM", *_:
            return floats.total(p, nearest, values)
    return {"MAX": max, "MIN": min}[operator](values)


def on_fractions(operator: str, operands: Sequence[Float], type: Type, reading: Reading) -> Value:
    """In the value reading: on the numbers that the codes stand for."""
    p = type.width
    assert p is not None
    check(p, None)
    found = meaning(operator, [floats.decode(p, operand.wires) for operand in operands], p, type.nearest)
    return Bit(int(found)) if isinstance(found, bool) else reading.constant(Constant(p, type.nearest, found))


def by_family(operator: str, operands: Sequence[Float], type: Type, reading: Reading, library: CallLibrary) -> Value:
    """In a circuit: the family of the library, for floats that are rounded to nearest the one on codes, which has the
    rounding in brackets."""
    family = FAMILIES[operator]
    many = operator in REDUCTIONS
    if not type.nearest:
        return library(family, (Array(type, (len(operands),), tuple(operands)),) if many else tuple(operands))
    width = type.width or 0
    codes = [reading.bits(operand) for operand in operands]
    bits = [Bit(bit.wire) for code in codes for bit in code]
    arguments = (
        [Array(Type("bit"), (len(codes), width), tuple(bits))]
        if many
        else [Array(Type("bit"), (width,), tuple(code)) for code in codes]
    )
    found = library(f"{family}_code", arguments, (True,) if operator in ROUNDED else ())
    if operator in ORDER:
        return found
    return reading.float(type, [bit for bit in scalars(found) if isinstance(bit, Bit)])
