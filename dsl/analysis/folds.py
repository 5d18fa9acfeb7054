"""Folds in the cost reading: the steps as a time index, or written out where they are few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tc0.dsl.analysis.domain import Domain
from tc0.dsl.analysis.values import Array, BitContent, Cases, Number, Value, one
from tc0.dsl.analysis.wires import deepest
from tc0.dsl.core.program import Fold
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial

if TYPE_CHECKING:
    from tc0.dsl.analysis.cost import Walk
    from tc0.dsl.analysis.numbers import Environment

P = Polynomial.of
MOST_WRITTEN_OUT = 4  # steps of a fold


def fold(walk: Walk, expr: Fold, env: Environment, at: Domain) -> Cases:
    """A fold as a time index: its gates are summed over the steps; the depth of its state grows by a constant a step.
    Few steps are written out, where there are few in every case: a place is either written out or not."""
    cases: list[tuple[Guards, Value, Polynomial]] = []
    for guards, init in walk.cases(expr.init, env, at):
        for own, times in walk.numbers(expr.times, env, at.under(guards)):
            cases.append(((*guards, *own), init, times))
    few = all(isinstance(c := times.constant(), int) and c <= MOST_WRITTEN_OUT for _, _, times in cases)
    return tuple(
        (guards, _folded(walk, expr, init, times, few, env, at.under(guards))) for guards, init, times in cases
    )


def _folded(walk: Walk, expr: Fold, init: Value, times: Polynomial, few: bool, env: Environment, at: Domain) -> Value:
    steps = times.constant()
    if steps == 0:
        return init
    if few and isinstance(steps, int):
        return _unrolled(walk, expr, init, steps, env, at)
    if not isinstance(init, Array) or not isinstance(init.content, BitContent):
        raise NotClosed(f"the fold `{expr.span.text[:40]}` of forms or numbers")
    name, depth = walk.fresh(expr.index), walk.fresh("depth")
    inner = at.bind(name, P(0), times)
    known = Assumptions((*inner.parameters.constraints, P(depth)))
    inner = Domain(inner.indices, inner.constraints, known, Assumptions((*known.constraints, *inner.constraints)))
    state = Array(init.indices, init.dims, BitContent(Piecewise.of(Join.GREATEST, [((), P(depth))])))
    scope = {**env, expr.state: one(state), expr.index: one(Number(P(name)))}
    if inner.empty:
        return init
    walk.folds.append(name)
    after = walk.cases(expr.step, scope, inner)
    walk.folds.pop()
    if len(after) != 1 or not isinstance(after[0][1], Array) or not isinstance(after[0][1].content, BitContent):
        raise NotClosed(f"the fold `{expr.span.text[:40]}` whose step is a case distinction")
    growth, exact = _step_depth(after[0][1], depth)
    start, start_exact = deepest(init, at)
    uniform = _uniform(init)
    content = BitContent(raised_by(start, growth * times), init.content.exact and start_exact and exact and uniform)
    return Array(init.indices, init.dims, content)


def _uniform(array: Array) -> bool:
    """Whether all elements are known to have the same depth."""
    assert isinstance(array.content, BitContent)
    found = {p for _, p in array.content.depth.pieces}
    return len(found) == 1 and not any(p.names() & {*array.indices} for p in found)


def raised_by(value: Piecewise, by: Polynomial) -> Piecewise:
    """Every piece of a greatest value plus a polynomial."""
    return Piecewise.of(value.join, [(guards, p + by) for guards, p in value.pieces])


def _step_depth(after: Array, depth: str) -> tuple[int, bool]:
    """By how much a step deepens its state; exact where every element is deepened by the same."""
    assert isinstance(after.content, BitContent)
    growths: list[int] = []
    floors: list[int] = []
    guarded_pieces = False
    for guards, p in after.content.depth.pieces:
        by = (p - P(depth)).constant()
        if by is not None:
            growths.append(int(by))
            guarded_pieces = guarded_pieces or bool(guards)
        elif p.constant() is not None:
            floors.append(int(p.constant() or 0))
        else:
            raise NotClosed("a fold whose steps deepen its state unevenly")
    growth = max(growths, default=0)
    # what a step adds from elsewhere is no deeper than the state, as long as it is at most what a step adds to it
    if any(floor > growth for floor in floors):
        growth, guarded_pieces = max(growth, *floors), True
    return growth, after.content.exact and not guarded_pieces and len(set(growths)) == 1


def _unrolled(walk: Walk, expr: Fold, init: Value, steps: int, env: Environment, at: Domain) -> Value:
    state: Value = init
    walk.unrolled.add((tuple(walk.path), id(expr)))
    for k in range(steps):
        scope = {**env, expr.state: one(state), expr.index: one(Number(P(k)))}
        walk.path.append(k)
        after = walk.cases(expr.step, scope, at)
        walk.path.pop()
        if len(after) != 1:
            raise NotClosed(f"the fold `{expr.span.text[:40]}` whose step is a case distinction")
        state = after[0][1]
    return state
