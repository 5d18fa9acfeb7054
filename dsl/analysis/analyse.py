"""A family to its closed forms: one walk, then each figure by itself, so that one that fails does not hide the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TypeVar

from tc0.dsl.analysis import tally
from tc0.dsl.analysis.boxes import Count
from tc0.dsl.analysis.calls import Depth, Helper, dimensions, once, table
from tc0.dsl.analysis.cost import Walk
from tc0.dsl.analysis.deepest import exceeds, split
from tc0.dsl.analysis.domain import Domain, rename, unknowns
from tc0.dsl.analysis.effort import derived, patience
from tc0.dsl.analysis.figure import Evidence, Figure
from tc0.dsl.analysis.numbers import cases_of
from tc0.dsl.analysis.problem import Call, Problem
from tc0.dsl.analysis.recursion import prepared, solve
from tc0.dsl.analysis.tally import Derived, GateBlock
from tc0.dsl.analysis.values import Array, BitContent, Cases, Number, Value, greatest, one, static_value
from tc0.dsl.base.depth import deep
from tc0.dsl.base.record import record
from tc0.dsl.core.program import Applied, Family
from tc0.dsl.core.types import INTEGER, Form, Wires
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Join, Piecewise, coarse
from tc0.dsl.symbolic.polynomial import ZERO, NotClosed, Polynomial
from tc0.dsl.symbolic.quasi import one_parameter
from tc0.dsl.symbolic.work import allowance

P = Polynomial.of
ALL = 50_000  # steps of elimination for one family, about a second; for the walk, and for each figure
WALK = 30_000
EACH = 15_000
MOST = 16  # bounds that are tried where the greatest value of a recursion is not known
ENTRY = "entry"  # the depth of the inputs of a family that calls itself
NOTHING = Piecewise.of(Join.GREATEST, [])
Found = TypeVar("Found")
FIGURES = ("size", "wires", "depth", "fanin", "largest_weight", "unit_wires")


@record
class Open:
    """A figure without a closed form, and the reason in words."""

    name: str
    reason: str


@record
class Costs:
    """The closed forms of a family. kinds: gates by kind. inputs: the number of input wires. blocks: where they are.
    statics: the names among `names` that are parameters in brackets, not sizes."""

    names: tuple[str, ...]
    figures: Mapping[str, Figure | Open]
    kinds: Mapping[str, Figure | Open]
    inputs: Polynomial
    blocks: tuple[GateBlock, ...]
    presumed: Assumptions
    statics: tuple[str, ...] = ()

    def figure(self, name: str) -> Figure | Open:
        return self.figures[name]


def analyse(applied: Applied, negation: str = "gate", count: Count | None = None) -> Costs:
    """The closed forms of a family in the sizes and integer parameters that are not fixed. negation: "gate" or "free".
    count: counts the circuit of a family with everything fixed, in that convention, for calls at constant sizes."""
    with deep(), allowance(ALL * patience(applied.family)):
        return _Analysis(applied, negation, count=count).run()


class _Analysis:
    """One analysis: the walk, and what it was started with. helpers: the families below that call themselves."""

    def __init__(
        self,
        applied: Applied,
        negation: str,
        helpers: dict[object, Helper] | None = None,
        within: tuple[Family, ...] = (),
        count: Count | None = None,
    ) -> None:
        self.family: Family = applied.family
        self.given = dict(applied.values)
        self.negation = negation
        self.count = count
        self.helpers: dict[object, Helper] = {} if helpers is None else helpers
        self.within = (*within, applied.family)
        statics = [p.name for p in self.family.statics if p.type == INTEGER and p.name not in self.given]
        self.names = (*statics, *(s.name for s in self.family.sizes if s.name not in self.given))
        self.sizes = {s.name for s in self.family.sizes}
        self.behind: list[GateBlock] = []  # the blocks of helpers
        self.walk = Walk(given=self.given)
        self.presumed = Assumptions()
        self.calls: tuple[Call, ...] = ()
        self.reason: str | None = None  # why there are no closed forms
        self.outputs: Cases = ()
        self.inputs = P(0)

    def run(self) -> Costs:
        self.prepare()
        freed = self._freed()
        if freed:
            return self._fixed(freed)
        build: dict[str, Callable[[], Derived]] = {name: partial(self.figure, name) for name in FIGURES}
        build["depth"] = self._depth_of_inputs
        figures = {name: self._figure(name, make) for name, make in build.items()}
        if self.negation == "free" and isinstance(figures["depth"], Figure):
            figures["depth"] = Open("depth", "the closed form of depth counts NOT gates")
        kinds = {kind: self._figure(kind, partial(self.figure, f"kind {kind}")) for kind in self.kinds}
        blocks = (*self.blocks, *self.behind)
        statics = tuple(name for name in self.names if name not in self.sizes)
        return Costs(self.names, figures, kinds, self.inputs, blocks, self.presumed, statics)

    def prepare(self, entry: Polynomial = ZERO) -> None:
        """The walk. A family that calls itself is walked again, its inputs at a depth of their own."""
        self.walk = Walk(given=self.given, entry=entry, helper=self._helper, count=self.count)
        env, self.presumed, contradiction = self.environment()
        self.outputs, self.inputs, reason = self.walk_body(env, self.presumed)
        self.reason = contradiction or reason
        if not self.walk.recurring or self.reason is not None:
            return
        if not entry:
            self.prepare(P(ENTRY))
            return
        found, self.reason = derived(self._calls, EACH)
        if found is not None:
            self.calls, self.presumed = found

    def _calls(self) -> tuple[tuple[Call, ...], Assumptions]:
        places = [
            (d.indices, d.constraints, {n: sizes[n] for n in self.names}, P(0)) for _, d, sizes in self.walk.recurring
        ]
        return prepared(places, self.presumed)

    @property
    def blocks(self) -> tuple[GateBlock, ...]:
        free = self.negation == "free"
        blocks = [b for b in self.walk.tally.blocks if not (free and b.kind == "NOT")]
        return tuple(replace(b, certain=False) for b in blocks) if self.walk.loose else tuple(blocks)

    @property
    def kinds(self) -> tuple[str, ...]:
        inner = {kind for call in self.walk.tally.helpers for kind in call.kinds}
        return tuple(sorted({b.kind for b in self.blocks} | inner))

    def figure(self, name: str) -> Derived:
        """A figure other than depth, and whether it is exact. Raises NotClosed with the reason."""
        blocks, weighed = self.blocks, not self.walk.tally.reasons
        inner = tally.of_helpers(self.walk.tally.helpers, name)
        match name:
            case "size":
                return self._total((tally.size(blocks), tally.certain(blocks)), inner)
            case "wires":
                return self._total((tally.wires(blocks), weighed and tally.certain(blocks)), inner)
            case "unit_wires":
                return self._total((tally.unit_wires(blocks), weighed and tally.certain(blocks)), inner)
            case "fanin":
                return self._greatest(tally.fanin(blocks), inner)
            case "largest_weight":
                return self._greatest(tally.largest_weight(blocks), inner)
            case _:
                kind = name.removeprefix("kind ")
                unclear = next((b for b in blocks if not b.kind_exact), None)
                if unclear is not None and kind != "MOD":
                    text = " ".join(unclear.span.text.split())
                    raise NotClosed(f"`{text}` is a threshold of forms at some points only")
                own = [b for b in blocks if b.kind == kind]
                return self._total((tally.size(own), tally.certain(own)), inner)

    def _helper(self, family: Family, given: tuple[tuple[str, object], ...]) -> Helper:
        """The closed forms of a family that calls itself, for all of its parameters."""
        key = (family, tuple((name, repr(value)) for name, value in given))
        if key not in self.helpers:
            if family in self.within:
                raise NotClosed(f"`{family.name}` and `{self.family.name}` call one another")
            inner = _Analysis(Applied(family, given), self.negation, self.helpers, self.within, self.count)
            inner.prepare(P(ENTRY))
            if inner.reason is not None:
                raise NotClosed(f"`{family.name}`: {inner.reason}")
            self.behind += [*inner.blocks, *inner.behind]
            self.helpers[key] = Helper(inner.names, inner.kinds, once(inner.figure), cache(inner.depth))
        return self.helpers[key]

    # ---- the walk

    def walk_body(self, env: dict[str, Cases], presumed: Assumptions) -> tuple[Cases, Polynomial, str | None]:
        """Walks the body; the value of the result, the number of input wires, and why there is none, if so."""
        at = self._start(presumed)
        inputs = P(0)
        unfixed = [p.name for p in self.family.statics if p.name not in env]
        if unfixed:
            return (), inputs, f"closed forms exist once {', '.join(f'`{u}`' for u in unfixed)} is fixed"
        arrays: list[Value] = []

        def walk() -> Cases:
            nonlocal inputs
            for parameter in self.family.parameters:
                array = self._parameter(parameter.type, env, at)
                count = P(1)
                for dim in array.dims:
                    count = count * dim
                inputs = inputs + count
                env[parameter.name] = one(array)
                arrays.append(array)
            self.walk.active.append(self.family)
            body = self.family.body.get()
            if self.family.table:
                return table(self.walk, self.family, arrays, env, at, body)
            return self.walk.cases(body, env, at)

        found, reason = derived(walk, WALK * patience(self.family))
        return found or (), inputs, reason

    def _start(self, presumed: Assumptions) -> Domain:
        if self.walk.entry:
            presumed = Assumptions((*presumed.constraints, self.walk.entry))
        return Domain.start(presumed)

    def environment(self) -> tuple[dict[str, Cases], Assumptions, str | None]:
        """The parameters, what is presumed of them, and why no sizes are possible, if so."""
        env: dict[str, Cases] = {name: one(Number(P(name))) for name in self.names}
        for name, value in self.given.items():
            env[name] = one(static_value(value))
        presumed = Assumptions(tuple(P(name) for name in self.names if name in self.sizes))
        where = self.family.where
        if where is None:
            return env, presumed, None
        start = Domain.start(presumed)
        guards, reason = derived(lambda: cases_of(where, True, env, start, self.walk.cases), EACH)
        if guards is None:
            return env, presumed, f"the `where` clause: {reason}"
        if not guards:
            return env, presumed, f"no sizes satisfy `where {' '.join(where.span.text.split())}`"
        if len(guards) == 1:
            presumed = Assumptions((*presumed.constraints, *guards[0]))
        return env, presumed, None

    def _parameter(self, type: Wires, env: Mapping[str, Cases], at: Domain) -> Array:
        if isinstance(type.element, Form):
            raise NotClosed("a family of forms has cost at its calls only")
        dims = dimensions(type, env, self.walk, at)
        return Array(tuple(self.walk.fresh("k") for _ in dims), dims, BitContent(greatest(self.walk.entry)))

    def _figure(self, name: str, make: Callable[[], Derived]) -> Figure | Open:
        if self.reason is not None:
            return Open(name, self.walk.told(self.reason))
        found, open_ = derived(make, EACH * patience(self.family))
        if found is None:
            return Open(name, self.walk.told(open_ or ""))
        value, exact = found
        hidden = sorted({text for guards, p in value.pieces for q in (*guards, p) for text in unknowns(q)})
        if hidden:
            return Open(name, self.walk.told(hidden[0]))
        evidence = Evidence.EXACT if exact else Evidence.AT_MOST
        value = value if exact else coarse(value)
        return Figure(name, value, evidence, self.names, self.presumed, tuple(self._least(n) for n in self.names))

    def _least(self, name: str) -> int:
        """The least value of a parameter that the `where` clause allows, as far as it says so."""
        least = 0
        while least < 16 and self.presumed.proves(P(name) - least - 1):
            least += 1
        return least

    # ---- parameters that are fixed, and that a recursion changes

    def _freed(self) -> tuple[str, ...]:
        fixed = {name: P(value) for name, value in self.given.items() if type(value) is int}
        calls = [sizes for _, _, sizes in self.walk.recurring]
        return tuple(n for n, value in fixed.items() if any(sizes.get(n, value) != value for sizes in calls))

    def _fixed(self, freed: Sequence[str]) -> Costs:
        """The closed forms for all values of some parameters, at those that are fixed."""
        rest = tuple((name, value) for name, value in self.given.items() if name not in freed)
        costs = _Analysis(Applied(self.family, rest), self.negation, count=self.count).run()
        change = {name: P(value) for name in freed if type(value := self.given[name]) is int}

        def at(figure: Figure | Open) -> Figure | Open:
            if isinstance(figure, Open):
                return figure
            value = rename(figure.value, change, self.presumed)
            return replace(
                figure,
                value=value,
                names=self.names,
                presumed=self.presumed,
                least=tuple(self._least(n) for n in self.names),
            )

        figures = {name: at(figure) for name, figure in costs.figures.items()}
        kinds = {name: at(figure) for name, figure in costs.kinds.items()}
        inputs = substitute(costs.inputs, change, self.presumed)
        return Costs(self.names, figures, kinds, inputs, costs.blocks, self.presumed)

    # ---- recursion

    def _problem(self, own: Piecewise, calls: tuple[Call, ...]) -> Problem:
        return Problem(self.names, own, calls, self.presumed, {n: self._least(n) for n in self.names})

    def _total(self, own: Derived, inner: Derived) -> Derived:
        value, exact = own[0].plus(inner[0]), own[1] and inner[1]
        if not self.walk.recurring:
            return value, exact
        solved, attained = solve(self._problem(value, self.calls))
        return solved, exact and attained

    def _depth_of_inputs(self) -> Derived:
        """The depth, its inputs being of depth 0."""
        if not self.walk.recurring:
            return self._deepest()
        found = self.depth()
        return found.inner.plus(found.apart), found.exact

    def _deepest(self) -> Derived:
        at = self._start(self.presumed)
        value, exact = Piecewise.of(Join.GREATEST, []), True
        for guards, array in self.outputs:
            assert isinstance(array, Array)
            part, part_exact = self.walk.depth_of(array, at.under(guards))
            value = value.plus(Piecewise.of(Join.GREATEST, [((*guards, *own), p) for own, p in part.pieces]))
            exact = exact and part_exact
        return value, exact

    def depth(self) -> Depth:
        """The depth of the family for inputs of any depth; as recurrences, where it calls itself."""
        value, exact = self._deepest()
        parts = split(value, self.walk.entry, self._order())
        calls, presumed = prepared(parts.calls, self.presumed)
        inner, inner_exact = solve(self._problem(parts.inner, calls))
        if exceeds(parts.inner, parts.apart, presumed):
            return Depth(inner, NOTHING, exact and inner_exact)
        shorter, _ = prepared(parts.shorter, self.presumed)
        apart, apart_exact = solve(self._problem(parts.apart, shorter))
        return Depth(inner, apart, exact and inner_exact and apart_exact)

    def _order(self) -> dict[str, int]:
        """The places of the parameters among those of the unknown depth of a call."""
        order = [name for _, _, sizes in self.walk.recurring[:1] for name in sizes]
        return {name: order.index(name) for name in self.names if name in order}

    def _greatest(self, own: Derived, inner: Derived) -> Derived:
        """An extreme figure: in a recursion the greatest of this activation's and its calls'."""
        value, exact = own[0].plus(inner[0]), own[1] and inner[1]
        if not self.walk.recurring:
            return value, exact
        problem = self._problem(value, self.calls)
        changing = {*problem.changing}
        if not changing & value.names() or (len(changing) == 1 and self._grows(value, min(changing))):
            return value, exact
        try:
            solved, attained = solve(problem)
            return solved, exact and attained
        except NotClosed:
            most = next((k for k in range(MOST + 1) if self._at_most(value, k)), None)
            if most is None:
                raise
        return Piecewise.of(Join.GREATEST, [((), P(most))]), False

    def _at_most(self, value: Piecewise, most: int) -> bool:
        return all(self.presumed.implied(most - p, guards) for guards, p in value.pieces)

    def _grows(self, value: Piecewise, name: str) -> bool:
        """Whether a value of one size is a constant from some size on, and below never less than before."""
        if value.names() != {name}:
            return False
        least = self._least(name)
        one = one_parameter(value, name, least)
        if one is None or one.polynomial.constant() is None:
            return False
        last = max((n for n, _ in one.exceptions), default=least)
        row = [one.at(n) for n in range(least, last + 2)]
        return row == sorted(row)
