"""Recursions whose calls form a chain, unfolded into one sum (or one greatest value) over the steps.

Where all calls of an activation are of the same parameters, those after u steps are known outright: n - d u for a step
of d, floor((n - s) / 2**(k u)) + s for a step of floor((n + c) / 2**k), since floors of floors by numbers compose. Then

    F(p) = own(p) + the sum over u >= 0, as long as calls are made, of m**(u + 1) own(p after u + 1 steps)

by induction on the number of steps, m being the number of the calls: a sum over integer points like any other. That the
calls stop once they are not made is what must hold of their guards: each falls along the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tc0.dsl.base.record import record
from tc0.dsl.symbolic.atoms import ceil_div, floor_div, power, substitute
from tc0.dsl.symbolic.counting import count
from tc0.dsl.symbolic.extremes import maximum
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise
from tc0.dsl.symbolic.polynomial import ZERO, NotClosed, Polynomial
from tc0.dsl.symbolic.sums import sum_between

P = Polynomial.of
STEP = "step"
POINT = "step'"


@record
class Chain:
    """Calls of the same parameters: where they are made, with what, how many, and by what each raises the figure."""

    guards: Guards
    arguments: Mapping[str, Polynomial]
    copies: int
    deeper: Polynomial


def unfolded(own: Piecewise, chain: Chain, presumed: Assumptions) -> tuple[Piecewise, bool] | None:
    """The figure, and whether it is exact (a greatest value may be a bound); None where the parameters after some steps
    are not known in closed form. Raises NotClosed where the sum is not."""
    known = Assumptions((*presumed.constraints, *chain.guards, P(STEP)))
    now = iterated(chain.arguments, known, P(STEP))
    after = iterated(chain.arguments, known, P(STEP) + 1)
    if now is None or after is None:
        return None
    made = [_at(g, now, known) for g in chain.guards]
    if not all(known.implied(g - _at(f, after, known), made) for f, g in zip(chain.guards, made, strict=True)):
        return None
    made = [_solved(g, known) for g in made]
    if own.join is Join.SUM:
        return _summed(own, chain, presumed, made, after, known), True
    return _greatest(own, chain, presumed, made, after, now, known)


def iterated(
    arguments: Mapping[str, Polynomial], known: Assumptions, steps: Polynomial
) -> dict[str, Polynomial] | None:
    """The parameters after some steps; None where they are not known in closed form."""
    changing = {name for name, p in arguments.items() if p != P(name)}
    found: dict[str, Polynomial] = {}
    for name in changing:
        moved = _iterate(name, arguments[name], changing, steps, known)
        if moved is None:
            return None
        found[name] = moved
    return found


def _iterate(
    name: str, argument: Polynomial, changing: set[str], steps: Polynomial, known: Assumptions
) -> Polynomial | None:
    if not (argument - P(name)).names() & changing:
        return P(name) + (argument - P(name)) * steps
    divided = _divided(name, argument)
    if divided is None:
        return None
    exponent, fixed = divided
    return floor_div(P(name) - fixed, power(steps * exponent), known) + fixed


def _divided(name: str, argument: Polynomial) -> tuple[int, int] | None:
    """k and s where the argument is floor((x - s) / 2**k) + s; None if it is not of this form."""
    floors = [s for s in argument.symbols() if s.kind == "floor"]
    if len(floors) != 1:
        return None
    top, bottom = floors[0].arguments
    divisor, shift = bottom.constant(), (top - P(name)).constant()
    if not isinstance(divisor, int) or not isinstance(shift, int) or divisor & (divisor - 1):
        return None
    rest = argument - Polynomial.symbol(floors[0])
    offset = rest.constant()
    if offset is None:  # x - floor((x + c) / 2) = floor((x - c + 1) / 2)
        rest = argument + Polynomial.symbol(floors[0]) - P(name)
        offset = rest.constant()
        if divisor != 2 or offset is None:
            return None
        shift = 1 - shift
    if not isinstance(offset, int):
        return None
    fixed, odd = divmod(shift + divisor * offset, divisor - 1)
    return None if odd else (divisor.bit_length() - 1, fixed)


def _at(p: Polynomial, values: dict[str, Polynomial], known: Assumptions) -> Polynomial:
    return substitute(p, values, known)


def _solved(guard: Polynomial, known: Assumptions) -> Polynomial:
    """A guard a + b u >= 0 as a bound on u, where b is a polynomial of known sign."""
    slopes = guard.coefficients(STEP)
    if set(slopes) != {0, 1} or any(STEP in p.names() for p in slopes.values()):
        return guard
    offset, slope = slopes[0], slopes[1]
    if slope.constant() is not None:
        return guard
    if known.proves(-slope - 1):
        return floor_div(offset, -slope, known) - P(STEP)
    if known.proves(slope - 1):
        return P(STEP) - ceil_div(-offset, slope, known)
    return guard


def _summed(
    own: Piecewise,
    chain: Chain,
    presumed: Assumptions,
    made: Sequence[Polynomial],
    after: dict[str, Polynomial],
    known: Assumptions,
) -> Piecewise:
    if chain.copies & (chain.copies - 1):
        raise NotClosed(f"a recursion of {chain.copies} calls, {chain.copies} of each")
    copies = power((P(STEP) + 1) * (chain.copies.bit_length() - 1))
    inside = Assumptions((*presumed.constraints, *chain.guards))
    pieces = list(own.pieces)
    for guards, p in own.pieces:
        moved = [_solved(_at(g, after, known), known) for g in guards]
        constraints = [P(STEP), *made, *(g for g in moved if g.constant() is None or (g.constant() or 0) < 0)]
        pieces += [
            ((*chain.guards, *g), q) for g, q in count([STEP], constraints, inside, _at(p, after, known) * copies)
        ]
    return Piecewise.of(Join.SUM, pieces)


def _greatest(
    own: Piecewise,
    chain: Chain,
    presumed: Assumptions,
    made: Sequence[Polynomial],
    after: dict[str, Polynomial],
    now: dict[str, Polynomial],
    known: Assumptions,
) -> tuple[Piecewise, bool]:
    raised = _at(chain.deeper, {n: substitute(p, {STEP: P(POINT)}) for n, p in now.items()}, known)
    deeper = sum_between(raised, POINT, ZERO, P(STEP), known)
    inside = Assumptions((*presumed.constraints, *chain.guards))
    pieces, exact = list(own.pieces), True
    for guards, p in own.pieces:
        moved = [_solved(_at(g, after, known), known) for g in guards]
        constraints = [P(STEP), *made, *(g for g in moved if g.constant() is None or (g.constant() or 0) < 0)]
        found = maximum(_at(p, after, known) + deeper, [STEP], constraints, inside)
        pieces += [((*chain.guards, *g), q) for g, q in found.candidates]
        exact = exact and found.exact
    return Piecewise.of(Join.GREATEST, pieces), exact
