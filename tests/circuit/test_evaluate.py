"""Compiled programs against the slow evaluator."""

from __future__ import annotations

import numpy as np
import pytest
from circuit.random_netlists import PLACE, integers, random_netlist, rows_of, slow, sums

from tc0.dsl.base.errors import Error, LimitReached
from tc0.dsl.base.meter import Limits, Meter
from tc0.dsl.bitslice.planes import pack, unpack
from tc0.dsl.circuit import program as programs
from tc0.dsl.circuit.evaluate import compile, evaluate, evaluate_all, evaluate_batch
from tc0.dsl.netlist import Block, Claim, Kind, Netlist


@pytest.mark.parametrize("seed", range(100))
def test_agrees_with_the_slow_evaluator(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    netlist = random_netlist(seed)
    rng = np.random.default_rng(seed)
    count = [0, 1, 3, 64, 70, 200][seed % 6]
    if seed % 3 == 0:
        monkeypatch.setattr(programs, "WIDEST", 1)
        monkeypatch.setattr(programs, "NARROWEST", 1)
    batch = rng.integers(0, 2, (count, netlist.inputs)).astype(bool)
    found = evaluate_batch(netlist, batch, Meter())
    assert found.shape == (count, len(netlist.outputs))
    for vector, outputs in zip(batch[:40], found, strict=False):
        values = slow(netlist, vector.tolist())
        assert outputs.astype(int).tolist() == [values[wire] for wire in netlist.outputs.tolist()]


@pytest.mark.parametrize("seed", range(40))
def test_claims_hold_or_are_shown(seed: int) -> None:
    netlist = random_netlist(1000 + seed, claims=True)
    batch = np.random.default_rng(seed).integers(0, 2, (40, netlist.inputs)).astype(bool)
    values = [slow(netlist, vector.tolist()) for vector in batch]
    broken = any(
        not int(low) <= found[row] <= int(high)
        for claim in netlist.claims
        for found in (sums(claim.rows, wires) for wires in values)
        for low, high, row in zip(
            claim.low, claim.high, range(claim.count) if claim.row is None else claim.row.tolist(), strict=True
        )
    )
    if broken:
        with pytest.raises(Error) as caught:
            evaluate_batch(netlist, batch, Meter())
        assert caught.value.code == "E0610"
    else:
        evaluate_batch(netlist, batch, Meter())


def _within(low: int, high: int, shown: int = 0, inputs: int = 3) -> Netlist:
    rows = rows_of([[(2 + i, 1, 0) for i in range(inputs)]])
    claim = Claim(rows, None, 1, integers([low]), integers([high]), integers([shown]), PLACE, 0, "within")
    return Netlist(inputs, 0, (), (claim,), np.array([2], np.int64))


def test_a_broken_claim_names_the_sum_and_the_inputs() -> None:
    with pytest.raises(Error) as caught:
        evaluate_batch(_within(0, 1, 5), np.array([[0, 0, 1], [1, 0, 1]], bool), Meter())
    assert caught.value.code == "E0610"
    assert caught.value.message == "this form is 7 here, outside 5..6"
    assert "101" in (caught.value.hint or "")
    assert caught.value.span is PLACE.span


def test_claims_are_not_verified_for_padding() -> None:
    planes = pack(np.ones((5, 3), bool))
    evaluate(_within(3, 3), planes, 5, Meter())
    with pytest.raises(Error):
        evaluate(_within(3, 3), planes, 6, Meter())


def test_all_inputs_come_in_order() -> None:
    rows = rows_of([[(2 + i, 1, 0) for i in range(9)]])
    netlist = Netlist(9, 1, (Block(Kind.MAJ, 0, 1, rows, PLACE),), (), np.array([11, 2, 10], np.int64))
    found = np.concatenate([unpack(planes, count) for _, count, planes in evaluate_all(netlist, Meter())])
    assert len(found) == 512
    for number, outputs in enumerate(found.tolist()):
        assert outputs == [number.bit_count() > 4, bool(number & 1), bool(number >> 8 & 1)]


def test_dead_wires_give_their_slots_back() -> None:
    blocks = [
        Block(Kind.NOT, at * 100, 100, rows_of([[(2 + max(at - 1, 0) * 100 + i, 1, 0)] for i in range(100)]), PLACE)
        for at in range(50)
    ]
    netlist = Netlist(100, 5000, tuple(blocks), (), np.array([2 + 100 + 4999], np.int64))
    assert compile(netlist).slots <= 2 + 100 + 200


def test_memory_is_limited_before_it_is_taken() -> None:
    netlist = Netlist(1000, 0, (), (), np.array([2], np.int64))
    with pytest.raises(LimitReached):
        evaluate_batch(netlist, np.zeros((64, 1000), bool), Meter(Limits(memory=1000)))


def test_time_is_limited() -> None:
    rows = rows_of([[(2, 1, 0)]])
    netlist = Netlist(1, 1, (Block(Kind.NOT, 0, 1, rows, PLACE),), (), np.array([3], np.int64))
    with pytest.raises(LimitReached):
        evaluate_batch(netlist, np.zeros((64, 1), bool), Meter(Limits(seconds=-1)))
