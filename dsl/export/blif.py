"""A circuit to BLIF, the Berkeley logic interchange format.

BLIF has tables of a single output (`.names`) and no thresholds. AND, OR, NOT, and thresholds that are an AND or an OR of
literals become one table. Every other threshold, majority and MOD gate becomes the network by which it is
evaluated: its wires, shifted by the binary digits of their weights and complemented where weights are negative, are summed
by full adders plane by plane, and the digits compared with the constant. That takes about one full adder for every term and
digit of its weight, and gates that read the same row share the adders. Declared ranges (`within`) are not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TextIO

import numpy as np

from tc0.dsl.bitslice.steps import Do, Step
from tc0.dsl.bitslice.sums import Sums
from tc0.dsl.netlist import Block, Kind, Netlist
from tc0.dsl.netlist.operands import and_or

_SUM = {Do.FULL: ("100 1", "010 1", "001 1", "111 1"), Do.HALF: ("10 1", "01 1")}
_CARRY = {Do.FULL: ("11- 1", "1-1 1", "-11 1"), Do.HALF: ("11 1",)}
_TABLES = {
    Do.LOADNOT: ("0 1",),
    Do.SUM: _SUM[Do.FULL],
    Do.CARRY: _CARRY[Do.FULL],
    Do.XOR: _SUM[Do.HALF],
    Do.AND: ("11 1",),
    Do.OR: ("00 0",),
    Do.ANDNOT: ("10 1",),
}


def write_blif(netlist: Netlist, inputs: Sequence[str], outputs: Sequence[str], model: str, out: TextIO) -> None:
    """Writes a model with these inputs and outputs, in the order of the netlist's.

    Characters that BLIF does not allow in names become `_`, and a name that occurs twice gets a number; inputs that no
    gate reads are kept. The model's name keeps its letters and digits.
    """
    assert len(inputs) == netlist.inputs and len(outputs) == len(netlist.outputs)
    names = _legal([*inputs, *outputs])
    _Writer(netlist, names[: len(inputs)], names[len(inputs) :], out).model(
        re.sub(r"\W+", "_", model).strip("_") or "circuit"
    )


def _legal(names: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        clean = re.sub(r"[^\w.\[\]<>$-]", "_", name) or "_"
        legal, number = clean, 1
        while legal in found:
            number += 1
            legal = f"{clean}_{number}"
        found[legal] = None
    return list(found)


class _Writer:
    """Writes tables; `name` holds the signal of every wire."""

    def __init__(self, netlist: Netlist, inputs: list[str], outputs: list[str], out: TextIO) -> None:
        self._netlist = netlist
        self._inputs = inputs
        self._outputs = outputs
        self._out = out
        own = "g"
        while any(name.startswith(own) for name in (*inputs, *outputs)):
            own += "_"
        self._own = own
        self._extra = 0
        self._name = [f"{own}false", f"{own}true", *inputs, *(f"{own}{gate}" for gate in range(netlist.gates))]

    def model(self, name: str) -> None:
        write = self._out.write
        write(f".model {name}\n.inputs {' '.join(self._inputs)}\n.outputs {' '.join(self._outputs)}\n")
        self._constant(self._name[0], False)
        self._constant(self._name[1], True)
        for block in self._netlist.blocks:
            self._block(block)
        for wire, output in zip(self._netlist.outputs.tolist(), self._outputs, strict=True):
            self._table([self._name[wire]], output, ("1 1",))
        write(".end\n")

    def _table(self, operands: Sequence[str], result: str, lines: Iterable[str]) -> None:
        """A table whose operands are told apart: an operand that occurs twice is read the second time through a copy."""
        if len(set(operands)) < len(operands):
            seen: set[str] = set()
            distinct = []
            for operand in operands:
                if operand in seen:
                    copy = self._fresh()
                    self._table([operand], copy, ("1 1",))
                    operand = copy
                seen.add(operand)
                distinct.append(operand)
            operands = distinct
        self._out.write(f".names {' '.join([*operands, result])}\n")
        for line in lines:
            self._out.write(line + "\n")

    def _constant(self, result: str, value: bool) -> None:
        self._table([], result, ("1",) if value else ())

    def _fresh(self) -> str:
        self._extra += 1
        return f"{self._own}x{self._extra}"

    def _literals(self, operands: Sequence[tuple[str, bool]], result: str, conjunction: bool) -> None:
        """AND or OR of literals (signal, whether complemented). The table of an OR lists where it is 0: one line."""
        if len(set(operands)) < len(operands):
            operands = list(dict.fromkeys(operands))
        if len({name for name, _ in operands}) < len(operands):  # x and its complement
            self._constant(result, not conjunction)
        elif not operands:
            self._constant(result, conjunction)
        else:
            digits = "".join("1" if complemented != conjunction else "0" for _, complemented in operands)
            self._table([name for name, _ in operands], result, (f"{digits} {int(conjunction)}",))

    # ---- gates

    def _block(self, block: Block) -> None:
        row = np.arange(block.count) if block.row is None else block.row
        first = 2 + self._netlist.inputs + block.first
        results = self._name[first : first + block.count]
        if block.moduli is not None:
            self._modulo(block, row, results)
            return
        thresholds = block.thresholds
        kind = np.full(block.count, block.kind, np.int8) if block.kinds is None else block.kinds
        if thresholds is None:
            plain = np.asarray(kind != Kind.MAJ)
            conjunction = kind != Kind.OR
            thresholds = (block.rows.lengths() // 2 + 1)[row]
        else:
            plain, conjunction = and_or(block.rows, row, thresholds)
        for gate in np.flatnonzero(plain).tolist():
            negate = block.thresholds is None and int(kind[gate]) == Kind.NOT
            self._literals(self._operands(block, int(row[gate]), negate), results[gate], bool(conjunction[gate]))
        rest = np.flatnonzero(~plain)
        if len(rest):
            sums = self._sums(block)
            sums.at_least(row[rest], thresholds[rest])
            self._network(sums, [results[gate] for gate in rest.tolist()])

    def _operands(self, block: Block, row: int, negate: bool) -> list[tuple[str, bool]]:
        rows = block.rows
        start, stop = rows.offsets()[row : row + 2].tolist()
        names = [self._name[wire] for wire in rows.wires[start:stop].tolist()]
        signs = (
            [negate] * len(names) if rows.mantissas is None else [m < 0 for m in rows.mantissas[start:stop].tolist()]
        )
        return list(zip(names, signs, strict=True))

    def _sums(self, block: Block) -> Sums:
        rows = block.rows
        return Sums(rows.count, rows.fanin, rows.starts, rows.wires, rows.mantissas, rows.exponents)

    def _modulo(self, block: Block, row: np.ndarray, results: list[str]) -> None:
        assert block.moduli is not None and block.residues is not None
        sums = self._sums(block)
        numbers = sums.remainder(row, block.moduli)
        digits = [self._fresh() for _ in range(numbers.planes)]
        self._network(sums, digits)
        starts = numbers.starts.tolist()
        for gate, result in enumerate(results):
            residue = int(block.residues[gate]) % int(block.moduli[gate])
            mine = digits[starts[gate] : starts[gate + 1]]
            self._literals([(name, residue >> i & 1 == 0) for i, name in enumerate(mine)], result, True)

    def _network(self, sums: Sums, results: list[str]) -> None:
        """The adders and gates that answer the questions asked, with these names for the answers."""
        steps, planes = sums.network()
        name = [self._name[0], self._name[1], *([""] * (planes - 2))]
        for step in steps:
            self._step(step, name, results)

    def _step(self, step: Step, name: list[str], results: list[str]) -> None:
        for at, operands in enumerate(zip(*(operand.tolist() for operand in step.operands), strict=True)):
            to = step.first + at
            match step.do:
                case Do.STORE:
                    self._table([name[operands[0]]], results[operands[1]], ("1 1",))
                case Do.LOAD:
                    name[to] = self._name[operands[0]]
                case Do.LOADNOT:
                    name[to] = self._fresh()
                    self._table([self._name[operands[0]]], name[to], _TABLES[step.do])
                case Do.FULL | Do.HALF:
                    read = [name[operand] for operand in operands]
                    name[to], name[step.carries + at] = self._fresh(), self._fresh()
                    self._table(read, name[to], _SUM[step.do])
                    self._table(read, name[step.carries + at], _CARRY[step.do])
                case _:
                    name[to] = self._fresh()
                    self._table([name[operand] for operand in operands], name[to], _TABLES[step.do])
