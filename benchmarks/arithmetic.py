"""How fast arithmetic of the library is built and evaluated, on one core.

    python benchmarks/arithmetic.py [WORD ...]     only the rows that contain a word

"built" is million wires a second of instantiation. "circuit" is million vectors a second of the circuit on 2**20 random vectors,
"reading" of the value reading of the same family, which has no gates; "by value" is the ratio of both on bools (2**16 vectors), each compiled before. "plain" is the ratio of the
circuit to a numpy loop of one call a gate in the same run, on fewer vectors. Seconds are of processor time.
"""

from __future__ import annotations

import sys

from evaluate import VECTORS, plain, seconds
from measure import table

import tc0

import numpy as np  # isort: skip

from tc0.dsl.base.meter import Meter
from tc0.dsl.bitslice.planes import Planes, unpack
from tc0.dsl.circuit.evaluate import compile

FEWER = 1 << 16  # bools in and out, a byte each

CASES: list[tuple[str, dict[str, int], int]] = [
    ("iterated_add", {"m": 32, "w": 32}, 1 << 8),
    ("uint_sum", {"m": 16, "w": 16}, 1 << 9),
    ("uint_multiply", {"v": 16, "w": 16}, 1 << 9),
    ("uint_divide", {"v": 8, "w": 8}, 1 << 11),
    ("uint_divide", {"v": 16, "w": 16}, 1 << 9),
    ("uint_sort", {"m": 64, "w": 6}, 1 << 7),
    ("sort_by_counting", {"m": 64, "w": 6}, 1 << 7),
    ("uint_max", {"m": 64, "w": 6}, 1 << 9),
]


def case(session: tc0.Session, name: str, sizes: dict[str, int], few: int) -> list[str]:
    family = session[name]
    family.instantiate(**sizes)
    building = seconds(lambda: family.instantiate(**sizes).netlist)
    circuit = family.instantiate(**sizes)
    netlist = circuit.netlist
    program = compile(netlist)
    planes: Planes = np.random.default_rng(0).integers(0, 2**64, (netlist.inputs, VECTORS // 64), dtype=np.uint64)
    outputs = program.run(planes, VECTORS, Meter())
    batch = unpack(planes[:, : few // 64], few)
    assert np.array_equal(plain(netlist, batch.T.astype(np.uint8)).astype(bool), unpack(outputs, few).T)
    rate = VECTORS / seconds(lambda: program.run(planes, VECTORS, Meter()))
    slow = few / seconds(lambda: plain(netlist, batch.T.astype(np.uint8)), 1)
    rows = unpack(planes[:, : FEWER // 64], FEWER)
    given = FEWER / seconds(lambda: circuit.evaluate(rows), 1)
    read = FEWER / seconds(lambda: family.evaluate(rows, **sizes), 1)
    return [
        f"{name} {', '.join(f'{k} = {v}' for k, v in sizes.items())}",
        f"{circuit.size:,}",
        f"{circuit.depth}",
        f"{circuit.wires:,}",
        f"{circuit.wires / building / 1e6:,.0f}",
        f"{rate / 1e6:,.2f}",
        f"{rate / slow:,.0f}",
        f"{read / 1e6:,.2f}",
        f"{read / given:.2f}",
    ]


def main() -> None:
    session = tc0.Session()
    wanted = sys.argv[1:]
    rows = [["family", "gates", "depth", "wires", "built", "circuit", "plain", "reading", "by value"]]
    for name, sizes, few in CASES:
        if not wanted or any(word in name for word in wanted):
            rows.append(case(session, name, sizes, few))
    print(table(rows))


if __name__ == "__main__":
    main()
