"""One parameter: guards become a threshold with exceptions below it, floors become constituents by residue."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from tc0.dsl.base.record import record
from tc0.dsl.symbolic.atoms import floor_div, replaced, substitute
from tc0.dsl.symbolic.eventual import ALWAYS, dense, eventually, vanishing
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Join, Piecewise
from tc0.dsl.symbolic.polynomial import ZERO, Polynomial, Symbol, all_symbols, plain

P = Polynomial.of
MOST_EXCEPTIONS = 64
LONGEST_PERIOD = 64
MOST_RESIDUES = 12


@record
class OneParameter:
    """`polynomial` for name >= start, and the values below it that differ, from `least` on."""

    name: str
    least: int
    polynomial: Polynomial
    exceptions: tuple[tuple[int, int], ...]

    def at(self, value: int) -> int:
        small = dict(self.exceptions)
        return small[value] if value in small else int(self.polynomial.at({self.name: value}))


def one_parameter(value: Piecewise, name: str, least: int) -> OneParameter | None:
    """The value as one polynomial with exceptions for small n; None where a guard is not decided for large n, or where
    the greatest of several is not one of them from some n on."""
    return _one(value, name, least) or _by_residues(value, name, least)


def _by_residues(value: Piecewise, name: str, least: int) -> OneParameter | None:
    """The same for n of each residue by the numbers that n is divided by, joined again by floors."""
    period = 1
    for symbol in all_symbols([p for guards, q in value.pieces for p in (*guards, q)]):
        divisor = symbol.arguments[1].constant() if symbol.kind == "floor" else None
        period = lcm(period, divisor) if isinstance(divisor, int) else period
    if not 1 < period <= MOST_RESIDUES:
        return None
    fresh, rows, exceptions = f"{name}'", [], []
    for residue in range(period):
        change = {name: P(fresh) * period + residue}
        known = Assumptions((P(fresh) - max(0, -((residue - least) // period)),))
        pieces = [([substitute(g, change, known) for g in gs], substitute(p, change, known)) for gs, p in value.pieces]
        found = _one(Piecewise.of(value.join, pieces), fresh, max(0, -((residue - least) // period)))
        if found is None or any(not s.is_name for s in found.polynomial.symbols()):
            return None
        rows.append(substitute(found.polynomial, {fresh: (P(name) - residue) * Fraction(1, period)}))
        exceptions += [(q * period + residue, v) for q, v in found.exceptions]
    whole = rows[0]
    for residue, row in enumerate(rows[1:], 1):
        if row != rows[0]:
            at = P(name) + (period - residue)
            whole = whole + (row - rows[0]) * (floor_div(at, period) - floor_div(at - 1, period))
    return OneParameter(name, least, whole, tuple(sorted(exceptions)))


def _one(value: Piecewise, name: str, least: int) -> OneParameter | None:
    start, found = least, []
    for guards, p in value.pieces:
        holds = True
        for guard in guards:
            decided = eventually(guard, name)
            if decided is None:
                return None
            truth, at = decided
            start = max(start, at)
            holds = holds and truth
        if holds:
            found.append(p)
    if value.join is Join.SUM:
        polynomial = sum(found, ZERO)
    else:
        greatest = _greatest(found, name)
        if greatest is None:
            return None
        polynomial, at = greatest
        start = max(start, at)
    polynomial, at = vanishing(polynomial, name)
    start = max(start, at)
    if start - least > MOST_EXCEPTIONS:
        return None
    exceptions = []
    for n in range(least, start):
        exact = value.at({name: n})
        try:
            differs = polynomial.at({name: n}) != exact
        except ZeroDivisionError:  # floor(n / isqrt(n)) at 0
            differs = True
        if differs:
            exceptions.append((n, exact))
    return OneParameter(name, least, polynomial, tuple(exceptions))


def _greatest(found: list[Polynomial], name: str) -> tuple[Polynomial, int] | None:
    """The one that is at least all others from some n on, and that n."""
    if not found:
        return ZERO, ALWAYS
    for p in found:
        start = ALWAYS
        for q in found:
            decided = (True, ALWAYS) if q == p else _not_less(p, q, name)
            if decided is None or not decided[0]:
                break
            start = max(start, decided[1])
        else:
            return p, start
    return None


def _not_less(p: Polynomial, q: Polynomial, name: str) -> tuple[bool, int] | None:
    """Whether p >= q for all n from some n on, and that n."""
    for start in (0, 1, 2, 3, 4, 6, 8):
        if Assumptions((P(name) - start,)).proves(p - q):
            return True, start
    return eventually(p - q, name)


# ---- constituents


def constituents(p: Polynomial, name: str) -> list[Polynomial] | None:
    """The polynomials that p equals for n of each residue (their number is the period); None if there are none."""
    period = 1
    for symbol in all_symbols([p]):
        if symbol.is_name:
            if symbol.text != name:
                return None
            continue
        divisor = symbol.arguments[1].constant() if symbol.kind == "floor" else None
        if not isinstance(divisor, int):
            return None
        nested = any(not s.is_name for s in symbol.arguments[0].symbols())
        period = period * divisor if nested else lcm(period, divisor)
    if period > LONGEST_PERIOD:
        return None
    fresh, found = f"{name}'", []
    for residue in range(period):
        q = substitute(p, {name: P(fresh) * period + residue})
        if any(not s.is_name for s in q.symbols()):
            return None
        found.append(substitute(q, {fresh: (P(name) - residue) * Fraction(1, period)}))
    for shorter in range(1, period):
        if period % shorter == 0 and all(found[r] == found[r % shorter] for r in range(period)):
            return found[:shorter]
    return found


def equal(p: Polynomial, q: Polynomial, name: str) -> bool | None:
    """Whether two polynomials with floors are equal for all n; None where this does not decide it."""
    found = constituents(p - q, name)
    return None if found is None else not any(found)


# ---- printing


def show(p: Polynomial, name: str) -> str:
    """The best short text of a polynomial with floors in one parameter: factored, one floor, or by parity."""
    if all(s.is_name for s in p.symbols()):
        return factored(p, name)
    found = constituents(p, name)
    if found is None:
        return plain(with_ceilings(p))
    if len(found) == 1:
        return factored(found[0], name)
    for word, sign in (("floor", 1), ("ceil", -1)):
        base = max(found, key=lambda r: sign * Fraction(r.terms.get((), 0)))
        gaps = [((base - r) * sign).constant() for r in found]
        if all(gap is not None and 0 <= gap < 1 for gap in gaps):
            return f"{word}({factored(base, name, False)})"
    if len(found) == 2:
        return f"{factored(found[0], name)} (n even), {factored(found[1], name)} (n odd)".replace("(n ", f"({name} ")
    listed = ", ".join(f"{factored(r, name)} ({name} % {len(found)} == {i})" for i, r in enumerate(found))
    return listed if len(listed) < 120 else plain(p)


def with_ceilings(p: Polynomial) -> Polynomial:
    """For printing: floor(s/2) as s - ceil(s/2), where that is shorter; s is one atom, such as an integer root."""
    for symbol in sorted(all_symbols([p])):
        if symbol.kind != "floor" or symbol.arguments[1] != P(2):
            continue
        whole = symbol.arguments[0]
        if len(whole.terms) != 1 or len(next(iter(whole.terms))) != 1:
            continue
        other = whole - Polynomial.symbol(Symbol("ceiling", f"ceil({plain(whole)}/2)", symbol.arguments))
        changed = replaced(p, symbol, other)
        if len(plain(changed)) < len(plain(p)):
            p = changed
    return p


def factored(p: Polynomial, name: str, apart: bool = True) -> str:
    """`n*(n + 1)/2`: the rational roots of a polynomial in one parameter as factors. apart: a constant may stand
    apart, where that leaves linear factors only."""
    coefficients = dense(p, name)
    if coefficients is None or len(coefficients) < 2:
        return plain(p)
    denominator = lcm(*(c.denominator for c in coefficients))
    whole = [int(c * denominator) for c in coefficients]
    content = gcd(*whole) * (-1 if whole[-1] < 0 else 1)
    rest = [c // content for c in whole]
    factors: list[tuple[int, int]] = []  # (q, r): the factor q n + r
    while len(rest) > 1:
        root = _root(rest)
        if root is None:
            break
        factors.append((root[1], -root[0]))
        rest = _divide(rest, root)
    if apart and len(rest) > 2:  # n*(n - 1)*(n - 2)/6 + 1
        shifted = p - coefficients[0]
        text = factored(shifted, name, False) if coefficients[0] and shifted else ""
        if text and len(_remaining(shifted, name)) == 1:
            sign = "-" if coefficients[0] < 0 else "+"
            return f"{text} {sign} {abs(coefficients[0])}"
    if not factors or (
        len(factors) == 1 and len(coefficients) == 2 and factors[0][1] != 0 and abs(content) == 1 == denominator
    ):
        return plain(p)
    scale = Fraction(content, denominator)
    parts = [_power(q, r, factors.count((q, r)), name) for q, r in sorted(set(factors), key=lambda f: (f[1] != 0, f))]
    if len(rest) > 1:
        parts.append(f"({plain(_sparse(rest, name))})")
    else:
        scale *= rest[0]
    text = "*".join(parts)
    if scale.numerator != 1:
        text = f"-{text}" if scale.numerator == -1 else f"{scale.numerator}*{text}"
    return text if scale.denominator == 1 else f"{text}/{scale.denominator}"


def _remaining(p: Polynomial, name: str) -> list[int]:
    """What is left of a polynomial after its rational roots are divided out, as coefficients by rising degree."""
    coefficients = dense(p, name) or [Fraction(0)]
    denominator = lcm(*(c.denominator for c in coefficients))
    rest = [int(c * denominator) for c in coefficients]
    while len(rest) > 1:
        root = _root(rest)
        if root is None:
            break
        rest = _divide(rest, root)
    return rest


def _sparse(coefficients: list[int], name: str) -> Polynomial:
    return sum((P(name) ** k * c for k, c in enumerate(coefficients) if c), ZERO)


def _root(coefficients: list[int]) -> tuple[int, int] | None:
    """A rational root (r, q), meaning r / q, with small numerator and denominator."""
    if coefficients[0] == 0:
        return 0, 1
    for q in range(1, min(abs(coefficients[-1]), 60) + 1):
        if coefficients[-1] % q:
            continue
        for r in range(1, min(abs(coefficients[0]), 2000) + 1):
            if coefficients[0] % r or gcd(r, q) != 1:
                continue
            for signed in (r, -r):
                if sum(c * Fraction(signed, q) ** k for k, c in enumerate(coefficients)) == 0:
                    return signed, q
    return None


def _divide(coefficients: list[int], root: tuple[int, int]) -> list[int]:
    """The polynomial divided by q n - r."""
    r, q = root
    found, carry = [], Fraction(0)
    for c in reversed(coefficients):
        carry = carry * Fraction(r, q) + c
        found.append(carry)
    return [int(x / q) for x in reversed(found[:-1])]


def _power(q: int, r: int, count: int, name: str) -> str:
    linear = name if q == 1 else f"{q}*{name}"
    base = linear if r == 0 else f"({linear} {'+' if r > 0 else '-'} {abs(r)})"
    return f"{base}**{count}" if count > 1 else base
