"""Unknown numbers of known intervals, and what polynomials in them lie between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Fuzz:
    """An unknown number between two bounds; every occurrence of one object is the same number."""

    low: float
    high: float


FuzzTerms = Mapping[tuple[Fuzz, ...], Fraction]


def interval(terms: FuzzTerms) -> tuple[float | Fraction, float | Fraction]:
    """Bounds of a polynomial in fuzz; exact where there is none, else rounded outward."""
    exact, low, high = Fraction(0), 0.0, 0.0
    for fuzz, coefficient in terms.items():
        if not fuzz:
            exact += coefficient
            continue
        a, b = 1.0, 1.0
        for f in set(fuzz):
            power = fuzz.count(f)
            values = [f.low**power, f.high**power] + ([0.0] if power % 2 == 0 and f.low < 0 < f.high else [])
            corners = [x * y for x in (a, b) for y in (min(values), max(values))]
            a, b = min(corners), max(corners)
        a, b = sorted((float(coefficient) * a, float(coefficient) * b))
        low, high = low + a, high + b
    if set(terms) <= {()}:
        return exact, exact
    return float(exact) + low - 1e-9, float(exact) + high + 1e-9
