"""The seam to the floors that do the work: readings, circuits, figures. numpy is imported here, when first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tc0.dsl.base.errors import Error, LimitReached, NotAvailable
from tc0.dsl.base.meter import Limits, Meter
from tc0.dsl.core.interface import complete, interface, missing
from tc0.dsl.core.program import Applied, Expr, Measure, Report
from tc0.dsl.core.show import show_applied
from tc0.dsl.core.static import evaluate
from tc0.dsl.core.types import Static, Wires
from tc0.dsl.core.value import WireValue
from tc0.dsl.session.report import Figures

if TYPE_CHECKING:
    from tc0.dsl.analysis.analyse import Costs
    from tc0.dsl.analysis.boxes import Box
    from tc0.dsl.analysis.connection import Connection
    from tc0.dsl.analysis.figure import Figure
    from tc0.dsl.interpret.evaluate import Reading
    from tc0.dsl.netlist.netlist import Netlist

Progress = Callable[[str, float | None], None]
BOX = 50_000  # gates of a circuit that is counted for closed forms
MOST_KEPT = 256  # figures that are kept for the next question
LARGEST_COUNTED = 1_000_000  # gates of a circuit that is built only to be counted, where a closed form is exact


class Workbench:
    """Evaluates, builds and counts for one session, within its limits; one meter a statement."""

    def __init__(self, limits: Limits, negation: str, progress: Progress | None) -> None:
        self.limits = limits
        self.negation = negation
        self.progress = progress
        self.meter = Meter(limits, progress)
        self.counted = False
        self._figures: dict[tuple[Applied, str], Figures] = {}
        self._costs: dict[tuple[Applied, str], Costs] = {}
        self._boxes: dict[tuple[Applied, str], Box] = {}
        self._connection: Connection | None = None
        self._reading: tuple[Applied, Reading] | None = None
        self._last: tuple[Applied, Netlist] | None = None

    def begin(self, limits: Limits, negation: str) -> None:
        """A new statement: its time and gates are counted from here."""
        self.limits, self.negation, self.counted = limits, negation, False
        self.meter = Meter(limits, self.progress)
        self._last = None

    # ---- values

    def static(self, expr: Expr, values: Mapping[str, object] | None = None) -> object:
        """The value of a static expression; figures in it are counted."""
        self.meter.tick("evaluating")
        return evaluate(expr, values or {}, self.outside, self.meter.tick)

    def outside(self, expr: Expr, values: Mapping[str, object]) -> object:
        """What is not static arithmetic in a static expression: figures, and wires whose length is asked."""
        if isinstance(expr, Measure):
            return self._measured(expr, values)
        if isinstance(expr, Report):
            raise Error(
                "E0904",
                f"`{expr.verb}` is a statement of its own, not part of an expression",
                expr.span,
                f"write `{expr.verb}(...)` on a line of its own",
            )
        assert not isinstance(expr.type, Static)
        return self.wires(expr).nested()

    def wires(self, expr: Expr) -> WireValue:
        """The value of a closed expression on wires."""
        from tc0.dsl.interpret.evaluate import evaluate_expression
        from tc0.dsl.verify.decode import decode_one

        assert isinstance(expr.type, Wires)
        return decode_one(expr.type.element, evaluate_expression(expr, self.meter), 0, expr.span)

    def reading(self, applied: Applied) -> Reading:
        """The value reading of a family with everything fixed; the last one is kept for the next batch."""
        from tc0.dsl.interpret.evaluate import Reading

        if self._reading is None or self._reading[0] != applied:
            self._reading = None  # two at a time may be more than the memory holds
            self._reading = (applied, Reading(applied, self.meter))
        return self._reading[1]

    # ---- closed forms

    def costs(self, applied: Applied, negation: str | None = None) -> Costs:
        """The closed forms of a family in what is not fixed. negation: the session's convention where none is given."""
        from tc0.dsl.analysis.analyse import analyse

        key = (applied, negation or self.negation)
        if key not in self._costs:
            if len(self._costs) >= MOST_KEPT:
                self._costs.clear()
            self.meter.tick("deriving closed forms")
            self._costs[key] = analyse(applied, key[1], lambda counted: self._box(counted, key[1]))
        return self._costs[key]

    def _box(self, applied: Applied, negation: str) -> Box:
        """The circuit of a call at constant sizes, counted for closed forms."""
        from tc0.dsl.analysis.boxes import Box
        from tc0.dsl.circuit.measure import levels
        from tc0.dsl.interpret.instantiate import instantiate
        from tc0.dsl.symbolic.polynomial import NotClosed

        key = (applied, negation)
        if key not in self._boxes:
            ports = interface(applied)
            meter = Meter(within(self.limits, BOX, self.limits.seconds))
            try:
                netlist = instantiate(applied, meter)
            except LimitReached:
                raise NotClosed(f"the circuit of `{show_applied(applied)}` has more than {BOX:,} gates") from None
            found = figures_of(netlist, negation)
            names = ("size", "wires", "unit_wires", "fanin", "largest_weight")
            width = (ports.output.width,) if ports.output.kind in ("uint", "int", "symbol", "float") else ()
            depths = levels(netlist, negation)[netlist.outputs].tolist()
            figures = {name: getattr(found, name) for name in names}
            self._boxes[key] = Box(figures, dict(found.by_kind), (*ports.output.shape, *width), tuple(depths))
        return self._boxes[key]

    def closed(self, expr: Measure) -> Figure:
        """The closed form that a figure of a family with open sizes is; NotAvailable with the reason where there is none."""
        from tc0.dsl.analysis.analyse import Open

        subject = evaluate(expr.subject, {}, self.outside)
        assert isinstance(subject, Applied)
        found = self.costs(subject, expr.negation).figure(expr.figure)
        if isinstance(found, Open):
            fix = ", ".join(f"{name} = 8" for name in missing(subject))
            raise NotAvailable(
                "E1001",
                f"`{expr.span.text}` has no closed form: {found.reason}",
                expr.span,
                f"count one circuit, `{expr.figure}({subject.family.name}[{fix}])`",
            )
        return found

    def connection(self, applied: Applied) -> Connection:
        """The connection reading of a circuit; the last one is kept for the next question."""
        from tc0.dsl.analysis.connection import Connection

        if self._connection is None or self._connection.applied != applied:
            self.meter.tick("deriving gate numbers")
            self._connection = Connection(applied)
        return self._connection

    def _too_large(self, subject: Applied, expr: Measure) -> int | None:
        """The figure of a circuit that is too large to be built for it, from its exact closed form; None if it is counted."""
        from tc0.dsl.analysis.analyse import Open

        family = subject.family
        whole = {name: value for name, value in subject.values if type(value) is int}
        kept = tuple((name, value) for name, value in subject.values if name not in whole)
        costs = self.costs(Applied(family, kept), expr.negation)
        size, wanted = costs.figure("size"), costs.figure(expr.figure)
        if isinstance(size, Open) or isinstance(wanted, Open) or wanted.evidence.value != "exact":
            return None
        interface(subject)  # sizes that the family does not presume are refused there
        if size.at(**whole) <= LARGEST_COUNTED and costs.inputs.at(whole) <= LARGEST_COUNTED:
            return None
        return wanted.at(**whole)

    # ---- circuits

    def netlist(self, applied: Applied) -> Netlist:
        """The circuit of a family with everything fixed."""
        if self._last is not None and self._last[0] == applied:
            return self._last[1]
        from tc0.dsl.interpret.instantiate import instantiate

        inputs = sum(port.wires for port in interface(applied).inputs)
        self.meter.reserve(16 * inputs)
        self.meter.gates = 0  # one circuit after another: each is within the limit
        built = instantiate(applied, self.meter)
        self._last = (applied, built)
        return built

    def figures(self, applied: Applied, negation: str | None = None) -> Figures:
        """What its circuit costs. negation: the session's convention where none is given."""
        key = (applied, negation or self.negation)
        if key not in self._figures:
            if len(self._figures) >= MOST_KEPT:
                self._figures.clear()
            netlist = self.netlist(applied)
            self.meter.reserve(16 * (netlist.inputs + netlist.gates))
            self._figures[key] = figures_of(netlist, key[1])
        return self._figures[key]

    def _measured(self, expr: Measure, values: Mapping[str, object]) -> int:
        self.counted = True
        subject = evaluate(expr.subject, values, self.outside)
        assert isinstance(subject, Applied)
        open_ = missing(subject)
        if open_:
            filled = {name: values[name] for name in open_ if name in values}
            subject = complete(subject.family, {**dict(subject.values), **filled})
            left = missing(subject)
            if left:
                raise _unfixed(expr, subject, left, bool(values))
        if expr.figure == "class":
            raise Error(
                "E0905", "the class is one of a family, not of one circuit", expr.span, f"class({subject.family.name})"
            )
        known = self._too_large(subject, expr)
        if known is not None:
            return known
        found: int = getattr(self.figures(subject, expr.negation), expr.figure)
        return found


