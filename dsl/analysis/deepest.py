"""The greatest figure of a recursion: which of its calls decides, and depth as paths from inputs and from constants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tc0.dsl.analysis.problem import Call, Place, Problem
from tc0.dsl.base.record import record
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise, negated
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial

P = Polynomial.of


def with_greatest_call(problem: Problem) -> tuple[Problem, bool]:
    """Of several calls the one of the largest size decides, where the figure is known not to fall as that size grows; a
    bound, where another call raises the figure by more."""
    if len(problem.calls) == 1:
        return problem, True
    for name in problem.changing:
        first = problem.calls[0].arguments
        if any(c.arguments[n] != first[n] for c in problem.calls for n in problem.names if n != name):
            continue
        monotone = _monotone(problem, name)
        for call in problem.calls if monotone else ():
            if all(_exceeds(call, other, name, problem.presumed) for other in problem.calls):
                return replace(problem, calls=(call,)), True
        raised = [c.deeper.constant() for c in problem.calls]
        if any(type(by) is not int for by in raised):
            continue
        for call in problem.calls:
            most = replace(call, deeper=P(max(int(by or 0) for by in raised)))
            bound = replace(problem, calls=(most,))
            if all(_exceeds(most, other, name, problem.presumed) for other in problem.calls) and _monotone(bound, name):
                return bound, False
    return problem, True


def _exceeds(call: Call, other: Call, name: str, presumed: Assumptions) -> bool:
    return (
        all(presumed.implied(g, other.guards) for g in call.guards)
        and presumed.implied(call.arguments[name] - other.arguments[name], other.guards)
        and presumed.implied(call.deeper - other.deeper, other.guards)
    )


def _monotone(problem: Problem, name: str) -> bool:
    """Whether the figure at x + 1 is at least that at x, by induction: so are what an activation adds and its calls."""
    known = problem.presumed

    def next_(p: Polynomial) -> Polynomial:
        return substitute(p, {name: P(name) + 1}, known)

    for call in problem.calls:
        if not all(known.implied(next_(g), call.guards) for g in call.guards):
            return False
        rises = [next_(call.arguments[name]) - call.arguments[name], next_(call.deeper) - call.deeper]
        if not all(known.implied(p, call.guards) for p in rises):
            return False
    following = [([next_(g) for g in guards], next_(p)) for guards, p in problem.own.pieces]
    for call in problem.calls:  # what its calls add at x + 1
        change = {n: next_(p) for n, p in call.arguments.items()}
        made, deeper = [next_(g) for g in call.guards], next_(call.deeper)
        following += [
            ([*made, *(substitute(g, change, known) for g in guards)], substitute(p, change, known) + deeper)
            for guards, p in problem.own.pieces
        ]
    return all(
        all(
            any(all(known.implied(h, cell) for h in later) and known.implied(q - p, cell) for later, q in following)
            for cell in _cells(guards, [next_(g) for g in guards], known)
        )
        for guards, p in problem.own.pieces
    )


def _cells(guards: Guards, later: Sequence[Polynomial], known: Assumptions) -> Iterator[list[Polynomial]]:
    """The points at which guards hold, by whether they still hold one further, or which is the first that does not."""
    before: list[Polynomial] = []
    for guard in later:
        cell = [*guards, *before, -guard - 1]
        if known.feasible(cell):
            yield cell
        before.append(guard)
    yield [*guards, *before]


# ---- depth


@record
class Paths:
    """The depth of an activation, taken apart. inner: of paths from its inputs, beyond their depth. apart: of paths from
    constants. calls, shorter: its calls, raising a path from an input by what lies before and after it, one from a
    constant by what lies after it."""

    inner: Piecewise
    apart: Piecewise
    calls: list[Place]
    shorter: list[Place]


def split(depth: Piecewise, entry: Polynomial, order: Mapping[str, int]) -> Paths:
    """Pieces `depth of a call + c` are the calls, those with the depth of the inputs the paths from them."""
    inner: list[tuple[Guards, Polynomial]] = []
    apart: list[tuple[Guards, Polynomial]] = []
    calls: list[Place] = []
    shorter: list[Place] = []
    for guards, p in depth.pieces:
        atoms = [s for s in p.symbols() if s.text.startswith("depth[")]
        if atoms:
            after = p - Polynomial.symbol(atoms[0])
            before = atoms[0].arguments[-1]
            if len(atoms) > 1 or (after + before).names() & {*entry.names()} or "depth[" in str(after):
                raise NotClosed("a recursion whose depth is no sum")
            arguments = {name: atoms[0].arguments[at] for name, at in order.items()}
            calls.append(((), guards, arguments, after + before))
            shorter.append(((), guards, arguments, after))
        elif p.names() & entry.names():
            inner.append((guards, p - entry))
        else:
            apart.append((guards, p))
    greatest = Join.GREATEST
    return Paths(Piecewise.of(greatest, inner), Piecewise.of(greatest, apart), calls, shorter)


def covers(value: Piecewise, calls: Sequence[Call], known: Assumptions) -> bool:
    """Whether a value has a piece, or a call is made, at every point: then by induction each has a path of its own."""
    gaps: list[Guards] = [()]
    for guards in [*(g for g, _ in value.pieces), *(c.guards for c in calls)]:
        gaps = [
            cell
            for gap in gaps
            for k, guard in enumerate(guards)
            if known.feasible(cell := (*gap, *guards[:k], negated(guard)))
        ]
    return not gaps


def exceeds(value: Piecewise, other: Piecewise, known: Assumptions) -> bool:
    """Whether wherever the other has a piece the value has one at least as great."""
    return all(
        not known.feasible(guards)
        or any(all(known.implied(h, guards) for h in own) and known.implied(q - p, guards) for own, q in value.pieces)
        for guards, p in other.pieces
    )
