"""How fast circuits are evaluated: million vectors a second on one core, on 2**20 random vectors.

    python benchmarks/evaluate.py [CASE ...]

"plain" is a numpy loop of one call a gate over bools in the same run, on fewer vectors: the ratio is of vectors a second. "ABC" is
its random simulation (`sim -F 1`) of the same circuit written as BLIF and made an and-inverter graph, where `berkeley-abc` is
installed; reading is not counted, drawing random words is. "reading" is the value reading of the same family, which has no gates.
Seconds are of processor time of this process, so that a busy machine disturbs less; of ABC they are its own count.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import table

import tc0

from families import PROGRAM  # isort: skip

import numpy as np  # isort: skip

from tc0.dsl.base.meter import Limits, Meter
from tc0.dsl.bitslice.planes import Planes, unpack
from tc0.dsl.circuit.evaluate import compile
from tc0.dsl.netlist import Kind, Netlist

MORE = """
family maj(x: bit[n]) -> bit = MAJ(x)

family parity(x: bit[n]) -> bit =
    OR((SUM(x) >= 2 * j + 1) & !(SUM(x) >= 2 * j + 2) for j < (n + 1) // 2)
"""

# The plain loop takes few vectors where it is slow.
CASES: list[tuple[str, dict[str, int], int]] = [
    ("maj", {"n": 255}, 1 << 15),
    ("maj", {"n": 1023}, 1 << 14),
    ("compare_forms", {"n": 64}, 1 << 12),
    ("parity_forms", {"n": 1023}, 1 << 9),
    ("add_forms", {"n": 64}, 1 << 10),
    ("iterated_add_forms", {"m": 32, "w": 32}, 1 << 8),
    ("look_ahead", {"n": 64}, 1 << 13),
    ("parity", {"n": 255}, 1 << 12),
    ("tree", {"n": 1023}, 1 << 13),
    ("reach", {"n": 16}, 1 << 12),
]
VECTORS = 1 << 20
ABC = shutil.which("berkeley-abc") or shutil.which("abc")


def plain(netlist: Netlist, batch: np.ndarray) -> np.ndarray:
    """batch: uint8 [inputs, B] -> uint8 [outputs, B], one numpy call a gate."""
    table = np.empty((2 + netlist.inputs + netlist.gates, batch.shape[1]), np.uint8)
    table[0], table[1], table[2 : 2 + netlist.inputs] = 0, 1, batch
    for block in netlist.blocks:
        rows = block.rows
        starts = rows.offsets()
        weights = _weights(rows.mantissas, rows.exponents)
        for gate in range(block.count):
            row = gate if block.row is None else block.row[gate]
            read = slice(starts[row], starts[row + 1])
            values = table[rows.wires[read]]
            kind = block.kind if block.kinds is None else Kind(int(block.kinds[gate]))
            if block.thresholds is not None:
                if weights is None:
                    found = values.sum(0, dtype=np.int32) >= int(block.thresholds[gate])
                elif weights.dtype == object:
                    found = (weights[read] @ values.astype(object)) >= int(block.thresholds[gate])
                else:
                    found = (weights[read] @ values) >= float(block.thresholds[gate])
            elif kind == Kind.AND:
                found = values.all(0)
            elif kind == Kind.OR:
                found = values.any(0)
            elif kind == Kind.NOT:
                found = values[0] == 0
            else:
                found = 2 * values.sum(0, dtype=np.int32) > len(values)
            table[2 + netlist.inputs + block.first + gate] = found
    return table[netlist.outputs]


def _weights(mantissas: np.ndarray | None, exponents: np.ndarray | None) -> np.ndarray | None:
    """float64 where all sums are exact in it, else object; None for weights 1."""
    if mantissas is None and exponents is None:
        return None
    terms = len(mantissas if mantissas is not None else exponents)
    m = [1] * terms if mantissas is None else mantissas.tolist()
    e = [0] * terms if exponents is None else exponents.tolist()
    weights = [a << b for a, b in zip(m, e, strict=True)]
    small = sum(map(abs, weights)) < 2**53
    return np.array(weights, np.float64 if small else object)


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Processor time of the fastest of some runs."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def simulated(circuit: tc0.Circuit, folder: Path) -> float | None:
    """Vectors a second of ABC's simulation."""
    if ABC is None:
        return None
    path = folder / "circuit.blif"
    path.write_text(circuit.export("blif"))
    for words in (1 << 12, 1 << 15, 1 << 18):  # more where its clock of hundredths of a second sees too little
        script = f"read_blif {path}; strash; sim -m -F 1 -W {words}"
        try:
            done = subprocess.run([ABC, "-c", script], capture_output=True, text=True, timeout=300, cwd=folder)
        except subprocess.TimeoutExpired:
            return None
        took = re.search(r"Time =\s*([\d.]+)", done.stdout)
        if took is None:
            return None
        if float(took[1]) >= 0.05:
            return words * 32 / float(took[1])
    return None


def case(session: tc0.Session, name: str, sizes: dict[str, int], few: int, folder: Path) -> list[str]:
    circuit = session[name].instantiate(**sizes)
    netlist = circuit.netlist
    start = time.process_time()
    program = compile(netlist)
    compiling = time.process_time() - start
    planes: Planes = np.random.default_rng(0).integers(0, 2**64, (netlist.inputs, VECTORS // 64), dtype=np.uint64)
    outputs = program.run(planes, VECTORS, Meter())
    fast = VECTORS / seconds(lambda: program.run(planes, VECTORS, Meter()))
    bits = np.ascontiguousarray(unpack(planes[:, : few // 64], few).T).view(np.uint8)
    start = time.process_time()
    expected = plain(netlist, bits)
    slow = few / (time.process_time() - start)
    assert np.array_equal(expected.astype(bool), unpack(outputs[:, : few // 64], few).T)
    other = simulated(circuit, folder)
    return [
        f"{name} {', '.join(f'{key} = {value:,}' for key, value in sizes.items())}",
        f"{circuit.size:,}",
        f"{circuit.wires:,}",
        f"{compiling * 1e3:,.0f}",
        f"{(program.slots + program.room) * program.chunk(VECTORS // 64, Meter(Limits())) * 8 / 1e6:,.1f}",
        f"{fast / 1e6:,.1f}",
        f"{_reading(session, name, sizes, planes) / 1e6:,.1f}",
        f"{fast / slow:,.0f}",
        "" if other is None else f"{fast / other:,.0f}",
    ]


def _reading(session: tc0.Session, name: str, sizes: dict[str, int], planes: Planes) -> float:
    """Vectors a second of the value reading."""
    from tc0.dsl.interpret.evaluate import Reading

    reading = Reading(session[name].instantiate(**sizes)._applied, Meter())
    reading.run(planes[:, :64], 4096)
    return VECTORS / seconds(lambda: reading.run(planes, VECTORS))


def main() -> None:
    session = tc0.Session()
    session.run(PROGRAM + MORE)
    rows = [
        [
            "circuit",
            "gates",
            "wires",
            "compile ms",
            "MB",
            "million vectors/s",
            "reading",
            "against plain",
            "against ABC",
        ]
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name, sizes, few in CASES:
            if not sys.argv[1:] or name in sys.argv[1:]:
                rows.append(case(session, name, sizes, few, Path(folder)))
    print(table(rows))


if __name__ == "__main__":
    main()
