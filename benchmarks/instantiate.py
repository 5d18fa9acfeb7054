"""How fast circuits are built: million wires a second on one core, beside a numpy copy of arrays of the same size.

    python benchmarks/instantiate.py            every case
    python benchmarks/instantiate.py --large    one circuit with 10**8 stored terms, and the peak of memory

A wire is a gate input as written; gates that compare one form share its stored terms, so that the wires of a shared row
cost little: both numbers are printed. The copy moves the arrays that the netlist holds, once. "expected" is what a first
sketch of the walk reached on another machine, in million wires a second: trust its order of magnitude only.
"""

from __future__ import annotations

import sys
import time

from measure import best, peak_memory, table

import tc0

from families import PROGRAM  # isort: skip

CASES = [
    ("parity_forms", {"n": 4000}, 1700),
    ("reach", {"n": 100}, 1230),
    ("look_ahead", {"n": 512}, 215),
    ("iterated_add_forms", {"m": 64, "w": 64}, 2690),
    ("add_forms", {"n": 512}, 79),
    ("tree", {"n": 2**16}, 167),
    ("tree_of_calls", {"n": 2**12}, None),
    ("parity_forms", {"n": 16}, None),
    ("add_forms", {"n": 8}, None),
]


def arrays(netlist: object) -> list[object]:
    """Every numpy array that a netlist holds, each once."""
    import numpy as np

    found: dict[int, object] = {}
    todo = [netlist]
    seen: set[int] = set()
    while todo:
        at = todo.pop()
        if id(at) in seen:
            continue
        seen.add(id(at))
        if isinstance(at, np.ndarray):
            owner = at
            while isinstance(owner.base, np.ndarray):
                owner = owner.base
            found[id(owner)] = owner if owner.size <= at.size else at
        elif isinstance(at, tuple | list):
            todo.extend(at)
        elif hasattr(at, "__dataclass_fields__") and type(at).__name__ != "Place":
            todo.extend(getattr(at, name) for name in at.__dataclass_fields__)
    return list(found.values())


def main() -> None:
    session = tc0.Session(limits=tc0.Limits(gates=10**10, memory=24 << 30, seconds=3600))
    session.run(PROGRAM)
    if "--large" in sys.argv[1:]:
        large(session)
        return
    rows = [
        [
            "circuit",
            "gates",
            "wires",
            "stored terms",
            "ms",
            "million wires/s",
            "expected",
            "ratio",
            "numpy copy ms",
            "MB",
        ]
    ]
    for name, sizes, sketch in CASES:
        family = session[name]
        netlist = family.instantiate(**sizes).netlist  # the first also loads numpy
        seconds = best(lambda f=family, s=sizes: f.instantiate(**s).netlist, 3)
        circuit = family.instantiate(**sizes)
        held = arrays(netlist)
        copy = best(lambda h=held: [a.copy() for a in h], 3)
        rate = circuit.wires / seconds / 1e6
        rows.append(
            [
                f"{name} {', '.join(f'{k} = {v:,}' for k, v in sizes.items())}",
                f"{circuit.size:,}",
                f"{circuit.wires:,}",
                f"{circuit.stored_terms:,}",
                f"{seconds * 1e3:,.1f}",
                f"{rate:,.0f}",
                f"{sketch:,}" if sketch else "",
                f"{rate / sketch:.2f}" if sketch else "",
                f"{copy * 1e3:,.1f}",
                f"{sum(a.nbytes for a in held) / 1e6:,.1f}",
            ]
        )
    print(table(rows))


def large(session: tc0.Session) -> None:
    before = peak_memory()
    start = time.perf_counter()
    circuit = session["reach"].instantiate(n=161)
    netlist = circuit.netlist
    seconds = time.perf_counter() - start
    built = peak_memory()
    held = arrays(netlist)
    copy = best(lambda: [a.copy() for a in held], 1)
    print(f"reach n = 161: {circuit.stored_terms:,} stored terms, {circuit.size:,} gates in {seconds:.1f} s")
    print(
        f"peak memory {built / 2**30:.2f} GiB (before: {before / 2**30:.2f}), arrays {sum(a.nbytes for a in held) / 2**30:.2f} GiB, numpy copy {copy:.1f} s"
    )


if __name__ == "__main__":
    main()
