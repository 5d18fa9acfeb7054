"""What a family that calls itself adds up to: its calls prepared, then unfolded, by halves, or guessed and proved.

A figure F of the family satisfies F(p) = own(p) + the sum of F(arguments) over its calls, or the greatest of own(p) and
the raised F(arguments). `solve` gives F in closed form; each is also held against values computed from the recurrence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, product
from math import lcm

from tc0.dsl.analysis.chains import Chain, unfolded
from tc0.dsl.analysis.halves import by_halves
from tc0.dsl.analysis.recurrence import Recurrence, Recursion, guessed, spread
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.counting import count
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise, negated, union
from tc0.dsl.symbolic.polynomial import ZERO, NotClosed, Polynomial, Symbol

P = Polynomial.of
TRIED = 60  # points at which a closed form is held against the recurrence
MOST_STEPS = 2_000  # activations of one value computed from a recurrence
DEEPEST = 200  # activations within one another
WRITTEN_OUT = 40  # activations of a call with known parameters


Place = tuple[Sequence[str], Guards, Mapping[str, Polynomial], Polynomial]  # binders, guards, parameters, raised by


@dataclass(frozen=True, slots=True)
class Call:
    """guards: in the parameters, where it is made. arguments: of all parameters. copies: how many. deeper: what it raises
    the figure by (GREATEST only)."""

    guards: Guards
    arguments: Mapping[str, Polynomial]
    copies: int = 1
    deeper: Polynomial = ZERO


@dataclass(frozen=True, slots=True)
class Problem:
    """names: the parameters. own: what one activation adds. least: from where on a parameter is tried."""

    names: tuple[str, ...]
    own: Piecewise
    calls: tuple[Call, ...]
    presumed: Assumptions
    least: Mapping[str, int]

    @property
    def changing(self) -> list[str]:
        return [n for n in self.names if any(c.arguments[n] != P(n) for c in self.calls)]


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
            inner, decided = _with_greatest_call(inner)
        found, exact = _solved(inner)
        exact = exact and decided
    found = found.plus(Piecewise(rest.join, tuple(first)))
    for point, value in islice(_values(problem), TRIED):
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


# ---- the greatest call


def _with_greatest_call(problem: Problem) -> tuple[Problem, bool]:
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


@dataclass(frozen=True, slots=True)
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


# ---- values


@dataclass(slots=True)
class _Memo:
    problem: Problem
    found: dict[tuple[int, ...], int | None] = field(default_factory=dict)
    steps: int = 0

    def value(self, point: tuple[int, ...], depth: int = 0) -> int | None:
        """The figure at one point, computed from the recurrence; None for the greatest of nothing."""
        if point in self.found:
            return self.found[point]
        self.steps += 1
        if self.steps > MOST_STEPS or depth > DEEPEST:
            raise NotClosed("a recursion that does not get smaller")
        problem = self.problem
        at = dict(zip(problem.names, point, strict=True))
        total = problem.own.join is Join.SUM
        values: list[int] = [int(p.at(at)) for guards, p in problem.own.pieces if all(g.at(at) >= 0 for g in guards)]
        if total:
            values = [problem.own.at(at)]
        for call in problem.calls:
            if all(g.at(at) >= 0 for g in call.guards):
                value = self.value(tuple(int(call.arguments[n].at(at)) for n in problem.names), depth + 1)
                if value is not None:
                    values.append(value * call.copies if total else value + int(call.deeper.at(at)))
        result = sum(values) if total else max(values, default=None)
        self.found[point] = result
        return result


def _values(problem: Problem) -> Iterator[tuple[dict[str, int], int | None]]:
    """Values at small parameters, computed from the recurrence."""
    memo = _Memo(problem)
    changing = problem.changing
    wide = {1: 24, 2: 7}.get(len(changing), 4)
    ranges = [range(problem.least[n], problem.least[n] + (wide if n in changing else 2)) for n in problem.names]
    for point in product(*ranges):
        at = dict(zip(problem.names, point, strict=True))
        if all(p.at(at) >= 0 for p in problem.presumed.constraints if p.names() <= set(at)):
            yield at, memo.value(point)
