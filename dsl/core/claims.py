"""Claims: `check body for quantifiers if guard`, with their inputs as the parameters of a family without a name."""

from __future__ import annotations

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.context import Context
from tc0.dsl.core.convert import as_bit, as_condition, as_integer, coerce
from tc0.dsl.core.expressions import bound, infer
from tc0.dsl.core.program import Claim, Constant, Expr, Family, If, Lazy, Parameter, Quantified, StaticParameter
from tc0.dsl.core.scope import Scope
from tc0.dsl.core.shapes import mentions
from tc0.dsl.core.show import show_type
from tc0.dsl.core.signatures import free_names, type_names, wire_type
from tc0.dsl.core.types import BIT, INTEGER, FamilyOf, Static, Wires
from tc0.dsl.syntax import tree


def claim(node: tree.Check | tree.Prove, scope: Scope) -> Claim:
    """The typed claim. Every size of its inputs must be quantified."""
    at = Context(scope, {}, top=True)
    integers: list[Quantified] = []
    inputs: list[tree.Parameter] = []
    for quantifier in node.quantifiers:
        if isinstance(quantifier, tree.Parameter):
            inputs.append(quantifier)
        else:
            integers.append(_quantified(quantifier, at))
            at = at.bind(quantifier.name, INTEGER, quantifier.span)
    for name, span in _open_sizes(node.body, at).items():
        integers.append(Quantified(name, Constant(1, INTEGER, span), None, span))
        at = at.bind(name, INTEGER, span)
    parameters = []
    inside = at
    for input_ in inputs:
        _require_bounds(input_, at)
        parameter = Parameter(input_.name, wire_type(input_.type, at), input_.span)
        parameters.append(parameter)
        inside = inside.bind(parameter.name, parameter.type, parameter.span)
    body = infer(node.body, inside, BIT)
    guard = None if node.guard is None else infer(node.guard, inside, BIT)
    statics = tuple(StaticParameter(q.name, INTEGER, q.span) for q in integers)
    sampled = node.sampled if isinstance(node, tree.Check) else None
    family, static = _side(body, "a claim", statics, tuple(parameters), node.span)
    guards, static_guard = (
        (None, None) if guard is None else _side(guard, "a guard", statics, tuple(parameters), node.span)
    )
    return Claim(
        tuple(integers), family, guards, static, static_guard, sampled, isinstance(node, tree.Prove), node.span
    )


def _quantified(node: tree.Binder | tree.AtLeast, at: Context) -> Quantified:
    if isinstance(node, tree.AtLeast):
        low = as_integer(infer(node.low, at), f"the bound of `{node.name}`")
        return Quantified(node.name, low, None, node.span)
    bounds = bound(node, at)
    return Quantified(node.name, bounds.low, bounds.high, node.span)


def _open_sizes(body: tree.Expression, at: Context) -> dict[str, Span]:
    """Names in a claim about costs that stand for the equally named sizes of its families: `check size(f) == n // 2 + 1`."""
    names = list(free_names(body))
    found = [at.scope.find(name.name) for name in names if name.name not in at.locals]
    families = [f for f in found if isinstance(f, Family)]
    sizes = {s.name for f in families for s in f.sizes} | {
        p.name for f in families for p in f.statics if p.type == INTEGER
    }
    return {n.name: n.span for n in names if n.name in sizes and n.name not in at.locals}


def _require_bounds(node: tree.Parameter, at: Context) -> None:
    for name in type_names(node.type):
        if name.name not in at.locals and at.scope.find(name.name) is None:
            hint = f"add a bound: `for .., {name.name} <= 12`"
            raise Error("E0901", f"the size `{name.name}` has no bound", name.span, hint)


def _side(
    expr: Expr,
    what: str,
    statics: tuple[StaticParameter, ...],
    parameters: tuple[Parameter, ...],
    span: Span,
) -> tuple[Family | None, Expr | None]:
    """A body or a guard: as a family where it depends on wires, as a static condition otherwise."""
    match expr.type:
        case Static():
            condition = as_condition(expr, what)
            if not mentions(condition, [p.name for p in parameters]):
                return None, condition
            # `len(f(x)) == n` is static, but what it asks about has its place among the inputs
            one, zero = (coerce(Constant(value, INTEGER, expr.span), BIT, what) for value in (1, 0))
            return _side(If(condition, one, zero, BIT, expr.span), what, statics, parameters, span)
        case Wires(shape=()):
            bit = as_bit(expr, what)
            return Family(what, statics, (), parameters, BIT, None, Lazy(lambda: bit), False, False, "", span), None
        case Wires():
            raise Error(
                "E0303",
                f"{what} is one bit, but this is {show_type(expr.type)}",
                expr.span,
                "compare whole arrays with `==`",
            )
        case FamilyOf():
            raise Error("E0307", f"{what} is a bit, but this is a family", expr.span, "call it: `f(x)`")
