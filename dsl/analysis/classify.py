"""The class of a family: an upper bound that follows from its gates, depth, size and weights, reason by reason.

A report says what these circuits witness, never that a function lies outside of a class. Growth is read relative to the
number of input wires. Gates of bounded fan-in do not count as threshold or modular gates: they are NC gadgets.
"""

from __future__ import annotations

from collections.abc import Sequence

from tc0.dsl.analysis.analyse import Costs, Open
from tc0.dsl.analysis.figure import Figure
from tc0.dsl.analysis.tally import GateBlock, greatest_over
from tc0.dsl.base.record import record
from tc0.dsl.ops.classes import HIGHEST, TOP, name_of
from tc0.dsl.symbolic import growth as g
from tc0.dsl.symbolic.atoms import ceil_log
from tc0.dsl.symbolic.polynomial import ONE, NotClosed, Polynomial


@record
class ClassReport:
    """name: the class, or what is known instead. rank: its place in the chain of inclusions, None where there is none.
    reasons: one line each. weights: "unit", "polynomial", "exponential" or "unknown"."""

    name: str
    rank: int | None
    reasons: tuple[str, ...]
    weights: str


def classify(costs: Costs) -> ClassReport:
    """The class that follows from the closed forms of a family."""
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
