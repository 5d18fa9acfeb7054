"""How hard it is to name the gates of C_n: the grade that follows from the index arithmetic of a family.

U1: the direct connection language is decided in time linear in the length of addresses. U2: it is definable in
FO[+, x] (Barrington, Immerman and Straubing 1990: the same classes as logarithmic time). U3: any total index function
that the evaluator runs. The grade speaks about addresses of the form (place, index tuple).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Applied, Apply, Constant, Expr, Family, Function, Invoke, Reference, Variable
from tc0.dsl.core.types import Static

_SIMPLE = {
    "+",
    "-",
    "negate",
    "min",
    "max",
    "abs",
    "<",
    "<=",
    ">",
    ">=",
    "==",
    "!=",
    "not",
    "bit",
    "<<",
    ">>",
    "ceil",
    "floor",
    "/",
}
_LOGARITHMS = {"clog2", "flog2", "bits"}
_HARD = {"is_prime", "pow_mod", "inverse_mod", "iroot"}

STATEMENTS = {
    1: "DLOGTIME-uniform by construction: the direct connection language is decided in time linear in the length of an address",
    2: "FO-uniform: the direct connection language is definable in FO[+, x]; the language of a family of constant depth is then in the DLOGTIME-uniform class too (Barrington, Immerman and Straubing 1990)",
    3: "logspace-uniform: the index arithmetic runs in logarithmic space",
}


@dataclass(frozen=True, slots=True)
class Uniformity:
    """grade: 1, 2 or 3. statement: what may be claimed. offending: the expressions that lower the grade."""

    grade: int
    statement: str
    offending: tuple[Span, ...]


def uniformity(applied: Applied) -> Uniformity:
    """The grade of a family, from the static expressions of its body and of every family it calls."""
    found: list[tuple[int, Span]] = []
    sizes = {s.name for s in applied.family.sizes} | {p.name for p in applied.family.statics}
    for family in families(applied.family):
        own = {s.name for s in family.sizes} | {p.name for p in family.statics} | sizes
        for expr in _static(family.body.get()):
            grade = _grade(expr, own)
            if grade > 1:
                found.append((grade, expr.span))
    grade = max((g for g, _ in found), default=1)
    offending = tuple(dict.fromkeys(span for g, span in found if g == grade))
    return Uniformity(grade, STATEMENTS[grade], offending)


def families(start: Family) -> list[Family]:
    """A family and every one that it calls, directly or not."""
    seen: list[Family] = []
    stack = [start]
    while stack:
        family = stack.pop()
        if family in seen:
            continue
        seen.append(family)
        stack += [e.family for e in _all(family.body.get()) if isinstance(e, Reference)]
    return seen


def _all(expr: object) -> Iterator[Expr]:
    """Every node of an expression, the bodies of static functions included (once each)."""
    stack: list[object] = [expr]
    functions: set[Function] = set()
    while stack:
        at = stack.pop()
        if isinstance(at, tuple):
            stack.extend(at)
        elif isinstance(at, (Family, Span)):
            continue
        elif isinstance(at, Function):
            if at not in functions:
                functions.add(at)
                stack.append(at.body.get())
        elif is_dataclass(at) and not isinstance(at, type):
            if hasattr(at, "span") and hasattr(at, "type"):
                yield at  # type: ignore[misc]
            if isinstance(at, Constant):  # perhaps a million numbers, no node among them
                continue
            stack.extend(getattr(at, f.name) for f in fields(at) if f.compare)


def _static(expr: Expr) -> Iterator[Expr]:
    return (e for e in _all(expr) if isinstance(e, (Apply, Invoke)) and isinstance(e.type, Static))


def _grade(expr: Expr, sizes: set[str]) -> int:
    """What one operation of index arithmetic asks for."""
    if isinstance(expr, Invoke):
        return 3 if _recursive(expr.function) else 1
    assert isinstance(expr, Apply)
    varying = [a for a in expr.arguments if not _constant(a)]
    if not varying or expr.function in _SIMPLE:
        return 1
    match expr.function:
        case "*":
            return 1 if len(varying) < 2 or any(_power_of_two(a) for a in expr.arguments) else 2
        case "//" | "%":
            return 1 if _constant(expr.arguments[1]) or _power_of_two(expr.arguments[1]) else 2
        case "**":
            return 1 if _constant(expr.arguments[0]) or _constant(expr.arguments[1]) else 2
        case name if name in _LOGARITHMS:
            return 1 if all(_names(a) <= sizes for a in expr.arguments) else 2
        case name if name in _HARD:
            return 3
        case _:
            return 2


def _constant(expr: Expr) -> bool:
    return not _names(expr)


def _names(expr: Expr) -> set[str]:
    return {e.name for e in _all(expr) if isinstance(e, Variable)}


def _power_of_two(expr: Expr) -> bool:
    match expr:
        case Apply(function="**", arguments=(Constant(value=int() as base), _)):
            return base > 0 and base & (base - 1) == 0
        case _:
            return False


def _recursive(function: Function) -> bool:
    return any(isinstance(e, Invoke) and e.function is function for e in _all(function.body.get()))
