"""Signatures: the types of parameters and results, and where each size is bound from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass

from tc0.dsl.base.errors import Error
from tc0.dsl.base.near import near
from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core import floats
from tc0.dsl.core.builtins import TYPE_NAMES
from tc0.dsl.core.context import Context
from tc0.dsl.core.convert import as_condition, as_integer
from tc0.dsl.core.expressions import infer
from tc0.dsl.core.program import (
    Apply,
    Constant,
    Expr,
    Family,
    Lazy,
    Parameter,
    Size,
    Stack,
    StaticParameter,
    Variable,
)
from tc0.dsl.core.scope import Given, Letters
from tc0.dsl.core.shapes import polynomial
from tc0.dsl.core.types import INTEGER, Bit, Element, FamilyOf, Float, Form, Kind, Static, Symbol, Type, Wires, Word
from tc0.dsl.symbolic.polynomial import Polynomial
from tc0.dsl.syntax import tree

_KINDS = {"integer": Kind.INTEGER, "bool": Kind.BOOL, "rational": Kind.RATIONAL}


@record
class Signature:
    """What a call needs to know. inside: the context of the body: static parameters, sizes and parameters."""

    statics: tuple[StaticParameter, ...]
    sizes: tuple[Size, ...]
    parameters: tuple[Parameter, ...]
    result: Wires
    where: Expr | None
    inside: Context

    def family(self, node: tree.Family, body: Lazy, library: bool, stack: Callable[[], Stack] | None = None) -> Family:
        """The family of this signature. stack: of a transformer."""
        return Family(
            node.name,
            self.statics,
            self.sizes,
            self.parameters,
            self.result,
            self.where,
            body,
            node.table,
            library,
            node.doc,
            node.name_span,
            stack,
        )


def signature(node: tree.Family, at: Context) -> Signature:
    """The signature of a family."""
    for static in node.statics:
        at = at.bind(static.name, INTEGER, static.span)
    names = _sizes(node, at)
    at = at.bind_integers(names)
    statics = tuple(_static(s, at) for s in node.statics)
    locals_: dict[str, Type] = {**at.locals, **{s.name: s.type for s in statics}}
    at = Context(at.scope, locals_)
    parameters = tuple(Parameter(p.name, wire_type(p.type, at), p.span) for p in node.parameters)
    result = wire_type(node.result, at)
    where = None if node.where is None else as_condition(infer(node.where, at), "a `where` clause")
    sizes = tuple(_size(name, span, parameters) for name, span in names.items())
    inside = at
    for parameter in parameters:
        inside = inside.bind(parameter.name, parameter.type, parameter.span)
    return Signature(statics, sizes, parameters, result, where, inside)


# ---- which names are sizes


def free_names(node: object) -> Iterator[tree.Name]:
    """The names used as values in a surface expression, in the order written; functions that are called do not count,
    nor does the rounding of a float type."""
    if isinstance(node, tree.Name):
        yield node
    elif isinstance(node, tree.Call):
        if not isinstance(node.function, tree.Name):
            yield from free_names(node.function)
        is_float = isinstance(node.function, tree.Name) and node.function.name == "float"
        yield from free_names(node.arguments[:1] if is_float else node.arguments)
    elif isinstance(node, tuple):
        for part in node:
            yield from free_names(part)
    elif is_dataclass(node) and not isinstance(node, (type, Span)):
        for f in fields(node):
            if f.compare:
                yield from free_names(getattr(node, f.name))


def type_names(node: tree.Type | tree.FamilyType) -> Iterator[tree.Name]:
    """The names in the shape and the widths of a type; rounding modes and alphabets are none."""
    match node:
        case tree.NamedType(name="float", arguments=arguments):
            yield from free_names(arguments[:1])
        case tree.NamedType(arguments=arguments):
            yield from free_names(arguments)
        case tree.ArrayType(base=base, shape=shape):
            yield from free_names(shape)
            yield from type_names(base)
        case _:
            return


def _sizes(node: tree.Family, at: Context) -> dict[str, Span]:
    """The size parameters, in the order in which they are first written: every name in the shape of a parameter that
    is no static parameter; in the result also, unless it is a top-level constant."""
    found: dict[str, Span] = {}
    types: list[tree.Type | tree.FamilyType] = [s.type for s in node.statics if s.type is not None]
    for type in [*types, *(p.type for p in node.parameters)]:
        for name in type_names(type):
            if name.name not in at.locals:
                found.setdefault(name.name, name.span)
    for name in type_names(node.result):
        if name.name not in at.locals and name.name not in found and not isinstance(at.scope.find(name.name), Given):
            found[name.name] = name.span
    return found


def _size(name: str, span: Span, parameters: Sequence[Parameter]) -> Size:
    """Where a size is bound from: its first bare use, else a linear use that is solved, else it is given."""
    linear: Size | None = None
    for at, parameter in enumerate(parameters):
        for axis, dim in enumerate(dimensions(parameter.type)):
            if dim is None:
                continue
            if isinstance(dim, Variable) and dim.name == name:
                return Size(name, at, axis, None, None, span)
            if linear is None:
                linear = _linear(name, span, at, axis, dim)
    return linear if linear is not None else Size(name, None, None, None, None, span)


def dimensions(type: Wires) -> tuple[Expr | None, ...]:
    """The shape of a type, then the width of its words."""
    match type.element:
        case Word(width=width):
            return (*type.shape, width)
        case Float(precision=precision):
            return (*type.shape, precision)
        case _:
            return type.shape


def _linear(name: str, span: Span, at: int, axis: int, dim: Expr) -> Size | None:
    """A use `scale * name + offset` with an integer scale: the size is solved from it."""
    scale = polynomial(dim).linear(name)
    if not scale:
        return None
    rest = polynomial(dim) - Polynomial.of(name) * scale
    if name in rest.names():
        return None
    constant = rest.constant()
    if isinstance(constant, int):
        return Size(name, at, axis, scale, Constant(constant, INTEGER, dim.span), span)
    return Size(name, at, axis, scale, _offset(dim, name), span)


def _offset(dim: Expr, name: str) -> Expr:
    """What remains of a dimension besides its multiple of a size, as an expression free of that size."""
    kept = [term for term in _summands(dim, 1) if polynomial(term[1]).linear(name) == 0]
    total: Expr = Constant(0, INTEGER, dim.span)
    for sign, term in kept:
        total = Apply("+" if sign > 0 else "-", (total, term), INTEGER, dim.span)
    return total


def _summands(dim: Expr, sign: int) -> Iterator[tuple[int, Expr]]:
    match dim:
        case Apply(function="+", arguments=(a, b)):
            yield from _summands(a, sign)
            yield from _summands(b, sign)
        case Apply(function="-", arguments=(a, b)):
            yield from _summands(a, sign)
            yield from _summands(b, -sign)
        case _:
            yield sign, dim


# ---- types


def _static(node: tree.Static, at: Context) -> StaticParameter:
    match node.type:
        case None:
            return StaticParameter(node.name, INTEGER, node.span)
        case tree.FamilyType(parameters=parameters, result=result):
            inner = _open(node.type, at)
            return StaticParameter(
                node.name, FamilyOf(tuple(wire_type(p, inner) for p in parameters), wire_type(result, inner)), node.span
            )
        case tree.NamedType(name=name) if name in _KINDS:
            return StaticParameter(node.name, Static(_KINDS[name]), node.span)
        case tree.ArrayType(base=tree.NamedType(name=name), shape=shape) if name in _KINDS:
            dims = tuple(as_integer(infer(d, at), "a dimension") for d in shape)
            return StaticParameter(node.name, Static(_KINDS[name], len(shape)), node.span, dims)
        case tree.NamedType(name="float", arguments=arguments):
            return _float(node, arguments, (), at)
        case tree.ArrayType(base=tree.NamedType(name="float", arguments=arguments), shape=shape):
            return _float(node, arguments, shape, at)
        case other:
            hint = "`integer`, `bool`, `rational`, `float(8)`, arrays of them, or the type of a family: `g: (bit[n]) -> bit`"
            raise Error("E0203", f"`{other.span.text}` is no type of a static parameter", other.span, hint)


def _float(
    node: tree.Static, arguments: Sequence[tree.Expression], shape: Sequence[tree.Expression], at: Context
) -> StaticParameter:
    assert node.type is not None
    format = floats.known(
        floats.format_of(arguments, node.type.span, lambda e: as_integer(infer(e, at), "a precision")), node.type.span
    )
    dims = tuple(as_integer(infer(d, at), "a dimension") for d in shape)
    return StaticParameter(node.name, Static(Kind.FLOAT, len(shape)), node.span, dims, format)


def _open(node: tree.FamilyType, at: Context) -> Context:
    """The context in which the type of a family is read: its sizes are its own."""
    own = {name.name: name.span for type in (*node.parameters, node.result) for name in type_names(type)}
    return at.bind_integers({name: span for name, span in own.items() if name not in at.locals})


def wire_type(node: tree.Type, at: Context) -> Wires:
    """The type of a parameter or of a result."""
    match node:
        case tree.ArrayType(base=base, shape=shape):
            dims = tuple(as_integer(infer(d, at), "a dimension") for d in shape)
            return Wires(_element(base, at), dims)
        case _:
            return Wires(_element(node, at))


def _element(node: tree.NamedType | tree.Symbols, at: Context) -> Element:
    if isinstance(node, tree.Symbols):
        return Symbol(check_alphabet(node))
    if node.name in TYPE_NAMES and isinstance(
        at.scope.find(node.name), Letters
    ):  # types are plain names: a definition hides them
        return _named(node, at)
    match node.name, len(node.arguments):
        case "bit", 0:
            return Bit()
        case "uint" | "int", 1:
            return Word(node.name == "int", as_integer(infer(node.arguments[0], at), "a width"))
        case "form", 2:
            low, high = (as_integer(infer(a, at), "the range of a form") for a in node.arguments)
            if isinstance(low, Constant) and isinstance(high, Constant) and low.value > high.value:  # type: ignore[operator]
                hint = f"the lower end comes first: `form({high.value}, {low.value})`"
                raise Error("E0203", f"no form has the range {low.value}..{high.value}", node.span, hint)
            return Form(low, high)
        case "float", 1 | 2:
            found = floats.format_of(node.arguments, node.span, lambda e: as_integer(infer(e, at), "a precision"))
            return Float(found.precision, found.nearest)
        case "bit" | "uint" | "int" | "form" | "float", _:
            shown = {"bit": "bit", "uint": "uint(w)", "int": "int(w)", "form": "form(lo, hi)", "float": "float(p)"}[
                node.name
            ]
            raise Error("E0203", f"a type is written `{shown}`", node.span)
        case _:
            return _named(node, at)


def _named(node: tree.NamedType, at: Context) -> Symbol:
    found = at.scope.find(node.name)
    if isinstance(found, Letters):
        return Symbol(found.symbols, found.name)
    if node.name in _KINDS:
        raise Error(
            "E0203",
            f"`{node.name}` is a static type, not one of wires",
            node.span,
            "static parameters stand in brackets: `family f[k](..)`",
        )
    alphabets = [name for name in at.scope.names() if _is_alphabet(name, at)] if found is None else []
    close = near(node.name, [*TYPE_NAMES, *alphabets])
    raise Error(
        "E0203",
        f"there is no type `{node.name}`",
        node.span,
        f"there is `{close}`" if close else "types are `bit`, `uint(w)`, `int(w)`, `form(lo, hi)` and alphabets",
    )


def _is_alphabet(name: str, at: Context) -> bool:
    """Whether a name means an alphabet; one that is in error, or just being defined, does not."""
    try:
        return isinstance(at.scope.find(name), Letters)
    except Error:
        return False


def check_alphabet(node: tree.Symbols) -> tuple[str, ...]:
    """The symbols of an alphabet: at least one, all different, none empty."""
    seen: set[str] = set()
    for symbol in node.symbols:
        if symbol in seen or not symbol:
            what = "an empty symbol" if not symbol else f'the symbol "{symbol}" twice'
            raise Error("E0705", f"this alphabet has {what}", node.span)
        seen.add(symbol)
    return node.symbols
