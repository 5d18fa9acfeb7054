"""What a family that calls itself adds up to: its calls prepared, then unfolded, by halves, or guessed and proved.

A figure F of the family satisfies F(p) = own(p) + the sum of F(arguments) over its calls, or the greatest of own(p) and
the raised F(arguments). `solve` gives F in closed form; each is also held against values computed from the recurrence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from math import lcm

from tc0.dsl.analysis.chains import Chain, unfolded
from tc0.dsl.analysis.deepest import covers, with_greatest_call
from tc0.dsl.analysis.halves import by_halves
from tc0.dsl.analysis.problem import Call, Place, Problem, values_of
from tc0.dsl.analysis.recurrence import Recurrence, Recursion, guessed, spread
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.counting import count
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise, negated, union
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial, Symbol

P = Polynomial.of
TRIED = 60  # points at which a closed form is held against the recurrence
WRITTEN_OUT = 40  # activations of a call with known parameters


def prepared(places: Sequence[Place], presumed: Assumptions) -> tuple[tuple[Call, ...], Assumptions]:
    """Calls with their binders written out or counted, without those that would never end; and what is presumed of the
    parameters then: where a call leads to itself under the same guard there is no circuit."""
    calls: list[Call] = []
    for indices, constraints, arguments, deeper in places:
        for call in _written_out(indices, constraints, arguments, deeper, presumed):
            if not presumed.feasible(call.guards):
                continue
            guards = tuple(presumed.reduced([g for g in call.guards if not presumed.proves(g)]))
            calls.append(replace(call, guards=guards))
    kept = []
    for call in calls:
        known = Assumptions((*presumed.constraints, *call.guards))
        again = [substitute(g, dict(call.arguments), known) for g in call.guards]
        if len(call.guards) == 1 and known.proves(again[0] - call.guards[0]):
            presumed = Assumptions((*presumed.constraints, negated(call.guards[0])))
        else:
            kept.append(call)
    return _merged([c for c in kept if presumed.feasible(c.guards)], presumed), presumed


def _written_out(
    indices: Sequence[str],
    constraints: Guards,
    arguments: Mapping[str, Polynomial],
    deeper: Polynomial,
    presumed: Assumptions,
) -> Iterator[Call]:
    """The calls of one place, one for each value of the binders that its parameters depend on."""
    used = {n for p in (*arguments.values(), deeper) for n in p.names()}
    varying = [i for i in indices if i in used]
    if not varying:
        for guards, copies in count(indices, constraints, presumed):
            whole = copies.constant()
            if not isinstance(whole, int):
                raise NotClosed("a recursion whose calls are not a constant number")
            yield Call(guards, arguments, whole, deeper)
        return
    for guards, moved in spread(indices, constraints, [*arguments.values(), deeper]):
        yield Call(guards, dict(zip(arguments, moved[:-1], strict=True)), 1, moved[-1])


def _merged(calls: Sequence[Call], presumed: Assumptions) -> tuple[Call, ...]:
    """Calls of the same parameters under the same guards as one; under the two sides of a guard, under neither."""
    found: list[Call] = []
    for call in calls:
        for at, other in enumerate(found):
            if (other.arguments, other.deeper) != (call.arguments, call.deeper):
                continue
            if set(other.guards) == set(call.guards):
                found[at] = replace(other, copies=other.copies + call.copies)
                break
            both = union(other.guards, call.guards, presumed) if other.copies == call.copies else None
            if both is not None:
                found[at] = replace(other, guards=both)
                break
        else:
            found.append(call)
    return tuple(found)


def solve(problem: Problem) -> tuple[Piecewise, bool]:
    """The figure in closed form, and whether it is exact. Raises NotClosed with the reason."""
    problem, first = _with_known_calls(problem), []
    if problem.calls:
        known = problem.presumed
        first = [piece for piece in problem.own.pieces if not any(_leads_to(c, piece[0], known) for c in problem.calls)]
    rest = Piecewise(problem.own.join, tuple(piece for piece in problem.own.pieces if piece not in first))
    found, exact = rest, True
    if problem.calls and rest.pieces:
        inner, decided = replace(problem, own=rest), True
        if rest.join is Join.GREATEST:
            inner, decided = with_greatest_call(inner)
        found, exact = _solved(inner)
        exact = exact and decided
    found = found.plus(Piecewise(rest.join, tuple(first)))
    for point, value in islice(values_of(problem), TRIED):
        closed = found.at(point)
        assert closed == (value or 0) if exact else closed >= (value or 0), (point, closed, value)
    return found, exact


def _leads_to(call: Call, guards: Guards, known: Assumptions) -> bool:
    """Whether a call may be one of parameters at which the guards hold."""
    arguments = dict(call.arguments)
    return known.feasible([*call.guards, *(substitute(g, arguments, known) for g in guards)])


def _solved(problem: Problem) -> tuple[Piecewise, bool]:
    reason = NotClosed("a recursion whose closed form is not found")
    if len({c.guards for c in problem.calls}) == 1 and len(problem.calls) == 1:
        call = problem.calls[0]
        try:
            chained = unfolded(
                problem.own, Chain(call.guards, call.arguments, call.copies, call.deeper), problem.presumed
            )
            if chained is not None:
                return chained
        except NotClosed as e:
            reason = e
    changing = problem.changing
    if len(changing) != 1:
        raise reason if len(problem.calls) == 1 else NotClosed("a recursion in several sizes at once")
    (name,) = changing
    if problem.own.join is Join.SUM:
        return _by_parts(problem, name, reason), True
    calls = tuple(Recursion(c.guards, c.arguments[name]) for c in problem.calls)
    deeper = [c.deeper.constant() for c in problem.calls]
    if problem.names != (name,) or not all(isinstance(d, int) for d in deeper):
        raise reason
    if not covers(problem.own, problem.calls, problem.presumed):
        raise reason  # values of a `Recurrence` count nothing as 0
    raised = tuple(int(d or 0) for d in deeper)
    found = guessed(Recurrence(name, problem.own, calls, raised, problem.presumed, problem.least[name]))
    if found is None:
        raise reason
    return found, True


def _by_parts(problem: Problem, name: str, reason: NotClosed) -> Piecewise:
    """A sum that recurs in one parameter: it is linear in what an activation adds, so that each monomial of the other
    parameters is a recurrence of its own, in numbers."""
    if any(g.names() - {name} for c in problem.calls for g in c.guards):
        raise reason
    if any(c.arguments[name].names() - {name} for c in problem.calls):
        raise reason
    least = problem.least[name]
    presumed = Assumptions(tuple(p for p in problem.presumed.constraints if p.names() <= {name}))
    calls = tuple(Recursion(c.guards, c.arguments[name]) for c in problem.calls for _ in range(c.copies))
    total: list[tuple[Guards, Polynomial]] = []
    for factor, own in _parts(problem.own, name, reason):
        recurrence = Recurrence(name, own, calls, tuple(0 for _ in calls), presumed, least)
        found = guessed(recurrence)
        if found is None:
            found = by_halves(recurrence)
        if found is None:
            raise reason
        total += [(guards, p * factor) for guards, p in found.pieces]
    return Piecewise.of(Join.SUM, total)


def _parts(own: Piecewise, name: str, reason: NotClosed) -> list[tuple[Polynomial, Piecewise]]:
    """What an activation adds as a sum of products: a monomial free of the name, and pieces in the name alone."""
    parts: dict[Polynomial, list[tuple[Guards, Polynomial]]] = {}
    for guards, p in own.pieces:
        if any(g.names() - {name} for g in guards):
            raise reason
        for monomial, coefficient in p.terms.items():
            outer: list[tuple[Symbol, int]] = []
            inner: list[tuple[Symbol, int]] = []
            for symbol, exponent in monomial:
                names = Polynomial.symbol(symbol).names()
                if name in names and names != {name}:
                    raise reason
                (inner if name in names else outer).append((symbol, exponent))
            factor = Polynomial({tuple(outer): 1})
            parts.setdefault(factor, []).append((guards, Polynomial({tuple(inner): coefficient})))
    found = []
    for factor, pieces in parts.items():
        scale = lcm(*(Fraction(c).denominator for _, p in pieces for c in p.terms.values()))
        whole = Piecewise.of(Join.SUM, [(guards, p * scale) for guards, p in pieces])
        found.append((factor * Fraction(1, scale), whole))
    return found


# ---- calls with known parameters


def _with_known_calls(problem: Problem) -> Problem:
    """Calls whose parameters are known (a part of length 1) as what they add themselves."""
    changing = problem.changing
    known = [c for c in problem.calls if all(c.arguments[n].constant() is not None for n in changing)]
    others = tuple(c for c in problem.calls if c not in known)
    if not known:
        return problem
    pieces = list(problem.own.pieces)
    for call in known:
        value = _evaluated(problem, {n: call.arguments[n] for n in changing}, [WRITTEN_OUT])
        join = problem.own.join
        value = value.scaled(call.copies) if join is Join.SUM else _raised(value, call.deeper)
        pieces += [((*call.guards, *g), p) for g, p in value.pieces]
    return replace(problem, own=Piecewise.of(problem.own.join, pieces), calls=others)


def _raised(value: Piecewise, by: Polynomial) -> Piecewise:
    return Piecewise.of(value.join, [(g, p + by) for g, p in value.pieces])


def _evaluated(problem: Problem, point: dict[str, Polynomial], left: list[int]) -> Piecewise:
    """The figure at known values of the parameters that change, by writing out its activations."""
    left[0] -= 1
    if left[0] < 0:
        raise NotClosed("a recursion of too many calls")
    found = _placed(problem.own, point)
    for call in problem.calls:
        guards = [substitute(g, point) for g in call.guards]
        if any((c := g.constant()) is not None and c < 0 for g in guards):
            continue
        inner = {n: substitute(call.arguments[n], point) for n in point}
        if any(p.constant() is None for p in inner.values()):
            raise NotClosed("a recursion of too many calls")
        value = _evaluated(problem, inner, left)
        deeper = substitute(call.deeper, point)
        value = value.scaled(call.copies) if found.join is Join.SUM else _raised(value, deeper)
        rest = tuple(g for g in guards if g.constant() is None)
        found = found.plus(Piecewise.of(found.join, [((*rest, *g), p) for g, p in value.pieces]))
    return found


def _placed(value: Piecewise, point: dict[str, Polynomial]) -> Piecewise:
    pieces = []
    for guards, p in value.pieces:
        moved = [substitute(g, point) for g in guards]
        if not any((c := g.constant()) is not None and c < 0 for g in moved):
            pieces.append((tuple(g for g in moved if g.constant() is None), substitute(p, point)))
    return Piecewise.of(value.join, pieces)
