"""A family to its closed forms: one walk, then each figure by itself, so that one that fails does not hide the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from tc0.dsl.analysis import tally
from tc0.dsl.analysis.calls import dimensions, table
from tc0.dsl.analysis.cost import Walk
from tc0.dsl.analysis.domain import Domain
from tc0.dsl.analysis.figure import Evidence, Figure
from tc0.dsl.analysis.numbers import cases_of
from tc0.dsl.analysis.recurrence import Recurrence, Recursion, solve, spread
from tc0.dsl.analysis.tally import GateBlock
from tc0.dsl.analysis.values import (
    ZERO_DEPTH,
    Array,
    BitContent,
    Cases,
    FamilyValue,
    Known,
    Number,
    Value,
    one,
)
from tc0.dsl.base.depth import deep
from tc0.dsl.base.errors import Error
from tc0.dsl.core.program import Applied, Family
from tc0.dsl.core.types import INTEGER, Form, Wires
from tc0.dsl.symbolic.growth import Unknown
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Join, Piecewise
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial
from tc0.dsl.symbolic.quasi import one_parameter
from tc0.dsl.symbolic.work import allowance

P = Polynomial.of
ALL = 50_000  # steps of elimination for one family, about a second; for the walk, and for each figure
WALK = 30_000
EACH = 10_000
NOT_COVERED = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
Found = TypeVar("Found")
FIGURES = ("size", "wires", "depth", "fanin", "largest_weight", "unit_wires")


@dataclass(frozen=True, slots=True)
class Open:
    """A figure without a closed form, and the reason in words."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Costs:
    """The closed forms of a family. kinds: gates by kind. inputs: the number of input wires. blocks: where they are."""

    names: tuple[str, ...]
    figures: Mapping[str, Figure | Open]
    kinds: Mapping[str, Figure | Open]
    inputs: Polynomial
    blocks: tuple[GateBlock, ...]
    presumed: Assumptions

    def figure(self, name: str) -> Figure | Open:
        return self.figures[name]


def analyse(applied: Applied, negation: str = "gate") -> Costs:
    """The closed forms of a family in the sizes and integer parameters that are not fixed. negation: "gate" or "free"."""
    with deep(), allowance(ALL):
        return _Analysis(applied, negation).run()


def walked(applied: Applied) -> tuple[Walk, Assumptions, str | None]:
    """The walk alone: its blocks, what is presumed of the sizes, and why there is no closed form, if so."""
    with deep():
        analysis = _Analysis(applied, "gate")
        env, presumed, contradiction = analysis.environment()
        _, _, reason = analysis.walk_body(env, presumed)
        return analysis.walk, presumed, contradiction or reason


def derived(make: Callable[[], Found], steps: int) -> tuple[Found | None, str | None]:
    """What is derived within some work; or None and the reason why there is no closed form."""
    try:
        with allowance(steps):
            return make(), None
    except NotClosed as e:
        return None, str(e)
    except Unknown as e:
        return None, f"a growth is not derived: {e}"
    except Error as e:
        return None, e.message
    except NOT_COVERED as e:
        return None, f"not covered by the analysis ({type(e).__name__})"


