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
        if {kind: value for kind, value in kinds.items() if value} != measured.by_kind:
            found.append(f"gates by kind at {dict(sizes)} are {measured.by_kind}, not {kinds}")
    return found
