"""Where a phrase of a family is evaluated: the index variables in scope, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from tc0.dsl.base.record import record
from tc0.dsl.symbolic.atoms import opaque, substitute
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise
from tc0.dsl.symbolic.polynomial import Polynomial

P = Polynomial.of


@record
class Domain:
    """The integer points of `indices` (in the order of their binders) with all constraints >= 0.

    parameters: what is known of the sizes alone. known: all of it, for proofs at a point of this domain.
    """

    indices: tuple[str, ...]
    constraints: Guards
    parameters: Assumptions
    known: Assumptions = field(compare=False, repr=False)

    @staticmethod
    def start(parameters: Assumptions) -> Domain:
        return Domain((), (), parameters, parameters)

    def under(self, guards: Iterable[Polynomial]) -> Domain:
        """The points at which the guards hold too."""
        new = tuple(g for g in guards if g not in self.constraints and g.constant() is None or (g.constant() or 0) < 0)
        if not new:
            return self
        constraints = (*self.constraints, *new)
        return Domain(self.indices, constraints, self.parameters, _assume(self.parameters, constraints))

    def bind(self, name: str, low: Polynomial, high: Polynomial) -> Domain:
        """One more index, low <= name < high."""
        constraints = (*self.constraints, P(name) - low, high - 1 - P(name))
        return Domain((*self.indices, name), constraints, self.parameters, _assume(self.parameters, constraints))

    @property
    def empty(self) -> bool:
        """Whether it is known that there is no point."""
        return not self.parameters.feasible(self.constraints)

    def proves(self, p: Polynomial) -> bool:
        return self.known.proves(p)


def _assume(parameters: Assumptions, constraints: Guards) -> Assumptions:
    return Assumptions((*parameters.constraints, *constraints))


Substitution = Mapping[str, Polynomial]


def rename(value: Piecewise, change: Substitution, known: Assumptions) -> Piecewise:
    """A guarded value with indices replaced; pieces whose guards have become false are dropped."""
    names = dict(change)
    pieces = []
    for guards, p in value.pieces:
        moved = [substitute(g, names, known) for g in guards]
        if any((c := g.constant()) is not None and c < 0 for g in moved):
            continue
        pieces.append(([g for g in moved if g.constant() is None], substitute(p, names, known)))
    return Piecewise.of(value.join, pieces)


def guarded(value: Piecewise, guards: Guards) -> Piecewise:
    """A guarded value under further guards."""
    return Piecewise.of(value.join, [((*guards, *own), p) for own, p in value.pieces])


def product(left: Piecewise, right: Piecewise) -> Piecewise:
    """The product of two sums of pieces."""
    return Piecewise.of(Join.SUM, [((*g, *h), p * q) for g, p in left.pieces for h, q in right.pieces])


def raised(value: Piecewise, by: int) -> Piecewise:
    """Every piece of a greatest value plus a number."""
    return Piecewise.of(value.join, [(guards, p + by) for guards, p in value.pieces])


# ---- numbers that are not known

MARK = "?"  # in the name of a number of which only evaluation knows what it is


def unknown(name: str, at: Domain) -> Polynomial:
    """A number that is not in closed form, at the points of a domain. Figures in which it is left are open."""
    return opaque(f"{MARK}{name}", *(P(index) for index in at.indices))


def unknowns(p: Polynomial) -> set[str]:
    """The names of the numbers in it that are not known."""
    return {text for s in p.symbols() if MARK in (text := s.text)}
