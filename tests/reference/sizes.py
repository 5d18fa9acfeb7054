"""The types of parameters and the sizes that arguments bind (section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tc0.dsl.base.source import Span
from tc0.dsl.syntax import tree

from . import evaluation, float_operators
from .scope import At, Scope, names_in
from .values import Family, Ghost, Mistake, Type, Value, integer, scalars, type_of


def home_of(family: Family) -> Scope:
    """The definitions that a family sees."""
    assert isinstance(family.home, Scope)
    return family.home


def sizes(family: Family) -> list[str]:
    """The size parameters in the order in which they are written: every name in the shapes and widths of parameters
    that is no static parameter; in the result also, unless it is a top-level name."""
    definition = family.definition
    statics = {static.name for static in definition.statics}
    types = [*(static.type for static in definition.statics), *(parameter.type for parameter in definition.parameters)]
    found = [name for type in types if not isinstance(type, tree.FamilyType) for name in names_in(type)]
    found += [name for name in names_in(definition.result) if home_of(family).find(name) is None]
    return [name for name in dict.fromkeys(found) if name not in statics]


# ---- types of parameters


def alphabet_of(node: tree.NamedType | tree.Symbols, home: Scope) -> tuple[str, ...]:
    """The symbols of an alphabet, written out or named; () if it is none."""
    if isinstance(node, tree.Symbols):
        return node.symbols
    found = home.find(node.name)
    return found[0].symbols.symbols if found is not None and isinstance(found[0], tree.Alphabet) else ()


def resolve(node: tree.Type, at: At, lenient: bool = False) -> Type:
    """A type with the sizes in scope; lenient: what cannot be computed is not known."""

    def number(e: tree.Expression) -> int | None:
        try:
            value = integer(evaluation.evaluate(e, at), "a size", e.span)
        except Mistake:
            if lenient:
                return None
            raise
        return value

    if isinstance(node, tree.ArrayType):
        shape = [number(e) for e in node.shape]
        if any(length is not None and length < 0 for length in shape):
            raise Mistake("a negative size", node.span)
        return resolve(node.base, at, lenient).array(*shape)
    alphabet = alphabet_of(node, at.scope)
    if alphabet:
        return Type("symbol", alphabet=alphabet)
    assert isinstance(node, tree.NamedType)
    arguments = [number(e) for e in written(node)]
    match node.name, arguments:
        case "bit", []:
            return Type("bit")
        case "uint" | "int", [width]:
            if width is not None and width < 0:
                raise Mistake("a negative width", node.span)
            return Type(node.name, width=width)
        case "float", [precision]:
            if precision is not None:
                float_operators.check(precision, node.span)
            return Type("float", width=precision, nearest=len(node.arguments) == 2)
        case "form", [low, high]:
            return Type("form", low=low, high=high)
    raise Mistake(f"there is no such type of wires: {node.name}", node.span)


def written(node: tree.NamedType) -> Sequence[tree.Expression]:
    """What stands in the brackets of a type, but for `nearest`."""
    if node.name != "float" or len(node.arguments) != 2:
        return node.arguments
    second = node.arguments[1]
    if not isinstance(second, tree.Name) or second.name != "nearest":
        raise Mistake("a type of floats is written `float(p)` or `float(p, nearest)`", node.span)
    return node.arguments[:1]


# ---- sizes (section 4)


def _dimensions(node: tree.Type, type: Type) -> Iterator[tuple[tree.Expression, int | None]]:
    """The lengths and widths that a type writes down, each with that of an argument."""
    if isinstance(node, tree.ArrayType):
        shape = type.shape
        if type.kind == "text" and len(shape) + 1 == len(node.shape):
            shape = (*shape, None)
        if len(shape) == len(node.shape):
            yield from zip(node.shape, shape, strict=True)
        node = node.base
    kind = "float" if type.kind == "constant" else type.kind
    if isinstance(node, tree.NamedType) and node.name == kind and kind in ("uint", "int", "float"):
        yield node.arguments[0], type.width


def spelled(value: Value, node: tree.Type) -> Type:
    """The type of an argument; a string where an array is expected has the length of its characters."""
    type = type_of(value)
    if type.kind == "text" and isinstance(node, tree.ArrayType) and len(node.shape) == len(type.shape) + 1:
        lengths = {len(str(item)) for item in scalars(value)}
        return replace(type, kind="integer", shape=(*type.shape, lengths.pop() if lengths else 0))
    return type


def bind_sizes(
    family: Family, types: Sequence[Type], at: At, span: Span | None, lenient: bool = False
) -> Mapping[str, Value]:
    """All static and size parameters: bare uses bind, else linear ones are solved, else they are given.

    lenient: what the types do not decide becomes a `Ghost`."""
    bound: dict[str, Value] = dict(family.fixed)
    unbound = [name for name in sizes(family) if name not in bound]
    dimensions: list[tuple[tree.Expression, int | None]] = []
    for static in family.definition.statics:
        if static.name in bound and isinstance(static.type, tree.ArrayType):
            dimensions += _dimensions(static.type, type_of(bound[static.name]))
    for parameter, type in zip(family.definition.parameters, types, strict=True):
        dimensions += _dimensions(parameter.type, type)
    for node, length in dimensions:
        if isinstance(node, tree.Name) and node.name in unbound and node.name not in bound:
            bound[node.name] = Ghost(Type("integer")) if length is None else length
    for node, length in dimensions:
        names = {name for name in names_in(node) if name in unbound and name not in bound}
        if len(names) == 1:
            _solve(node, names.pop(), length, bound, replace(at, names=bound), lenient)
    missing = [name for name in (*(s.name for s in family.definition.statics), *unbound) if name not in bound]
    if missing and not lenient:
        raise Mistake(f"`{family.definition.name}` needs {missing} in brackets", span)
    bound.update({name: Ghost(Type("integer")) for name in missing})
    return bound


def _solve(
    node: tree.Expression, name: str, length: int | None, bound: dict[str, Value], at: At, lenient: bool
) -> None:
    """A linear use `scale * name + offset`, solved."""
    try:
        found = _linear(node, name, at)
    except Mistake:
        found = None
    if found is None or found[0] == 0 or length is None:
        return
    scale, offset = found
    if (length - offset) % scale or (length - offset) // scale < 0:
        if lenient:
            return
        raise Mistake(f"a length of {length} is not {scale} * {name} + {offset}", node.span)
    bound[name] = (length - offset) // scale


def _linear(node: tree.Expression, name: str, at: At) -> tuple[int, int] | None:
    """(scale, offset) if the expression is linear in the name."""
    if name not in names_in(node):
        return 0, integer(evaluation.evaluate(node, at), "a size", node.span)
    match node:
        case tree.Name():
            return 1, 0
        case tree.Chain(first=first, rest=rest):
            total = _linear(first, name, at)
            for operator, operand in rest:
                part = _linear(operand, name, at)
                if total is None or part is None:
                    return None
                if operator in ("+", "-"):
                    sign = 1 if operator == "+" else -1
                    total = total[0] + sign * part[0], total[1] + sign * part[1]
                elif operator == "*" and 0 in (total[0], part[0]):
                    (scale, offset), factor = (total, part[1]) if part[0] == 0 else (part, total[1])
                    total = scale * factor, offset * factor
                else:
                    return None
            return total
    return None
