"""The connection reading of families that call themselves: every gate of small circuits, and questions at large sizes."""

from __future__ import annotations

import itertools
import random
import re
import time

import pytest

import tc0
from tc0.dsl.analysis.connection import Connection
from tests.analysis.recursive_families import PROGRAM
from tests.analysis.test_connection import gates, wire

FAMILIES = [n for n in re.findall(r"^family (\w+)", PROGRAM, re.MULTILINE) if n not in ("by_family", "pair")]
LIBRARY = ["xor_tree", "dyck_grammar"]


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    session.run(PROGRAM)
    return session


def family(session: tc0.Session, name: str) -> tc0.Family:
    found = session[name]
    assert isinstance(found, tc0.Family)
    return found


@pytest.mark.parametrize("name", [*FAMILIES, *LIBRARY])
def test_every_gate_of_small_circuits(session: tc0.Session, name: str) -> None:
    asked = family(session, name)
    names = asked.parameters
    looked_at = 0
    for point in itertools.product(range({1: 9, 2: 4}.get(len(names), 3)), repeat=len(names)):
        sizes = dict(zip(names, point, strict=True))
        try:
            netlist = asked.instantiate(**sizes).netlist
        except tc0.Error:
            continue  # `where` does not hold
        connection = asked.connection(**sizes)
        assert connection.size == netlist.gates, sizes
        for number, (kind, wires, weights) in enumerate(gates(netlist)):
            info = connection.gate(number)
            found = list(connection.inputs(number))
            assert info.kind == kind and info.fanin == len(wires), (sizes, number)
            assert [wire(w, netlist.inputs) for w in found] == wires, (sizes, number)
            assert [w.weight for w in found] == weights, (sizes, number)
            position = connection.numbering.unrank(number)
            assert connection.numbering.rank(position) == number
            if not position.copy:
                assert number in connection.number(info.line, [v for _, v in info.indices]), (sizes, number, info)
            looked_at += 1
    assert looked_at


LARGE = [
    ("halves", {"n": 10**6}),
    ("halves", {"n": 2**60 + 7}),
    ("uneven", {"n": 10**6}),
    ("two_at_once", {"n": 10**6}),
    ("at_once", {"n": 10**6}),
    ("one_by_one", {"n": 10**6}),
    ("both", {"n": 10**6}),
    ("by_two", {"n": 10**6}),
    ("deep_arguments", {"n": 10**6}),
    ("gathered", {"n": 10**6}),
    ("counted", {"k": 10**6, "n": 10**6}),
    ("halved", {"n": 10**6}),
    ("merged", {"n": 10**6}),
    ("words", {"w": 10**6}),
    ("squares", {"n": 10**6}),
    ("stepped", {"n": 10**6, "m": 1000}),
    ("fibonacci", {"k": 200}),
    ("rows", {"m": 1000, "n": 10**6}),
    ("chains", {"m": 1000, "n": 10**6}),
    ("in_helper", {"n": 10**6}),
    ("with_pair", {"n": 10**6}),
]


@pytest.mark.parametrize(("name", "sizes"), LARGE, ids=[f"{name}{sizes}" for name, sizes in LARGE])
def test_round_trips_at_large_sizes(session: tc0.Session, name: str, sizes: dict[str, int]) -> None:
    connection = family(session, name).connection(**sizes)
    draw = random.Random(4)
    for number in [0, connection.size - 1, *(draw.randrange(connection.size) for _ in range(10))]:
        position = connection.numbering.unrank(number)
        assert connection.numbering.rank(position) == number
        info = connection.gate(number)
        assert number in range(*_copies(connection, number, info.line, [v for _, v in info.indices]))
        for k in {0, info.fanin // 2, info.fanin - 1} if info.fanin else ():
            found = connection.input(number, k)
            assert found.kind != "gate" or found.number < number
            if found.kind == "gate" and info.fanin < 100:
                assert connection.feeds(found.number, number)


def _copies(connection: Connection, number: int, line: int, indices: list[int]) -> tuple[int, int]:
    first = max(g for g in connection.number(line, indices) if g <= number)
    return first, first + connection.numbering.unrank(number).copy + 1


def test_the_same_gate_at_every_size(session: tc0.Session) -> None:
    """Reading a chain from its end: gate g of the recursion at n is gate g - 1 of that at n - 1."""
    far, near = (family(session, "deep_arguments").connection(n=n) for n in (10**6, 10**6 - 1))
    first = 10**6 - 1  # the gates of the arguments come first
    for number in (first, first + 17, far.size - 1):
        a, b = far.gate(number), near.gate(number - first)
        assert (a.kind, a.fanin, a.line) == (b.kind, b.fanin, b.line)
        assert dict(a.indices)["calls"] == dict(b.indices)["calls"] + 1


def test_a_million_levels_are_not_gone_through(session: tc0.Session) -> None:
    connection = family(session, "both").connection(n=10**15)
    start = time.perf_counter()
    info = connection.gate(3 * 10**15 - 12_345)
    assert connection.input(info.number, info.fanin - 1).kind == "gate"
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("name", "sizes", "reason"),
    [
        ("triangle", {"n": 10**6}, "calls of different sizes at one place"),
        ("even_steps", {"n": 10**6}, "different sizes"),
        ("add_prefix", {"r": 4, "n": 16}, "with forms"),
    ],
)
def test_what_stays_out(session: tc0.Session, name: str, sizes: dict[str, int], reason: str) -> None:
    with pytest.raises(tc0.NotAvailable) as found:
        family(session, name).connection(**sizes)
    assert found.value.code == "E1005" and reason in found.value.message


def test_where_holds_at_every_call(session: tc0.Session) -> None:
    session.run("family down(x: bit[n]) -> bit where n >= 2 = if n == 2 then x[0] & x[1] else down(x[0..n - 2]) & x[0]")
    assert family(session, "down").connection(n=10**6).size == 10**6 // 2
    with pytest.raises(tc0.Error) as found:
        family(session, "down").connection(n=7)
    assert found.value.code == "E0405"
