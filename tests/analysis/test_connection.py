"""The connection reading against netlists: every gate of small circuits, and round trips at sizes too large to build."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

import tc0
from tc0.dsl.analysis.connection import Connection, WireInfo
from tc0.dsl.core.program import Applied
from tc0.dsl.netlist import KINDS, Netlist
from tests.analysis.test_closed_forms import PROGRAM

NAMES = "parity add less odd_count exact square closed add_many triangle every_third look_ahead chained words choose signed letters".split()
LIBRARY = "reachability longer_paths sort_bits palindrome first_one greater_and_or add_lookahead equal".split()
Gate = tuple[str, list[int], list[int]]


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    session.run(PROGRAM)
    return session


def gates(netlist: Netlist) -> list[Gate]:
    """(kind, wires, weights) of every gate."""
    found: list[Gate] = []
    for block in netlist.blocks:
        offsets = block.rows.offsets()
        rows = block.row if block.row is not None else np.arange(block.count)
        for i in range(block.count):
            low, high = offsets[rows[i]], offsets[rows[i] + 1]
            wires = [int(w) for w in block.rows.wires[low:high]]
            m = [1] * len(wires) if block.rows.mantissas is None else [int(v) for v in block.rows.mantissas[low:high]]
            e = [0] * len(wires) if block.rows.exponents is None else [int(v) for v in block.rows.exponents[low:high]]
            kind = block.kind.name if block.kinds is None else KINDS[int(block.kinds[i])]
            found.append((kind, wires, [a << b for a, b in zip(m, e, strict=True)]))
    return found


def wire(info: WireInfo, inputs: int) -> int:
    return {"constant": 0, "input": 2, "gate": 2 + inputs}[info.kind] + info.number


@pytest.mark.parametrize("name", [*NAMES, *LIBRARY])
def test_every_gate_of_small_circuits(session: tc0.Session, name: str) -> None:
    family = session[name]._applied.family
    names = [p.name for p in family.statics] + [s.name for s in family.sizes]
    looked_at = 0
    for point in itertools.product(range(6 if len(names) < 2 else 4), repeat=len(names)):
        sizes = dict(zip(names, point, strict=True))
        try:
            netlist = session[name].instantiate(**sizes).netlist
        except tc0.Error:
            continue  # `where` does not hold
        connection = Connection(Applied(family, tuple(sizes.items())))
        assert connection.size == netlist.gates
        for number, (kind, wires, weights) in enumerate(gates(netlist)):
            info = connection.gate(number)
            found = list(connection.inputs(number))
            assert info.kind == kind and info.fanin == len(wires), (sizes, number)
            assert [wire(w, netlist.inputs) for w in found] == wires, (sizes, number)
            assert [w.weight for w in found] == weights, (sizes, number)
            looked_at += 1
    assert looked_at


@pytest.mark.parametrize("name", ["parity", "closed", "look_ahead", "odd_count"])
def test_round_trips_at_a_million(session: tc0.Session, name: str) -> None:
    family = session[name]._applied.family
    connection = Connection(Applied(family, (("n", 10**6),)))
    rng = random.Random(4)
    for _ in range(20):
        number = rng.randrange(connection.size)
        assert connection.numbering.rank(connection.numbering.unrank(number)) == number
        info = connection.gate(number)
        for k in {0, info.fanin // 2, info.fanin - 1} if info.fanin else ():
            found = connection.input(number, k)
            assert found.kind != "gate" or found.number < number


FEEDING = """
family triangles(g: bit[n, n]) -> bit = OR(g[i, j] & g[j, k] & g[k, i] for i < n, j < i, k < j)
family twice(x: bit[n]) -> bit {
    let t[i < n, j < n] = x[i] & x[j]
    return AND(OR(t), OR(t[i, i] for i < n))
}
family just[k](x: bit[n]) -> bit {
    let enough = THR[k](x)
    return enough & !THR[k + 1](x)
}
family called(x: bit[n]) -> bit = OR(just[2 * j + 1](x) for j < (n + 1) // 2)
family guarded(x: bit[n]) -> bit = OR(if i % 2 == 0 then x[i] & x[0] else x[i] | x[0] for i < n if i > 1)
family mixed(x: bit[n]) -> bit where n >= 1 = OR(if i == 1 then x[i] & x[0] else x[0] for i < n)
family quotients(x: bit[n]) -> bit where n >= 1 = SUM(SUM(x) // 2, SUM(x) // 3, x[0]) >= 3
"""


@pytest.mark.parametrize("name", "triangles twice called guarded mixed quotients parity add_lookahead".split())
def test_what_feeds_what(name: str) -> None:
    session = tc0.Session()
    session.run(FEEDING)
    for n in range(1, 6):
        connection = session[name].connection(n=n)
        for number in range(connection.size):
            sources = {w.number for w in connection.inputs(number) if w.kind == "gate"}
            for source in range(connection.size):
                assert connection.feeds(source, number) == (source in sources), (n, source, number)


def test_a_gate_of_many_inputs_is_not_searched() -> None:
    session = tc0.Session()
    session.run(FEEDING)
    connection = session["triangles"].connection(n=10**6)
    last = connection.size - 1
    assert connection.gate(last).fanin == 10**6 * (10**6 - 1) * (10**6 - 2) // 6
    assert connection.feeds(12345, last) and not connection.feeds(12345, 999_999)
    far = session["mixed"].connection(n=10**9)
    with pytest.raises(tc0.NotAvailable):
        far.feeds(0, far.size - 1)


def test_the_verbs(session: tc0.Session) -> None:
    (gate,) = session.run("gate(closed[n = 10**6], 14089154938208861744)").replies
    assert (gate.kind, gate.fanin, gate.gates) == ("AND", 2, 20 * (10**18 + 10**12))
    assert gate.indices == (("t", 14), ("i", 89140), ("j", 938208), ("k", 861744))
    (fed,) = session.run("input(closed[n = 10**6], 14089154938208861744, 1)").replies
    assert fed.kind == "gate"
    assert session.run(f"feeds(closed[n = 10**6], {fed.number}, 14089154938208861744)").replies[0].value is True
    line = gate.place.split(":")[1]
    assert (
        session.run(f"number(closed[n = 10**6], {line}, [14, 89140, 938208, 861744])").replies[0].value
        == 14089154938208861744
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gate(parity[n = 3], 99)", "E0906"),
        ("gate(parity[n = 3], -1)", "E0906"),
        ("input(parity[n = 3], 0, 99)", "E0906"),
        ("gate(parity, 1)", "E0903"),
        ('gate(parity[n = 3], "a")', "E0302"),
        ("number(parity[n = 3], 99, [])", "E0906"),
    ],
)
def test_questions_without_an_answer(session: tc0.Session, text: str, code: str) -> None:
    with pytest.raises(tc0.Error) as found:
        session.run(text)
    assert found.value.code == code
    assert session.eval("1 + 1") == 2
