"""Where an expression stands: the names it can see, and what may be written there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from tc0.dsl.base.errors import Error
from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Applied, Constant, Expr, Reference
from tc0.dsl.core.scope import Scope
from tc0.dsl.core.static import leaves, shape_of
from tc0.dsl.core.tensor import Tensor
from tc0.dsl.core.types import INTEGER, NUMBERS, Kind, Static, Type, widest
from tc0.dsl.numbers.floats import Float
from tc0.dsl.numbers.real import Real


@record
class Context:
    """locals: names bound inside of the definition, with their types. top: figures (`size(f)`) may be asked here.
    aliases: locals that the typed program calls by another name (the residual stream, layer by layer)."""

    scope: Scope
    locals: Mapping[str, Type]
    top: bool = False
    aliases: tuple[tuple[str, str], ...] = ()

    def bind(self, name: str, type: Type, span: Span) -> Context:
        """The context with one more local name; a local name is bound once."""
        if name in self.locals:
            raise Error("E0202", f"`{name}` is bound already", span, "a local name is bound once: choose another name")
        return replace(self, locals={**self.locals, name: type})

    def called(self, name: str, alias: str) -> Context:
        """The context in which a local name of the text is another one of the typed program."""
        return replace(self, aliases=(*((n, a) for n, a in self.aliases if n != name), (name, alias)))

    def alias(self, name: str) -> str:
        """What the typed program calls a local name."""
        return next((alias for own, alias in self.aliases if own == name), name)

    def bind_integers(self, names: Mapping[str, Span]) -> Context:
        """The context with local integers (sizes, binders)."""
        at = self
        for name, span in names.items():
            at = at.bind(name, INTEGER, span)
        return at


def constant(value: object, span: Span) -> Expr:
    """A static value as an expression."""
    if isinstance(value, Applied):
        fixed = tuple((name, constant(v, span)) for name, v in value.values)
        return Reference(value.family, fixed, value.family.type, span)
    return Constant(value, static_type(value), span)  # type: ignore[arg-type]


def static_type(value: object) -> Static:
    """The type of a static value."""
    if isinstance(value, Tensor):
        return value.type
    if isinstance(value, tuple):
        kinds = {_kind(v) for v in leaves(value)}
        rank = len(shape_of(value))
        if not kinds:
            return Static(Kind.INTEGER, rank)
        if len(kinds) > 1 and kinds <= set(NUMBERS):
            return Static(widest(kinds), rank)
        return Static(kinds.pop() if len(kinds) == 1 else Kind.ANY, rank)
    return Static(_kind(value))


def _kind(value: object) -> Kind:
    match value:
        case bool():
            return Kind.BOOL
        case int():
            return Kind.INTEGER
        case Fraction():
            return Kind.RATIONAL
        case Real():
            return Kind.REAL
        case Float():
            return Kind.FLOAT
        case str():
            return Kind.TEXT
        case _:
            return Kind.ANY