class _Analysis:
    """One analysis: the walk, and what it was started with."""

    def __init__(self, applied: Applied, negation: str) -> None:
        self.family: Family = applied.family
        self.given = dict(applied.values)
        self.free = negation == "free"
        statics = [p.name for p in self.family.statics if p.type == INTEGER and p.name not in self.given]
        self.names = (*statics, *(s.name for s in self.family.sizes if s.name not in self.given))
        self.sizes = {s.name for s in self.family.sizes}
        self.walk = Walk()

    def run(self) -> Costs:
        env, presumed, contradiction = self.environment()
        at = Domain.start(presumed)
        outputs, inputs, reason = self.walk_body(env, presumed)
        reason = contradiction or reason
        blocks = tuple(self.walk.tally.blocks)
        if self.free:
            blocks = tuple(b for b in blocks if b.kind != "NOT")
        build: dict[str, Callable[[], tuple[Piecewise, bool]]] = {
            "size": lambda: (self._total(tally.size(blocks), presumed), True),
            "wires": lambda: (self._total(tally.wires(blocks), presumed), not self.walk.tally.reasons),
            "unit_wires": lambda: (self._total(tally.unit_wires(blocks), presumed), not self.walk.tally.reasons),
            "depth": lambda: self._depth(outputs, at, presumed),
            "fanin": lambda: self._greatest(tally.fanin(blocks), presumed),
            "largest_weight": lambda: self._greatest(tally.largest_weight(blocks), presumed),
        }
        figures = {name: self._figure(name, make, presumed, reason) for name, make in build.items()}
        if self.free and isinstance(figures["depth"], Figure):
            figures["depth"] = Open("depth", "the closed form of depth counts NOT gates")
        kinds: dict[str, Figure | Open] = {}
        unclear = next((b for b in blocks if not b.kind_exact), None)
        for kind in sorted({b.kind for b in blocks}):
            if unclear is not None and kind != "MOD":
                why = f"`{' '.join(unclear.span.text.split())}` is a threshold of forms at some points only"
                kinds[kind] = Open(kind, reason or why)
                continue
            own = [b for b in blocks if b.kind == kind]
            kinds[kind] = self._figure(kind, partial(self._counted, own, presumed), presumed, reason)
        return Costs(self.names, figures, kinds, inputs, blocks, presumed)

    def _counted(self, blocks: Sequence[GateBlock], presumed: Assumptions) -> tuple[Piecewise, bool]:
        return self._total(tally.size(blocks), presumed), True

    def walk_body(self, env: dict[str, Cases], presumed: Assumptions) -> tuple[Cases, Polynomial, str | None]:
        """Walks the body; the value of the result, the number of input wires, and why there is none, if so."""
        at = Domain.start(presumed)
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

        found, reason = derived(walk, WALK)
        return found or (), inputs, reason

    def environment(self) -> tuple[dict[str, Cases], Assumptions, str | None]:
        """The parameters, what is presumed of them, and why no sizes are possible, if so."""
        env: dict[str, Cases] = {name: one(Number(P(name))) for name in self.names}
        for name, value in self.given.items():
            env[name] = one(_static_value(value))
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
        return Array(tuple(self.walk.fresh("k") for _ in dims), dims, BitContent(ZERO_DEPTH))

    def _figure(
        self, name: str, make: Callable[[], tuple[Piecewise, bool]], presumed: Assumptions, reason: str | None
    ) -> Figure | Open:
        if reason is not None:
            return Open(name, reason)
        found, open_ = derived(make, EACH)
        if found is None:
            return Open(name, open_ or "")
        value, exact = found
        evidence = Evidence.EXACT if exact else Evidence.AT_MOST
        return Figure(name, value, evidence, self.names, presumed, tuple(self._least(n, presumed) for n in self.names))

    def _least(self, name: str, presumed: Assumptions) -> int:
        """The least value of a parameter that the `where` clause allows, as far as it says so."""
        least = 0
        while least < 16 and presumed.proves(P(name) - least - 1):
            least += 1
        return least

    # ---- recursion

    def _own_recursion(self) -> None:
        """The unknowns are figures of the family itself: a part that calls itself would need figures of its own."""
        for family, _, _ in self.walk.recurring:
            if family is not self.family:
                raise NotClosed(f"a part of it, `{family.name}`, calls itself")

    def _recursions(self) -> tuple[str, list[Recursion]] | None:
        if not self.walk.recurring:
            return None
        self._own_recursion()
        changing: set[str] = set()
        for _, _, sizes in self.walk.recurring:
            changing |= {name for name, p in sizes.items() if p != P(name)}
        if len(changing) != 1:
            raise NotClosed("a recursion in several sizes at once")
        (name,) = changing
        if set(self.names) != {name}:
            raise NotClosed("a recursion with further sizes")
        calls: list[Recursion] = []
        for _, domain, sizes in self.walk.recurring:
            calls += spread(domain.indices, domain.constraints, sizes[name])
        return name, calls

    def _total(self, own: Piecewise, presumed: Assumptions) -> Piecewise:
        found = self._recursions()
        if found is None:
            return own
        name, calls = found
        recurrence = Recurrence(name, own, tuple(calls), tuple(0 for _ in calls), presumed, self._least(name, presumed))
        return solve(recurrence)

    def _depth(self, outputs: Cases, at: Domain, presumed: Assumptions) -> tuple[Piecewise, bool]:
        value, exact = Piecewise.of(Join.GREATEST, []), True
        for guards, array in outputs:
            assert isinstance(array, Array)
            part, part_exact = self.walk.depth_of(array, at.under(guards))
            value = value.plus(Piecewise.of(Join.GREATEST, [((*guards, *own), p) for own, p in part.pieces]))
            exact = exact and part_exact
        if not self.walk.recurring:
            return value, exact
        return self._recurring_depth(value, exact, presumed)

    def _recurring_depth(self, value: Piecewise, exact: bool, presumed: Assumptions) -> tuple[Piecewise, bool]:
        """Depth as a recurrence: pieces `depth of a call + c` are the calls, the others are its own."""
        found = self._recursions()
        assert found is not None
        name, _ = found
        own, calls, deeper = [], [], []
        for guards, p in value.pieces:
            atoms = [s for s in p.symbols() if s.kind == "opaque" and s.text.startswith("depth[")]
            if not atoms:
                own.append((guards, p))
                continue
            by = (p - Polynomial.symbol(atoms[0])).constant()
            if len(atoms) != 1 or not isinstance(by, int):
                raise NotClosed("a recursion whose depth is no sum")
            order = [*(q.name for q in self.family.statics), *(s.name for s in self.family.sizes)]
            position = order.index(name)
            calls.append(Recursion(tuple(guards), atoms[0].arguments[position]))
            deeper.append(by)
        recurrence = Recurrence(
            name, Piecewise.of(Join.GREATEST, own), tuple(calls), tuple(deeper), presumed, self._least(name, presumed)
        )
        return solve(recurrence), exact

    def _greatest(self, found: tuple[Piecewise, bool], presumed: Assumptions) -> tuple[Piecewise, bool]:
        """An extreme figure: in a recursion the greatest of this activation's and its calls', which are of smaller sizes."""
        value, exact = found
        self._own_recursion()
        calls = [sizes for _, _, sizes in self.walk.recurring]
        fixed = {name: P(given) for name, given in self.given.items() if type(given) is int}
        if any(sizes.get(name, given) != given for sizes in calls for name, given in fixed.items()):
            raise NotClosed("a recursion with further sizes")
        changing = {name for sizes in calls for name, p in sizes.items() if p != P(name) and name not in fixed}
        if not changing & value.names() or (len(changing) == 1 and self._grows(value, min(changing), presumed)):
            return value, exact
        try:
            return self._total(value, presumed), exact
        except NotClosed:
            constants = [p.constant() for _, p in value.pieces]
            if None in constants:
                raise NotClosed("a recursion whose gates differ from level to level") from None
        return Piecewise.of(Join.GREATEST, [((), P(c)) for c in constants if c is not None]), False

    def _grows(self, value: Piecewise, name: str, presumed: Assumptions) -> bool:
        """Whether a value of one size is a constant from some size on, and below never less than before."""
        if value.names() != {name}:
            return False
        least = self._least(name, presumed)
        one = one_parameter(value, name, least)
        if one is None or one.polynomial.constant() is None:
            return False
        last = max((n for n, _ in one.exceptions), default=least)
        row = [one.at(n) for n in range(least, last + 2)]
        return row == sorted(row)


def _static_value(value: object) -> Value:
    if isinstance(value, Applied):
        return FamilyValue(value.family, tuple((name, one(_static_value(v))) for name, v in value.values))
    return Number(P(value)) if type(value) is int else Known(value)
