"""Units: the cost reading of one family, in which calls of families that come back to themselves are left as sites.

A family that calls nothing recursive is one unit, its helpers walked in place. A recursive family is a unit of its own,
in its own sizes; a *site* is a place where it is called, with the points of the call and the sizes it is called with. Sites
stand among the blocks of gates in the order of the text. At numbers for the sizes, an *activation*, every count of a unit
is a closed form that is evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from tc0.dsl.analysis.analyse import EACH, WALK
from tc0.dsl.analysis.calls import bind, dimensions, gathered
from tc0.dsl.analysis.cost import Walk
from tc0.dsl.analysis.domain import Domain
from tc0.dsl.analysis.effort import derived
from tc0.dsl.analysis.folds import MOST_WRITTEN_OUT
from tc0.dsl.analysis.numbers import Environment, cases_of
from tc0.dsl.analysis.outline import Key, Outline
from tc0.dsl.analysis.prefixes import Prefixes
from tc0.dsl.analysis.tally import GateBlock, Path, Place, settled
from tc0.dsl.analysis.values import (
    NONE,
    ZERO_DEPTH,
    Array,
    BitContent,
    Cases,
    FamilyValue,
    Known,
    Number,
    Value,
    merge,
    one,
    total,
)
from tc0.dsl.base.depth import deep
from tc0.dsl.base.record import record
from tc0.dsl.core.program import Expr, Family, Fold
from tc0.dsl.core.types import INTEGER, Form
from tc0.dsl.symbolic.compiled import Evaluated
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial

if TYPE_CHECKING:
    from tc0.dsl.analysis.levels import Chain

P = Polynomial.of
MOST_UNITS = 400
FLAT = BitContent(ZERO_DEPTH, False)  # of wires whose depth is not asked for
Fixed = tuple[tuple[str, Value], ...]  # parameters that are no symbols of a unit: families, tables, numbers


class Symbols(Enum):
    """Which integers of a family are symbols of its unit, the others being fixed: the more, the fewer walks."""

    ALL = "all"
    SIZES = "sizes"
    NONE = "none"


@record
class Site(GateBlock):
    """A call of a recursive family. at: one point for each call. arguments: its integers. fixed: its other parameters."""

    family: Family | None = None
    arguments: tuple[tuple[str, Polynomial], ...] = ()
    fixed: Fixed = ()


class UnitWalk(Walk):
    """The cost reading that leaves calls of recursive families as sites."""

    recursive: frozenset[Family] = frozenset()
    scopes: dict[int, tuple[Environment, Domain]]  # the names in scope at each site

    def call(self, target: Expr, arguments: Sequence[Expr], env: Environment, at: Domain, expr: Expr) -> Cases:
        cases = self.cases(target, env, at)
        family = cases[0][1]
        if len(cases) != 1 or not isinstance(family, FamilyValue) or family.family not in self.recursive:
            return super().call(target, arguments, env, at, expr)
        results: list[tuple[Guards, Value]] = []
        for guards, values in gathered(self, arguments, env, at):
            self.scopes[id(expr)] = (env, at)
            result = self._site(family, values, at.under(guards), expr)
            results.append((guards, result))
        return merge(results, at.known)

    def _site(self, value: FamilyValue, arguments: Sequence[Value], at: Domain, expr: Expr) -> Value:
        family = value.family
        if any(isinstance(p.type.element, Form) for p in family.parameters):
            raise NotClosed(f"`{family.name}` calls itself with forms")
        env: dict[str, Cases] = {}
        for name, cases in value.fixed:
            live = tuple((g, v) for g, v in cases if not g or not at.under(g).empty)
            if len(live) != 1:
                raise NotClosed("a parameter in brackets that is a case distinction")
            env[name] = one(live[0][1])
        for size in family.sizes:
            if size.name not in env:
                env[size.name] = one(Number(bind(self, size, arguments, env, at)))
        given: list[tuple[str, Polynomial]] = []
        fixed: list[tuple[str, Value]] = []
        for name in (*(p.name for p in family.statics), *(s.name for s in family.sizes)):
            found = env[name][0][1]
            if isinstance(found, Number) and name in integers(family):
                given.append((name, found.value))
            elif _outright(found):
                fixed.append((name, found))
            else:
                raise NotClosed(f"`{family.name}` calls itself with a family that depends on an index")
        dims = dimensions(family.result, env, self, at)
        self.tally.blocks.append(
            Site(
                "CALL",
                at,
                total(1),
                NONE,
                ZERO_DEPTH,
                NONE,
                expr.span,
                place=(tuple(self.path), id(expr), 0),
                folds=tuple(self.folds),
                family=family,
                arguments=tuple(given),
                fixed=tuple(fixed),
            )
        )
        return Array(tuple(self.fresh("k") for _ in dims), dims, FLAT)

    def _fold(self, expr: Fold, env: Environment, at: Domain) -> Cases:
        """A fold as a time index, or written out where it has few steps in every case; how deep it is does not matter."""
        cases: list[tuple[Guards, Value, Polynomial]] = []
        for guards, init in self.cases(expr.init, env, at):
            for own, times in self.numbers(expr.times, env, at.under(guards)):
                cases.append(((*guards, *own), init, times))
        few = all(isinstance(c := times.constant(), int) and c <= MOST_WRITTEN_OUT for _, _, times in cases)
        found: list[tuple[Guards, Value]] = []
        for guards, init, times in cases:
            walk = self._written_out if few else self._repeated
            found += [((*guards, *own), v) for own, v in walk(expr, init, times, env, at.under(guards))]
        return tuple(found)

    def _written_out(self, expr: Fold, init: Value, times: Polynomial, env: Environment, at: Domain) -> Cases:
        states: Cases = one(init)
        self.unrolled.add((tuple(self.path), id(expr)))
        for k in range(int(times.constant() or 0)):
            following: list[tuple[Guards, Value]] = []
            self.path.append(k)
            for guards, state in states:
                scope = {**env, expr.state: one(state), expr.index: one(Number(P(k)))}
                after = self.cases(expr.step, scope, at.under(guards))
                following += [((*guards, *own), value) for own, value in after]
            self.path.pop()
            states = tuple(following)
        return states

    def _repeated(self, expr: Fold, init: Value, times: Polynomial, env: Environment, at: Domain) -> Cases:
        if not isinstance(init, Array) or not isinstance(init.content, BitContent):
            raise NotClosed(f"the fold `{expr.span.text[:40]}` of forms or numbers")
        name = self.fresh(expr.index)
        inner = at.bind(name, P(0), times)
        state = Array(init.indices, init.dims, FLAT)
        if not inner.empty:
            self.folds.append(name)
            self.cases(expr.step, {**env, expr.state: one(state), expr.index: one(Number(P(name)))}, inner)
            self.folds.pop()
        return one(state)


def _outright(value: Value) -> bool:
    """Whether a value speaks of no size and no index."""
    match value:
        case Known():
            return True
        case Number(value=p):
            return p.constant() is not None
        case FamilyValue(fixed=fixed):
            return all(len(cases) == 1 and not cases[0][0] and _outright(cases[0][1]) for _, cases in fixed)
        case _:
            return False


@dataclass(slots=True, eq=False)
class Element:
    """A place of a unit: blocks of gates, or sites; its members are the cases. around: the folds whose steps number it."""

    place: Place
    key: Key
    around: tuple[tuple[Path, int], ...]
    members: list[GateBlock] = field(default_factory=list)

    @property
    def is_site(self) -> bool:
        return isinstance(self.members[0], Site)


def integers(family: Family) -> list[str]:
    """The integer parameters and the sizes of a family."""
    return [*(p.name for p in family.statics if p.type == INTEGER), *(s.name for s in family.sizes)]


class Unit:
    """One family walked by itself. names: the integers that are symbols. fixed: its other parameters."""

    def __init__(self, units: Units, family: Family, fixed: Fixed) -> None:
        self.family = family
        self.fixed = dict(fixed)
        self.names = tuple(name for name in integers(family) if name not in self.fixed)
        self.numbers: dict[str, int] = {}
        for name, value in fixed:
            constant = value.value.constant() if isinstance(value, Number) else None
            if isinstance(constant, int):
                self.numbers[name] = constant
        self.walk = UnitWalk(used=dict.fromkeys(self.names, 1))
        self.walk.recursive = units.outline.recursive
        self.walk.scopes = {}
        self.presumed = Assumptions(tuple(P(s.name) for s in family.sizes if s.name in self.names))
        _, reason = derived(self._walk, WALK)
        if reason is None and self.walk.recurring:
            reason = "the family calls itself by way of a parameter"
        unclear = next((b for b in self.walk.tally.blocks if self.walk.loose or not settled(b)), None)
        if reason is None and unclear is not None:
            text = " ".join(unclear.span.text.split())
            reason = f"which gates `{text}` there are depends on numbers that are not in closed form"
        if reason is not None:
            raise NotClosed(reason)
        found: dict[Place, Element] = {}
        for block in self.walk.tally.blocks:
            if block.place not in found:
                found[block.place] = Element(block.place, *units.outline.key(block.place, self.walk.unrolled))
            found[block.place].members.append(block)
        self.elements = sorted(found.values(), key=lambda e: e.key)
        self.by_place = {e.place: e for e in self.elements}
        self.chain: tuple[Chain | None] | None = None  # what `levels.chain_of` found
        self.groups: dict[object, list[tuple[Activation, int]]] = {}  # what `ranking` found
        self.terms: dict[tuple[int, int, bool], Evaluated] = {}  # what `points` found: terms of sums, by array
        self._counts: dict[Place, list[Prefixes]] = {}
        self.sites = {(e.place[0], e.place[1]): e for e in self.elements if e.is_site}

    def counts(self, element: Element) -> list[Prefixes]:
        """The counts of each case of a place."""
        found = self._counts.get(element.place)
        if found is None:
            found = self._counts[element.place] = [Prefixes.of(m, self.presumed) for m in element.members]
        return found

    def _walk(self) -> None:
        env: dict[str, Cases] = {name: one(Number(P(name))) for name in self.names}
        env |= {name: one(value) for name, value in self.fixed.items()}
        start = Domain.start(self.presumed)
        where = self.family.where
        if where is not None:
            guards, _ = derived(lambda: cases_of(where, True, env, start, self.walk.cases), EACH)
            if guards is not None and len(guards) == 1:
                self.presumed = Assumptions((*self.presumed.constraints, *guards[0]))
        at = Domain.start(self.presumed)
        for parameter in self.family.parameters:
            if isinstance(parameter.type.element, Form):
                raise NotClosed("a family of forms has cost at its calls only")
            dims = dimensions(parameter.type, env, self.walk, at)
            names = tuple(self.walk.fresh("k") for _ in dims)
            env[parameter.name] = one(Array(names, dims, BitContent(ZERO_DEPTH)))
        self.walk.active.append(self.family)
        self.walk.cases(self.family.body.get(), env, at)


@dataclass(frozen=True, slots=True)
class Activation:
    """A unit at numbers for its names."""

    unit: Unit
    args: tuple[int, ...]

    @property
    def values(self) -> dict[str, int]:
        return dict(zip(self.unit.names, self.args, strict=True))


class Units:
    """All units of a family, each walked when it is first asked for."""

    def __init__(self, family: Family, symbols: Symbols, outline: Outline | None = None) -> None:
        self.family = family
        self.symbols = symbols
        self.outline = outline or Outline(family)
        self._units: dict[tuple[Family, Fixed], Unit] = {}

    @property
    def walked(self) -> list[Unit]:
        """The units that were met so far."""
        return list(self._units.values())

    def activation(self, family: Family, fixed: Fixed, integers: Mapping[str, int]) -> Activation:
        """A family at numbers for its integer parameters and sizes."""
        keep = {Symbols.ALL: set(integers), Symbols.SIZES: {s.name for s in family.sizes}, Symbols.NONE: set()}
        numbers = tuple((n, Number(P(v))) for n, v in integers.items() if n not in keep[self.symbols])
        unit = self.unit(family, (*fixed, *numbers))
        return Activation(unit, tuple(integers[name] for name in unit.names))

    def unit(self, family: Family, fixed: Fixed) -> Unit:
        """A family with some parameters fixed, walked once."""
        key = (family, tuple(sorted(fixed, key=lambda item: item[0])))
        found = self._units.get(key)
        if found is None:
            if len(self._units) >= MOST_UNITS:
                raise NotClosed(f"`{family.name}` calls itself with more than {MOST_UNITS} different sizes")
            with deep():
                found = self._units[key] = Unit(self, *key)
        return found
