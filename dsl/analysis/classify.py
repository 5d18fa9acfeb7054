"""The class of a family: an upper bound that follows from its gates, depth, size and weights, reason by reason.

A report says what these circuits witness, never that a function lies outside of a class. Growth is read relative to the
number of input wires. Gates of bounded fan-in do not count as threshold or modular gates: they are NC gadgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tc0.dsl.analysis.analyse import Costs, Open
from tc0.dsl.analysis.figure import Evidence, Figure
from tc0.dsl.analysis.tally import GateBlock, greatest_over
from tc0.dsl.base.record import record
from tc0.dsl.ops.classes import HIGHEST, TOP, name_of
from tc0.dsl.symbolic import growth as g
from tc0.dsl.symbolic.atoms import ceil_log
from tc0.dsl.symbolic.piecewise import Piecewise
from tc0.dsl.symbolic.polynomial import ONE, NotClosed, Polynomial, Symbol, names_in


@record
class ClassReport:
    """name: the class, or what is known instead. rank: its place in the chain of inclusions, None where there is none.
    reasons: one line each. weights: "unit", "polynomial", "exponential" or "unknown"."""

    name: str
    rank: int | None
    reasons: tuple[str, ...]
    weights: str


def classify(costs: Costs) -> ClassReport:
    """The class that follows from the closed forms of a family; where parameters in brackets that grow on their own
    stand in the way, that of the family for every fixed value of them."""
    found = _classify(costs)
    if found.rank is not None or not costs.statics or found.name != "super-polynomial":
        return found
    fixed = _fixed(costs)
    inner = _classify(fixed) if fixed is not None else found
    if inner.rank is None:
        return found
    of = ", ".join(f"`{name}`" for name in costs.statics)
    return replace(
        inner,
        name=f"{inner.name} for every fixed {of}",
        reasons=(f"for every fixed {of}, which counts as 1 in the bounds below", *inner.reasons),
    )


def _fixed(costs: Costs) -> Costs | None:
    """Bounds of the figures in which parameters in brackets are constants: their powers and what is made of them alone
    count as 1, which changes no growth in the sizes. None where they are mixed with sizes in one atom."""
    statics = set(costs.statics)
    figures: dict[str, Figure | Open] = {}
    for name, figure in costs.figures.items():
        if isinstance(figure, Open):
            figures[name] = figure
            continue
        pieces = []
        for _, p in figure.value.pieces:
            bound = _without(p, statics)
            if bound is None:
                return None
            pieces.append(((), bound))
        names = tuple(n for n in costs.names if n not in statics)
        value = Piecewise.of(figure.value.join, pieces)
        least = tuple(figure.least[k] for k, n in enumerate(costs.names) if n not in statics)
        figures[name] = replace(figure, value=value, evidence=Evidence.AT_MOST, names=names, least=least)
    if costs.inputs.names() & statics:
        return None
    names = tuple(n for n in costs.names if n not in statics)
    return replace(costs, names=names, figures=figures, statics=())


def _without(p: Polynomial, statics: set[str]) -> Polynomial | None:
    found = Polynomial.of(0)
    for monomial, coefficient in p.terms.items():
        kept: list[tuple[Symbol, int]] = []
        for symbol, exponent in monomial:
            names = {symbol.text} if symbol.is_name else names_in(symbol)
            if names & statics and not names <= statics:
                return None
            if not names & statics:
                kept.append((symbol, exponent))
        factor = coefficient if coefficient >= 0 else -coefficient
        found = found + Polynomial({tuple(kept): factor})
    return found


def _classify(costs: Costs) -> ClassReport:
    size, depth = costs.figure("size"), costs.figure("depth")
    for figure in (size, depth):
        if isinstance(figure, Open):
            return ClassReport(
                "not known", None, (f"{figure.name} is not known in closed form: {figure.reason}",), "unknown"
            )
    assert isinstance(size, Figure) and isinstance(depth, Figure)
    inputs = costs.inputs if costs.inputs.constant() is None else Polynomial.of(costs.names[0]) if costs.names else ONE
    try:
        weights, weight_reason = _weights(costs, inputs)
        if not _polynomial(size.growth(), inputs):
            why = f"size {size} is {size.theta}: super-polynomial in the {_length(costs)} inputs"
            return ClassReport("super-polynomial", None, (why, weight_reason), weights)
        power = _power(depth.growth(), inputs)
        level, gate_reasons = _gates(costs)
    except g.Unknown as e:
        return ClassReport("not known", None, (f"a growth is not derived: {e}",), "unknown")
    reasons = [
        f"size {size}: {size.theta}, polynomial in the {_length(costs)} inputs",
        f"depth {depth}: {depth.theta}" + ("" if power != 0 else ", constant"),
        *gate_reasons,
        weight_reason,
    ]
    rank = TOP if power is None else 4 * power + level
    name = name_of(rank)
    if name.startswith("ACC"):
        name = f"{name}[{', '.join(sorted(_moduli(costs.blocks)))}]"
    return ClassReport(name, rank, tuple(r for r in reasons if r), weights)


def _length(costs: Costs) -> str:
    return str(costs.inputs)


def _polynomial(size: g.Growth, inputs: Polynomial) -> bool:
    """Whether a growth is at most a power of the number of inputs."""
    return g.polynomially(size, g.growth(inputs))


def _power(depth: g.Growth, inputs: Polynomial) -> int | None:
    """The least i with depth O(log**i inputs); None above HIGHEST."""
    log = ceil_log(inputs)
    for i in range(HIGHEST + 1):
        if g.bounded_by(depth, g.growth(log**i) if i else g.CONSTANT):
            return i
    return None


def _gates(costs: Costs) -> tuple[int, list[str]]:
    """The level that the gates of unbounded fan-in ask for, with a reason for each kind."""
    level, reasons = 0, []
    needs = {"NOT": 0, "AND": 1, "OR": 1, "MOD": 2, "MAJ": 3, "THR": 3}
    for kind in dict.fromkeys(b.kind for b in costs.blocks):
        own = [b for b in costs.blocks if b.kind == kind]
        unbounded = [b for b in own if not _bounded(b)]
        if unbounded:
            level = max(level, needs[kind])
            lines = sorted({b.span.line for b in unbounded})
            reasons.append(f"{kind} gates of unbounded fan-in ({_places(lines)})")
    if not reasons:
        reasons.append("all gates have bounded fan-in")
    return level, reasons


def _places(lines: Sequence[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:4])
    return f"line {shown}" if len(lines) == 1 else f"lines {shown}{', ..' if len(lines) > 4 else ''}"


def _bounded(block: GateBlock) -> bool:
    """Whether the fan-in of a block is at most a constant."""
    if block.kind == "NOT":
        return True
    try:
        value, _ = greatest_over(block.at, block.fanin)
        return all(g.bounded_by(g.growth(p), g.CONSTANT) for _, p in value.pieces if p)
    except (NotClosed, g.Unknown):
        return False


def _moduli(blocks: Sequence[GateBlock]) -> set[str]:
    return {
        b.span.text.split("[", 1)[1].split(",")[0].split("]")[0].strip()
        for b in blocks
        if b.kind == "MOD" and "[" in b.span.text
    }


def _weights(costs: Costs, inputs: Polynomial) -> tuple[str, str]:
    """How large weights grow, and what that means."""
    figure = costs.figure("largest_weight")
    if isinstance(figure, Open):
        return "unknown", f"the largest weight is not known in closed form: {figure.reason}"
    found = figure.growth()
    if all(p.constant() in (0, 1) for _, p in figure.value.pieces):
        return "unit", ""
    if _polynomial(found, inputs):
        return (
            "polynomial",
            f"weights up to {figure}: at most polynomial, so that a gate is one of unit weights with repeated wires",
        )
    return (
        "exponential",
        f"weights up to {figure}: exponential; unit weights take one layer more (Goldmann and Karpinski 1998: LT_d is in MAJ_(d+1))",
    )
