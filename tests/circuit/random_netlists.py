"""Random netlists of every kind of gate, and the slow evaluator that defines them: one gate at a time, with Python integers."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from tc0.dsl.base.source import Source, Span
from tc0.dsl.netlist import Block, Claim, Kind, Netlist, Place, Rows

PLACE = Place(Span(Source("<test>", "x"), 0, 1))


def rows_of(terms: Sequence[Sequence[tuple[int, int, int]]], compact: bool = True) -> Rows:
    """Rows from lists of (wire, mantissa, exponent); without the arrays that say nothing."""
    lengths = [len(row) for row in terms]
    flat = [term for row in terms for term in row]
    wires = np.array([wire for wire, _, _ in flat], np.int32)
    values = [mantissa for _, mantissa, _ in flat]
    mantissas = exponents = None
    if not compact or any(value != 1 for value in values):
        if all(abs(value) < 2**62 for value in values):
            mantissas = np.array(values, np.int64)
        else:
            mantissas = np.empty(len(values), object)
            mantissas[:] = values
    if any(exponent for _, _, exponent in flat):
        exponents = np.array([exponent for _, _, exponent in flat], np.int32)
    if lengths and len(set(lengths)) == 1:
        return Rows(len(terms), lengths[0], None, wires, mantissas, exponents)
    return Rows(
        len(terms), None, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), wires, mantissas, exponents
    )


def integers(values: Sequence[int]) -> np.ndarray:
    if all(abs(value) < 2**62 for value in values):
        return np.array(values, np.int64)
    found = np.empty(len(values), object)
    found[:] = values
    return found


def sums(rows: Rows, values: Sequence[int]) -> list[int]:
    """The weighted sum of every row for one vector."""
    offsets = rows.offsets().tolist()
    mantissas = [1] * rows.terms if rows.mantissas is None else rows.mantissas.tolist()
    exponents = [0] * rows.terms if rows.exponents is None else rows.exponents.tolist()
    terms = [values[w] * (m << e) for w, m, e in zip(rows.wires.tolist(), mantissas, exponents, strict=True)]
    return [sum(terms[a:b]) for a, b in zip(offsets, offsets[1:], strict=False)]


def slow(netlist: Netlist, vector: Sequence[int]) -> list[int]:
    """All wires for one vector."""
    values = [0, 1, *(int(bit) for bit in vector), *([0] * netlist.gates)]
    for block in netlist.blocks:
        found = sums(block.rows, values)
        lengths = block.rows.lengths().tolist()
        for gate in range(block.count):
            row = gate if block.row is None else int(block.row[gate])
            kind = block.kind if block.kinds is None else Kind(int(block.kinds[gate]))
            if block.thresholds is not None:
                value = found[row] >= int(block.thresholds[gate])
            elif block.moduli is not None and block.residues is not None:
                value = (found[row] - int(block.residues[gate])) % int(block.moduli[gate]) == 0
            else:
                value = {
                    Kind.AND: found[row] == lengths[row],
                    Kind.OR: found[row] > 0,
                    Kind.NOT: found[row] == 0,
                    Kind.MAJ: 2 * found[row] > lengths[row],
                }[kind]
            values[2 + netlist.inputs + block.first + gate] = int(value)
    return values


def random_netlist(seed: int, blocks: int = 6, claims: bool = False) -> Netlist:
    """Blocks of all kinds; weights small, large or huge; shared rows, chains, constants as inputs, gates without inputs."""
    dice = random.Random(seed)
    inputs = dice.choice([0, 1, 2, 5, 9])
    built: list[Block] = []
    promised: list[Claim] = []
    gates = 0
    for _ in range(dice.randint(0, blocks)):
        block = _block(dice, 2 + inputs + gates, gates)
        if claims and block.thresholds is not None and dice.random() < 0.7:
            promised.append(_claim(dice, block, gates))
        built.append(block)
        gates += block.count
    wires = 2 + inputs + gates
    outputs = np.array([dice.randrange(wires) for _ in range(dice.choice([0, 1, 3, 7]))], np.int64)
    return Netlist(inputs, gates, tuple(built), tuple(promised), outputs)


def _block(dice: random.Random, wires: int, first: int) -> Block:
    style = dice.choice(["plain", "plain", "not", "maj", "unit", "weighted", "large", "huge", "mod"])
    count = dice.choice([1, 2, 3, 7])
    row = None
    terms = _terms(dice, wires, style, count)
    if style == "not":
        return Block(Kind.NOT, first, len(terms), rows_of(terms), PLACE)
    if dice.random() < 0.3:
        row = np.array([dice.randrange(len(terms)) for _ in range(count)], np.int64)
    else:
        count = len(terms)
    rows = rows_of(terms, compact=dice.random() < 0.8)
    if style == "plain":
        kind = dice.choice([Kind.AND, Kind.OR])
        kinds = (
            np.array([dice.choice([Kind.AND, Kind.OR]) for _ in range(count)], np.int8) if dice.random() < 0.2 else None
        )
        return Block(kind, first, count, rows_of(terms), PLACE, row, kinds=kinds)
    if style == "maj":
        return Block(Kind.MAJ, first, count, rows_of(terms), PLACE, row)
    if style == "mod":
        moduli = [dice.choice([1, 2, 3, 4, 5, 6, 7, 12, 2**70]) for _ in range(count)]
        residues = integers([dice.randint(0, min(m, 9)) for m in moduli])
        return Block(Kind.MOD, first, count, rows_of(terms), PLACE, row, moduli=integers(moduli), residues=residues)
    low = [sum(min(0, m << e) for _, m, e in term) for term in terms]
    high = [sum(max(0, m << e) for _, m, e in term) for term in terms]
    chosen = range(count) if row is None else row.tolist()
    thresholds = [dice.choice([low[r] + 1, high[r], 0, dice.randint(low[r] - 1, high[r] + 1)]) for r in chosen]
    return Block(Kind.THR, first, count, rows, PLACE, row, integers(thresholds))


def _terms(dice: random.Random, wires: int, style: str, count: int) -> list[list[tuple[int, int, int]]]:
    def term() -> tuple[int, int, int]:
        wire = dice.randrange(wires)
        if style == "weighted":
            return wire, dice.choice([1, -1, 2, -3, 5, 0, 100, -(2**61)]), 0
        if style == "large":
            return wire, dice.choice([1, -1, 3]), dice.choice([0, 1, 2, 50, 300] if dice.random() < 0.95 else [4000])
        if style == "huge":
            return wire, dice.choice([3**500, -(7**80), 2**70, 1]), dice.choice([0, 3])
        return wire, 1, 0

    if style == "not":
        return [[term()] for _ in range(count)]
    rows: list[list[tuple[int, int, int]]] = []
    chained = dice.random() < 0.4
    for _ in range(count):
        length = dice.choice([0, 1, 2, 3, 3, 6, 30])
        new = [term() for _ in range(length)]
        if chained and rows:
            new = rows[-1] + new
            if dice.random() < 0.3:
                dice.shuffle(new)
        rows.append(new)
    if chained and dice.random() < 0.4:
        rows.reverse()
    return rows


def _claim(dice: random.Random, block: Block, after: int) -> Claim:
    count = block.count
    rows, row = block.rows, block.row
    mantissas = [1] * rows.terms if rows.mantissas is None else rows.mantissas.tolist()
    exponents = [0] * rows.terms if rows.exponents is None else rows.exponents.tolist()
    weights = [m << e for m, e in zip(mantissas, exponents, strict=True)]
    offsets = rows.offsets().tolist()
    chosen = range(count) if row is None else row.tolist()
    low = [sum(min(0, w) for w in weights[offsets[r] : offsets[r + 1]]) for r in chosen]
    high = [sum(max(0, w) for w in weights[offsets[r] : offsets[r + 1]]) for r in chosen]
    if dice.random() < 0.3:
        high = [dice.randint(a, b) for a, b in zip(low, high, strict=True)]
    shown = [dice.randint(-3, 3) for _ in chosen]
    return Claim(rows, row, count, integers(low), integers(high), integers(shown), block.place, after)
