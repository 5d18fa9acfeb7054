"""Definitions of a session: surface nodes to meanings, on demand, in an immutable map.

A map is never changed: a run makes a new one, so that an error, an interrupt and `:undo` are a pointer. What a
definition depends on is recorded while it is resolved, so that a redefinition checks exactly that again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from types import MappingProxyType

from tc0.dsl.base.errors import Error, Label
from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core.behind import behind
from tc0.dsl.core.program import Applied, Expr, Family, Function
from tc0.dsl.core.resolve import (
    resolve_alphabet,
    resolve_expression,
    resolve_family,
    resolve_function,
    resolve_let,
    resolve_transformer,
)
from tc0.dsl.core.scope import Given, Held, Meaning, Scope, Weights
from tc0.dsl.ops.words import FAMILY_BEHIND, OPTION_OF
from tc0.dsl.session.choices import choice, is_choice, option_of
from tc0.dsl.session.definition import Definition
from tc0.dsl.syntax import tree

EvaluateLet = Callable[[tree.Let, Expr], Given | Held]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A definition with its meaning. uses: every name that was looked up for it, whoever has it."""

    definition: Definition
    meaning: Meaning
    uses: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Definitions(Mapping[str, Entry]):
    """The definitions of the user, in the order in which they were first made."""

    entries: Mapping[str, Entry] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, name: str) -> Entry:
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def users(self) -> dict[str, list[str]]:
        """For each name the definitions that use it directly."""
        found: dict[str, list[str]] = {}
        for name, entry in self.entries.items():
            for used in entry.uses:
                found.setdefault(used, []).append(name)
        return found

    def dependents(self, names: Iterable[str]) -> frozenset[str]:
        """The definitions that use one of these names, directly or not, without the names themselves."""
        return reached(self.users(), names)

    def in_order(self, names: Iterable[str] | None = None) -> list[Entry]:
        """Entries with what they use before them (as far as families that call one another allow)."""
        wanted = self.entries if names is None else {name: self.entries[name] for name in names}
        return [wanted[name] for name in ordered({name: entry.uses for name, entry in wanted.items()})]

    def closure(self, names: Iterable[str]) -> list[str]:
        """These names and what they use, directly or not."""
        found: dict[str, None] = {}
        todo = list(names)
        while todo:
            name = todo.pop()
            if name in self.entries and name not in found:
                found[name] = None
                todo.extend(self.entries[name].uses)
        return [name for name in self.entries if name in found]


def reached(users: Mapping[str, list[str]], names: Iterable[str]) -> frozenset[str]:
    """What uses these names, directly or not, without the names themselves."""
    start = frozenset(names)
    found: set[str] = set()
    todo = list(start)
    while todo:
        for user in users.get(todo.pop(), ()):
            if user not in found:
                found.add(user)
                todo.append(user)
    return frozenset(found - start)


def ordered(uses: Mapping[str, Iterable[str]]) -> list[str]:
    """The names with those they use before them, otherwise in the order given."""
    done: dict[str, None] = {}
    seen: set[str] = set()
    for name in uses:
        if name in seen:
            continue
        seen.add(name)
        stack = [(name, iter(sorted(uses[name])))]
        while stack:
            at, rest = stack[-1]
            after = next((u for u in rest if u in uses and u not in seen), None)
            if after is None:
                stack.pop()
                done[at] = None
            else:
                seen.add(after)
                stack.append((after, iter(sorted(uses[after]))))
    return list(done)


def _names_in(node: object) -> frozenset[str]:
    """All plain names in a surface tree."""
    found: set[str] = set()
    todo = [node]
    while todo:
        at = todo.pop()
        if isinstance(at, tree.Name):
            found.add(at.name)
        elif isinstance(at, tuple):
            todo.extend(at)
        elif is_dataclass(at) and not isinstance(at, Span):
            todo.extend(getattr(at, f.name) for f in fields(at) if not f.name.endswith("span"))
    return frozenset(found)


class Below:
    """What stands behind a layer of definitions: nothing."""

    def find(self, name: str) -> Meaning | None:
        return None

    def family(self, name: str) -> Family:
        raise KeyError(name)

    def node(self, name: str) -> tree.Family:
        """The text of a library family."""
        raise KeyError(name)

    def names(self) -> Iterable[str]:
        return ()


