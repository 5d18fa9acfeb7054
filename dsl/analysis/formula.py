"""The direct connection language of a family as formulas: for each place the ranges of its indices, the number of the gate
at given indices, its kind and threshold, and what feeds it, all in the sizes and the indices.

The formulas are those that `connection` evaluates: counts of what comes before (`prefixes`), and the sources of a phrase
(`sources`). A place without a formula says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tc0.dsl.analysis.analyse import ALL
from tc0.dsl.analysis.domain import Domain
from tc0.dsl.analysis.effort import derived
from tc0.dsl.analysis.feeding import operands
from tc0.dsl.analysis.outline import Outline
from tc0.dsl.analysis.prefixes import BELOW, Prefixes
from tc0.dsl.analysis.sources import (
    Env,
    FromConstant,
    FromGate,
    FromInput,
    Source,
    Sources,
    Spot,
)
from tc0.dsl.analysis.tally import GateBlock
from tc0.dsl.analysis.units import Element, Site, Symbols, Unit, Units, integers
from tc0.dsl.analysis.values import Number, one, static_value
from tc0.dsl.base.depth import deep
from tc0.dsl.base.errors import NotAvailable
from tc0.dsl.base.source import Span
from tc0.dsl.core import program as t
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.counting import Pieces
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise, chambers
from tc0.dsl.symbolic.polynomial import ZERO, NotClosed, Polynomial

P = Polynomial.of
COPY = "u"  # the index of the thresholds of a `//` or `%` at one point


@dataclass(frozen=True, slots=True)
class Feed:
    """What feeds a gate: for every point of `indices` under the guards a source with a weight. number: of the source,
    among the gates or among the inputs; of a constant its value. Of `Added` there is none: the form has its weight added."""

    indices: tuple[str, ...]
    guards: Guards
    source: Source
    number: Piecewise
    weight: Polynomial


@dataclass(frozen=True, slots=True)
class PlaceFormula:
    """The gates of one case of a place.

    indices, guards: a gate for every point; copies: so many gates at a point, told apart by the index `copy`. first: the
    number of the first gate of the place, and number: of the gate at a point. kind_exact: False where a gate of forms is
    THR here, but as written where its forms are single bits. threshold: the form, as written, is at least this (None for
    AND, OR, NOT, MAJ, MOD). feeds: None where there is no formula, for the reason.
    """

    kind: str
    kind_exact: bool
    span: Span
    indices: tuple[str, ...]
    guards: Guards
    copies: Piecewise
    copy: str | None
    first: Piecewise
    number: Piecewise
    threshold: Polynomial | None
    feeds: tuple[Feed, ...] | None
    reason: str


@dataclass(frozen=True, slots=True)
class Formula:
    """The formulas of a family. sizes: the names that they speak of besides indices."""

    sizes: tuple[str, ...]
    places: tuple[PlaceFormula, ...]


def formula(applied: t.Applied) -> Formula:
    """The direct connection language of a family, sizes and integer parameters that are not fixed being symbols. Raises
    NotAvailable (E1005) where its gates have no numbers in closed form."""
    family = applied.family
    names = integers(family)
    given = dict(applied.values)
    free = [p.name for p in family.statics if p.name not in given and p.name not in names]
    reason: str | None = None
    if family.table:
        reason = "it is a table"
    elif free:
        reason = f"they exist once {', '.join(f'`{name}`' for name in free)} is fixed"
    elif family in Outline(family).recursive:
        reason = "it calls itself: ask `gate`, `input`, `feeds` and `number` at a size"
    found = None
    if reason is None:

        def make() -> Formula:
            units = Units(family, Symbols.ALL)
            unit = units.unit(family, tuple((name, static_value(v)) for name, v in given.items()))
            if unit.sites:
                (name, *_) = (
                    s.family.name for e in unit.sites.values() for s in e.members if isinstance(s, Site) and s.family
                )
                raise NotClosed(f"it calls `{name}`, which calls itself")
            return Formula(unit.names, tuple(Formulas(unit, Sources(unit, units.outline)).places()))

        with deep():
            found, reason = derived(make, 20 * ALL)
    if found is None:
        hint = "ask at a size: `gate(f[n = 10], 0)`"
        raise NotAvailable("E1005", f"gates of `{family.name}` have no formulas: {reason}", family.span, hint)
    return found


class Formulas:
    """The formulas of a unit that calls nothing recursive."""

    def __init__(self, unit: Unit, nodes: Sources) -> None:
        self.unit = unit
        self.sources = nodes
        self.env = nodes.root()

    def places(self) -> Iterator[PlaceFormula]:
        """The formulas of all places, in the order of gate numbers."""
        for element in self.unit.elements:
            for at in range(len(element.members)):
                yield self._place(element, at)

    def _place(self, element: Element, case: int) -> PlaceFormula:
        block = element.members[case]
        node = self.sources.outline.nodes[element.place[1]]
        copy = COPY if isinstance(node, (t.Quotient, t.Remainder)) else None
        while copy in block.at.indices:
            copy += "'"
        found, reason = derived(lambda: self._feeds(element, block, node, copy), ALL)
        threshold, feeds = found or (None, None)
        return PlaceFormula(
            block.kind,
            block.kind_exact,
            block.span,
            block.at.indices,
            tuple(g for g in dict.fromkeys(block.at.constraints) if not self.unit.presumed.proves(g)),
            block.copies,
            copy,
            self._simplified(self._number(element, None, block), Domain.start(self.unit.presumed)),
            self._simplified(self._number(element, tuple(P(i) for i in block.at.indices), block, copy), block.at),
            threshold,
            feeds,
            reason or "",
        )

    # ---- numbers

    def number(self, source: FromGate, at: Domain) -> Piecewise:
        """The number of a gate that feeds another."""
        element = self.unit.by_place[source.place]
        block = element.members[0]
        return self._simplified(self._number(element, source.indices, block).plus(_whole(source.copy)), at)

    def _number(
        self, element: Element, point: Sequence[Polynomial] | None, block: GateBlock, copy: str | None = None
    ) -> Piecewise:
        """The number of the gate of a place at a point; None: of its first gate."""
        depth = len(element.around)
        counts = self.unit.counts(element)
        moved = None if point is None else [point[k] for k in counts[0].order]
        pieces: Pieces = []
        for other in self.unit.elements:
            common = 0
            while common < min(len(other.around), depth) and other.around[common] == element.around[common]:
                common += 1
            for prefixes in self.unit.counts(other):
                if moved is None:
                    common = 0
                for k in range(common):
                    assert moved is not None
                    pieces += _at(prefixes, moved[:k], moved[k])
                if other.key < element.key:
                    pieces += _at(prefixes, moved[:common] if moved is not None else (), None)
        if moved is not None:
            for prefixes in counts:
                for k in range(depth, len(moved)):
                    pieces += _at(prefixes, moved[:k], moved[k])
        if copy is not None:
            pieces.append(((), P(copy)))
        return Piecewise.of(Join.SUM, pieces)

    def _simplified(self, value: Piecewise, at: Domain) -> Piecewise:
        """The same in a domain, with guards that are decided there left out."""
        kept = []
        for guards, p in value.pieces:
            if guards and at.under(guards).empty:
                continue
            kept.append(([g for g in guards if not at.proves(g)], p))
        found = Piecewise.of(Join.SUM, kept)
        if all(not g for g, _ in found.pieces):
            return found
        cells = chambers(found, at.known)
        if cells is None:
            return found
        return Piecewise.of(Join.SUM, [(g, c.polynomial) for c in cells for g in c.guards])

    # ---- what feeds a gate

    def _feeds(
        self, element: Element, block: GateBlock, node: t.Expr, copy: str | None
    ) -> tuple[Polynomial | None, tuple[Feed, ...]]:
        at = block.at
        env, spot, index = self._reach(element, at)
        threshold, found = operands(self.sources, node, element.place[2], env, spot, index, at, copy)
        feeds = []
        for guards, form in found:
            for group in form.groups:
                own = (*guards, *group.guards)
                inner = Domain(at.indices, at.constraints, at.parameters, at.known).under(own)
                if inner.empty:
                    continue
                source = group.source
                if isinstance(source, FromGate):
                    number = self.number(source, inner)
                else:
                    number = _whole(_number_of(source))
                kept = tuple(g for g in own if not at.proves(g))
                feeds.append(Feed(group.indices, kept, source, number, group.weight))
        return threshold, tuple(feeds)

    def _reach(self, element: Element, at: Domain) -> tuple[Env, Spot, tuple[Polynomial, ...]]:
        """The names in scope at a place, where it is, and the indices of it that no binder takes."""
        path, node, _ = element.place
        steps, left = list(path), [P(name) for name in at.indices]
        env, spot, outline = self.env, Spot(), self.sources.outline
        while True:
            target = outline.call(steps) or outline.nodes[node]
            env, spot = self._down(target, env, spot, steps, left, at)
            if not steps:
                return env, spot, tuple(left)
            assert isinstance(target, t.Call)
            frames = list(self.sources.frames(target, env, spot, at))
            if len(frames) != 1:
                raise NotClosed(f"the arguments of `{' '.join(target.span.text.split())}` are a case distinction")
            env, spot = frames[0][1], Spot((*spot.path, steps.pop(0)), spot.point)

    def _down(
        self, target: t.Expr, env: Env, spot: Spot, steps: list[int], left: list[Polynomial], at: Domain
    ) -> tuple[Env, Spot]:
        chain = [*self.sources.outline.chain(target), target]
        for parent, child in zip(chain, chain[1:], strict=False):
            match parent:
                case t.Block():
                    env = self.sources.scope(parent, env, spot, at, child)
                case t.Comprehension(bounds=bounds) if child is parent.body:
                    own, left[: len(bounds)] = tuple(left[: len(bounds)]), []
                    env = {**env, **_names(bounds, own)}
                    spot = Spot(spot.path, (*spot.point, *own))
                case t.Fold() if child is parent.step:
                    unrolled = (spot.path, id(parent)) in self.unit.walk.unrolled
                    step = P(steps.pop(0)) if unrolled else left.pop(0)
                    env, spot = self.sources.step(parent, env, spot, step)
                case _:
                    pass
        return env, spot


def _number_of(source: Source) -> Polynomial:
    match source:
        case FromInput(number=number):
            return number
        case FromConstant(bit=bit):
            return bit
        case _:
            return ZERO


def _names(bounds: Sequence[t.Bound], values: Sequence[Polynomial]) -> Mapping[str, object]:
    return {b.name: one(Number(v)) for b, v in zip(bounds, values, strict=True)}


def _whole(p: Polynomial) -> Piecewise:
    return Piecewise.of(Join.SUM, [((), p)])


def _at(prefixes: Prefixes, fixed: Sequence[Polynomial], bound: Polynomial | None) -> Pieces:
    """The count with polynomials put in for the first indices, and for the bound of the next one."""
    change = dict(zip(prefixes.indices, fixed, strict=False))
    if bound is not None:
        change[BELOW] = bound
    form = prefixes.form(len(fixed), bound is not None)
    return [(tuple(substitute(g, change) for g in guards), substitute(p, change)) for guards, p in form]
