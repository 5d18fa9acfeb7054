"""The serialisation: printed, read back strictly, and equal as a function and as a text."""

from __future__ import annotations

from io import StringIO
from itertools import product

import pytest

import tc0
from tc0.dsl.export.serial import print_connection, print_netlist
from tc0.dsl.export.serial_reader import read_serial
from tc0.dsl.netlist import Kind, Netlist
from tc0.dsl.netlist.check import check

PROGRAM = """
family either(x: bit[n]) -> bit = OR(1 - x[i] for i < n)
family odd(x: bit[n]) -> bit = SUM(x) % 2
family less(a: bit[n], b: bit[n]) -> bit = SUM(2**i * a[i] for i < n) < SUM(2**i * b[i] for i < n)
family tree(x: bit[n]) -> bit = if n == 0 then 1 else if n == 1 then !x[0] else tree(x[0..n // 2]) ^ tree(x[n // 2..n])
family pairs(x: bit[n]) -> bit = OR(x[i] & !x[j] for i < n, j < i)
family early(x: bit[n]) -> bit { let a = MAJ(x)  let b = [!x[i] for i < n]  return a }
family never(x: bit[n]) -> bit = THR[n + 1](x) | 1
family copy(x: bit[n]) -> bit where n >= 1 = x[0]
"""
NAMES = ["either", "odd", "less", "tree", "pairs", "early", "never", "copy"]


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    session.run(PROGRAM.replace("  let", "\n let").replace("  return", "\n return").replace("{ let", "{\n let"))
    return session


def values(netlist: Netlist) -> list[int]:
    """The output on every input, gate by gate."""
    found = []
    for row in product((0, 1), repeat=netlist.inputs):
        wires = [0, 1, *row]
        for block in netlist.blocks:
            offsets = block.rows.offsets()
            for i in range(block.count):
                at = i if block.row is None else int(block.row[i])
                low, high = offsets[at], offsets[at + 1]
                read = [wires[w] for w in block.rows.wires[low:high]]
                kind = block.kind if block.kinds is None else block.kinds[i]
                if block.thresholds is None:
                    wires.append(
                        {
                            Kind.NOT: read[:1] == [0],
                            Kind.AND: all(read),
                            Kind.OR: any(read),
                            Kind.MAJ: 2 * sum(read) > len(read),
                        }[Kind(int(kind))]
                    )
                    continue
                weights = [1] * len(read) if block.rows.mantissas is None else block.rows.mantissas[low:high]
                shifts = [0] * len(read) if block.rows.exponents is None else block.rows.exponents[low:high]
                total = sum(int(w) * x << int(e) for w, x, e in zip(weights, read, shifts, strict=True))
                wires.append(total >= block.thresholds[i])
        found.append(int(wires[netlist.outputs[0]]))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_round_trip(session: tc0.Session, name: str) -> None:
    for n in range(6):
        try:
            netlist = session[name].instantiate(n=n).netlist
        except tc0.Error:
            continue
        out = StringIO()
        print_netlist(netlist, out)
        read = read_serial(out.getvalue())
        check(read)
        assert values(read) == values(netlist), (name, n)
        again = StringIO()
        added = print_netlist(read, again)
        assert again.getvalue() == out.getvalue() and not added.nots and not added.output, (name, n)
        assert read_serial(out.getvalue().replace(" ", "")).gates == read.gates


@pytest.mark.parametrize("name", ["pairs", "early", "copy", "never"])
def test_the_stream_is_the_same_text(session: tc0.Session, name: str) -> None:
    for n in range(1, 6):
        built, streamed = StringIO(), StringIO()
        first = print_netlist(session[name].instantiate(n=n).netlist, built)
        assert print_connection(session[name].connection(n=n), streamed) == first
        assert streamed.getvalue() == built.getvalue()


def test_the_examples_of_the_paper() -> None:
    read = read_serial("X X <= 0 &1 >= 10 & &11")  # x1 or not x2
    assert values(read) == [1, 0, 1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "X X <= 00 &1 >= 10 & &11",
        "X >= 1 &1",
        "X >= 01 & &",
        "X >= 1",
        "X &",
        "X >= 1 & &",
        "X Y",
        "X 1",
        "& X",
        ">= 1 &",
    ],
)
def test_mistakes(text: str) -> None:
    with pytest.raises(tc0.Error) as found:
        read_serial(text)
    assert found.value.code == "E0825"


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("family f(x: bit[n]) -> bit[n] = [!b for b < n]", 3),
        ("family f(x: bit[n]) -> bit = MOD[3](x)", 3),
        ("family f(x: bit[n]) -> bit = SUM(2**i * x[i] for i < n) >= 5", 20),
    ],
)
def test_circuits_that_do_not_fit(text: str, n: int) -> None:
    session = tc0.Session()
    session.run(text.replace("!b for b", "!x[b] for b"))
    with pytest.raises(tc0.Error) as found:
        session["f"].instantiate(n=n).export("serial")
    assert found.value.code == "E0824"
