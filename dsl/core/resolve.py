"""Surface tree to typed program: the entry points of the floor."""

from __future__ import annotations

from tc0.dsl.core.program import Claim, Expr, Family, Function
from tc0.dsl.core.scope import Scope
from tc0.dsl.syntax import tree


def resolve_family(node: tree.Family, scope: Scope, library: bool) -> Family:
    """The typed family. Its signature is resolved at once, its body when `family.body.get()` is first called."""
    raise NotImplementedError


def resolve_function(node: tree.Function, scope: Scope) -> Function:
    """The static function; its body is resolved when `function.body.get()` is first called."""
    raise NotImplementedError


def resolve_let(node: tree.Let, scope: Scope) -> Expr:
    """The value of a top-level `let`, closed: static, a family, or wires without inputs."""
    raise NotImplementedError


def resolve_expression(node: tree.Expression, scope: Scope) -> Expr:
    """A closed top-level expression: static (it may contain `Measure`), a family, a `Report`, or wires without inputs."""
    raise NotImplementedError


def resolve_claim(node: tree.Check | tree.Prove, scope: Scope) -> Claim:
    """A claim with its quantifiers."""
    raise NotImplementedError