def _unfixed(expr: Measure, subject: Applied, left: tuple[str, ...], claim: bool) -> Error:
    names = ", ".join(f"`{name}`" for name in left)
    fix = ", ".join(f"{name} = 8" for name in left)
    if claim:
        return Error(
            "E0902",
            f"`{show_applied(subject)}` leaves {names} open, and the claim has no such quantifier",
            expr.span,
            f"fix it, `{expr.figure}({subject.family.name}[{fix}])`, or add `for {left[0]} in 1..20`",
        )
    return Error(
        "E0903",
        f"{names} of `{subject.family.name}` is not fixed: a closed form is no number",
        expr.span,
        f"fix it, `{expr.figure}({subject.family.name}[{fix}])`, or ask for `{expr.figure}({subject.family.name})` alone",
    )


def figures_of(netlist: Netlist, negation: str) -> Figures:
    """The measures of a circuit as plain data."""
    from tc0.dsl.circuit.measure import measure

    found = measure(netlist, "free" if negation == "free" else "gate")
    return Figures(
        size=int(found.size),
        wires=int(found.wires),
        unit_wires=int(found.unit_wires),
        depth=int(found.depth),
        fanin=int(found.fanin),
        largest_weight=int(found.largest_weight),
        stored_terms=int(found.stored_terms),
        by_kind=tuple((str(kind), int(count)) for kind, count in dict(found.by_kind).items() if count),
        by_level=tuple(int(count) for count in found.by_level),
        negation=negation,
    )


def within(limits: Limits, gates: int, seconds: float) -> Limits:
    """Limits for something small that must not take long."""
    return replace(limits, gates=min(limits.gates, gates), seconds=min(limits.seconds, seconds))
