"""Sums over the integer points of a system of inequalities, as closed forms in its parameters.

The method is Pugh's (Counting Solutions to Presburger Formulas, CS-TR-3234): substitute unit equalities, pick the index
that is cheapest to eliminate, split by residues where its bounds have coefficients, split by which bound is the greatest
and which is the least, and sum in closed form. The result is a sum of pieces: each a polynomial, under guards in the
parameters; the guarded sum is exact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd

from tc0.dsl.symbolic.atoms import ceil_div, ceil_log, floor_div, floor_log, substitute
from tc0.dsl.symbolic.order import Assumptions, normal
from tc0.dsl.symbolic.polynomial import ONE, ZERO, Coefficient, NotClosed, Polynomial, Symbol, names_in, plain
from tc0.dsl.symbolic.sums import sum_between

P = Polynomial.of
Guards = tuple[Polynomial, ...]
Pieces = list[tuple[Guards, Polynomial]]
LARGEST_LOGARITHM = 60  # that a guard compares with


@dataclass(slots=True)
class Budget:
    """How much work one question may take. Raises NotClosed when it is used up."""

    steps: int = 4_000
    used: int = field(default=0)

    def spend(self) -> None:
        self.used += 1
        if self.used > self.steps:
            raise NotClosed("the time for this closed form is over")


def count(
    indices: Sequence[str],
    constraints: Sequence[Polynomial],
    known: Assumptions,
    weight: Polynomial = ONE,
    budget: Budget | None = None,
) -> Pieces:
    """The sum of `weight` over the integer points with all constraints >= 0. Raises NotClosed with a reason."""
    inner, system, weight = _open_floors(list(indices), list(constraints), weight)
    return _summate(inner, system, weight, known, budget or Budget())


def _open_floors(
    indices: list[str], constraints: list[Polynomial], weight: Polynomial
) -> tuple[list[str], list[Polynomial], Polynomial]:
    """floor(e / c) with an index in e becomes an index q of its own: c q <= e <= c q + c - 1. One for each (e, c)."""
    while True:
        floor = next(
            (
                s
                for p in (*constraints, weight)
                for s in sorted(p.symbols())
                if s.kind == "floor" and isinstance(s.arguments[1].constant(), int) and names_in(s) & set(indices)
            ),
            None,
        )
        if floor is None:
            return indices, constraints, weight
        top, divisor = floor.arguments[0], int(floor.arguments[1].constant() or 1)
        q = f"{floor.text}?"
        fresh = P(q)

        def change(symbol: Symbol, target: Symbol = floor, value: Polynomial = fresh) -> Polynomial:
            return value if symbol == target else Polynomial.symbol(symbol)

        constraints = [p.map_symbols(change) for p in constraints]
        constraints += [top - fresh * divisor, fresh * divisor + (divisor - 1) - top]
        weight = weight.map_symbols(change)
        indices = [*indices, q]


def _summate(
    indices: list[str], constraints: list[Polynomial], weight: Polynomial, known: Assumptions, budget: Budget
) -> Pieces:
    budget.spend()
    system = _normalise(indices, constraints, known)
    if system is None or not weight or not known.feasible(system):
        return []
    system = _without_hidden(indices, system, known)
    if not indices:
        return [(tuple(sorted(known.reduced(system), key=plain)), weight)]
    solved = _unit_equality(indices, system)
    if solved is not None:
        name, value = solved
        rest = [i for i in indices if i != name]
        change: dict[str, Polynomial] = {name: value}
        kept = [q for q in (substitute(p, change, known) for p in system) if q]
        return _summate(rest, kept, substitute(weight, change, known), known, budget)
    index = _cheapest(indices, system, weight, known)
    split = _splinter(index, indices, system, weight, known, budget)
    if split is not None:
        return split
    return _eliminate(index, indices, system, weight, known, budget)


def _normalise(
    indices: Sequence[str], constraints: Sequence[Polynomial], known: Assumptions
) -> list[Polynomial] | None:
    """The constraints in normal form, without repetition; None where one is false."""
    system: list[Polynomial] = []
    for p in constraints:
        for q in linearised(p, indices, known):
            normalised = normal(q)
            if normalised is False:
                return None
            if isinstance(normalised, Polynomial) and normalised not in system:
                system.append(normalised)
    return system


def linearised(p: Polynomial, indices: Sequence[str], known: Assumptions) -> list[Polynomial]:
    """A constraint that hides an index in one power of two or in one floor by a power of two, as bounds on that index."""
    for symbol in p.symbols():
        scale = p.terms.get(((symbol, 1),))
        if symbol.kind == "floor" and scale in (1, -1) and names_in(symbol) & set(indices):
            top, divisor = symbol.arguments[0], symbol.arguments[1].constant()
            others = p - Polynomial.symbol(symbol) * (scale or 0)
            if isinstance(divisor, int) and all(isinstance(c, int) for c in others.terms.values()):
                # floor(x / d) + r >= 0 says x + d r >= 0; r - floor(x / d) >= 0 says d r + d - 1 - x >= 0
                bound = top + others * divisor if scale == 1 else others * divisor + (divisor - 1) - top
                return linearised(bound, indices, known)
        rest = Polynomial({m: c for m, c in p.terms.items() if m != ((symbol, 1),)})
        if symbol.kind == "clog2" and isinstance(scale, int) and names_in(symbol) & set(indices):
            bounds = _logarithm_bound(symbol.arguments[0], scale, rest.constant())
            if bounds is not None:
                return [q for b in bounds for q in linearised(b, indices, known)]
        if not isinstance(scale, int) or rest.names() & set(indices):
            continue
        if symbol.kind == "power":
            found = _power_bound(symbol, scale, rest, indices, known)
        elif symbol.kind == "floor":
            found = _floor_bound(symbol, scale, rest, indices, known)
        else:
            continue
        if found is not None:
            return found
    return [p]


def _logarithm_bound(inner: Polynomial, scale: int, rest: Coefficient | None) -> list[Polynomial] | None:
    """scale * clog2(e) + rest >= 0 with a constant rest: clog2(e) <= k says e <= 2**k."""
    if not isinstance(rest, int):
        return None
    level = -(rest // scale) - 1 if scale > 0 else rest // -scale  # clog2(e) > level, or clog2(e) <= level
    if level < 0:
        return [] if scale > 0 else [P(-1)]
    if level > LARGEST_LOGARITHM:
        return None
    return [inner - (1 << level) - 1] if scale > 0 else [(1 << level) - inner]


def _power_bound(
    symbol: Symbol, scale: int, rest: Polynomial, indices: Sequence[str], known: Assumptions
) -> list[Polynomial] | None:
    """scale * 2**v + rest >= 0, rest free of indices."""
    names = symbol.arguments[0].names()
    if len(names) != 1:
        return None
    (name,) = names
    if name not in indices or symbol.arguments[0] != P(name):
        return None
    if scale < 0:
        return [floor_log(floor_div(rest, -scale, known)) - P(name)]
    return [P(name) - ceil_log(floor_div(-rest + (scale - 1), scale, known))]


def _floor_bound(
    symbol: Symbol, scale: int, rest: Polynomial, indices: Sequence[str], known: Assumptions
) -> list[Polynomial] | None:
    """scale * floor(top / f 2**(k v)) + rest >= 0, top and rest free of indices: floor(top / f 2**(k v)) <= e says that
    f 2**(k v) exceeds top / (e + 1)."""
    top, bottom = symbol.arguments
    if len(bottom.terms) != 1:
        return None
    ((monomial, factor),) = bottom.terms.items()
    if not isinstance(factor, int) or len(monomial) != 1 or monomial[0][1] < 1 or monomial[0][0].kind != "power":
        return None
    times_ = monomial[0][1]
    exponent = monomial[0][0].arguments[0]
    names = exponent.names()
    if len(names) != 1 or exponent != P(next(iter(names))) or not names <= set(indices) or top.names() & set(indices):
        return None
    (name,) = names
    rest = floor_div(rest, abs(scale), known)
    if scale < 0:
        if (rest.constant() or 0) < 0:
            return [rest]
        if (scale, factor) != (-1, 1) and not known.proves(rest):
            return None
        quotient = ONE if top == (rest + 1) * factor else floor_div(top, (rest + 1) * factor, known)
        return [rest, P(name) - ceil_div(ceil_log(quotient + 1, known), times_, known)]
    if known.proves(rest) and known.proves(top):
        return []
    if not known.proves(-rest - 1):
        return None
    quotient = ONE if top == -rest * factor else floor_div(top, -rest * factor, known)
    return [floor_div(ceil_log(quotient + 1, known) - 1, times_, known) - P(name)]


def _without_hidden(indices: Sequence[str], system: list[Polynomial], known: Assumptions) -> list[Polynomial]:
    """Implied constraints that hide an index inside of an atom are dropped."""
    for p in list(system):
        if any(not s.is_name and names_in(s) & set(indices) for s in p.symbols()):
            rest = [q for q in system if q is not p]
            if known.implied(p, rest):
                system = rest
    return system


def _unit_equality(indices: Sequence[str], system: Sequence[Polynomial]) -> tuple[str, Polynomial] | None:
    """An index that an equality with coefficient 1 or -1 determines."""
    present = set(system)
    for p in system:
        if -p not in present:
            continue
        for name in indices:
            scale = p.linear(name)
            if scale in (1, -1):
                return name, (p - P(name) * scale) * -scale
    return None


def _bounds(index: str, system: Sequence[Polynomial]) -> list[tuple[int, Polynomial]] | None:
    """The constraints that mention the index, with its coefficients; None if one is not linear in it."""
    found = []
    for p in system:
        if index not in p.names():
            continue
        scale = p.linear(index)
        if scale is None or scale == 0:
            return None
        found.append((scale, p))
    return found


def _cheapest(indices: Sequence[str], system: list[Polynomial], weight: Polynomial, known: Assumptions) -> str:
    """The index to eliminate: not in atoms of the weight, fewest residue classes, fewest pairs of bounds."""
    best: tuple[tuple[int, int, int, int], str] | None = None
    for position, index in enumerate(indices):
        bounds = _bounds(index, system)
        if bounds is None:
            continue
        lower, upper = sum(s > 0 for s, _ in bounds), sum(s < 0 for s, _ in bounds)
        if not lower or not upper:
            raise NotClosed(f"{index} is unbounded")
        if lower * upper > 1:
            pruned = _bounds(index, _prune(system, index, known)) or bounds
            lower, upper = sum(s > 0 for s, _ in pruned), sum(s < 0 for s, _ in pruned)
        hidden = sum(not s.is_name and index in names_in(s) for s in weight.symbols())
        cost = (hidden, _classes(index, indices, bounds), lower * upper, -position)
        if best is None or cost < best[0]:
            best = (cost, index)
    if best is None:
        raise NotClosed(_unsolved(indices, system))
    return best[1]


def _unsolved(indices: Sequence[str], system: Sequence[Polynomial]) -> str:
    """Why none of the indices can be summed over, with what is in the way."""
    names = sorted({name.split("#", 1)[0] for name in indices})
    hard = min((str(p) for p in system if any(not s.is_name for s in p.symbols())), key=len, default="its guards")
    return f"the ranges of {', '.join(names)} are not linear in them: {re.sub('#[0-9]+', '', hard)} >= 0"


def _classes(index: str, indices: Sequence[str], bounds: Sequence[tuple[int, Polynomial]]) -> int:
    """How many residue classes of the other indices the elimination would have to look at."""
    classes = 1
    for scale, p in bounds:
        for other in indices:
            own = p.linear(other) if other != index and abs(scale) > 1 else None
            if own:
                classes *= abs(scale) // gcd(scale, own)
    return classes


def _splinter(
    index: str,
    indices: list[str],
    system: list[Polynomial],
    weight: Polynomial,
    known: Assumptions,
    budget: Budget,
) -> Pieces | None:
    """Other indices by residues, where a bound of the index has a coefficient that does not divide theirs."""
    for scale, p in _bounds(index, system) or []:
        for other in indices:
            own = p.linear(other) if other != index and abs(scale) > 1 else None
            if not own or own % abs(scale) == 0:
                continue
            modulus = abs(scale) // gcd(scale, own)
            fresh = f"{other}'"
            renamed = [fresh if i == other else i for i in indices]
            pieces: Pieces = []
            for residue in range(modulus):
                change = {other: P(fresh) * modulus + residue}
                pieces += _summate(
                    renamed,
                    [substitute(q, change, known) for q in system],
                    substitute(weight, change, known),
                    known,
                    budget,
                )
            return pieces
    return None


def _prune(system: Sequence[Polynomial], index: str, known: Assumptions) -> list[Polynomial]:
    """The system without bounds of the index that the rest implies."""
    kept = list(system)
    at = 0
    while at < len(kept):
        p = kept[at]
        scale = p.linear(index) if index in p.names() else None
        if scale:
            rest = kept[:at] + kept[at + 1 :]
            alike = any((q.linear(index) or 0) * scale > 0 for q in rest if index in q.names())
            if alike and known.implied(p, rest):
                kept = rest
                continue
        at += 1
    return kept


def _eliminate(
    index: str,
    indices: Sequence[str],
    system: list[Polynomial],
    weight: Polynomial,
    known: Assumptions,
    budget: Budget,
) -> Pieces:
    """Sums over the index between each lower bound that can be the greatest and each upper bound that can be the least."""
    others = [i for i in indices if i != index]
    system = _prune(system, index, known)
    lower, upper, rest = [], [], []
    for p in system:
        scale = p.linear(index) if index in p.names() else 0
        if not scale:
            rest.append(p)
        elif scale > 0:
            lower.append((scale, p - P(index) * scale))
        else:
            upper.append((-scale, p - P(index) * scale))
    pieces: Pieces = []
    for at, (a, e) in enumerate(lower):
        for to, (b, f) in enumerate(upper):
            guards = list(rest)
            guards += [e2 * a - e * a2 - (1 if k < at else 0) for k, (a2, e2) in enumerate(lower) if k != at]
            guards += [f2 * b - f * b2 - (1 if k < to else 0) for k, (b2, f2) in enumerate(upper) if k != to]
            low, high = -_floor(e, a, others, known), _floor(f, b, others, known)
            guards.append(high - low + 1)
            pieces += _summate(others, guards, sum_between(weight, index, low, high, known), known, budget)
    return pieces


def _floor(p: Polynomial, divisor: int, others: Sequence[str], known: Assumptions) -> Polynomial:
    """floor(p / divisor), the coefficients of the other indices being divisible."""
    if divisor == 1:
        return p
    whole, rest = ZERO, ZERO
    for monomial, coefficient in p.terms.items():
        term = Polynomial({monomial: coefficient})
        if any(s.is_name and s.text in others for s, _ in monomial):
            if not isinstance(coefficient, int) or coefficient % divisor:
                raise NotClosed(f"floor(({p})/{divisor})")
            whole = whole + Polynomial({monomial: coefficient // divisor})
        else:
            rest = rest + term
    return whole + floor_div(rest, divisor, known)


def at(pieces: Pieces, values: Mapping[str, int]) -> int:
    """The value of a guarded sum for values of the parameters."""
    total = ZERO.at({})
    for guards, p in pieces:
        if all(g.at(values) >= 0 for g in guards):
            total = total + p.at(values)
    return int(total)
