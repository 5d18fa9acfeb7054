"""Shapes and widths as far as they are known before instantiation: built, substituted and compared symbolically."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from math import prod

from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Apply, Bound, Comprehension, Constant, Expr, Fold, Reduce, Variable
from tc0.dsl.core.types import INTEGER, Float, Form, Wires, Word
from tc0.dsl.symbolic.polynomial import Polynomial, Symbol

Dim = Expr | None


def number(value: int, span: Span) -> Expr:
    return Constant(value, INTEGER, span)


def apply(function: str, span: Span, *arguments: Dim) -> Dim:
    """A static operation on dimensions, computed where they are numbers; None if one is unknown."""
    known = [a for a in arguments if a is not None]
    if len(known) < len(arguments):
        return None
    values = [a.value for a in known if isinstance(a, Constant) and type(a.value) is int]
    if len(values) == len(known):
        match function:
            case "+":
                return number(values[0] + values[1], span)
            case "-":
                return number(values[0] - values[1], span)
            case "*":
                return number(prod(values), span)
            case "max":
                return number(max(values), span)
    if function in ("+", "-") and isinstance(known[1], Constant) and known[1].value == 0:
        return known[0]
    if function == "*" and isinstance(known[0], Constant) and known[0].value == 1:
        return known[1]
    if function == "max" and all(same(known[0], a) is True for a in known[1:]):
        return known[0]
    return Apply(function, tuple(known), INTEGER, span)


def polynomial(expr: Expr) -> Polynomial:
    """A static integer expression as a polynomial; what is none becomes an atom that is equal only to itself."""
    match expr:
        case Constant(value=int() as value):
            return Polynomial.of(int(value))
        case Variable(name=name):
            return Polynomial.of(name)
        case Apply(function="+", arguments=(a, b)):
            return polynomial(a) + polynomial(b)
        case Apply(function="-", arguments=(a, b)):
            return polynomial(a) - polynomial(b)
        case Apply(function="*", arguments=(a, b)):
            return polynomial(a) * polynomial(b)
        case Apply(function="negate", arguments=(a,)):
            return -polynomial(a)
        case Apply(function=function, arguments=arguments):
            inner = tuple(polynomial(a) for a in arguments)
            text = f"{function}({', '.join(str(p) for p in inner)})"
            return Polynomial.symbol(Symbol("opaque", text, inner))
        case _:
            return Polynomial.symbol(Symbol("opaque", f"<{expr!r}>"))


def same(left: Dim, right: Dim) -> bool | None:
    """Whether two dimensions are equal for all sizes (True), for none (False), or not decided here (None)."""
    if left is None or right is None:
        return None
    difference = (polynomial(left) - polynomial(right)).constant()
    return None if difference is None else difference == 0


def mentions(expr: Expr | Bound, names: Iterable[str]) -> bool:
    """Whether a static expression uses one of the names."""
    wanted = set(names)
    stack: list[object] = [expr]
    while stack:
        at = stack.pop()
        if isinstance(at, Variable):
            if at.name in wanted:
                return True
        elif isinstance(at, tuple):
            stack.extend(at)
        elif is_dataclass(at) and not isinstance(at, (type, Constant)):
            stack.extend(getattr(at, f.name) for f in fields(at) if f.compare)
    return False


def without(dim: Dim, names: Iterable[str]) -> Dim:
    """The dimension outside of the scope of some names: unknown where it mentions them."""
    return None if dim is None or mentions(dim, names) else dim


def substitute(dim: Dim, values: Mapping[str, Dim]) -> Dim:
    """The dimension with names replaced; None where a value is unknown."""
    match dim:
        case None | Constant():
            return dim
        case Variable(name=name):
            return values.get(name)
        case Apply(function=function, arguments=arguments, span=span):
            return apply(function, span, *(substitute(a, values) for a in arguments))
        case Reduce() | Comprehension() | Fold():
            return None
        case _:
            return None


def over_wires(type: Wires, change: Callable[[Dim], Dim]) -> Wires:
    """A wire type with every dimension and width replaced."""
    element = type.element
    match element:
        case Word(width=width):
            element = replace(element, width=change(width))
        case Float(precision=precision):
            element = replace(element, precision=change(precision))
        case Form(low=low, high=high):
            element = Form(change(low), change(high))
        case _:
            pass
    return Wires(element, tuple(change(d) for d in type.shape))
