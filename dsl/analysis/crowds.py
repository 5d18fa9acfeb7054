"""How many gates stand where: at a place of one activation, of all activations that a recursion has at one level, in all.

A call at many points is made once for all of them, place by place: so at every level of a recursion there is a *crowd*,
how many activations of which sizes stand there. Counts of a unit are closed forms that are evaluated; a site counts as the
gates of all that it calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tc0.dsl.analysis.levels import Chain, chain_of
from tc0.dsl.analysis.outline import Key
from tc0.dsl.analysis.prefixes import ManySizes, Prefixes
from tc0.dsl.analysis.units import Activation, Element, Site, Unit, Units
from tc0.dsl.base.errors import Error
from tc0.dsl.core.static import evaluate
from tc0.dsl.symbolic.polynomial import NotClosed

MOST_ACTIVATIONS = 10_000  # of different sizes
MOST_KEPT = 100_000  # groups of calls that one unit remembers

Crowd = Mapping[Activation, int]
Around = tuple[tuple[tuple[int, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of one family in several units: those of a crowd. around: the folds whose steps number it."""

    key: Key
    around: Around
    elements: Mapping[Unit, Element]

    @property
    def any(self) -> Element:
        return next(iter(self.elements.values()))


class Crowds:
    """The counts of a family at given sizes."""

    def __init__(self, units: Units, root: Activation) -> None:
        self.units = units
        self.root = root
        self._totals: dict[Activation, int] = {}
        self._chained: dict[Activation, int] = {}
        self._slots: dict[frozenset[Unit], list[Slot]] = {}
        self.size = self.total(root)

    # ---- activations

    def total(self, activation: Activation) -> int:
        """All gates of an activation and of what it calls."""
        stack, entered = [activation], set()
        while stack:
            top = stack[-1]
            missing = [a for a in self._called(top) if a not in self._totals] if top not in self._totals else []
            if missing:
                name = top.unit.family.name
                if top in entered:
                    raise NotClosed(f"`{name}` does not get smaller")
                entered.add(top)
                if len(entered) > MOST_ACTIVATIONS:
                    raise ManySizes(f"`{name}` calls itself with more than {MOST_ACTIVATIONS:,} different sizes")
                stack += missing
                continue
            if top not in self._totals:
                self._totals[top] = self._sum(top)
            stack.pop()
        return self._totals[activation]

    def _called(self, activation: Activation) -> list[Activation]:
        if activation not in self._totals:
            _check(activation)
        if self.chain(activation.unit) is not None:
            return []
        return [a for site in activation.unit.sites.values() for a, _ in self.groups(activation, site, (), None)]

    def _sum(self, activation: Activation) -> int:
        chain = self.chain(activation.unit)
        if chain is None:
            return sum([self.weigh(activation, e, (), None) for e in activation.unit.elements])
        levels = self.calls(activation) + 1
        _check(self.moved(activation, levels - 1))
        return sum([chain.below(e, activation.args, levels) for e in activation.unit.elements if not e.is_site])

    def chain(self, unit: Unit) -> Chain | None:
        return chain_of(unit)

    def calls(self, activation: Activation) -> int:
        """How many levels of a chain lie below an activation."""
        found = self._chained.get(activation)
        if found is None:
            chain = self.chain(activation.unit)
            found = self._chained[activation] = 0 if chain is None else chain.calls(activation.args)
        return found

    def moved(self, activation: Activation, level: int) -> Activation:
        """The activation at a level of its chain."""
        chain = self.chain(activation.unit)
        if not level or chain is None:
            return activation
        return Activation(activation.unit, chain.at(activation.args, level))

    # ---- counts of one activation

    def weigh(self, activation: Activation, element: Element, fixed: Sequence[int], bound: int | None) -> int:
        """The gates of a place (of a site: of all that it calls) whose first indices are fixed and whose next one is
        below a bound."""
        if element.is_site:
            calls = self.groups(activation, element, tuple(fixed), bound)
            return sum([n * self._totals[a] for a, n in calls])
        values = activation.values
        return sum([c.below(fixed, bound, values) for c in activation.unit.counts(element)])

    def groups(
        self, activation: Activation, site: Element, fixed: tuple[int, ...], bound: int | None
    ) -> list[tuple[Activation, int]]:
        """The activations that a site calls at such points, each with its number."""
        unit = activation.unit
        key = (activation.args, site.place, fixed, bound)
        found = unit.groups.get(key)
        if found is None:
            crowd: dict[Activation, int] = {}
            for prefixes in unit.counts(site):
                for called, n in self._groups(activation.values, prefixes, fixed, bound):
                    crowd[called] = crowd.get(called, 0) + n
            if len(unit.groups) >= MOST_KEPT:
                unit.groups.clear()
            found = unit.groups[key] = list(crowd.items())
        return found

    def _groups(
        self, sizes: Mapping[str, int], prefixes: Prefixes, fixed: tuple[int, ...], bound: int | None
    ) -> list[tuple[Activation, int]]:
        site = prefixes.block
        assert isinstance(site, Site) and site.family is not None
        names = {name for _, p in site.arguments for name in p.names()}
        deciding = prefixes.deciding(names, len(fixed))
        limits = {} if bound is None or len(fixed) >= len(prefixes.indices) else {prefixes.indices[len(fixed)]: bound}
        known = {**sizes, **dict(zip(prefixes.indices, fixed, strict=False))}
        found = []
        for given in prefixes.points(deciding, known, limits):
            n = prefixes.below(fixed, bound, sizes, given)
            if n > 0:
                values = {**known, **given}
                integers = {name: int(p.at(values)) for name, p in site.arguments}
                found.append((self.units.activation(site.family, site.fixed, integers), n))
        return found

    def called(self, activation: Activation, site: Element, moved: tuple[int, ...]) -> Activation:
        """What a site calls at one point."""
        ((found, _),) = self.groups(activation, site, moved, None)
        return found

    # ---- crowds

    def slots(self, crowd: Crowd) -> list[Slot]:
        """The places of the family of a crowd, in order."""
        units = frozenset(a.unit for a in crowd)
        found = self._slots.get(units)
        if found is None:
            by_key: dict[Key, dict[Unit, Element]] = {}
            for unit in units:
                for element in unit.elements:
                    by_key.setdefault(element.key, {})[unit] = element
            found = [Slot(key, next(iter(m.values())).around, m) for key, m in sorted(by_key.items())]
            written_out = {place for unit in units for place in unit.walk.unrolled}
            if any(e.around != s.around or written_out & {*e.around} for s in found for e in s.elements.values()):
                raise NotClosed("a fold whose steps are few in some calls and many in others")
            self._slots[units] = found
        return found

    def chain_of(self, crowd: Crowd) -> Chain | None:
        first = next(iter(crowd))
        return self.chain(first.unit)

    def weight(self, crowd: Crowd, slots: Sequence[Slot], fixed: Sequence[int], bound: int | None) -> int:
        total = 0
        for slot in slots:
            for activation, times in crowd.items():
                element = slot.elements.get(activation.unit)
                if element is not None:
                    total += times * self.weigh(activation, element, fixed, bound)
        return total

    def chain_below(self, crowd: Crowd, chain: Chain, slots: Sequence[Slot], level: int) -> int:
        """The gates of places of a chain at all levels below one."""
        return sum([n * chain.below(s.any, a.args, level) for s in slots for a, n in crowd.items()])

    def descended(self, crowd: Crowd, slot: Slot, steps: tuple[int, ...]) -> Crowd:
        """The crowd that a site calls."""
        found: dict[Activation, int] = {}
        for activation, times in crowd.items():
            element = slot.elements.get(activation.unit)
            if element is not None:
                for called, n in self.groups(activation, element, steps, None):
                    found[called] = found.get(called, 0) + times * n
        return found

    def at_level(self, crowd: Crowd, level: int) -> Crowd:
        return {self.moved(a, level): n for a, n in crowd.items() if self.calls(a) >= level} if level else crowd


def _check(activation: Activation) -> None:
    """What a family presumes must hold wherever it is called."""
    family, values = activation.unit.family, {**activation.unit.numbers, **activation.values}
    for size in family.sizes:
        if values[size.name] < 0:
            raise Error("E0407", f"the size `{size.name}` of `{family.name}` is {values[size.name]}, which is negative")
    if family.where is None:
        return
    try:
        holds = evaluate(family.where, values)
    except KeyError:
        return  # it mentions what is no number
    if holds is False:
        text = " ".join(family.where.span.text.split())
        shown = ", ".join(f"{n} = {v}" for n, v in values.items())
        raise Error("E0405", f"`{family.name}` presumes {text}, which does not hold for {shown}", family.span)
