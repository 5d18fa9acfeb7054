"""Figures of a family that calls itself: guessed from a small basis, proved by substitution into the recurrence.

F(n) = own(n) + the sum of F(argument) over the calls, or the greatest of own(n) and the F(argument) + c. The guess is
fitted to values computed from the recurrence itself; what is shown is only what the substitution proves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product as combinations

from tc0.dsl.base.record import record
from tc0.dsl.symbolic.atoms import ceil_log, power, substitute
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise, chambers
from tc0.dsl.symbolic.polynomial import ONE, ZERO, NotClosed, Polynomial

P = Polynomial.of
FITTED = 64  # values that a guess must agree with before a proof is tried
EXCEPTIONS = 2  # first sizes that may differ from the closed form
WIDEST = 8  # calls of one place that are written out


@record
class Recursion:
    """One call: the guards (in the size) under which it is made, and the size it is made with."""

    guards: Guards
    argument: Polynomial


def spread(
    indices: Sequence[str], constraints: Guards, values: Sequence[Polynomial]
) -> list[tuple[Guards, list[Polynomial]]]:
    """Values at the points of one place, its index variables written out; they must range over few constants."""
    ranges = []
    for index in indices:
        low = [-c for p in constraints if p.linear(index) == 1 and (c := (p - P(index)).constant()) is not None]
        high = [c for p in constraints if p.linear(index) == -1 and (c := (p + P(index)).constant()) is not None]
        if not low or not high:
            raise NotClosed("a recursion whose calls are not a constant number")
        span = range(int(max(low)), int(min(high)) + 1)
        if len(span) > WIDEST:
            raise NotClosed("a recursion of too many calls")
        ranges.append(span)
    found = []
    for point in combinations(*ranges):
        change = {index: P(value) for index, value in zip(indices, point, strict=True)}
        guards = tuple(substitute(p, change) for p in constraints)
        if any((c := p.constant()) is not None and c < 0 for p in guards):
            continue
        found.append((tuple(p for p in guards if p.constant() is None), [substitute(p, change) for p in values]))
    return found


@record
class Recurrence:
    """own: what one activation adds. calls: the recursive ones. join: whether figures add up or the greatest counts.
    deeper: what a call's figure is raised by, call by call (GREATEST only)."""

    name: str
    own: Piecewise
    calls: tuple[Recursion, ...]
    deeper: tuple[int, ...]
    presumed: Assumptions
    least: int

    def values(self, count: int) -> dict[int, int]:
        """The first values, computed from the recurrence."""
        found: dict[int, int] = {}

        def value(n: int) -> int:
            if n not in found:
                at = {self.name: n}
                inner = []
                for c, by in zip(self.calls, self.deeper, strict=True):
                    if self._made(c, at):
                        argument = int(c.argument.at(at))
                        if not 0 <= argument < n:
                            raise NotClosed(f"a recursion that does not get smaller at {self.name} = {n}")
                        inner.append(value(argument) + by)
                own = self.own.at(at)
                found[n] = own + sum(inner) if self.own.join is Join.SUM else max([own, *inner])
            return found[n]

        for n in range(self.least, self.least + count):
            value(n)
        return {n: v for n, v in found.items() if n >= self.least}

    def _made(self, call: Recursion, at: Mapping[str, int]) -> bool:
        return all(p.at(at) >= 0 for p in call.guards)


def guessed(recurrence: Recurrence) -> Piecewise | None:
    """The closed form of a recurrence; the first sizes may be exceptions. None where none of the basis is proved."""
    values = recurrence.values(FITTED)
    for start in range(recurrence.least, recurrence.least + EXCEPTIONS + 1):
        later = {n: v for n, v in values.items() if n >= start}
        for basis in _bases(recurrence.name):
            guess = _fit(basis, later, recurrence.name)
            if guess is not None and _proved(guess, recurrence, later, start):
                return _with_exceptions(guess, recurrence, values, start)
    return None


def _with_exceptions(guess: Polynomial, recurrence: Recurrence, values: Mapping[int, int], start: int) -> Piecewise:
    n = P(recurrence.name)
    pieces: list[tuple[list[Polynomial], Polynomial]] = [([n - start] if start > recurrence.least else [], guess)]
    pieces += [([n - v, v - n], P(values[v])) for v in range(recurrence.least, start)]
    return Piecewise.of(recurrence.own.join, pieces)


