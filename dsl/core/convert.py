"""Conversions written out: constants become wires, bits become forms, forms become bits, branches get one type."""

from __future__ import annotations

from collections.abc import Sequence

from tc0.dsl.base.errors import Error
from tc0.dsl.base.near import near
from tc0.dsl.base.source import Span
from tc0.dsl.core import floats
from tc0.dsl.core.program import Constant, Element, Expr, If, Items, Lift, ToBit, ToForm
from tc0.dsl.core.shapes import Dim, same
from tc0.dsl.core.show import show_dim, show_element, show_type
from tc0.dsl.core.types import (
    BIT,
    FORM,
    INTEGER,
    NUMBERS,
    Bit,
    FamilyOf,
    Float,
    Form,
    Kind,
    Static,
    Symbol,
    Type,
    Wires,
    Word,
    widest,
)
from tc0.dsl.core.types import Element as ElementType


def coerce(expr: Expr, wanted: Wires, what: str) -> Expr:
    """The expression as wires of the wanted type; an error that names `what` needs it otherwise.

    Dimensions that are not known are not compared. The result has the wanted element and the known dimensions of both.
    """
    match expr.type:
        case Static() as static:
            return _lift(expr, static, wanted, what)
        case Wires() as given:
            return _convert(expr, given, wanted, what)
        case FamilyOf():
            raise Error(
                "E0307", f"{what} must be {show_type(wanted)}, but this is a family", expr.span, "call it: `f(x)`"
            )


def as_bit(expr: Expr, what: str) -> Expr:
    """One bit: a bit, a form within 0..1 (by one gate), or the constants 0 and 1."""
    return coerce(expr, BIT, what)


def as_form(expr: Expr, what: str) -> Expr:
    """One form: a form, a bit, or a static integer."""
    return coerce(expr, FORM, what)


def as_integer(expr: Expr, what: str) -> Expr:
    """A static integer."""
    match expr.type:
        case Static(kind=Kind.INTEGER | Kind.ANY, rank=0 | None):
            return expr
        case Static(kind=Kind.RATIONAL | Kind.REAL as kind, rank=0):
            raise Error(
                "E0302",
                f"{what} must be an integer, but this is a {kind.value}",
                expr.span,
                "write `//`, `floor(..)` or `ceil(..)`",
            )
        case Static():
            raise Error("E0302", f"{what} must be an integer, not {show_type(expr.type)}", expr.span)
        case Wires():
            raise Error(
                "E0301",
                f"{what} must be known before gates exist, but this is {show_type(expr.type)} on wires",
                expr.span,
                "sizes, indices and bounds are static: they may use sizes, binders and static parameters, not input bits",
            )
        case _:
            raise Error("E0307", f"{what} must be an integer, but this is a family", expr.span)


def as_condition(expr: Expr, what: str) -> Expr:
    """A static condition: true or false."""
    match expr.type:
        case Static(kind=Kind.BOOL | Kind.ANY, rank=0 | None):
            return expr
        case Static():
            raise Error(
                "E0302",
                f"{what} must be true or false, not {show_type(expr.type)}",
                expr.span,
                "0 and 1 are not booleans: compare, as in `k == 1`",
            )
        case Wires():
            raise Error(
                "E0301",
                f"{what} must be known before gates exist, but this is {show_type(expr.type)} on wires",
                expr.span,
                "words (`and or not`) join static conditions; wires are combined by `&`, `|`, `!`",
            )
        case _:
            raise Error("E0307", f"{what} must be true or false, but this is a family", expr.span)