class Demand:
    """Resolves written definitions when they are first asked for, over settled ones, over a layer below.

    library: these are definitions of the standard library.
    """

    def __init__(
        self,
        written: Mapping[str, Definition],
        settled: Mapping[str, Entry],
        below: Below,
        evaluate: EvaluateLet,
        library: bool = False,
    ) -> None:
        self.written = written
        self.settled = settled
        self.below = below
        self.evaluate = evaluate
        self.library = library
        self.meanings: dict[str, Meaning] = {}
        self.uses: dict[str, set[str]] = {}
        self._busy: list[str] = []

    def find(self, name: str, owner: str | None = None) -> Meaning | None:
        """What a name means; `owner` is the definition that asks."""
        if owner is not None:
            self.uses.setdefault(owner, set()).add(name)
        if name in self.meanings:
            return self.meanings[name]
        if name in self.written:
            return self._resolve(name, owner)
        if name in self.settled:
            return self.settled[name].meaning
        return self.below.find(name)

    def names(self) -> Iterable[str]:
        return {*self.written, *self.settled, *self.below.names()}

    def chosen(self, family: str, owner: str | None) -> Family | None:
        """What an option puts in the place of a library family, for a definition of the user."""
        option = None if self.library else OPTION_OF.get(family)
        if option is None:
            return None
        origin = None if owner is None else self._origin(owner)
        for name in (option,) if origin is None else (choice(option, origin), option):
            found = self.find(name, owner)
            if isinstance(found, Family):
                return found
        return None

    def _origin(self, owner: str) -> str | None:
        if owner in self.written:
            return self.written[owner].origin
        return self.settled[owner].definition.origin if owner in self.settled else None

    def finish(self, name: str) -> Entry:
        """The entry of a written definition, its body resolved too, so that its errors are found now."""
        meaning = self.find(name)
        assert meaning is not None
        if isinstance(meaning, Family | Function):
            self._busy.append(name)
            try:
                meaning.body.get()
            finally:
                self._busy.pop()
        return Entry(self.written[name], meaning, frozenset(self.uses.get(name, ())))

    def _resolve(self, name: str, owner: str | None) -> Meaning:
        if name in self._busy:
            raise self._circular(name)
        self._busy.append(name)
        try:
            meaning = self._meaning(self.written[name], UserScope(self, name))
        finally:
            self._busy.pop()
        self.meanings[name] = meaning
        return meaning

    def _meaning(self, definition: Definition, scope: Scope) -> Meaning:
        match definition.node:
            case tree.Option() as node:
                return self._behind(node, scope)
            case tree.Family() as node:
                return resolve_family(node, scope, self.library)
            case tree.Function() as node:
                return resolve_function(node, scope)
            case tree.Let() as node:
                return self.evaluate(node, resolve_let(node, scope))
            case tree.Alphabet() as node:
                return resolve_alphabet(node)
            case tree.Transformer() as node:
                return resolve_transformer(node, scope, self.library)
            case tree.Weights(name=name, name_span=span, doc=doc):
                assert definition.archive is not None, "a run opens the file before it defines the name"
                return Weights(name, definition.archive, span, doc)

    def _behind(self, node: tree.Option, scope: Scope) -> Family:
        """The family that an option puts behind an operator."""
        span = node.value.span
        value = self.evaluate(
            tree.Let(node.name, (), node.value, "", node.span, span), resolve_expression(node.value, scope)
        )
        if not isinstance(value, Given) or not isinstance(value.value, Applied):
            raise Error("E0826", f"`{node.name}` takes a family", span, f"for example `{FAMILY_BEHIND[node.name]}`")
        own = FAMILY_BEHIND[node.name]
        return behind(node.name, self.below.family(own), self.below.node(own), value.value, scope, span)

    def _circular(self, name: str) -> Error:
        chain = [*self._busy[self._busy.index(name) :], name]
        return Error(
            "E0207",
            f"`{name}` is defined by itself: {' -> '.join(chain)}",
            self.written[name].node.name_span,
            "a value needs a definition that does not come back to it",
        )


