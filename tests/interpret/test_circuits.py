"""Circuits of the walk against circuits that the reference builds gate by gate."""

from __future__ import annotations

import random

import pytest
from reference.reference import Reference
from reference.words import WORDS

from interpret.corpus import CASES, TEXT
from interpret.programs import Program
from interpret.structure_of import gates_of, run, shape
from tc0.dsl.base.meter import Meter
from tc0.dsl.interpret.instantiate import instantiate

PROGRAM = Program(TEXT + WORDS)
REFERENCE = Reference(TEXT)


@pytest.mark.parametrize(("name", "values"), CASES, ids=lambda v: str(v))
def test_same_circuit(name: str, values: dict[str, object]) -> None:
    net = instantiate(PROGRAM.fixed(name, **values), Meter())
    other = REFERENCE.circuit(name, **values)
    gates = gates_of(net)
    assert net.inputs == other.netlist.inputs
    theirs = []
    for gate in other.netlist.gates:
        terms, least, residue = list(gate.terms), gate.threshold, gate.residue
        theirs.append((gate.kind, terms, least, residue))
    assert shape(net.inputs, gates, net.outputs.tolist()) == shape(net.inputs, theirs, other.outputs)
    for number, (_, terms, _, _) in enumerate(gates):
        assert all(w < 2 + net.inputs + number for w, _ in terms)
    assert len(net.claims) == 0 or other.netlist.claims
    chance = random.Random(1)
    for _ in range(5):
        bits = [chance.randrange(2) for _ in range(net.inputs)]
        if not other.netlist.claims:
            assert run(net, gates, bits) == other.evaluate(bits)