def _lift(expr: Expr, static: Static, wanted: Wires, what: str) -> Expr:
    """A static value as constant wires."""
    rank, element = len(wanted.shape), wanted.element
    match static.kind:
        case Kind.BOOL:
            raise Error(
                "E0302",
                f"{what} must be {show_type(wanted)}, but this is a boolean",
                expr.span,
                "write `if .. then 1 else 0`",
            )
        case Kind.TEXT:
            return _lift_text(expr, static, wanted, what)
        case Kind.FLOAT if not isinstance(element, Float):
            raise Error("E0303", f"{what} must be {show_type(wanted)}, but this is {show_type(static)}", expr.span)
        case Kind.RATIONAL | Kind.REAL as kind if not isinstance(element, Float):
            hint = "write `//` for an integer quotient, or `floor(..)`"
            raise Error("E0302", f"{what} must be {show_type(wanted)}, but this is a {kind.value}", expr.span, hint)
        case _:
            pass
    if static.rank is not None and static.rank != rank:
        raise Error("E0308", f"{what} must be {show_type(wanted)}, but this is {show_type(static)}", expr.span)
    if isinstance(element, Symbol):
        raise Error(
            "E0303", f"{what} must be a symbol of {show_element(element)}, but this is {show_type(static)}", expr.span
        )
    if isinstance(element, Word) and element.width is None:
        raise Error(
            "E0303", f"the width of {what} is not known here", expr.span, "give the word its width: `uint(8)(22)`"
        )
    if isinstance(element, Float) and element.precision is None:
        hint = "give the number its type: `float(8)(0.5)`"
        raise Error("E0303", f"the precision of {what} is not known here", expr.span, hint)
    if isinstance(element, Bit) and isinstance(expr, Constant) and type(expr.value) is int and expr.value not in (0, 1):
        raise Error("E0701", f"{what} must be a bit, and {expr.value} is neither 0 nor 1", expr.span)
    return Lift(expr, Wires(element, _static_shape(expr, wanted, what)), expr.span)


def _static_shape(expr: Expr, wanted: Wires, what: str) -> tuple[Dim, ...]:
    """The dimensions of a static array as wires: its own where it is written out, else those wanted."""
    if not isinstance(expr, Constant) or not isinstance(expr.value, tuple):
        return wanted.shape
    dims: list[Dim] = []
    at: object = expr.value
    for dim in wanted.shape:
        if not isinstance(at, tuple):
            return wanted.shape
        own = Constant(len(at), INTEGER, expr.span)
        if same(own, dim) is False:
            raise _wrong_length(what, dim, len(at), expr.span)
        dims.append(own)
        at = at[0] if at else ()
    return tuple(dims)


def _wrong_length(what: str, wanted: Dim, length: int, span: Span) -> Error:
    return Error("E0404", f"{what} must have length {show_dim(wanted)}, but this has {length}", span)


def _lift_text(expr: Expr, static: Static, wanted: Wires, what: str) -> Expr:
    """A string as bits or symbols: one symbol, or one character an element."""
    rank = static.rank or 0
    spelled = len(wanted.shape) == rank + 1
    match wanted.element:
        case Bit() | Form() if spelled:
            pass
        case Symbol(symbols=symbols) as element if spelled or len(wanted.shape) == rank:
            if isinstance(expr, Constant) and isinstance(expr.value, str):
                _in_alphabet(expr.value if spelled else (expr.value,), symbols, element, expr.span)
        case Bit():
            raise Error(
                "E0308",
                f"{what} must be {show_type(wanted)}, but this is {_strings(expr)}",
                expr.span,
                _strings_hint(expr, wanted),
            )
        case element:
            raise Error(
                "E0303", f"{what} must be {show_type(wanted)}, but this is a string", expr.span, _text_hint(element)
            )
    shape = wanted.shape
    if spelled and isinstance(expr, Constant) and isinstance(expr.value, str):
        if same(Constant(len(expr.value), INTEGER, expr.span), shape[0]) is False:
            raise _wrong_length(what, shape[0], len(expr.value), expr.span)
        if not isinstance(wanted.element, Symbol):
            for character in expr.value:
                if character not in "01":
                    raise Error("E0702", f"`{character}` is not a bit: {what} is a string of 0 and 1", expr.span)
        shape = (Constant(len(expr.value), INTEGER, expr.span),)
    if isinstance(wanted.element, Form):
        bits = Lift(expr, Wires(Bit(), shape), expr.span)
        return ToForm(bits, Wires(Form(), shape), expr.span)
    return Lift(expr, Wires(wanted.element, shape), expr.span)


