"""Closed forms and connection of random programs against circuits that are built: never wrong, open is allowed.

`TC0_PROGRAMS=2000 pytest tests/analysis` tries that many programs with fresh seeds; the default is few and always the same.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from random import Random

import pytest
from programs.programs import program

import tc0
from tc0.dsl.analysis.analyse import FIGURES, Open, analyse
from tc0.dsl.analysis.classify import classify
from tc0.dsl.analysis.connection import Connection
from tc0.dsl.analysis.uniformity import uniformity
from tc0.dsl.core.program import Applied
from tc0.dsl.core.types import INTEGER
from tests.analysis.counted import differences
from tests.analysis.test_connection import gates, wire

LONG = int(os.environ.get("TC0_PROGRAMS", "0"))
MOST_GATES = 400
MOST_CIRCUITS = 6 if not LONG else 100  # of one family whose gates are compared one by one


def families(seed: int) -> Iterator[tuple[str, tc0.Session, str]]:
    """The families of a random program whose parameters are all integers, each with its program."""
    draw = Random(seed)
    tried = program(seed, draw.randint(0, 3), draw.randint(1, 4))
    session = tc0.Session()
    session.run(tried.text)
    for name in re.findall(r"family (\w+)", tried.text):
        family = session[name]
        assert isinstance(family, tc0.Family)
        if all(p.type == INTEGER for p in family._applied.family.statics):
            yield name, session, tried.text


def circuits(family: tc0.Family, names: tuple[str, ...]) -> Iterator[tuple[dict[str, int], tc0.Circuit]]:
    """Small circuits of a family."""
    for point in itertools.product(range(5 if len(names) < 2 else 3), repeat=len(names)):
        sizes = dict(zip(names, point, strict=True))
        try:
            circuit = family.instantiate(**sizes)
            circuit.size  # noqa: B018 - builds it
        except tc0.Error:
            continue  # there is none: `where` does not hold, or a family of forms
        yield sizes, circuit


SEEDS = range(12) if not LONG else range(10**6, 10**6 + LONG)


@pytest.mark.parametrize("seed", SEEDS)
def test_figures(seed: int) -> None:
    for name, session, text in families(seed):
        family = session[name]
        assert isinstance(family, tc0.Family)
        costs = analyse(Applied(family._applied.family, ()))
        classify(costs), uniformity(family._applied)  # raise nothing
        closed = {figure: costs.figure(figure) for figure in FIGURES}
        for figure, found in closed.items():
            assert not isinstance(found, Open) or "not covered" not in found.reason, (text, name, figure, found)
            assert isinstance(found, Open) or str(found)
        for sizes, circuit in circuits(family, costs.names):
            assert not (found_ := differences(costs, circuit, sizes)), f"{text}\n{name}: {found_}"


@pytest.mark.parametrize("seed", SEEDS)
def test_connection(seed: int) -> None:
    for name, session, text in families(seed):
        family = session[name]
        assert isinstance(family, tc0.Family)
        parameters = family.parameters
        for sizes, circuit in itertools.islice(circuits(family, parameters), MOST_CIRCUITS):
            netlist = circuit.netlist
            try:
                connection = Connection(Applied(family._applied.family, tuple(sizes.items())))
            except tc0.NotAvailable:
                break
            except tc0.Error:
                continue
            assert connection.size == netlist.gates, f"{text}\n{name} at {sizes}"
            for number, (kind, wires, weights) in enumerate(gates(netlist)[:MOST_GATES]):
                try:
                    info = connection.gate(number)
                    found = list(connection.inputs(number))
                except tc0.NotAvailable:
                    break
                where = f"{text}\n{name}: gate {number} at {sizes}"
                assert (info.kind, info.fanin) == (kind, len(wires)), where
                assert [wire(w, netlist.inputs) for w in found] == wires, where
                assert [w.weight for w in found] == weights, where
