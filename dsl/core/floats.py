"""Static floats: calls of `float(p)`, operators and functions of floats, their wires, typed to static nodes.

Which type a float has is known when it is evaluated, like any other property of a static value; two types that meet are
reported there. Where the text says the type (`made`), numbers beside floats are rounded at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tc0.dsl.base.errors import Error, NotAvailable
from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import (
    Apply,
    Block,
    Bound,
    Comprehension,
    Constant,
    Element,
    Expr,
    If,
    Items,
    Length,
    Lift,
    Local,
    Reduce,
    Variable,
)
from tc0.dsl.core.shapes import number, without
from tc0.dsl.core.show import show_type
from tc0.dsl.core.static import apply_row
from tc0.dsl.core.tensor import Tensor
from tc0.dsl.core.types import BOOL, FLOAT, INTEGER, NUMBERS, Bit, FamilyOf, Kind, Static, Type, Wires
from tc0.dsl.numbers.floats import Float, Format, to_bits
from tc0.dsl.ops.floats import COMPARISONS, OPERATIONS, REDUCTIONS
from tc0.dsl.ops.floats import format_of as checked
from tc0.dsl.ops.functions import FUNCTIONS, Undefined
from tc0.dsl.syntax import tree


@record
class FloatType:
    """`float(precision)` or `float(precision, nearest)` as a text says it."""

    precision: Expr
    nearest: bool


def among(exprs: Sequence[Expr]) -> bool:
    """Whether one of these is a static float, or a static array of floats."""
    return any(_is_float(e) for e in exprs)


def _is_float(expr: Expr) -> bool:
    return isinstance(expr.type, Static) and expr.type.kind is Kind.FLOAT


def converts(expr: Expr) -> bool:
    """Whether this static value becomes a float where it meets one: a number, or an array of numbers."""
    return isinstance(expr.type, Static) and expr.type.kind in NUMBERS


# ---- types


def format_of(
    arguments: Sequence[tree.Expression], span: Span, integer: Callable[[tree.Expression], Expr]
) -> FloatType:
    """The type of float that these arguments of `float` say; integer: a static integer of the surface."""
    match arguments:
        case [precision]:
            nearest = False
        case [precision, tree.Name(name="nearest")]:
            nearest = True
        case _:
            raise Error("E0203", "a type of floats is written `float(p)` or `float(p, nearest)`", span)
    found = FloatType(integer(precision), nearest)
    if isinstance(found.precision, Constant) and isinstance(found.precision.value, int):
        try:
            checked(found.precision.value, nearest)
        except Undefined as e:
            raise Error(
                e.code, e.message, found.precision.span, "`float(8)` has 3 digits and exponents up to 7"
            ) from None
    return found


def known(format: FloatType, span: Span) -> Format:
    """A type of floats whose precision is a number."""
    if not isinstance(format.precision, Constant) or not isinstance(format.precision.value, int):
        raise NotAvailable(
            "E1011",
            "parameters that are floats of a precision that is a parameter are not available yet",
            span,
            "write the precision as a number: `float(8)`",
        )
    return Format(format.precision.value, format.nearest)


def written(format: Format, span: Span) -> FloatType:
    return FloatType(number(format.precision, span), format.nearest)


def format_said(expr: Expr) -> FloatType | None:
    """The type of a static float, or of the elements of an array of floats, where its text says it."""
    match expr:
        case Apply(
            function="float" | "float scaled" | "float code",
            arguments=(precision, Constant(value=bool() as nearest), *_),
        ):
            return FloatType(precision, nearest)
        case Constant(value=value):
            while isinstance(value, tuple) and value:
                value = value[0]
            return written(value.format, expr.span) if isinstance(value, Float) else None
        case Apply(arguments=parts) | Items(elements=parts):
            return next((said for said in map(format_said, parts) if said is not None), None)
        case If(then=then, other=other):
            return format_said(then) or format_said(other)
        case Element(array=array) | Reduce(array=array):
            return format_said(array)
        case Comprehension(bounds=bounds, body=body):
            return _outside(format_said(body), [b.name for b in bounds])
        case Block(locals=locals_, result=result):
            said = next((s for s in (format_said(local.value) for local in locals_) if s is not None), None)
            return said or _outside(format_said(result), [local.name for local in locals_])
        case _:
            return None


def _outside(said: FloatType | None, names: Sequence[str]) -> FloatType | None:
    """A type outside of the scope of some names; None where it mentions them."""
    return None if said is None or without(said.precision, names) is None else said


# ---- floats from other values


def made(format: FloatType, value: Expr, span: Span) -> Expr:
    """`float(p)(value)`: a number, a string of bits, `.bits` of another, a float of this type, or an array of these."""
    nearest = Constant(format.nearest, BOOL, span)
    match value.type:
        case Static(kind=Kind.BOOL):
            raise Error("E0302", "a float is made from a number, but this is a boolean", value.span)
        case Static(rank=0 | None) if (power := _power_of_2(value)) is not None:
            return _applied("float scaled", (format.precision, nearest, *power), FLOAT, span)
        case Static(rank=0 | None):
            return _applied("float", (format.precision, nearest, value), FLOAT, span)
        case Static(rank=int() as rank):
            at_once = _rounded(format, value, span)
            return at_once or _each((value,), rank, lambda e: made(format, e[0], span), span)
        case Wires(element=Bit(), shape=(_,)) if isinstance(value, Lift):
            return _applied(
                "float code", (format.precision, nearest, _code(value.value, format.precision, span)), FLOAT, span
            )
        case FamilyOf():
            raise Error("E0307", "a float is made from a number, but this is a family", value.span, "call it: `f(x)`")
        case _:
            raise Error("E0303", f"{show_type(value.type)} is not made into a float", value.span)


def _rounded(format: FloatType, value: Expr, span: Span) -> Expr | None:
    """A whole array from a file as floats, where the precision is a number."""
    match value, format.precision:
        case Constant(value=Tensor() as tensor), Constant(value=int() as precision):
            floats_ = tensor.numbers.rounded(Format(precision, format.nearest))
            return Constant(floats_, Static(Kind.FLOAT, tensor.type.rank), span)
        case _:
            return None


def _power_of_2(value: Expr) -> tuple[Expr, Expr] | None:
    """m and e of `m * 2**e` that is too long to be written out: it is the text of a float with a large exponent."""
    match value:
        case Apply(function="**", arguments=(Constant(value=2), exponent)):
            return number(1, value.span), exponent
        case Apply(function="*", arguments=(factor, Apply(function="**", arguments=(Constant(value=2), exponent)))):
            return (factor, exponent) if converts(factor) else None
        case _:
            return None


def _code(bits: Expr, precision: Expr, span: Span) -> Expr:
    """The number whose binary digit k is element k of a static array of `precision` bits."""
    length = _applied("one length", (Length(bits, 0, INTEGER, span), precision), INTEGER, span)
    index = Variable("place 0", INTEGER, span)
    weight = _applied("<<", (number(1, span), index), INTEGER, span)
    digit = _applied("*", (weight, Element(bits, (index,), INTEGER, span)), INTEGER, span)
    bound = Bound("place 0", number(0, span), length, span)
    return Reduce("SUM", Comprehension((bound,), None, digit, True, Static(Kind.INTEGER, 1), span), INTEGER, span)


def fits(wanted: Static, given: Static) -> bool:
    """Whether a static value can be given for a parameter that is a float or an array of floats."""
    return given.kind in (Kind.FLOAT, *NUMBERS, Kind.ANY) and given.rank in (wanted.rank, None)


def joined(exprs: Sequence[Expr]) -> Sequence[Expr]:
    """Branches or elements of which some are floats: the numbers among them as floats of the same type."""
    if not among(exprs):
        return exprs
    model = next(
        (e for e in exprs if _is_float(e) and format_said(e) is not None), next(e for e in exprs if _is_float(e))
    )
    return [beside(e, model) if converts(e) else e for e in exprs]


def beside(value: Expr, model: Expr) -> Expr:
    """A number, or an array of numbers, as floats of the type that `model` has. Where the text does not say which type
    that is, the numbers stay what they are until they meet a float."""
    said = format_said(model)
    if said is not None:
        return made(said, value, value.span)
    assert isinstance(value.type, Static)
    return replace(value, type=replace(value.type, kind=Kind.FLOAT))


# ---- operators and functions


def operation(function: str, arguments: Sequence[Expr], span: Span) -> Expr:
    """An operator or a function on static arguments of which at least one is a float or an array of floats."""
    if function not in OPERATIONS:
        wrong = next(a for a in arguments if _is_float(a))
        raise Error("E0302", f"`{function}` does not take floats, but this is {show_type(wrong.type)}", wrong.span)
    for argument in arguments:
        if not (_is_float(argument) or converts(argument) or _is_any(argument)):
            raise Error(
                "E0302", f"`{function}` takes floats and numbers, not {show_type(argument.type)}", argument.span
            )
    type = BOOL if function in COMPARISONS else FLOAT
    ranks = [a.type.rank for a in arguments if isinstance(a.type, Static)]
    rank = max((r for r in ranks if r), default=0)
    if not rank or (function in ("==", "!=") and len(set(ranks)) == 1):
        return _applied(function, arguments, type, span)
    alike = (function in ("+", "-") and ranks == [rank, rank]) or function == "negate"
    by_one = (function in ("*", "/") and ranks[1:] == [0]) or (function == "*" and ranks[:1] == [0])
    if not alike and not by_one:
        hint = "`+` and `-` act on arrays of one shape, `*` and `/` on an array and a single value; else write a comprehension"
        shown = " and ".join(show_type(a.type) for a in arguments)
        raise Error("E0308", f"`{function}` does not take {shown}", span, hint)
    return _each(arguments, rank, lambda e: _applied(function, e, FLOAT, span), span)


def _is_any(expr: Expr) -> bool:
    return isinstance(expr.type, Static) and expr.type.kind is Kind.ANY


def reduces(name: str, arguments: Sequence[Expr]) -> bool:
    """Whether this is a sum, a maximum or a minimum with static floats among its arguments."""
    return name in REDUCTIONS and among(arguments)


def reduction(name: str, arguments: Sequence[Expr], span: Span) -> Expr:
    """`SUM`, `MAX` or `MIN` of floats: of one array, or of several single values. A sum of none is 0."""
    for argument in arguments:
        if isinstance(argument.type, Wires):
            hint = "choose between numbers: `if b then float(8)(1) else float(8)(0)`"
            raise Error("E0303", f"`{name}` of floats does not take {show_type(argument.type)}", argument.span, hint)
        if isinstance(argument.type, FamilyOf) or not (_is_float(argument) or converts(argument) or _is_any(argument)):
            raise Error("E0302", f"`{name}` takes floats and numbers, not {show_type(argument.type)}", argument.span)
    array = arguments[0]
    if len(arguments) > 1 or (isinstance(array.type, Static) and array.type.rank == 0):
        for argument in arguments:
            if isinstance(argument.type, Static) and argument.type.rank:
                raise Error("E0310", f"`{name}` takes one array or several single values", argument.span)
        array = Items(tuple(joined(arguments)), Static(Kind.FLOAT, 1), span)
    found = Reduce(REDUCTIONS[name], array, FLOAT, span)
    said = format_said(array)
    return made(said, found, span) if said is not None and name == "SUM" else found


def bits(value: Expr, span: Span) -> Expr:
    """`e.bits`: the wires of a float, constants; of an array of floats, one dimension more."""
    assert isinstance(value.type, Static)
    rank = value.type.rank or 0
    if isinstance(value, Constant) and isinstance(value.value, Float):
        wires = to_bits(value.value)
        return Lift(Constant(wires, Static(Kind.INTEGER, 1), span), Wires(Bit(), (number(len(wires), span),)), span)
    said = format_said(value)
    shape = (*(None,) * rank, None if said is None else said.precision)
    digits = _each((value,), rank, lambda e: _wires_of(e[0], span), span, Static(Kind.INTEGER, rank + 1))
    return Lift(digits, Wires(Bit(), shape), span)


def _wires_of(value: Expr, span: Span) -> Expr:
    index = Variable("wire", INTEGER, span)
    bound = Bound("wire", number(0, span), Apply("precision", (value,), INTEGER, span), span)
    return Comprehension(
        (bound,), None, Apply("wire", (value, index), INTEGER, span), True, Static(Kind.INTEGER, 1), span
    )


def _each(
    operands: Sequence[Expr], rank: int, build: Callable[[list[Expr]], Expr], span: Span, type: Type | None = None
) -> Expr:
    """`build` at every place of arrays of one shape; single values stay. Each operand is evaluated once."""
    names = [f"operand {at}" for at in range(len(operands))]
    held = [Variable(name, operand.type, span) for name, operand in zip(names, operands, strict=True)]
    arrays = [v for v in held if isinstance(v.type, Static) and v.type.rank]
    places = tuple(Variable(f"place {axis}", INTEGER, span) for axis in range(rank))
    bounds = tuple(
        Bound(place.name, number(0, span), _length(arrays, axis, span), span) for axis, place in enumerate(places)
    )
    body = build([Element(v, places, _single(v.type), span) if v in arrays else v for v in held])
    type = type if type is not None else Static(Kind.FLOAT, rank)
    result = Comprehension(bounds, None, body, True, type, span) if rank else body
    locals_ = tuple(Local(name, operand, span) for name, operand in zip(names, operands, strict=True))
    return Block(locals_, result, type, span)


def _single(type: Type) -> Static:
    assert isinstance(type, Static)
    return Static(type.kind, 0)


def _length(arrays: Sequence[Expr], axis: int, span: Span) -> Expr:
    lengths = tuple(Length(array, axis, INTEGER, span) for array in arrays)
    return lengths[0] if len(lengths) == 1 else Apply("one length", lengths, INTEGER, span)


def _applied(function: str, arguments: Sequence[Expr], type: Type, span: Span) -> Expr:
    """A row on its arguments, computed at once where they are known; errors are reported where it is evaluated."""
    if all(isinstance(a, Constant) and not isinstance(a.value, tuple) for a in arguments):
        values = tuple(a.value for a in arguments if isinstance(a, Constant))
        try:
            value = apply_row(FUNCTIONS[function], values, span)
        except Error:
            pass
        else:
            return Constant(value, type, span)  # type: ignore[arg-type]
    return Apply(function, tuple(arguments), type, span)