class UserScope:
    """What one definition sees: the user's names, then the library's; it records what is looked up."""

    __slots__ = ("_demand", "_owner")

    def __init__(self, demand: Demand, owner: str | None) -> None:
        self._demand = demand
        self._owner = owner

    def find(self, name: str) -> Meaning | None:
        return self._demand.find(name, self._owner)

    def library(self, name: str) -> Family:
        return self._demand.below.family(name)

    def chosen(self, name: str) -> Family | None:
        return self._demand.chosen(name, self._owner)

    def names(self) -> Iterable[str]:
        return self._demand.names()


def collect(found: dict[str, Definition], definitions: Iterable[Definition]) -> None:
    """Adds written definitions to a text's own; a name that stands twice is an error."""
    for definition in definitions:
        first = found.get(definition.name)
        if first is not None:
            raise Error(
                "E0206",
                f"`{definition.name}` is defined twice",
                definition.node.name_span,
                "rename or remove one of them",
                (Label(first.node.name_span, "first defined here"),),
            )
        found[definition.name] = definition


@record
class Change:
    """What defining did. rechecked: for each name, what depends on it and was resolved again."""

    definitions: Definitions
    redefined: frozenset[str]
    rechecked: Mapping[str, tuple[str, ...]]


def define(
    base: Definitions,
    written: Mapping[str, Definition],
    dropped: frozenset[str],
    below: Below,
    evaluate: EvaluateLet,
) -> Change:
    """The definitions with these written ones added and those dropped; what depends on either is resolved again."""
    kept = {name: entry for name, entry in base.items() if name not in dropped or name in written}
    changed = frozenset(name for name in written if name not in base or not written[name].same(base[name].definition))
    again = Definitions(kept).dependents({*written, *dropped}) - written.keys()
    pending = {name: kept[name].definition for name in kept if name in again} | dict(written)
    settled = {name: entry for name, entry in kept.items() if name not in pending}
    demand = Demand(pending, settled, below, evaluate)
    for name in _values_first(pending):  # so that a long chain of values is not a deep recursion
        _find(demand, base, name, written, changed | (dropped - written.keys()))
    entries = dict(kept)
    for name in written:
        entries[name] = demand.finish(name)
    users = base.users() if again else {}
    for name in sorted(again, key=is_choice, reverse=True):  # a family that fits no longer is told at its option
        entries[name] = _finish_again(demand, base, name, changed | (dropped - written.keys()))
    result = Definitions(MappingProxyType(entries))
    shown = {name: _order(result, reached(users, (name,)) & again) for name in changed}
    return Change(result, frozenset(name for name in changed if name in base), shown)


def _values_first(pending: Mapping[str, Definition]) -> list[str]:
    """The `let`s, each after those that its text names."""
    lets = {name: d.node for name, d in pending.items() if isinstance(d.node, tree.Let)}
    return ordered({name: _names_in(node.value) for name, node in lets.items()}) if len(lets) > 1 else []


def _find(
    demand: Demand, base: Definitions, name: str, written: Mapping[str, Definition], changed: frozenset[str]
) -> None:
    if name in written:
        demand.find(name)
    else:
        _finish_again(demand, base, name, changed)


def _order(definitions: Definitions, names: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in definitions if name in names)


def _finish_again(demand: Demand, base: Definitions, name: str, changed: frozenset[str]) -> Entry:
    try:
        return demand.finish(name)
    except Error as e:
        causes = [c for c in sorted(changed) if name in base.dependents((c,))]
        if not causes:
            raise
        raise _broken(causes[0], name, e, e.span) from e


def _broken(cause: str, name: str, error: Error, span: Span | None) -> Error:
    return Error(
        "E0208",
        f"the new `{option_of(cause)}` does not fit `{option_of(name)}`, which uses it: {error.message} [{error.code}]",
        span,
        f"put another family behind it first: `:set {option_of(name)} {FAMILY_BEHIND[option_of(name)]}`"
        if is_choice(name)
        else f"define `{name}` anew in the same text, or remove it first: `:drop {name}`",
        error.labels,
    )
