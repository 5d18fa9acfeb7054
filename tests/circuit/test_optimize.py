"""Optimised circuits compute the same, are well formed, and their report adds up."""

from __future__ import annotations

import numpy as np
import pytest
from circuit.random_netlists import PLACE, random_netlist, rows_of, slow

from tc0.dsl.base.meter import Meter
from tc0.dsl.circuit.evaluate import evaluate_batch
from tc0.dsl.circuit.optimize import optimize
from tc0.dsl.netlist import Block, Kind, Netlist
from tc0.dsl.netlist.check import check


@pytest.mark.parametrize("seed", range(120))
def test_computes_the_same(seed: int) -> None:
    netlist = random_netlist(3000 + seed, blocks=9)
    smaller, report = optimize(netlist)
    check(smaller)
    assert netlist.gates - smaller.gates == sum(report.removed.values())
    assert (report.before.size, report.after.size) == (netlist.gates, smaller.gates)
    total = min(1 << netlist.inputs, 64)
    batch = np.array([[number >> k & 1 for k in range(netlist.inputs)] for number in range(total)], bool).reshape(
        total, netlist.inputs
    )
    found = evaluate_batch(smaller, batch, Meter())
    for vector, outputs in zip(batch, found, strict=True):
        values = slow(netlist, vector.tolist())
        assert outputs.astype(int).tolist() == [values[wire] for wire in netlist.outputs.tolist()]
        again = slow(smaller, vector.tolist())
        assert outputs.astype(int).tolist() == [again[wire] for wire in smaller.outputs.tolist()]


def test_every_cause_is_reported() -> None:
    blocks = (
        Block(Kind.AND, 0, 2, rows_of([[(2, 1, 0), (1, 1, 0), (3, 1, 0)], [(2, 1, 0), (0, 1, 0), (3, 1, 0)]]), PLACE),
        Block(Kind.AND, 2, 1, rows_of([[(3, 1, 0), (2, 1, 0)]]), PLACE),  # wire 6, equal to 4
        Block(Kind.OR, 3, 1, rows_of([[(6, 1, 0), (5, 1, 0)]]), PLACE),  # wire 7, passes on 4
        Block(Kind.NOT, 4, 1, rows_of([[(7, 1, 0)]]), PLACE),  # wire 8
        Block(Kind.NOT, 5, 1, rows_of([[(8, 1, 0)]]), PLACE),  # wire 9 is 4
        Block(Kind.MAJ, 6, 1, rows_of([[(2, 1, 0), (3, 1, 0), (1, 1, 0), (9, 1, 0)]]), PLACE),  # wire 10
    )
    smaller, report = optimize(Netlist(2, 7, blocks, (), np.array([9, 10], np.int64)))
    assert dict(report.removed) == {
        "constant": 1,
        "passed on one input": 1,
        "double negation": 1,
        "equal to another gate": 1,
        "reaches no output": 1,
    }
    assert smaller.gates == 2
