"""What follows from inequalities: rational Fourier-Motzkin elimination with integer tightening.

A constraint is a polynomial p, meaning p >= 0; its monomials are treated as unknowns, and `facts` adds what is known of
the atoms in them. An answer "infeasible" (so: "proved") is sound; "feasible" may be wrong, which costs readability of a
result, never its correctness. Work is bounded: what grows too large counts as feasible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from fractions import Fraction
from math import gcd, lcm

from tc0.dsl.base.record import record
from tc0.dsl.symbolic.atoms import power
from tc0.dsl.symbolic.polynomial import Coefficient, Monomial, Polynomial, Symbol, inverse
from tc0.dsl.symbolic.work import spend

P = Polynomial.of
MOST_PRODUCTS = 600  # pairs combined in one elimination step
MOST_CONSTRAINTS = 250


def normal(p: Polynomial) -> Polynomial | bool:
    """A constraint with coprime integer coefficients and a tightened constant; True or False where it is decided."""
    constant = p.constant()
    if constant is not None:
        return constant >= 0
    denominator = lcm(*(Fraction(c).denominator for c in p.terms.values()))
    if denominator > 1:
        p = p * denominator
    common, integral = 0, True
    for monomial, coefficient in p.terms.items():
        if monomial:
            common = gcd(common, int(coefficient))
            integral = integral and all(e >= 0 for _, e in monomial)
    if common <= 1:
        return p
    terms: dict[Monomial, Coefficient] = {m: int(c) // common for m, c in p.terms.items() if m}
    offset = int(p.terms.get((), 0))
    tightened: Coefficient = offset // common if integral else Fraction(offset, common)
    if tightened:
        terms[()] = tightened
    return Polynomial(terms)


@record
class Assumptions:
    """Constraints on the names that hold throughout, with what was derived from them."""

    constraints: tuple[Polynomial, ...] = ()
    _answers: dict[frozenset[Polynomial], bool] = field(default_factory=dict, compare=False, repr=False)

    def proves(self, p: Polynomial) -> bool:
        """Whether p >= 0 follows."""
        constant = p.constant()
        if constant is not None:
            return constant >= 0
        return not self.feasible([-p - 1])

    def feasible(self, constraints: Iterable[Polynomial]) -> bool:
        """False only if no integer point satisfies these constraints together with the assumptions."""
        key = frozenset(constraints)
        answer = self._answers.get(key)
        if answer is None:
            system = [*key, *self.constraints]
            known = [*system, *self.facts(system)]
            spend(len(known))
            answer = _feasible(known)
            self._answers[key] = answer
        return answer

    def implied(self, p: Polynomial, by: Sequence[Polynomial]) -> bool:
        """Whether p >= 0 follows from further constraints."""
        return not self.feasible([*by, -p - 1])

    def reduced(self, constraints: Sequence[Polynomial]) -> list[Polynomial]:
        """The constraints without those that the others imply."""
        kept = list(dict.fromkeys(constraints))
        at = 0
        while at < len(kept):
            rest = kept[:at] + kept[at + 1 :]
            if self.implied(kept[at], rest):
                kept = rest
            else:
                at += 1
        return kept

    def _simply(self, p: Polynomial) -> bool:
        """Side conditions of facts: shown from the assumptions without atoms alone, so that nothing recurs."""
        constant = p.constant()
        if constant is not None:
            return constant >= 0
        if any(not s.is_name for s in p.symbols()):
            return False
        plain = [c for c in self.constraints if all(s.is_name for s in c.symbols())]
        return not _feasible([-p - 1, *plain])

    # ---- facts about atoms

    def facts(self, constraints: Iterable[Polynomial]) -> list[Polynomial]:
        """Valid inequalities about the atoms in these constraints, and about products of non-negative names."""
        constraints = list(constraints)
        found: list[Polynomial] = []
        seen: set[Symbol] = set()
        stack = [s for p in constraints for s in p.symbols()]
        while stack:
            symbol = stack.pop()
            if symbol in seen or symbol.is_name:
                continue
            seen.add(symbol)
            about = self._facts_of(symbol)
            found += about
            stack += [s for argument in symbol.arguments for s in argument.symbols()]
            stack += [s for p in about for s in p.symbols() if s.kind == "power"]
        found += self._products(constraints)
        found += _floors(seen)
        found += _logarithms(seen)
        return found

    def _facts_of(self, symbol: Symbol) -> list[Polynomial]:
        x, a = Polynomial.symbol(symbol), symbol.arguments
        match symbol.kind:
            case "floor":
                c = a[1].constant()
                if isinstance(c, int):
                    return [a[0] - x * c, x * c + (c - 1) - a[0]]
                if not self._simply(a[0]):
                    return []
                exact = [a[0] - x * a[1], x * a[1] + a[1] - 1 - a[0]]
                return [x, a[0] - x, *exact] if all(s.is_name for s in a[1].symbols()) else [x, a[0] - x]
            case "clog2":
                if not self._simply(a[0] - 1):
                    return [x]
                y = power(x)
                least = max((k for k in range(1, 5) if self._simply(a[0] - (1 << k - 1) - 1)), default=0)
                return [x - least, a[0] - 1 - x, y - a[0], a[0] * 2 - 1 - y]  # p <= 2**clog2(p) <= 2 p - 1
            case "power":
                exponent_positive = all(c >= 0 for c in a[0].terms.values()) and all(
                    self._simply(P(n)) for n in a[0].names()
                )
                if not exponent_positive:
                    return [x]
                least = max((s for s in range(1, 9) if self._simply(a[0] - s)), default=0)
                return [x - (1 << least), x - 1 - a[0]]
            case "bit":
                return [x, 1 - x]
            case "ones_below":
                return [x, a[1] - x] if self._simply(a[1]) else [x]
            case "ones" | "positions" | "ones_at" | "total_ones" | "divisor_sum" | "isqrt":
                return [x]
            case "exponential":
                return [x - 1]
            case "max":
                return [x - p for p in a]
            case "min":
                return [p - x for p in a]
            case _:
                return []

    def _exponents(self, monomial: Monomial) -> bool:
        """Whether the exponents of powers of two are at least 0."""
        exponents = [s.arguments[0] for s, _ in monomial]
        return all(c >= 0 for e in exponents for c in e.terms.values()) and all(
            self._simply(P(n)) for e in exponents for n in e.names()
        )

    def _products(self, constraints: Iterable[Polynomial]) -> list[Polynomial]:
        """A product of names that are at least 0 is at least 0, and grows with each of them."""
        found = []
        for monomial in {m for p in constraints for m in p.terms}:
            if monomial and all(s.kind == "power" for s, _ in monomial):
                product = Polynomial({monomial: 1})  # of powers of two, also of negative ones
                found.append(product - 1 if all(e > 0 for _, e in monomial) and self._exponents(monomial) else product)
                continue
            if sum(e for _, e in monomial) < 2 or not all(s.is_name and e > 0 for s, e in monomial):
                continue
            if not all(self._simply(Polynomial.symbol(s)) for s, _ in monomial):
                continue
            product = Polynomial({monomial: 1})
            found.append(product)
            for symbol, exponent in monomial:
                if self._simply(Polynomial.symbol(symbol) - 1):
                    lower = tuple((s, e - (s == symbol)) for s, e in monomial if e - (s == symbol))
                    found.append(product - Polynomial({lower: 1}))
                del exponent
        return found


def _floors(seen: Iterable[Symbol]) -> list[Polynomial]:
    """r floor(a / r d) <= floor(a / d) <= r floor(a / r d) + r - 1 for powers of two d and r."""
    by_numerator: dict[Polynomial, list[Symbol]] = {}
    for symbol in seen:
        bottom = symbol.arguments[1] if symbol.kind == "floor" else None
        if bottom is not None and bottom.constant() is None and len(bottom.terms) == 1:
            by_numerator.setdefault(symbol.arguments[0], []).append(symbol)
    found = []
    for group in by_numerator.values():
        for one in group:
            for other in group:
                ratio = (other.arguments[1] * inverse(one.arguments[1])).constant()
                if isinstance(ratio, int) and ratio > 1:
                    x, y = Polynomial.symbol(one), Polynomial.symbol(other)
                    found += [x - y * ratio, y * ratio + (ratio - 1) - x]
    return found


def _logarithms(seen: Iterable[Symbol]) -> list[Polynomial]:
    """clog2 grows with its argument, and by at most 1 where the argument grows by 1."""
    logs = [s for s in seen if s.kind == "clog2"]
    found = []
    for one in logs:
        for other in logs:
            step = (other.arguments[0] - one.arguments[0]).constant()
            if step is not None and step > 0:
                x, y = Polynomial.symbol(one), Polynomial.symbol(other)
                found.append(y - x)
                if step == 1:
                    found.append(x + 1 - y)
    return found


# ---- elimination


def _feasible(constraints: Iterable[Polynomial]) -> bool:
    system: set[Polynomial] = set()
    for p in constraints:
        normalised = normal(p)
        if normalised is False:
            return False
        if isinstance(normalised, Polynomial):
            system.add(normalised)
    while system:
        unknown = _cheapest(system)
        lower = [p for p in system if p.terms.get(unknown, 0) > 0]
        upper = [p for p in system if p.terms.get(unknown, 0) < 0]
        system.difference_update(lower)
        system.difference_update(upper)
        if len(lower) * len(upper) > MOST_PRODUCTS:
            return True
        spend(len(lower) * len(upper) + 1)
        for p in lower:
            for q in upper:
                combined = normal(p * -q.terms[unknown] + q * p.terms[unknown])
                if combined is False:
                    return False
                if isinstance(combined, Polynomial):
                    system.add(combined)
        if len(system) > MOST_CONSTRAINTS:
            return True
    return True


def _cheapest(system: Iterable[Polynomial]) -> Monomial:
    """The monomial whose elimination makes the fewest new constraints."""
    counts: dict[Monomial, list[int]] = {}
    for p in system:
        for monomial, coefficient in p.terms.items():
            if monomial:
                counts.setdefault(monomial, [0, 0])[coefficient < 0] += 1
    return min(counts, key=lambda m: counts[m][0] * counts[m][1] - sum(counts[m]))
