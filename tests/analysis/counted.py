"""Closed forms held against the figures of a circuit that is built and counted."""

from __future__ import annotations

from collections.abc import Mapping

import tc0
from tc0.dsl.analysis.analyse import FIGURES, Costs, Open
from tc0.dsl.analysis.figure import Evidence, Figure
from tc0.dsl.circuit.measure import measure


def differences(costs: Costs, circuit: tc0.Circuit, sizes: Mapping[str, int]) -> list[str]:
    """What closed forms say and the count does not: exact ones must be equal, bounds at least as large."""
    found = []
    measured = measure(circuit.netlist)
    for name in FIGURES:
        closed = costs.figure(name)
        if isinstance(closed, Figure):
            value, counted = closed.at(**sizes), getattr(measured, name)
            right = value == counted if closed.evidence is Evidence.EXACT else value >= counted
            if not right:
                found.append(f"{name} at {dict(sizes)} is {counted}, not {value} ({closed.evidence.value})")
    if not any(isinstance(closed, Open) for closed in (costs.figure("size"), *costs.kinds.values())):
        kinds = {kind: closed.at(**sizes) for kind, closed in costs.kinds.items() if isinstance(closed, Figure)}
        exact = all(f.evidence is Evidence.EXACT for f in costs.kinds.values() if isinstance(f, Figure))
        bounded = all(kinds.get(kind, 0) >= count for kind, count in measured.by_kind.items())
        if (exact and {k: v for k, v in kinds.items() if v} != measured.by_kind) or not bounded:
            found.append(f"gates by kind at {dict(sizes)} are {measured.by_kind}, not {kinds}")
    return found
