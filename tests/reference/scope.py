"""What names mean: definitions of a text, then of the library; and the place at which an expression is evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace

from tc0.dsl.base.source import Span
from tc0.dsl.syntax import tree

from .reading import Reading
from .values import Mistake, Value

Definition = tree.Let | tree.Function | tree.Family | tree.Transformer | tree.Alphabet


@dataclass(eq=False)
class Scope:
    """The definitions of a user's text hide the library's and never change what library families call (section 10)."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    library: Scope | None = None

    def define(self, definition: Definition) -> None:
        if definition.name in self.definitions:
            raise Mistake(f"`{definition.name}` is defined twice", definition.span)
        self.definitions[definition.name] = definition

    def find(self, name: str) -> tuple[Definition, Scope] | None:
        """The definition, and the scope that it sees."""
        if name in self.definitions:
            return self.definitions[name], self
        return self.library.find(name) if self.library is not None else None

    @property
    def words(self) -> Scope:
        """Where the families behind the operators on words are."""
        return self.library if self.library is not None else self


@dataclass(frozen=True)
class Activation:
    """A call in progress. arguments: its static integers; alive: the measures that have decreased so far."""

    definition: object
    arguments: tuple[int, ...]
    alive: frozenset[int]


@dataclass(frozen=True)
class At:
    """Where an expression is evaluated: the reading, the definitions in sight, local names, the calls in progress."""

    reading: Reading
    scope: Scope
    names: Mapping[str, Value] = field(default_factory=dict)
    calls: tuple[Activation, ...] = ()
    negation: str = "gate"

    def bind(self, name: str, value: Value) -> At:
        return replace(self, names={**self.names, name: value})


def names_in(node: object) -> Iterator[str]:
    """The names used as values in an expression or type, in the order written; a function that is called is none."""
    if isinstance(node, tree.Name):
        yield node.name
    elif isinstance(node, tree.Call):
        if not isinstance(node.function, tree.Name):
            yield from names_in(node.function)
        yield from names_in(node.arguments)
        yield from names_in(node.clause)
    elif isinstance(node, tree.NamedType) and node.name == "float":
        yield from names_in(node.arguments[:1])  # the other is `nearest`
    elif isinstance(node, tuple):
        for part in node:
            yield from names_in(part)
    elif is_dataclass(node) and not isinstance(node, type | Span):
        for part in fields(node):
            if part.compare:
                yield from names_in(getattr(node, part.name))


# ---- the rule that makes recursion end (section 3)

TUPLE = -1  # the measure that is all static integers, in lexicographic order


def enter(
    definition: object, arguments: tuple[int, ...], at: At, name: str, span: Span | None
) -> tuple[Activation, ...]:
    """The calls in progress within this one. The same static argument gets smaller at each call without becoming
    negative, or the tuple of them lexicographically."""
    before = next((a for a in reversed(at.calls) if a.definition is definition), None)
    alive = frozenset({*range(len(arguments)), TUPLE})
    if before is not None:
        alive = frozenset(m for m in before.alive if _smaller(m, before.arguments, arguments))
        if not alive:
            raise Mistake(f"`{name}` calls itself, and no static argument gets smaller", span)
    return (*at.calls, Activation(definition, arguments, alive))


def _smaller(measure: int, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    if len(before) != len(after):
        return False
    if measure == TUPLE:
        return after < before and all(value >= 0 for value in after)
    return 0 <= after[measure] < before[measure]