def _strings(expr: Expr) -> str:
    many = len(expr.value) if isinstance(expr, Constant) and isinstance(expr.value, tuple) else None
    return "a string of bits" if many is None else f"an array of {many} string{'' if many == 1 else 's'} of bits"


def _strings_hint(expr: Expr, wanted: Wires) -> str | None:
    """What to do with several strings where one is wanted."""
    if isinstance(expr, Constant) and isinstance(expr.value, tuple) and len(wanted.shape) == 1:
        return 'one string is an array of bits, several are a matrix: give them one by one, `[f("10"), f("11")]`'
    return None


def _text_hint(element: ElementType) -> str | None:
    if isinstance(element, Word):
        kind = "int" if element.signed else "uint"
        return f'bits become a word by `{kind}({show_dim(element.width)})("..")`'
    return None


def _in_alphabet(found: Sequence[str], symbols: tuple[str, ...], element: Symbol, span: Span) -> None:
    for symbol in found:
        if symbol not in symbols:
            close = near(symbol, symbols)
            hint = f'the alphabet has "{close}"' if close else None
            raise Error("E0703", f'"{symbol}" is not a symbol of {show_element(element)}', span, hint)


def _convert(expr: Expr, given: Wires, wanted: Wires, what: str) -> Expr:
    """Wires as wires of another type: bits and forms become one another, nothing else does."""
    _check_elements(expr, given, wanted, what)
    if len(given.shape) != len(wanted.shape):
        raise Error(
            "E0308",
            f"{what} must be {show_type(wanted)}, but this is {show_type(given)}",
            expr.span,
            _rank_hint(given, wanted),
        )
    shape = merge_shapes(given.shape, wanted.shape)
    if shape is None:
        raise Error("E0404", f"{what} must be {show_type(wanted)}, but this is {show_type(given)}", expr.span)
    match given.element, wanted.element:
        case Bit(), Form():
            return ToForm(expr, Wires(Form(), shape), expr.span)
        case Form(), Bit():
            return ToBit(expr, False, Wires(Bit(), shape), expr.span)
        case _:
            return expr


def _rank_hint(given: Wires, wanted: Wires) -> str | None:
    if len(wanted.shape) == 0 and len(given.shape) == 1:
        return "an array is not one value: take an element `x[i]`, or combine it: `AND(x)`, `OR(x)`, `SUM(x)`"
    return None


def _check_elements(expr: Expr, given: Wires, wanted: Wires, what: str) -> None:
    match given.element, wanted.element:
        case (Bit() | Form(), Bit() | Form()):
            return
        case (Word(signed=a, width=v), Word(signed=b, width=w)) if a == b:
            if same(v, w) is False:
                kind = "int" if b else "uint"
                hint = f"truncate or extend it: `{kind}({show_dim(w)})(..)`"
                raise Error(
                    "E0404", f"{what} must be {show_type(wanted)}, but this is {show_type(given)}", expr.span, hint
                )
            return
        case (Symbol(symbols=a), Symbol(symbols=b)) if a == b:
            return
        case (Float(precision=p, nearest=a), Float(precision=q, nearest=b)) if a == b and same(p, q) is not False:
            return
        case _:
            advice = _element_hint(given.element, wanted.element)
            raise Error(
                "E0303", f"{what} must be {show_type(wanted)}, but this is {show_type(given)}", expr.span, advice
            )


def _element_hint(given: ElementType, wanted: ElementType) -> str | None:
    match given, wanted:
        case (Word() | Symbol() | Float(), Bit()):
            return "its wires are `e.bits`"
        case (Float(), Float()):
            return "floats of different types do not mix"
        case (_, Float()):
            return "choose between numbers: `if b then float(8)(1) else float(8)(0)`"
        case (Word(), Form()):
            return "the form of a word is `value(e)`"
        case (Bit(), Word(signed=signed, width=w)):
            return f"bits become a word by `{'int' if signed else 'uint'}({show_dim(w)})(..)`"
        case (Word(), Word(signed=signed, width=w)):
            return f"words of other kinds are converted by `{'int' if signed else 'uint'}({show_dim(w)})(..)`"
        case _:
            return None


