"""A netlist as the nested structure of its gates, to compare circuits that number their gates in different orders."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tc0.dsl.netlist import Kind, Netlist


def gates_of(net: Netlist) -> list[tuple[str, list[tuple[int, int]], int, int]]:
    """(kind, terms, threshold, residue) of every gate, by number."""
    found = []
    for block in net.blocks:
        assert block.first == len(found)
        offsets = block.rows.offsets()
        for gate in range(block.count):
            row = gate if block.row is None else int(block.row[gate])
            terms = [term_of(block.rows, t) for t in range(int(offsets[row]), int(offsets[row + 1]))]
            kind = Kind(block.kind if block.kinds is None else int(block.kinds[gate]))
            least = residue = 0
            if block.moduli is not None:
                least, residue = int(block.moduli[gate]), int(block.residues[gate])
            elif block.thresholds is not None:
                least = int(block.thresholds[gate])
            else:
                fanin = len(terms)
                least = {Kind.AND: fanin, Kind.OR: 1, Kind.MAJ: fanin // 2 + 1, Kind.NOT: 0}[kind]
                if kind is Kind.NOT:
                    terms = [(w, -m) for w, m in terms]
            found.append((kind.name, terms, least, residue))
    assert len(found) == net.gates
    return found


def term_of(rows: Any, t: int) -> tuple[int, int]:
    m = 1 if rows.mantissas is None else int(rows.mantissas[t])
    e = 0 if rows.exponents is None else int(rows.exponents[t])
    return int(rows.wires[t]), m << e


def shape(inputs: int, gates: Any, outputs: Any) -> tuple[Any, Any]:
    """The multiset of gates and the outputs, each gate as an interned structure."""
    seen: dict[Any, int] = {}
    names: list[int] = [-1 - w for w in range(2 + inputs)]
    for kind, terms, least, residue in gates:
        key = (kind, tuple(sorted((names[w], m) for w, m in terms)), least, residue)
        names.append(seen.setdefault(key, len(seen)))
    keys = {v: k for k, v in seen.items()}
    memo: dict[int, Any] = {}

    def whole(name: int) -> Any:
        if name < 0:
            return name
        if name not in memo:
            kind, terms, least, residue = keys[name]
            memo[name] = hash((kind, tuple(sorted((whole(n), m) for n, m in terms)), least, residue))
        return memo[name]

    for name in sorted(keys):
        whole(name)
    return Counter(whole(n) for n in names[2 + inputs :]), tuple(whole(names[w]) for w in outputs)


def run(net: Netlist, gates: Any, bits: list[int]) -> list[int]:
    """The outputs on one input, gate by gate."""
    wires = [0, 1, *bits]
    for kind, terms, least, residue in gates:
        total = sum(m * wires[w] for w, m in terms)
        wires.append(int(total % least == residue) if kind == "MOD" else int(total >= least))
    return [wires[int(w)] for w in net.outputs]
