"""Which presumptions (`where`) a claim itself has to meet: those of the families that it names, not of those inside."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Applied, Constant, Expr, Family, Reference
from tc0.dsl.core.tensor import Tensor
from tc0.dsl.syntax import tree


def presumptions(expr: Expr) -> frozenset[Span]:
    """The `where` clauses of all families that an expression names, by place (the clause, or the name of the family)."""
    found: set[Span] = set()
    todo: list[object] = [expr]
    while todo:
        at = todo.pop()
        if isinstance(at, Reference | Applied) and at.family.where is not None:
            found |= {at.family.where.span, at.family.span}
        if isinstance(at, tuple) and not isinstance(at, Tensor):
            todo.extend(at)
        elif is_dataclass(at) and not isinstance(at, Constant | Family | Span | type):
            todo.extend(getattr(at, f.name) for f in fields(at) if f.name not in ("span", "type"))
    return frozenset(found)


def outside(error: Error, presumed: frozenset[Span], claim: tree.Check) -> bool:
    """Whether an error says that these sizes do not meet what a family presumes that the claim itself names."""
    span = error.span
    if error.code != "E0405" or span is None:
        return False
    within = span.source is claim.span.source and claim.span.start <= span.start and span.end <= claim.span.end
    return within or span in presumed
