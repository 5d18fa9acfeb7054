"""Claims carried out: `check e for x: bit[n], n <= 12`, on every case, on a sample, or by counting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from tc0.dsl.base.errors import Error
from tc0.dsl.base.meter import Meter
from tc0.dsl.core.program import Applied, Apply, Claim, Expr, Logic, Measure, Reference
from tc0.dsl.core.scope import Scope
from tc0.dsl.core.static import integer, truth
from tc0.dsl.core.value import WireValue
from tc0.dsl.syntax import tree
from tc0.dsl.verify.called import outside, presumptions
from tc0.dsl.verify.outcome import Checked, Counterexample
from tc0.dsl.verify.text import one_line

MOST_SIZES = 100_000  # values of one size or static integer that a check tries

if TYPE_CHECKING:
    from tc0.dsl.analysis.analyse import Costs
    from tc0.dsl.netlist import Netlist

Sizes = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """budget: cases that are enumerated; samples: cases of a sample; mode: "value", "circuit" or "both"."""

    budget: int
    samples: int
    seed: int
    mode: str


class Bench(Protocol):
    """What a check needs of its session. counted: a figure was counted since the statement began."""

    meter: Meter
    counted: bool

    def outside(self, expr: Expr, values: Mapping[str, object]) -> object: ...

    def static(self, expr: Expr, values: Mapping[str, object] | None = None) -> object: ...

    def wires(self, expr: Expr) -> WireValue: ...

    def netlist(self, applied: Applied) -> Netlist: ...

    def costs(self, applied: Applied, negation: str | None = None) -> Costs: ...


@dataclass(slots=True)
class Tally:
    """What has been tried so far. sampled: the first sizes of which a sample was taken."""

    cases: int = 0
    sizes: list[Sizes] = field(default_factory=list)
    sampled: Sizes | None = None

    def forget(self, sizes: Sizes) -> None:
        """These sizes turned out not to be presumed: they do not count as tried."""
        if self.sizes and self.sizes[-1] == sizes:
            self.sizes.pop()
        if self.sampled == sizes:
            self.sampled = None


def check(claim: Claim, node: tree.Check, scope: Scope, settings: Settings, bench: Bench) -> Checked:
    """Decides a claim."""
    if claim.family is None and (
        any(q.high is None for q in claim.integers) or (not claim.integers and _open_figure(claim.body))
    ):
        return _for_all_sizes(claim, node, bench)
    _bounded(claim, node)
    if claim.family is None:
        return _static_claim(claim, node, scope, bench)
    from tc0.dsl.verify.cases import wire_claim

    return wire_claim(claim, node, scope, settings, bench)


def _open_figure(expr: Expr | None) -> bool:
    """Whether a claim asks for a figure of a family with open sizes."""
    match expr:
        case Measure(subject=Reference(family=family, fixed=fixed)):
            given = {name for name, _ in fixed}
            return any(
                name not in given for name in (*(s.name for s in family.sizes), *(p.name for p in family.statics))
            )
        case Apply(arguments=operands) | Logic(operands=operands):
            return any(_open_figure(o) for o in operands)
        case _:
            return False


def _for_all_sizes(claim: Claim, node: tree.Check, bench: Bench) -> Checked:
    """A claim about costs for all sizes, decided on closed forms."""
    from tc0.dsl.verify.decide import decide

    found = decide(claim, bench.costs)
    sizes = ", ".join(f"{name} >= {low}" for name, low in found.least) or None
    text = one_line(node.span)
    if found.holds is None:
        return Checked(False, text, "undecided", 0, sizes, reason=found.reason, span=node.span)
    if found.holds:
        return Checked(True, text, "derived", 0, sizes, span=node.span)
    case = Counterexample(found.sizes, (), text, found.left, found.right)
    return Checked(False, text, "derived", 0, sizes, counterexample=case, span=node.span)


def all_sizes(claim: Claim, bench: Bench) -> Iterator[dict[str, object]]:
    """The sizes and static integers of a claim, ascending in the order written."""

    def inner(at: int, values: dict[str, object]) -> Iterator[dict[str, object]]:
        if at == len(claim.integers):
            bench.meter.tick("checking")
            if claim.static_guard is None or truth(claim.static_guard, values, bench.outside):
                yield dict(values)
            return
        quantified = claim.integers[at]
        assert quantified.high is not None
        low, high = integer(quantified.low, values), integer(quantified.high, values)
        if high - low > MOST_SIZES:
            raise Error(
                "E0806",
                f"a check tries every size one by one: `{quantified.name}` has {high - low:,} values, more than {MOST_SIZES:,}",
                quantified.span,
                "choose a smaller range; a claim about figures may leave its range open, and is then decided for all sizes",
            )
        for value in range(low, high):
            yield from inner(at + 1, {**values, quantified.name: value})

    return inner(0, {})


def sizes_of(values: Mapping[str, object]) -> Sizes:
    return tuple((name, value) for name, value in values.items() if isinstance(value, int))


def verdict(claim: Claim, node: tree.Check, tally: Tally, how: str, settings: Settings | None = None) -> Checked:
    """A check that holds, so far as it was tried."""
    return Checked(
        ok=True,
        claim=one_line(node.span),
        how=how,
        cases=tally.cases,
        sizes=size_text(tally.sizes) if claim.integers else None,
        seed=settings.seed if settings is not None and tally.sampled is not None else None,
        sampled_from=None if tally.sampled is None else point_text(tally.sampled),
        circuits=settings is not None and settings.mode != "value",
        span=node.span,
    )


def point_text(sizes: Sizes) -> str:
    """`n = 3, k = 2`."""
    return ", ".join(f"{name} = {value}" for name, value in sizes)


def size_text(tried: list[Sizes]) -> str:
    """`n = 0..12` (all of them), `n = 1, 2, 4, 8`, `n = 2..4, k = 0..3` (from least to greatest)."""
    if not tried:
        return "no size"
    ranges = []
    for at, (name, _) in enumerate(tried[0]):
        values = sorted({sizes[at][1] for sizes in tried})
        low, high = values[0], values[-1]
        if len(values) == 1:
            ranges.append(f"{name} = {low}")
        elif len(values) == high - low + 1:
            ranges.append(f"{name} = {low}..{high}")
        else:
            shown = values if len(values) <= 8 else values[:7]
            ranges.append(f"{name} = {', '.join(map(str, shown))}" + ("" if len(values) <= 8 else f", ... {high}"))
    return ", ".join(ranges)


def _bounded(claim: Claim, node: tree.Check) -> None:
    for quantified in claim.integers:
        if quantified.high is None:
            if claim.family is not None:
                hint = f"give it an end: `{quantified.name} in 1..12`"
                raise Error("E0901", f"the size `{quantified.name}` has no bound", quantified.span, hint)
            raise Error(
                "E0901", f"the size `{quantified.name}` has no bound", quantified.span, f"`{quantified.name} in 1..12`"
            )


def _static_claim(claim: Claim, node: tree.Check, scope: Scope, bench: Bench) -> Checked:
    """A claim without wires: about figures, or static arithmetic."""
    from tc0.dsl.verify.refute import refuted

    assert claim.body is not None
    tally = Tally()
    presumed = presumptions(claim.body)
    for values in all_sizes(claim, bench):
        try:
            holds = truth(claim.body, values, bench.outside)
        except Error as e:
            if outside(e, presumed, node):
                continue
            raise
        tally.cases += 1
        tally.sizes.append(sizes_of(values))
        if not holds:
            return refuted(verdict(claim, node, tally, _how(claim, bench)), node, sizes_of(values), (), scope, bench)
    return verdict(claim, node, tally, _how(claim, bench))


def _how(claim: Claim, bench: Bench) -> str:
    if bench.counted:
        return "counted"
    return "exhaustive" if claim.integers else "evaluated"
