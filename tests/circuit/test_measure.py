"""Figures against a recount in plain Python."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from circuit.random_netlists import PLACE, random_netlist, rows_of

from tc0.dsl.base.errors import Fault
from tc0.dsl.circuit.measure import levels, measure
from tc0.dsl.netlist import Block, Kind, Netlist
from tc0.dsl.netlist.check import check


def _gates(netlist: Netlist) -> list[tuple[Kind, list[int], list[int]]]:
    """Kind, inputs and weights of every gate."""
    found = []
    for block in netlist.blocks:
        rows = block.rows
        offsets = rows.offsets().tolist()
        mantissas = [1] * rows.terms if rows.mantissas is None else rows.mantissas.tolist()
        exponents = [0] * rows.terms if rows.exponents is None else rows.exponents.tolist()
        for gate in range(block.count):
            row = gate if block.row is None else int(block.row[gate])
            kind = block.kind if block.kinds is None else Kind(int(block.kinds[gate]))
            terms = range(offsets[row], offsets[row + 1])
            found.append((kind, [int(rows.wires[t]) for t in terms], [mantissas[t] << exponents[t] for t in terms]))
    return found


@pytest.mark.parametrize("negation", ["gate", "free"])
@pytest.mark.parametrize("seed", range(80))
def test_agrees_with_a_recount(seed: int, negation: str) -> None:
    netlist = random_netlist(seed)
    check(netlist)
    level = [0] * (2 + netlist.inputs)
    counted = []
    for kind, wires, weights in _gates(netlist):
        free = negation == "free" and kind == Kind.NOT
        level.append(max((level[wire] for wire in wires), default=0) + (not free))
        if not free:
            counted.append((kind, len(wires), [abs(weight) for weight in weights], level[-1]))
    assert levels(netlist, negation).tolist() == level
    found = measure(netlist, negation)
    assert found.size == len(counted)
    assert found.wires == sum(fanin for _, fanin, _, _ in counted)
    assert found.unit_wires == sum(sum(weights) for _, _, weights, _ in counted)
    assert found.fanin == max((fanin for _, fanin, _, _ in counted), default=0)
    assert found.largest_weight == max((weight for _, _, weights, _ in counted for weight in weights), default=0)
    assert found.depth == max((level[wire] for wire in netlist.outputs.tolist()), default=0)
    assert found.by_kind == {kind.name: count for kind, count in Counter(kind for kind, *_ in counted).items()}
    at = Counter(depth for *_, depth in counted)
    assert list(found.by_level) == [at[depth] for depth in range(1, max(at, default=0) + 1)]
    assert found.stored_terms == sum(block.rows.terms for block in netlist.blocks)


def test_gates_without_inputs_have_depth_1_and_unused_gates_count_in_size_only() -> None:
    blocks = (
        Block(Kind.AND, 0, 1, rows_of([[]]), PLACE),
        Block(Kind.NOT, 1, 1, rows_of([[(3, 1, 0)]]), PLACE),
    )
    found = measure(Netlist(1, 2, blocks, (), np.array([3, 2], np.int64)))
    assert (found.size, found.wires, found.depth, found.fanin, found.by_level) == (2, 1, 1, 1, (1, 1))
    assert measure(Netlist(1, 2, blocks, (), np.zeros(0, np.int64))).depth == 0
    assert measure(Netlist(1, 0, (), (), np.array([0, 2], np.int64))).largest_weight == 0


@pytest.mark.parametrize(
    "block",
    [
        Block(Kind.NOT, 0, 1, rows_of([[(3, 1, 0)]]), PLACE),
        Block(Kind.NOT, 1, 1, rows_of([[(2, 1, 0)]]), PLACE),
        Block(Kind.NOT, 0, 1, rows_of([[(2, 1, 0), (2, 1, 0)]]), PLACE),
        Block(Kind.AND, 0, 2, rows_of([[(2, 1, 0)]]), PLACE),
        Block(Kind.AND, 0, 1, rows_of([[(2, 1, 0)]]), PLACE, np.array([1], np.int64)),
        Block(Kind.AND, 0, 1, rows_of([[(2, 3, 0)]]), PLACE),
        Block(Kind.THR, 0, 1, rows_of([[(2, 1, 0)]]), PLACE),
        Block(Kind.THR, 0, 1, rows_of([[(2, 1, 0)]]), PLACE, None, np.array([1, 2], np.int64)),
        Block(
            Kind.MOD, 0, 1, rows_of([[(2, 1, 0)]]), PLACE, None, None, np.array([0], np.int64), np.array([0], np.int64)
        ),
    ],
)
def test_broken_invariants_are_faults(block: Block) -> None:
    with pytest.raises(Fault):
        check(Netlist(1, block.count, (block,), (), np.zeros(0, np.int64)))
