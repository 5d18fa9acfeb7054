"""AND and OR of literals (wires and complements) on planes: gates of one shape together, one gather for each operand position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tc0.dsl.bitslice.planes import ONES, Index, Integers, Planes, run_of

PIECE = 256  # gates, or operands of one wide gate, that one call takes at the most

Wires = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Gates of one shape, to consecutive slots.

    conjunction: AND of the plain and complemented operands, else OR. plain, inverted: an index of slots for each operand
    position, [count] each. target: the slots of the gates.
    """

    conjunction: bool
    plain: tuple[Index, ...]
    inverted: tuple[Index, ...]
    target: slice

    @property
    def room(self) -> int:
        """Slots needed as a buffer."""
        return int(self.target.stop - self.target.start)

    def run(self, table: Planes, room: Planes, out: Planes | None = None) -> None:
        """table: uint64 [slots, W]; room: uint64 [at least self.room, W]; out: where the targets are, if not in the table."""
        to, spare = (table if out is None else out)[self.target], room[: self.room]
        join, opposite = (np.bitwise_and, np.bitwise_or) if self.conjunction else (np.bitwise_or, np.bitwise_and)
        if not self.plain and not self.inverted:
            to[...] = ONES if self.conjunction else 0
            return
        if not self.inverted:
            _join(join, self.plain, table, to, spare)
            return
        if not self.plain:
            _join(opposite, self.inverted, table, to, spare)
            np.bitwise_not(to, out=to)
            return
        _join(join, self.plain, table, to, spare)
        for index in self.inverted:
            np.bitwise_not(_read(table, index, spare), out=spare)
            join(to, spare, out=to)


def _read(table: Planes, index: Index, spare: Planes) -> Planes:
    return table[index] if type(index) is slice else np.take(table, index, axis=0, out=spare, mode="clip")


def _join(operation: Any, operands: tuple[Index, ...], table: Planes, to: Planes, spare: Planes) -> None:
    first, *others = operands
    if not others:
        if type(first) is slice:
            to[...] = table[first]
        else:
            np.take(table, first, axis=0, out=to, mode="clip")
        return
    second, *others = others
    operation(_read(table, first, to), _read(table, second, spare), out=to)
    for index in others:
        operation(to, _read(table, index, spare), out=to)


@dataclass(frozen=True, slots=True, eq=False)
class Wide:
    """One gate of many operands, to one slot: plain and inverted operands in pieces."""

    conjunction: bool
    plain: tuple[Index, ...]
    inverted: tuple[Index, ...]
    target: int

    @property
    def room(self) -> int:
        return PIECE + 1

    def run(self, table: Planes, room: Planes, out: Planes | None = None) -> None:
        join, opposite = (np.bitwise_and, np.bitwise_or) if self.conjunction else (np.bitwise_or, np.bitwise_and)
        to, part, spare = (table if out is None else out)[self.target], room[0], room[1 : PIECE + 1]
        to[...] = ONES if self.conjunction else 0
        for index in self.plain:
            join.reduce(_read(table, index, spare[: _size(index)]), axis=0, out=part)
            join(to, part, out=to)
        for index in self.inverted:
            opposite.reduce(_read(table, index, spare[: _size(index)]), axis=0, out=part)
            np.bitwise_not(part, out=part)
            join(to, part, out=to)


def _size(index: Index) -> int:
    return index.stop - index.start if isinstance(index, slice) else len(index)


@dataclass(frozen=True, slots=True, eq=False)
class Literals:
    """Operands of gates as rows: gate g reads `wires[starts[g] .. starts[g + 1]]`, complemented where `inverted`.

    starts: int64 [gates + 1]; inverted: bool [terms] or None; conjunction: bool [gates].
    """

    starts: Integers
    wires: Wires
    inverted: Any
    conjunction: Any


def shapes(literals: Literals) -> tuple[Integers, list[tuple[int, int]]]:
    """Gates of one shape side by side: the order of the gates, int64 [gates], and where each shape starts and stops in it."""
    gates = len(literals.starts) - 1
    lengths = np.diff(literals.starts)
    negative = np.zeros(gates, np.int64)
    if literals.inverted is not None and len(literals.wires):
        sums = np.concatenate([[0], np.cumsum(literals.inverted)])
        negative = sums[literals.starts[1:]] - sums[literals.starts[:-1]]
    order = np.lexsort((negative, lengths, literals.conjunction))
    keys = np.stack([literals.conjunction[order].astype(np.int64), lengths[order], negative[order]])
    edges = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(0)) + 1
    bounds = [0, *edges.tolist(), gates] if gates else [0]
    return order, list(zip(bounds[:-1], bounds[1:], strict=True))


def groups(literals: Literals, order: Integers, runs: list[tuple[int, int]], first: int) -> list[Group | Wide]:
    """The operations. Gate `order[i]` goes to slot `first + i`; the wires of `literals` are slots."""
    found: list[Group | Wide] = []
    for start, stop in runs:
        for at in range(start, stop, PIECE):
            gates = order[at : min(at + PIECE, stop)]
            found += _group(literals, gates, first + at)
    return found


def _group(literals: Literals, gates: Integers, first: int) -> list[Group | Wide]:
    starts = literals.starts[gates]
    fanin = int(literals.starts[gates[0] + 1] - starts[0])
    conjunction = bool(literals.conjunction[gates[0]])
    index = starts[:, None] + np.arange(fanin)
    wires = literals.wires[index].astype(np.int64)
    plain, inverted = wires, wires[:, :0]
    if literals.inverted is not None and fanin:
        flags = literals.inverted[index]
        plain = wires[~flags].reshape(len(gates), -1)
        inverted = wires[flags].reshape(len(gates), -1)
    if fanin > 16 and len(gates) * 4 <= fanin:
        return [Wide(conjunction, _pieces(plain[i]), _pieces(inverted[i]), first + i) for i in range(len(gates))]
    target = slice(first, first + len(gates))
    return [Group(conjunction, _columns(plain), _columns(inverted), target)]


def _columns(wires: Wires) -> tuple[Index, ...]:
    return tuple(run_of(wires[:, position]) for position in range(wires.shape[1]))


def _pieces(wires: Wires) -> tuple[Index, ...]:
    return tuple(run_of(wires[at : at + PIECE]) for at in range(0, len(wires), PIECE))
