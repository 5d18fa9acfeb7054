"""Texts as families with everything fixed: the few lines that stand in for a session in tests of the walk."""

from __future__ import annotations

from collections.abc import Iterable

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source
from tc0.dsl.core.interface import complete
from tc0.dsl.core.program import Applied, Expr, Family
from tc0.dsl.core.resolve import resolve_alphabet, resolve_expression, resolve_family, resolve_function, resolve_let
from tc0.dsl.core.scope import Given, Meaning
from tc0.dsl.core.static import evaluate as evaluate_static
from tc0.dsl.syntax import tree
from tc0.dsl.syntax.parse import parse


class Program:
    """The definitions of a text, resolved when they are first used."""

    def __init__(self, text: str) -> None:
        source = Source("test.tc", text)
        self.nodes = {s.name: s for s in parse(source).statements if not isinstance(s, tree.Show)}
        self.found: dict[str, Meaning] = {}

    def find(self, name: str) -> Meaning | None:
        if name not in self.found and name in self.nodes:
            self.found[name] = self._resolved(self.nodes[name])
        return self.found.get(name)

    def _resolved(self, node: object) -> Meaning:
        match node:
            case tree.Family():
                return resolve_family(node, self, False)
            case tree.Function():
                return resolve_function(node, self)
            case tree.Alphabet():
                return resolve_alphabet(node)
            case tree.Let():
                return Given(node.name, evaluate_static(resolve_let(node, self), {}), None)
        raise AssertionError(node)

    def library(self, name: str) -> Family:
        found = self.find(name)
        if not isinstance(found, Family):
            raise Error("E9903", f"no {name} here")
        return found

    def chosen(self, name: str) -> Family | None:
        return None

    def names(self) -> Iterable[str]:
        return self.nodes

    def fixed(self, name: str, **values: object) -> Applied:
        """A family with everything fixed."""
        family = self.find(name)
        assert isinstance(family, Family)
        return complete(family, values)

    def expression(self, text: str) -> Expr:
        """A closed expression in the scope of the program."""
        (node,) = parse(Source("test.tc", text)).statements
        assert isinstance(node, tree.Show)
        return resolve_expression(node.value, self)
