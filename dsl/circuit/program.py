"""A netlist to a program on slots of one table of planes: index arrays are built once, wires that are dead give their slots back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tc0.dsl.base.meter import Meter
from tc0.dsl.bitslice.literals import Group, Literals, Wide, groups, shapes
from tc0.dsl.bitslice.planes import ONES, Integers, Planes, tail
from tc0.dsl.bitslice.schedule import Slots
from tc0.dsl.bitslice.sums import Counter, Sums
from tc0.dsl.bitslice.weights import plus
from tc0.dsl.circuit.verify_claims import Verified
from tc0.dsl.netlist import Block, Claim, Kind, Netlist, Rows
from tc0.dsl.netlist.operands import and_or, operands, terms_of

CACHE = 12 << 20  # bytes that a chunk should keep to: a part of the cache that all cores share
NARROWEST, WIDEST = 32, 2048  # words of a chunk: narrower drowns in calls, wider gains nothing


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """Sums of some rows: answers go to slots `target .. target + counter.outputs`, then claims are verified on them."""

    counter: Counter
    target: int
    claims: tuple[Verified, ...]


Operation = Group | Wide | Count


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A compiled netlist.

    inputs: how many; slots: rows of the table; room: rows of scratch; outputs: int64 [outputs], slots.
    """

    inputs: int
    slots: int
    room: int
    outputs: Integers
    operations: tuple[Operation, ...]

    def chunk(self, words: int, meter: Meter) -> int:
        """Words that are evaluated at a time: the table and the scratch in cache, and within the limit of memory."""
        rows = self.slots + self.room
        width = NARROWEST
        while width * 2 <= WIDEST and rows * width * 16 <= CACHE:
            width *= 2
        width = max(1, min(width, words, meter.limits.memory // (8 * rows)))
        meter.reserve(rows * width * 8)
        return width

    def run(self, planes: Planes, count: int, meter: Meter) -> Planes:
        """planes: uint64 [inputs, words] -> uint64 [outputs, words]. count: the vectors, at most 64 * words.

        Bits of vectors beyond `count` are unspecified, and claims are not verified for them.
        """
        words = planes.shape[1]
        meter.reserve(len(self.outputs) * words * 8)
        found = np.empty((len(self.outputs), words), np.uint64)
        full = count // 64
        valid = np.full(words, ONES)
        valid[full + 1 :] = 0
        valid[full : full + 1] = tail(count) if count % 64 else 0
        if not words:
            return found
        width = self.chunk(words, meter)
        table, room = self._tables(width)
        for start in range(0, words, width):
            meter.tick("evaluating", start / words)
            stop = min(start + width, words)
            if stop - start < width:
                table, room = self._tables(stop - start)
            self._run(planes[:, start:stop], table, room, valid[start:stop], meter)
            np.take(table, self.outputs, axis=0, out=found[:, start:stop])
        return found

    def _tables(self, width: int) -> tuple[Planes, Planes]:
        table = np.empty((self.slots, width), np.uint64)
        table[0] = 0
        table[1] = ONES
        return table, np.empty((self.room, width), np.uint64)

    def _run(self, inputs: Planes, table: Planes, room: Planes, valid: Planes, meter: Meter) -> None:
        table[2 : 2 + self.inputs] = inputs
        for number, operation in enumerate(self.operations):
            if number & 1023 == 1023:
                meter.tick("evaluating")
            if type(operation) is Count:
                counter = operation.counter
                answers = table[operation.target : operation.target + counter.outputs]
                counter.run(table, answers, room)
                for claim in operation.claims:
                    claim.verify(answers, table, inputs, valid)
            else:
                assert not isinstance(operation, Count)
                operation.run(table, room)


def compile(netlist: Netlist, meter: Meter | None = None) -> Program:
    """The program of a netlist. Cost: time and memory in proportion to the stored terms."""
    compiler = _Compiler(netlist, meter or Meter())
    for at, (block, claims) in enumerate(compiler.parts):
        compiler.meter.tick("compiling", at / len(compiler.parts))
        compiler.part(at, block, claims)
    return Program(
        netlist.inputs, compiler.slots.size, compiler.room, compiler.slot[netlist.outputs], tuple(compiler.operations)
    )


def _parts(netlist: Netlist) -> Iterator[tuple[Block | None, tuple[Claim, ...]]]:
    """Blocks and claims in program order; claims about the rows of a block are taken with it, and share its sums."""
    claims = list(netlist.claims)
    claims.sort(key=lambda claim: claim.after)
    at = 0
    for block in netlist.blocks:
        with_block: list[Claim] = []
        while at < len(claims) and claims[at].after <= block.first:
            claim = claims[at]
            at += 1
            if _same(claim.rows, block.rows) and _by_sums(block):
                with_block.append(claim)
            else:
                yield None, (claim,)
        end = block.first + block.count
        while at < len(claims) and claims[at].after == end and _same(claims[at].rows, block.rows) and _by_sums(block):
            with_block.append(claims[at])
            at += 1
        yield block, tuple(with_block)
    for claim in claims[at:]:
        yield None, (claim,)


def _same(a: Rows, b: Rows) -> bool:
    return a is b or (
        a.wires is b.wires
        and a.starts is b.starts
        and a.count == b.count
        and a.mantissas is b.mantissas
        and a.exponents is b.exponents
    )


def _by_sums(block: Block) -> bool:
    return block.thresholds is not None or block.kind == Kind.MAJ


class _Compiler:
    """The state of a compilation: where every wire is, and which slots are free."""

    def __init__(self, netlist: Netlist, meter: Meter) -> None:
        wires = 2 + netlist.inputs + netlist.gates
        # Index arrays of all operands stay; what is known of each wire, and the work on one block, comes on top.
        terms = [block.rows.terms for block in netlist.blocks]
        meter.reserve(40 * wires + 8 * sum(terms) + 64 * max(terms, default=0))
        self.netlist = netlist
        self.meter = meter
        self.parts = list(_parts(netlist))
        self.slots = Slots(2 + netlist.inputs)
        self.slot: Integers = np.full(wires, -1, np.int64)
        self.slot[: 2 + netlist.inputs] = np.arange(2 + netlist.inputs)
        self.room = 0
        self.operations: list[Operation] = []
        last = np.full(wires, -1, np.int64)
        for at, (block, claims) in enumerate(self.parts):
            if block is not None:
                first = 2 + netlist.inputs + block.first
                last[first : first + block.count] = at
                last[block.rows.wires] = at
            for claim in claims:
                last[claim.rows.wires] = at
        last[netlist.outputs] = len(self.parts)
        last[:2] = len(self.parts)
        self._dying = np.argsort(last, kind="stable")
        self._dies = last[self._dying]

    def part(self, at: int, block: Block | None, claims: tuple[Claim, ...]) -> None:
        if block is None:
            for claim in claims:
                self._count(claim.rows, None, claims)
        elif block.moduli is not None or block.kind == Kind.MOD:
            self._modulo(block)
        elif block.thresholds is None and block.kind != Kind.MAJ:
            self._plain(block)
        else:
            self._weighted(block, claims)
        start, stop = np.searchsorted(self._dies, (at, at + 1)).tolist()
        self.slots.give(self.slot[self._dying[start:stop]])

    # ---- AND, OR, NOT

    def _plain(self, block: Block) -> None:
        starts, wires = operands(block.rows, block.row)
        kind = np.full(block.count, block.kind, np.int8) if block.kinds is None else block.kinds
        inverted = None
        if (kind == Kind.NOT).any():
            inverted = np.repeat(kind == Kind.NOT, np.diff(starts))
        self._literals(
            Literals(starts, self.slot[wires], inverted, kind != Kind.OR), block.first + np.arange(block.count)
        )

    def _literals(self, literals: Literals, gates: Integers) -> None:
        """Gates of literals; gates: int64 [gates], their numbers."""
        order, runs = shapes(literals)
        first = self.slots.take(len(gates)) if len(gates) else 0
        self.slot[2 + self.netlist.inputs + gates[order]] = first + np.arange(len(gates))
        found = groups(literals, order, runs, first)
        self.operations += found
        self.room = max([self.room, *(operation.room for operation in found)])

    # ---- thresholds

    def _weighted(self, block: Block, claims: tuple[Claim, ...]) -> None:
        row = np.arange(block.count) if block.row is None else block.row
        thresholds = block.thresholds
        if thresholds is None:  # MAJ: more than half
            thresholds = (block.rows.lengths() // 2 + 1)[row]
        simple, conjunction = and_or(block.rows, row, thresholds)
        # Where many gates share a row its sum is there anyway, and a comparison is cheaper than a long AND.
        shared = np.bincount(row, minlength=block.rows.count)[row]
        simple &= (shared == 1) | (block.rows.lengths()[row] <= 4)
        rest = np.flatnonzero(~simple)
        which = np.flatnonzero(simple)
        if len(which):
            starts, wires = operands(block.rows, row[which])
            inverted = None
            if block.rows.mantissas is not None:
                negative = np.sign(block.rows.mantissas) < 0
                inverted = terms_of(block.rows, row[which], negative) if negative.any() else None
            self._literals(Literals(starts, self.slot[wires], inverted, conjunction[which]), block.first + which)
        if len(rest) or claims:
            self._count(block.rows, (block.first + rest, row[rest], thresholds[rest]), claims)

    def _count(self, rows: Rows, gates: tuple[Integers, Integers, Any] | None, claims: tuple[Claim, ...]) -> None:
        """Sums with one output for each gate (their numbers, rows and thresholds), and what verifies claims."""
        sums = self._sums(rows)
        if gates is not None:
            sums.at_least(gates[1], gates[2])
        asked = [self._ask(sums, claim) for claim in claims]
        counter = sums.compile()
        if not counter.outputs:
            return
        target = self.slots.take(counter.outputs)
        many = 0 if gates is None else len(gates[0])
        if gates is not None:
            self.slot[2 + self.netlist.inputs + gates[0]] = target + np.arange(many)
        self.slots.give(np.arange(target + many, target + counter.outputs))
        self.operations.append(Count(counter, target, tuple(found for found in asked if len(found.which))))
        self.room = max(self.room, counter.slots)

    def _ask(self, sums: Sums, claim: Claim) -> Verified:
        row = np.arange(claim.count) if claim.row is None else claim.row
        which = np.flatnonzero((sums.low[row] < claim.low) | (sums.high[row] > claim.high))
        above = sums.at_least(row[which], claim.low[which])
        beyond = sums.at_least(row[which], plus(claim.high[which], np.ones(len(which), np.int64)))
        # The slots of the rows' wires are those of now: they are alive until the claim is verified.
        return Verified(claim, which, above, beyond, self.slot[claim.rows.wires])

    def _sums(self, rows: Rows) -> Sums:
        return Sums(rows.count, rows.fanin, rows.starts, self.slot[rows.wires], rows.mantissas, rows.exponents)

    # ---- MOD

    def _modulo(self, block: Block) -> None:
        assert block.moduli is not None and block.residues is not None
        row = np.arange(block.count) if block.row is None else block.row
        sums = self._sums(block.rows)
        numbers = sums.remainder(row, block.moduli)
        counter = sums.compile()
        digits = self.slots.take(counter.outputs) if counter.outputs else 0
        self.operations.append(Count(counter, digits, ()))
        self.room = max(self.room, counter.slots)
        residues = [int(r) % int(m) for r, m in zip(block.residues, block.moduli, strict=True)]
        lengths = np.diff(numbers.starts)
        wanted = np.array(
            [r >> i & 1 for r, length in zip(residues, lengths.tolist(), strict=True) for i in range(length)], np.bool_
        )
        places = digits + numbers.first + np.arange(len(wanted))
        conjunction = np.ones(block.count, np.bool_)
        self._literals(Literals(numbers.starts, places, ~wanted, conjunction), block.first + np.arange(block.count))
        self.slots.give(np.arange(digits, digits + counter.outputs))
