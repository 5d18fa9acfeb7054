"""Verbs in expressions: figures become `Measure`, statements become `Report`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tc0.dsl.base.digits import are_given
from tc0.dsl.base.errors import Error
from tc0.dsl.base.near import near
from tc0.dsl.core import weights
from tc0.dsl.core.context import Context
from tc0.dsl.core.convert import as_integer
from tc0.dsl.core.program import Expr, Measure, Report
from tc0.dsl.core.show import show_type
from tc0.dsl.core.types import INTEGER, TEXT, FamilyOf
from tc0.dsl.ops.verbs import VERBS, VerbRow
from tc0.dsl.syntax import tree

Infer = Callable[[tree.Expression, Context], Expr]


def names() -> Sequence[str]:
    """The names of all verbs."""
    return list(VERBS)


def build(name: str, node: tree.Call, at: Context, infer: Infer) -> Expr:
    """`size(f[n = 8], negation = free)`, `optimize(f[n = 8])`."""
    row = VERBS[name]
    if not at.top:
        raise Error("E0312", f"`{name}` is asked at the top level, not inside of a family", node.span)
    if node.clause is not None:
        raise Error(
            "E0304",
            f"`{name}` takes a family, not a comprehension",
            node.clause.span,
            f"`[{name}(f[n = k]) for k in 1..9]` is an array of figures",
        )
    plain = [a for a in node.arguments if a.name is None]
    named = [a for a in node.arguments if a.name is not None]
    _count(row, plain, node)
    for argument in named:
        if argument.name not in row.options:
            close = near(argument.name or "", row.options)
            raise Error(
                "E0305",
                f"`{name}` has no option `{argument.name}`",
                argument.span,
                f"it has `{close}`" if close else None,
            )
    if name == "truncation":
        return weights.truncation(node, at, infer)
    subjects = tuple(infer(a.value, at) for a in plain)
    if row.figure:
        return _measure(row, subjects[0], named, node)
    options = tuple((a.name or "", as_integer(infer(a.value, at), f"`{a.name}`")) for a in named)
    return Report(name, subjects, options, TEXT, node.span)


def _count(row: VerbRow, plain: Sequence[tree.Argument], node: tree.Call) -> None:
    least, most = row.arity
    if len(plain) < least or (most is not None and len(plain) > most):
        shown = str(least) if most == least else f"{least} or more"
        raise Error(
            "E0304",
            f"`{row.name}` takes {shown} argument{'' if shown == '1' else 's'}, but {are_given(len(plain))}",
            node.span,
            row.doc,
        )


def _measure(row: VerbRow, subject: Expr, named: Sequence[tree.Argument], node: tree.Call) -> Measure:
    if not isinstance(subject.type, FamilyOf):
        raise Error(
            "E0303",
            f"`{row.name}` takes a family, but this is {show_type(subject.type)}",
            subject.span,
            f"`{row.name}(f[n = 8])`, without an input",
        )
    negation = None
    for argument in named:
        value = argument.value
        if not isinstance(value, tree.Name) or value.name not in ("free", "gate"):
            raise Error("E0821", "`negation` is `gate` or `free`", value.span)
        negation = value.name
    return Measure(row.name, subject, negation, INTEGER, node.span)
