"""Recursions by two halves that stop below a size: exact whatever the smallest parts add.

After t steps floor(n / 2**k) and that plus 1 are the only sizes, n - 2**t floor(n / 2**t) times the greater one. With
b the greatest size that is not halved, steps 0 .. u - 1 are whole for u = floor(log2(floor(n / (b + 1)))) + 1, and the
parts after step u have a size c or c + 1 with c <= b, of which at most those of size b + 1 are halved once more. If an
activation adds d + e n, the whole steps add d (2**u - 1) + e n u.
"""

from __future__ import annotations

from tc0.dsl.analysis.recurrence import Recurrence
from tc0.dsl.symbolic.atoms import ceil_log, floor_div, power
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise
from tc0.dsl.symbolic.polynomial import ZERO, Polynomial

P = Polynomial.of
LARGEST = 8  # the greatest size that is not halved


def by_halves(recurrence: Recurrence) -> Piecewise | None:
    """The figure where both calls are made from one size on, of half the size each; None if it is no such recursion."""
    name = recurrence.name
    n = P(name)
    half = floor_div(n, 2)
    if sorted(str(c.argument) for c in recurrence.calls) != sorted((str(half), str(n - half))):
        return None
    if recurrence.own.join is not Join.SUM or len({c.guards for c in recurrence.calls}) != 1:
        return None
    guards = recurrence.calls[0].guards
    first = (n - guards[0]).constant() if len(guards) == 1 else None
    if not isinstance(first, int) or not 2 <= first <= LARGEST + 1:
        return None
    last = first - 1
    added = _added(recurrence, last)
    if added is None:
        return None
    offset, slope = added
    values = recurrence.values(last + 2 - recurrence.least)
    known = Assumptions((*recurrence.presumed.constraints, n - last - 1))
    steps = ceil_log(floor_div(n, last + 1, known) + 1, known)
    parts = power(steps)
    whole = (parts - 1) * offset + n * steps * slope
    pieces: list[tuple[Guards, Polynomial]] = []
    for size in range((last + 1) // 2, last + 1):
        here = [n - last - 1]
        here += [n - parts * size] if size > (last + 1) // 2 else []
        here += [parts * (size + 1) - n - 1] if size < last else []
        greater = n - parts * size
        own = (parts - greater) * values.get(size, 0) + greater * values.get(size + 1, 0)
        pieces.append((tuple(here), whole + own))
    if len({p for _, p in pieces}) == 1:
        pieces = [((n - last - 1,), pieces[0][1])]
    pieces += [((n - v, v - n), P(value)) for v, value in values.items() if v <= last]
    return Piecewise.of(Join.SUM, pieces)


def _added(recurrence: Recurrence, last: int) -> tuple[Polynomial, Polynomial] | None:
    """d and e where an activation that is halved adds d + e n; None if it adds something else."""
    name = recurrence.name
    known = Assumptions((*recurrence.presumed.constraints, P(name) - last - 1))
    total = ZERO
    for guards, p in recurrence.own.pieces:
        if all(known.proves(g) for g in guards):
            total = total + p
        elif known.feasible(guards):
            return None
    powers = total.coefficients(name)
    if any(k > 1 or p.names() for k, p in powers.items()):
        return None
    return powers.get(0, ZERO), powers.get(1, ZERO)
