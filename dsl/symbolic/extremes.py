"""The greatest value of a polynomial over the integer points of a system of inequalities, as guarded candidates.

The maximum over the points is the greatest of the candidates whose guards hold. Where the projection of the points onto
the parameters is not exact (an index that cannot be eliminated), the candidates are an upper bound, and said to be.
"""

from __future__ import annotations

from collections.abc import Sequence

from tc0.dsl.base.record import record
from tc0.dsl.symbolic.atoms import floor_div, substitute
from tc0.dsl.symbolic.counting import Budget, linearised
from tc0.dsl.symbolic.order import Assumptions, normal
from tc0.dsl.symbolic.polynomial import ZERO, NotClosed, Polynomial

P = Polynomial.of
Guards = tuple[Polynomial, ...]


@record
class Maximum:
    """candidates: (guards in the parameters, value). exact: it is the maximum; otherwise an upper bound."""

    candidates: tuple[tuple[Guards, Polynomial], ...]
    exact: bool


def maximum(
    value: Polynomial,
    indices: Sequence[str],
    constraints: Sequence[Polynomial],
    known: Assumptions,
    budget: Budget | None = None,
) -> Maximum:
    """The greatest `value` over the points; no candidate where there is no point. Raises NotClosed with a reason."""
    found, exact = _maximum(value, list(indices), list(constraints), known, budget or Budget())
    return Maximum(tuple(dict.fromkeys((tuple(guards), p) for guards, p in found)), exact)


Found = tuple[list[tuple[list[Polynomial], Polynomial]], bool]


def _maximum(
    value: Polynomial, indices: list[str], constraints: list[Polynomial], known: Assumptions, budget: Budget
) -> Found:
    budget.spend()
    system: list[Polynomial] = []
    for p in constraints:
        for q in linearised(p, indices, known):
            normalised = normal(q)
            if normalised is False:
                return [], True
            if isinstance(normalised, Polynomial) and normalised not in system:
                system.append(normalised)
    if not known.feasible(system):
        return [], True
    used = value.names() | {name for p in system for name in p.names()}
    indices = [i for i in indices if i in used]
    if not indices:
        return [(known.reduced(system), value)], True
    for p in system:
        if -p in system:
            for index in indices:
                scale = p.linear(index)
                if scale in (1, -1):
                    change = {index: (p - P(index) * scale) * -scale}
                    rest = [q for q in (substitute(c, change, known) for c in system) if q]
                    return _maximum(
                        substitute(value, change, known), [i for i in indices if i != index], rest, known, budget
                    )
    order = sorted(indices, key=lambda i: (i not in value.names(), _coefficient(i, system)))
    for index in order:
        found = _along(index, value, indices, system, known, budget)
        if found is not None:
            return found
    return _relaxed(value, indices, system, known)


def _coefficient(index: str, system: Sequence[Polynomial]) -> int:
    return max((abs(p.linear(index) or 99) for p in system if index in p.names()), default=1)


def _along(
    index: str, value: Polynomial, indices: list[str], system: list[Polynomial], known: Assumptions, budget: Budget
) -> Found | None:
    """The maximum at the end of an index in which the value is monotone; None where it is not known to be."""
    hidden = [p for p in system if index in p.names() and p.linear(index) is None]
    up = True
    if index in value.names():
        step = substitute(value, {index: P(index) + 1}, known) - value
        if known.implied(step, system):
            up = True
        elif known.implied(-step, system):
            up = False
        else:
            return None
    ends = [(abs(p.linear(index) or 1), p) for p in system if p.linear(index) and ((p.linear(index) or 0) < 0) == up]
    if not ends:
        raise NotClosed(f"{index} is unbounded")
    others = [i for i in indices if i != index]
    bounds = [(scale, p - P(index) * (p.linear(index) or 0)) for scale, p in ends]
    found: list[tuple[list[Polynomial], Polynomial]] = []
    exact = True
    for at, (b, f) in enumerate(bounds):
        if b > 1 and any(i in f.names() for i in others):
            return None
        tight = [f2 * b - f * b2 - (1 if k < at else 0) for k, (b2, f2) in enumerate(bounds) if k != at]
        end = floor_div(f, b, known) if up else -floor_div(f, b, known)
        change = {index: end}
        kept = [substitute(p, change, known) for p in (*system, *tight) if p not in hidden]
        held = all(known.implied(substitute(p, change, known), kept) for p in hidden)  # else only at most that
        inner, inner_exact = _maximum(substitute(value, change, known), others, kept, known, budget)
        found += inner
        exact = exact and inner_exact and held
    return found, exact


def _relaxed(value: Polynomial, indices: list[str], system: list[Polynomial], known: Assumptions) -> Found:
    """Where the value does not depend on what is left: it is attained if there is a point, which is not projected."""
    if value.names() & set(indices):
        raise NotClosed(f"no index in which {value} is monotone")
    kept = [p for p in system if not p.names() & set(indices)]
    return [(known.reduced(kept), value)], False


def nonempty(indices: Sequence[str], constraints: Sequence[Polynomial], known: Assumptions) -> Maximum:
    """Guards under which there is a point at all, as the maximum of 0."""
    return maximum(ZERO, indices, constraints, known)