def merge_shapes(left: Sequence[Dim], right: Sequence[Dim]) -> tuple[Dim, ...] | None:
    """The dimensions that two equal shapes have, as far as known; None if they differ for all sizes."""
    merged: list[Dim] = []
    for a, b in zip(left, right, strict=True):
        if same(a, b) is False:
            return None
        merged.append(a if a is not None else b)
    return tuple(merged)


def join(exprs: Sequence[Expr], what: str, span: Span) -> tuple[list[Expr], Type]:
    """Several expressions (branches, elements) with one common type. Shapes that differ or are not compared are unknown.

    Static values stay static where all are; beside wires they become constants; beside a form, bits become forms.
    """
    for expr in exprs:
        if isinstance(expr.type, FamilyOf):
            raise Error("E0307", f"{what} is a family, not a value", expr.span, "call it: `f(x)`")
    wires = [expr.type for expr in exprs if isinstance(expr.type, Wires)]
    if not wires:
        exprs = floats.joined(exprs)
        return list(exprs), _join_static(exprs, what)
    element = _common_element(wires)
    rank = len(wires[0].shape)
    target = Wires(element, (None,) * rank)
    converted = [coerce(expr, target, what) for expr in exprs]
    shapes = [e.type.shape for e in converted if isinstance(e.type, Wires)]
    shape = tuple(
        dims[0] if all(same(dims[0], d) is True for d in dims[1:]) else None for dims in zip(*shapes, strict=True)
    )
    return converted, Wires(element, shape)


def _common_element(wires: Sequence[Wires]) -> ElementType:
    """The element that all can become; the first decides where they differ, so that the error names the others."""
    if any(isinstance(w.element, Form) for w in wires) and all(isinstance(w.element, (Form, Bit)) for w in wires):
        return Form()
    first = wires[0].element
    if isinstance(first, Word):
        widths = [w.element.width for w in wires if isinstance(w.element, Word)]
        agree = all(same(widths[0], width) is True for width in widths[1:])
        return Word(first.signed, widths[0] if agree else None)
    return first


def _join_static(exprs: Sequence[Expr], what: str) -> Type:
    types = [expr.type for expr in exprs if isinstance(expr.type, Static)]
    known = [t for t in types if t.kind is not Kind.ANY]
    if len(known) < len(types):
        return Static(Kind.ANY, None)
    kinds = {t.kind for t in known}
    if len({t.rank for t in known}) > 1 or (len(kinds) > 1 and not kinds <= set(NUMBERS)):
        other = next(e for e, t in zip(exprs, types, strict=True) if t != types[0])
        raise Error("E0311", f"{what} differ: {show_type(types[0])} and {show_type(other.type)}", other.span)
    return Static(widest(kinds) if len(kinds) > 1 else kinds.pop(), known[0].rank)


def symbol_number(expr: Expr, symbols: tuple[str, ...], element: Symbol) -> Expr:
    """A static symbol (a literal, `Sigma[i]`, a choice of them) as its number in the alphabet."""
    match expr:
        case Constant(value=str() as text):
            _in_alphabet((text,), symbols, element, expr.span)
            return Constant(symbols.index(text), INTEGER, expr.span)
        case Constant(value=tuple() as texts):
            _in_alphabet(texts, symbols, element, expr.span)
            return Constant(tuple(symbols.index(t) for t in texts), Static(Kind.INTEGER, 1), expr.span)
        case Element(array=array, selectors=selectors):
            return Element(symbol_number(array, symbols, element), selectors, INTEGER, expr.span)
        case If(condition=condition, then=then, other=other):
            numbers = symbol_number(then, symbols, element), symbol_number(other, symbols, element)
            return If(condition, numbers[0], numbers[1], INTEGER, expr.span)
        case Items(elements=elements):
            listed = tuple(symbol_number(e, symbols, element) for e in elements)
            return Items(listed, Static(Kind.INTEGER, 1), expr.span)
        case _:
            raise Error("E0303", "this symbol is not written out", expr.span, 'write a literal as "a", or `Sigma[i]`')
