"""Floats on wires: constants and bits as floats, operators and functions as calls of their library families.

A float on wires is its code; truncating floats go through the family of the operator, others through the family on codes.
Numbers and static floats beside floats on wires become constants of their type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.convert import coerce, join
from tc0.dsl.core.floats import FloatType
from tc0.dsl.core.program import (
    Apply,
    AsWord,
    Bits,
    Block,
    Bound,
    Call,
    Comprehension,
    Constant,
    Element,
    Expr,
    Items,
    Length,
    Local,
    Reference,
    Variable,
)
from tc0.dsl.core.scope import Scope
from tc0.dsl.core.shapes import Dim, number, same
from tc0.dsl.core.show import show_type
from tc0.dsl.core.types import BIT, BOOL, INTEGER, Bit, Float, Form, Kind, Static, Wires, Word
from tc0.dsl.ops.float_operators import FLOAT_OPERATORS, FloatOperands, FloatRow, Meaning

CallMaker = Callable[[Expr, Sequence[Expr], Span], Expr]
FUNCTIONS = tuple(row.operator for row in FLOAT_OPERATORS.values() if row.operands is FloatOperands.ONE)


def is_float(expr: Expr) -> bool:
    """Whether this is a float on wires, or an array of them."""
    return isinstance(expr.type, Wires) and isinstance(expr.type.element, Float)


def among(exprs: Sequence[Expr]) -> bool:
    """Whether one of these is a float on wires, or an array of them."""
    return any(map(is_float, exprs))


# ---- floats from other values


def made(format: FloatType, value: Expr, span: Span) -> Expr:
    """`float(p)(value)` of wires: bits are read as a code, a float of this type stays."""
    element = Float(format.precision, format.nearest)
    match value.type:
        case Wires(element=Float()):
            return coerce(value, Wires(element, (None,) * len(value.type.shape)), "the value of a float")
        case Wires(element=Bit(), shape=(*outer, _)):
            bits = coerce(value, Wires(Bit(), (*outer, format.precision)), "the code of a float")
            return AsWord(bits, Wires(element, tuple(outer)), span)
        case Wires(element=Bit() | Form()):
            hint = "choose between numbers: `if b then float(8)(1) else float(8)(0)`"
            raise Error("E0303", f"{show_type(value.type)} is not read as a float", value.span, hint)
        case Wires(element=Word()):
            hint = "a table family can turn codes into floats, or choose between constants"
            raise Error("E0303", f"{show_type(value.type)} is not read as a float", value.span, hint)
        case _:
            raise Error("E0303", f"{show_type(value.type)} is not read as a float", value.span)


# ---- operators


def binary(scope: Scope, operator: str, left: Expr, right: Expr, span: Span, call: CallMaker) -> Expr:
    """`+ - * /` and comparisons where at least one operand is a float on wires, or an array of them."""
    row = _row(operator, (left, right), span)
    left, right = _alike((left, right), f"an operand of `{operator}`")
    ranks = [len(_wires(e).shape) for e in (left, right)]
    if not any(ranks):
        return _applied(scope, row, (left, right), span, call)
    alike = operator in ("+", "-") and ranks[0] == ranks[1]
    by_one = (operator in ("*", "/") and ranks[1] == 0) or (operator == "*" and ranks[0] == 0)
    if not alike and not by_one:
        hint = "`+` and `-` act on arrays of one shape, `*` and `/` on an array and a single value; else write a comprehension"
        shown = " and ".join(show_type(e.type) for e in (left, right))
        raise Error("E0308", f"`{operator}` does not take {shown}", span, hint)
    return _each((left, right), span, lambda e: _applied(scope, row, e, span, call))


def unary(scope: Scope, operator: str, operand: Expr, span: Span, call: CallMaker) -> Expr:
    """`-`, `abs`, `relu`, `sqrt`, `exp` of a float on wires, or of each of an array of them."""
    row = _row(operator, (operand,), span)
    if not _wires(operand).shape:
        return _applied(scope, row, (operand,), span, call)
    if operator != "negate":
        hint = f"write a comprehension: `[{operator}(x[i]) for i < n]`"
        raise Error("E0308", f"`{operator}` takes one float, not {show_type(operand.type)}", operand.span, hint)
    return _each((operand,), span, lambda e: _applied(scope, row, e, span, call))


def reduces(name: str, arguments: Sequence[Expr]) -> bool:
    """Whether this is a sum, a maximum or a minimum with floats on wires among its arguments."""
    row = FLOAT_OPERATORS.get(name)
    return row is not None and row.operands is FloatOperands.ARRAY and among(arguments)


def reduction(scope: Scope, name: str, arguments: Sequence[Expr], span: Span, call: CallMaker) -> Expr:
    """`SUM`, `MAX` or `MIN` of one array of floats, or of several single floats."""
    row = FLOAT_OPERATORS[name]
    if len(arguments) == 1 and _wires(arguments[0]).shape:
        return _applied(scope, row, (_in_a_row(arguments[0]),), span, call)
    elements = _alike(arguments, f"an argument of `{name}`")
    for element in elements:
        if _wires(element).shape:
            raise Error("E0310", f"`{name}` takes one array or several single values", element.span)
    joined, type = join(elements, f"the arguments of `{name}`", span)
    assert isinstance(type, Wires)
    array = Items(tuple(joined), Wires(type.element, (number(len(joined), span),)), span)
    return _applied(scope, row, (array,), span, call)


def _row(operator: str, operands: Sequence[Expr], span: Span) -> FloatRow:
    row = FLOAT_OPERATORS.get(operator)
    if row is None:
        wrong = next(e for e in operands if is_float(e))
        hint = "`/` divides floats" if operator in ("//", "%") else None
        raise Error("E0303", f"`{operator}` does not take {show_type(wrong.type)}", wrong.span, hint)
    return row


def _wires(expr: Expr) -> Wires:
    assert isinstance(expr.type, Wires)
    return expr.type


def _alike(operands: Sequence[Expr], what: str) -> list[Expr]:
    """Operands of which at least one is a float on wires, all as floats of its type."""
    like = next(_wires(e).element for e in operands if is_float(e))
    assert isinstance(like, Float)
    found = []
    for operand in operands:
        match operand.type:
            case Static(rank=rank, kind=kind) if kind is not Kind.BOOL:
                found.append(coerce(operand, Wires(like, (None,) * (rank or 0)), what))
            case Wires(element=Float(), shape=shape):
                found.append(coerce(operand, Wires(like, (None,) * len(shape)), what))
            case Wires(element=Bit() | Form()):
                hint = "choose between numbers: `if b then float(8)(1) else float(8)(0)`"
                raise Error(
                    "E0303", f"{what} must be a float, but this is {show_type(operand.type)}", operand.span, hint
                )
            case _:
                raise Error("E0303", f"{what} must be a float, but this is {show_type(operand.type)}", operand.span)
    return found


def _applied(scope: Scope, row: FloatRow, operands: Sequence[Expr], span: Span, call: CallMaker) -> Expr:
    """The call that an operator is. The family of truncating floats; else the kernel between codes."""
    element = _wires(operands[0]).element
    assert isinstance(element, Float)
    meaning = Meaning(row.operator, element.nearest)
    if not element.nearest:
        family = scope.library(row.family)
        found = call(Reference(family, (), family.type, span), operands, span)
        assert isinstance(found, Call)
        return replace(found, meaning=meaning)
    kernel = scope.library(row.kernel)
    fixed = ((kernel.statics[0].name, Constant(True, BOOL, span)),) if row.rounds else ()
    codes = [code(e, span) for e in operands]
    found = call(Reference(kernel, fixed, kernel.type, span), codes, span)
    assert isinstance(found, Call)
    found = replace(found, meaning=meaning)
    return replace(found, type=BIT) if row.bit else AsWord(found, Wires(element), span)


def code(value: Expr, span: Span) -> Expr:
    """`.bits` of a float, or of an array of floats."""
    wires = _wires(value)
    assert isinstance(wires.element, Float)
    return Bits(value, Wires(Bit(), (*wires.shape, wires.element.precision)), span)


# ---- arrays


def _in_a_row(array: Expr) -> Expr:
    """An array of any rank as one of rank 1, in row-major order."""
    wires = _wires(array)
    rank, span = len(wires.shape), array.span
    if rank == 1:
        return array
    held, places, bounds = _places(array, rank, span)
    body = Element(held, places, Wires(wires.element), span)
    row = Comprehension(bounds, None, body, False, Wires(wires.element, (None,)), span)
    return Block((Local(held.name, array, span),), row, row.type, span)


def _places(array: Expr, rank: int, span: Span) -> tuple[Variable, tuple[Variable, ...], tuple[Bound, ...]]:
    """A name for an array, its indices, and their bounds."""
    held = Variable("operand", array.type, span)
    places = tuple(Variable(f"place {axis}", INTEGER, span) for axis in range(rank))
    bounds = tuple(
        Bound(place.name, number(0, span), Length(held, axis, INTEGER, span), span) for axis, place in enumerate(places)
    )
    return held, places, bounds


def _each(operands: Sequence[Expr], span: Span, build: Callable[[list[Expr]], Expr]) -> Expr:
    """`build` at every place of arrays of one shape; single values stay. Each operand exists once."""
    held = [Variable(f"operand {at}", operand.type, span) for at, operand in enumerate(operands)]
    arrays = [v for v in held if _wires(v).shape]
    shape = _wires(arrays[0]).shape
    for other in arrays[1:]:
        if any(same(a, b) is False for a, b in zip(shape, _wires(other).shape, strict=True)):
            shown = " and ".join(show_type(v.type) for v in arrays)
            raise Error("E0404", f"element by element, two arrays have one shape, not {shown}", span)
    places = tuple(Variable(f"place {axis}", INTEGER, span) for axis in range(len(shape)))
    bounds = tuple(Bound(p.name, number(0, span), _length(arrays, axis, span), span) for axis, p in enumerate(places))
    body = build([Element(v, places, Wires(_wires(v).element), span) if v in arrays else v for v in held])
    dims: tuple[Dim, ...] = tuple(
        a if a is not None else b for a, b in zip(shape, _wires(arrays[-1]).shape, strict=True)
    )
    type = Wires(_wires(body).element, dims)
    locals_ = tuple(Local(v.name, operand, span) for v, operand in zip(held, operands, strict=True))
    return Block(locals_, Comprehension(bounds, None, body, True, type, span), type, span)


def in_shape_of(value: Expr, model: Expr, span: Span) -> Expr:
    """An array of floats, with the check where it is evaluated that it has the shape of another."""
    return _each((value, model), span, lambda e: e[0])


def _length(arrays: Sequence[Expr], axis: int, span: Span) -> Expr:
    """The common length of arrays along an axis; that they agree is checked where it is evaluated."""
    lengths = tuple(Length(array, axis, INTEGER, span) for array in arrays)
    return lengths[0] if len(lengths) == 1 else Apply("one length", lengths, INTEGER, span)
