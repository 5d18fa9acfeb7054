"""Another family behind an operator: from the family that was chosen to one with the signature of the library's.

`uint.SUM = iterated_add_block` adds rows of bits, where the family behind `SUM` adds words: between the two stands a
family that takes words apart and puts the result together, without gates of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.interface import missing
from tc0.dsl.core.program import Applied, Block, Call, Expr, Family, Parameter
from tc0.dsl.core.resolve import resolve_family
from tc0.dsl.core.scope import Given, Meaning, Scope
from tc0.dsl.core.shapes import same
from tc0.dsl.core.show import show_applied, show_type
from tc0.dsl.core.signatures import dimensions
from tc0.dsl.core.static import integer
from tc0.dsl.core.types import Bit, Wires, Word
from tc0.dsl.syntax import tree

_CHOSEN = "the chosen family"


class _Names:
    """What the family between the two sees: the chosen one, and what the library's signature mentions."""

    def __init__(self, applied: Applied, scope: Scope) -> None:
        self._applied, self._scope = applied, scope

    def find(self, name: str) -> Meaning | None:
        return Given(name, self._applied, None) if name == _CHOSEN else None

    def library(self, name: str) -> Family:
        return self._scope.library(name)

    def chosen(self, name: str) -> Family | None:
        return None

    def names(self) -> Iterable[str]:
        return ()


def behind(option: str, own: Family, node: tree.Family, applied: Applied, scope: Scope, span: Span) -> Family:
    """The family called for an operator. own, node: the library's; span: where the other one was chosen."""
    applied = _closed(option, own, applied, span)
    taken = applied.family.parameters
    for parameter, mine in zip(taken, own.parameters, strict=True):
        if not _fits(parameter.type, mine.type):
            raise _unfit(option, own, applied, span, f"`{parameter.name}` is {show_type(parameter.type)}")
    if not _fits(applied.family.result, own.result):
        raise _unfit(option, own, applied, span, f"its result is {show_type(applied.family.result)}")
    body = _call(own, node, applied, span)
    made = replace(node, name=option, body=tree.Block((), body, False, span), doc="", name_span=span)
    family = resolve_family(made, _Names(applied, scope), True)
    try:
        inside = family.body.get()
    except Error as e:
        raise _unfit(option, own, applied, span, e.message) from e
    assert isinstance(inside, Block)
    _check_widths(option, own, applied, inside.result, span)
    return family


def _check_widths(option: str, own: Family, applied: Applied, result: Expr, span: Span) -> None:
    """Refuses a result that is as long as it should be at none of a few sizes; one that is wrong at some is found there."""
    given = next((node.type for node in _inside(result) if isinstance(node, Call)), None)
    if not isinstance(given, Wires):
        return
    pairs = list(zip(dimensions(given), dimensions(own.result), strict=True))
    if any(a is None or b is None for a, b in pairs):
        return
    for every in (2, 3, 4, 5):
        sizes = {size.name: every for size in own.sizes}
        found = [(integer(a, sizes), integer(b, sizes)) for a, b in pairs if a is not None and b is not None]
        if all(a == b for a, b in found):
            return
    at = ", ".join(f"{name} = {value}" for name, value in sizes.items())
    length, wanted = next(pair for pair in found if pair[0] != pair[1])
    raise _unfit(option, own, applied, span, f"at {at} its result has {length} bits, not {wanted}")


def _inside(expr: object) -> Iterator[Expr]:
    """An expression and what it is made of, the outermost first."""
    if is_dataclass(expr) and hasattr(expr, "type"):
        yield expr  # type: ignore[misc]
        for part in fields(expr):
            yield from _inside(getattr(expr, part.name))


def _closed(option: str, own: Family, applied: Applied, span: Span) -> Applied:
    """The chosen family, whose parameters in brackets are all given and which takes as many arguments."""
    statics = {p.name for p in applied.family.statics}
    left = [name for name in missing(applied) if name in statics]
    if left:
        shown = ", ".join(f"{name} = .." for name in left)
        raise Error(
            "E0826",
            f"`{show_applied(applied)}` needs {', '.join(f'`{name}`' for name in left)} in brackets",
            span,
            f"option {option} = {applied.family.name}[{shown}]",
        )
    if len(applied.family.parameters) != len(own.parameters):
        many = len(applied.family.parameters)
        raise _unfit(option, own, applied, span, f"it takes {many} argument{'' if many == 1 else 's'}")
    return applied


def _unfit(option: str, own: Family, applied: Applied, span: Span, why: str) -> Error:
    kind, _, operator = option.partition(".")
    bits = "" if kind == "int" else ", or arrays of bits in place of the words"
    return Error(
        "E0826",
        f"`{show_applied(applied)}` does not fit behind `{operator}` of `{kind}`: {why}",
        span,
        f"it must be a family {show_type(own.type)}{bits}",
    )


def _fits(given: Wires, wanted: Wires) -> bool:
    """Whether wires of one type can be those of the other: the same kind of elements, or the bits of unsigned words."""
    match given.element, wanted.element:
        case Word(signed=a), Word(signed=b):
            return a == b and len(given.shape) == len(wanted.shape)
        case Bit(), Word(signed=False):
            return len(given.shape) == len(wanted.shape) + 1
        case Bit(), Bit():
            return len(given.shape) == len(wanted.shape)
        case _:
            return False


def _call(own: Family, node: tree.Family, applied: Applied, span: Span) -> tree.Expression:
    """The chosen family, called on the parameters of the library's, and its result as that has it."""
    wide = _one_width(applied.family.parameters)
    arguments = []
    for given, mine, written in zip(applied.family.parameters, own.parameters, node.parameters, strict=True):
        argument: tree.Expression = tree.Name(written.name, span)
        if wide and isinstance(mine.type.element, Word):
            widths = [_width(parameter.type) for parameter in node.parameters]
            argument = _word(mine.type.element.signed, _called(tree.Name("max", span), *widths), argument)
        if isinstance(given.type.element, Bit) and isinstance(mine.type.element, Word):
            argument = tree.Field(argument, "bits", span)
        arguments.append(argument)
    result: tree.Expression = _called(tree.Name(_CHOSEN, span), *arguments)
    if isinstance(applied.family.result.element, Bit) and isinstance(own.result.element, Word):
        result = _word(own.result.element.signed, _width(node.result), result)
    return result


def _called(function: tree.Expression, *arguments: tree.Expression) -> tree.Call:
    span = function.span
    return tree.Call(function, tuple(tree.Argument(None, a, span) for a in arguments), None, span)


def _word(signed: bool, width: tree.Expression, argument: tree.Expression) -> tree.Call:
    return _called(_called(tree.Name("int" if signed else "uint", argument.span), width), argument)


def _width(type: tree.Type) -> tree.Expression:
    """The width written in the type of a word, or of an array of words."""
    named = type.base if isinstance(type, tree.ArrayType) else type
    assert isinstance(named, tree.NamedType)
    return named.arguments[0]


def _one_width(parameters: tuple[Parameter, ...]) -> bool:
    """Whether a family of two words takes them in one width only, so that the shorter is extended."""
    if len(parameters) != 2:
        return False
    first, second = (dimensions(p.type) for p in parameters)
    return bool(first and second) and same(first[-1], second[-1]) is True
