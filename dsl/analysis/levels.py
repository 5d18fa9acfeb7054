"""Recursion by constants as one index: a family that calls itself once, with every size changed by a constant.

The activations of such a chain are its levels 0, 1, ..; what the gates of a place add up to over the first levels is a sum
over the level, in closed form, so that a gate of a chain of a million levels is found without going through them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tc0.dsl.analysis.prefixes import BELOW
from tc0.dsl.analysis.tally import GateBlock
from tc0.dsl.analysis.units import Element, Site, Unit
from tc0.dsl.analysis.values import Number
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.compiled import Evaluated
from tc0.dsl.symbolic.counting import Pieces, count
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial

P = Polynomial.of
LEVEL = "level?"
MOST_CASES = 64  # one after the other, on the way down a chain


class Chain:
    """site: the call. change: what every integer of the family changes by, call by call."""

    def __init__(self, unit: Unit, site: Element, change: Mapping[str, int]) -> None:
        self.unit = unit
        self.site = site
        self.change = change
        self._moved = {n: P(n) + P(LEVEL) * c for n, c in change.items() if c}
        self._sums: dict[int, Evaluated] = {}

    def calls(self, args: tuple[int, ...]) -> int:
        """How many times it calls itself, one call in another."""
        level = 0
        for _ in range(MOST_CASES):
            now = self.at(args, level)
            runs = [self._run(member.at.constraints, now) for member in self.site.members]
            longest = max(runs)
            if not longest:
                return level
            level += longest
        raise NotClosed(f"`{self.unit.family.name}` calls itself in cases that alternate")

    def _run(self, guards: Sequence[Polynomial], args: tuple[int, ...]) -> int:
        """For how many levels the guards of one case hold."""
        values = dict(zip(self.unit.names, args, strict=True))
        least: int | None = None
        for p in guards:
            now = int(p.at(values))
            step = int(p.at({n: values[n] + self.change[n] for n in values})) - now
            if now < 0:
                return 0
            if step < 0:
                made = now // -step + 1
                least = made if least is None else min(least, made)
        if least is None:
            raise NotClosed(f"`{self.unit.family.name}` does not get smaller")
        return least

    def at(self, args: tuple[int, ...], level: int) -> tuple[int, ...]:
        """The integers of the family at a level."""
        return tuple(v + level * self.change[n] for n, v in zip(self.unit.names, args, strict=True))

    def below(self, element: Element, args: tuple[int, ...], level: int) -> int:
        """The gates of a place at all levels below one."""
        levels = min(level, self.calls(args) + 1)
        return self.form(element)({**dict(zip(self.unit.names, args, strict=True)), BELOW: levels})

    def form(self, element: Element) -> Evaluated:
        """What `below` evaluates."""
        found = self._sums.get(id(element))
        if found is None:
            pieces: Pieces = []
            for prefixes in self.unit.counts(element):
                for guards, p in prefixes.form(0, False):
                    moved = [substitute(g, self._moved) for g in guards]
                    constraints = [P(LEVEL), P(BELOW) - 1 - P(LEVEL), *moved]
                    pieces += count([LEVEL], constraints, self.unit.presumed, substitute(p, self._moved))
            found = self._sums[id(element)] = Evaluated(pieces)
        return found

    def sum(self, change: Polynomial) -> Pieces:
        """The sum of a polynomial in the integers of the family over all levels below one."""
        return count([LEVEL], [P(LEVEL), P(BELOW) - 1 - P(LEVEL)], self.unit.presumed, substitute(change, self._moved))


def chain_of(unit: Unit) -> Chain | None:
    """The chain that a unit is, or None; found out once."""
    if unit.chain is None:
        unit.chain = (_chain(unit),)
    return unit.chain[0]


def _chain(unit: Unit) -> Chain | None:
    sites = list(unit.sites.values())
    if len(sites) != 1 or sites[0].place[0]:
        return None
    (site,) = sites
    changes = [_change(unit, member) for member in site.members]
    change = changes[0]
    if change is None or any(c != change for c in changes):
        return None
    if not any(change.values()):
        return None
    chain = Chain(unit, site, change)
    try:
        for element in unit.elements:
            if element is not site:
                chain.form(element)
    except NotClosed:
        return None  # then level by level
    return chain


def _change(unit: Unit, site: GateBlock) -> dict[str, int] | None:
    """What every integer changes by in a call of the family by itself, where that is a constant at every size."""
    assert isinstance(site, Site)
    others = {n: v for n, v in unit.fixed.items() if n not in unit.numbers}
    same = {n: v for n, v in site.fixed if not isinstance(v, Number)} == others
    if site.family is not unit.family or site.at.indices or not same or not _linear(site.at.constraints):
        return None
    change: dict[str, int] = {}
    for name, p in site.arguments:
        by = (p - unit.numbers[name] if name in unit.numbers else p - P(name)).constant()
        if not isinstance(by, int) or (name in unit.numbers and by):
            return None
        if name in unit.names:
            change[name] = by
    return change


def _linear(guards: Sequence[Polynomial]) -> bool:
    return all(
        len(monomial) <= 1 and all(s.is_name and e == 1 for s, e in monomial) for p in guards for monomial in p.terms
    )
