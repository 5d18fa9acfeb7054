"""Surface tree to typed program: the entry points of the floor."""

from __future__ import annotations

from tc0.dsl.base.errors import Error
from tc0.dsl.core import claims, transformers, weights
from tc0.dsl.core.context import Context
from tc0.dsl.core.convert import coerce
from tc0.dsl.core.expressions import block, infer, local_value
from tc0.dsl.core.program import Block, Claim, Expr, Family, Function, Lazy, Measure, Report
from tc0.dsl.core.scope import Letters, Scope
from tc0.dsl.core.show import show_type
from tc0.dsl.core.signatures import Signature, check_alphabet, signature
from tc0.dsl.core.types import ANY, REAL, TEXT, FamilyOf, Form, Static
from tc0.dsl.syntax import tree


def resolve_family(node: tree.Family, scope: Scope, library: bool) -> Family:
    """The typed family. Its signature is resolved at once, its body when `family.body.get()` is first called."""
    found = signature(node, Context(scope, {}))
    if node.table:
        _check_table(node, found)
    body = Lazy(lambda: _body(node, found))
    return found.family(node, body, library)


def resolve_transformer(node: tree.Transformer, scope: Scope, library: bool) -> Family:
    """The typed family of a transformer, resolved like any other."""
    return transformers.resolve_transformer(node, Context(scope, {}), library)


def _check_table(node: tree.Family, found: Signature) -> None:
    for type, span in [*((p.type, p.span) for p in found.parameters), (found.result, node.result.span)]:
        if isinstance(type.element, Form):
            raise Error("E0607", "a table has bits, words and symbols, no forms", span)


def _body(node: tree.Family, found: Signature) -> Expr:
    locals_, result = block(node.body, found.inside, found.result)
    result = coerce(result, found.result, f"the result of `{node.name}`")
    return Block(locals_, result, found.result, node.body.span)


def resolve_function(node: tree.Function, scope: Scope) -> Function:
    """The static function; its body is resolved when `function.body.get()` is first called."""
    at = Context(scope, {})
    for name in node.parameters:
        at = at.bind(name, ANY, node.name_span)

    def body() -> Expr:
        value = infer(node.body, at)
        if isinstance(value.type, Static):
            return value
        what = "a family" if isinstance(value.type, FamilyOf) else f"{show_type(value.type)} on wires"
        raise Error(
            "E0301",
            f"`{node.name}` is a static function, but its value is {what}",
            value.span,
            "write a family for what depends on wires",
        )

    return Function(node.name, node.parameters, Lazy(body), node.doc, node.name_span)


def resolve_alphabet(node: tree.Alphabet) -> Letters:
    """The alphabet."""
    return Letters(node.name, check_alphabet(node.symbols), node.name_span, node.doc)


def resolve_let(node: tree.Let, scope: Scope) -> Expr:
    """The value of a top-level `let`, closed: static, a family, or wires without inputs."""
    return local_value(node, Context(scope, {}, top=True))


def resolve_expression(node: tree.Expression, scope: Scope) -> Expr:
    """A closed top-level expression: static (it may contain `Measure`), a family, a `Report`, or wires without inputs."""
    at = Context(scope, {}, top=True)
    if (file := weights.named(node, at)) is not None:
        return weights.listing(file, node.span)
    expr = infer(node, at)
    if isinstance(expr, Measure) and expr.figure == "class":
        return Report("class", (expr.subject,), (), TEXT, expr.span)
    if expr.type == REAL:
        hint = "`floor(10**6 * ..)` shows six decimals"
        raise Error("E0508", "a real number is known only as closely as one asks", expr.span, hint)
    return expr


def resolve_claim(node: tree.Check | tree.Prove, scope: Scope) -> Claim:
    """A claim with its quantifiers."""
    return claims.claim(node, scope)
