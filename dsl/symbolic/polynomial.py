"""Integer polynomials in named atoms, enough to compare shapes; what is not a polynomial is an atom of its own."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

Monomial = tuple[tuple[Hashable, int], ...]  # atoms with exponents, in order of their repr; () is the constant


@dataclass(frozen=True, slots=True)
class Polynomial:
    """A sum of monomials with integer coefficients; equal polynomials have equal terms."""

    terms: tuple[tuple[Monomial, int], ...]

    @staticmethod
    def constant(value: int) -> Polynomial:
        return Polynomial((((), value),) if value else ())

    @staticmethod
    def atom(name: Hashable) -> Polynomial:
        return Polynomial(((((name, 1),), 1),))

    def __add__(self, other: Polynomial) -> Polynomial:
        total = dict(self.terms)
        for monomial, coefficient in other.terms:
            total[monomial] = total.get(monomial, 0) + coefficient
        return _collect(total)

    def __neg__(self) -> Polynomial:
        return Polynomial(tuple((monomial, -coefficient) for monomial, coefficient in self.terms))

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + -other

    def __mul__(self, other: Polynomial) -> Polynomial:
        total: dict[Monomial, int] = {}
        for left, a in self.terms:
            for right, b in other.terms:
                exponents = dict(left)
                for atom, exponent in right:
                    exponents[atom] = exponents.get(atom, 0) + exponent
                monomial = tuple(sorted(exponents.items(), key=lambda item: repr(item[0])))
                total[monomial] = total.get(monomial, 0) + a * b
        return _collect(total)

    def as_constant(self) -> int | None:
        """The value of a polynomial without atoms, else None."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and self.terms[0][0] == ():
            return self.terms[0][1]
        return None

    def linear_in(self, atom: Hashable) -> tuple[int, Polynomial] | None:
        """(a, rest) with self = a * atom + rest, a != 0 an integer and rest free of the atom; else None."""
        scale, rest = 0, {}
        for monomial, coefficient in self.terms:
            if monomial == ((atom, 1),):
                scale = coefficient
            elif any(_mentions(name, atom) for name, _ in monomial):
                return None
            else:
                rest[monomial] = coefficient
        return (scale, _collect(rest)) if scale else None


def _mentions(name: Hashable, atom: Hashable) -> bool:
    """Whether a compound atom contains another one."""
    if name == atom:
        return True
    if isinstance(name, tuple):
        return any(_mentions(part, atom) for part in name)
    if isinstance(name, Polynomial):
        return any(_mentions(inner, atom) for monomial, _ in name.terms for inner, _ in monomial)
    return False


def _collect(total: Mapping[Monomial, int]) -> Polynomial:
    kept = [(monomial, coefficient) for monomial, coefficient in total.items() if coefficient]
    return Polynomial(tuple(sorted(kept, key=lambda term: repr(term[0]))))