def _bases(name: str) -> Iterator[list[Polynomial]]:
    n = P(name)
    log = ceil_log(n)
    yield [ONE, n]
    yield [ONE, log]
    yield [ONE, n, n**2]
    yield [ONE, n, log]
    yield [ONE, n, n * log, power(log)]
    yield [ONE, log, log**2]
    yield [ONE, n, n**2, n**3]
    yield [ONE, n, power(log), power(log) ** 2, n * log, log]


def _fit(basis: Sequence[Polynomial], values: Mapping[int, int], name: str) -> Polynomial | None:
    """The combination of the basis that agrees with all values; None if there is none."""
    points = sorted(values)
    few = points[:: max(1, len(points) // (3 * len(basis)))]
    rows = [[Fraction(b.at({name: n})) for b in basis] + [Fraction(values[n])] for n in few]
    solution = _eliminate(rows, len(basis))
    if solution is None:
        return None
    guess = sum((b * c for b, c in zip(basis, solution, strict=True)), ZERO)
    return guess if all(guess.at({name: n}) == values[n] for n in points) else None


def _eliminate(rows: list[list[Fraction]], unknowns: int) -> list[Fraction] | None:
    """Gauss, exactly; None where the rows do not determine the unknowns."""
    rows = [list(row) for row in rows]
    for column in range(unknowns):
        pivot = next((r for r in range(column, len(rows)) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        scale = rows[column][column]
        rows[column] = [x / scale for x in rows[column]]
        for r in range(len(rows)):
            if r != column and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[column], strict=True)]
    if any(row[-1] for row in rows[unknowns:]):
        return None
    return [rows[k][-1] for k in range(unknowns)]


# ---- proofs


def _proved(guess: Polynomial, recurrence: Recurrence, values: Mapping[int, int], start: int) -> bool:
    """Whether the guess satisfies the recurrence at every size: in every combination of its guards either there are
    finitely many sizes, which were all computed, or the two sides are equal polynomials."""
    guards = list(dict.fromkeys(g for c in recurrence.calls for g in c.guards))
    guards += [g for g in recurrence.own.guards() if g not in guards]
    if len(guards) > 8:
        return False
    for sides in combinations((True, False), repeat=len(guards)):
        region = [g if side else -g - 1 for g, side in zip(guards, sides, strict=True)]
        known = Assumptions((*recurrence.presumed.constraints, *region, P(recurrence.name) - start))
        if not known.feasible([]):
            continue
        if not known.feasible([P(recurrence.name) - max(values)]):
            continue  # finitely many sizes, all of them computed
        live = [c for c in recurrence.calls if all(g in region for g in c.guards)]
        if any(g not in region and -g - 1 not in region for c in recurrence.calls for g in c.guards):
            return False
        if not all(known.proves(c.argument - start) for c in live):
            return False  # the calls must be of sizes that the closed form speaks of
        check = _sums if recurrence.own.join is Join.SUM else _greatest
        if not check(guess, recurrence, live, known):
            return False
    return True


def _at(guess: Polynomial, name: str, argument: Polynomial, known: Assumptions) -> Polynomial:
    return substitute(guess, {name: argument}, known)


def _sums(guess: Polynomial, recurrence: Recurrence, live: Sequence[Recursion], known: Assumptions) -> bool:
    total = sum((_at(guess, recurrence.name, c.argument, known) for c in live), ZERO)
    own = Piecewise.of(Join.SUM, [*recurrence.own.pieces, ((), total - guess)])
    cases = chambers(own, known)
    return cases is not None and all(not c.polynomial for c in cases)


def _greatest(guess: Polynomial, recurrence: Recurrence, live: Sequence[Recursion], known: Assumptions) -> bool:
    """The greatest of own and the raised calls: the call with the largest argument decides, the guess being monotone."""
    if any(c < 0 for monomial, c in guess.terms.items() if monomial):
        return False
    raised = dict(zip(map(id, recurrence.calls), recurrence.deeper, strict=True))
    candidates = [(c.argument, raised[id(c)]) for c in live]
    for argument, by in candidates:
        if all(known.proves(argument - other) and by >= other_by for other, other_by in candidates):
            top = _at(guess, recurrence.name, argument, known) + by
            if top != guess:
                return False
            # the activation's own part must not exceed it anywhere: it is at most the growth of one level
            return all(known.implied(guess - p, g) or not known.feasible(g) for g, p in recurrence.own.pieces)
    if candidates:
        return False
    own = chambers(recurrence.own, known)
    return own is not None and all(c.polynomial == guess for c in own)
