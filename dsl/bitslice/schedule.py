"""Steps on numbered planes to a program on slots of a table: operands as slices where they can be, slots used again as soon
as their planes are dead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tc0.dsl.bitslice.planes import ONES, Index, Integers, Planes, run_of
from tc0.dsl.bitslice.steps import ONE, ZERO, Do, Step

PIECE = 64  # planes that one operation takes at the most, so that its buffers stay in cache


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """operands: (whether from the caller's table, index) each. to: index of the results (of the sums); carry: of the carries."""

    do: Do
    operands: tuple[tuple[bool, Index], ...]
    to: Index
    carry: Index
    count: int


class Slots:
    """Which rows of a table are free. Rows are taken in runs, lowest first."""

    def __init__(self, used: int = 0) -> None:
        self._free = np.zeros(max(used, 64), np.bool_)
        self._free[used:] = True
        self.size = used

    def take(self, count: int) -> int:
        """The first of a run of free rows, which are no longer free."""
        free = self._free
        start = self._run(count)
        if start + count > len(free):
            self._free = np.ones(max(2 * len(free), start + count), np.bool_)
            self._free[: len(free)] = free
        self._free[start : start + count] = False
        self.size = max(self.size, start + count)
        return start

    def _run(self, count: int) -> int:
        free = self._free
        if count == 1:
            at = int(np.argmax(free))
            return at if free[at] else len(free)
        edges = np.flatnonzero(free[1:] != free[:-1]) + 1
        bounds = np.concatenate([[0], edges, [len(free)]])
        lengths = np.diff(bounds)
        fits = (lengths >= count) & free[bounds[:-1]]
        if fits.any():
            return int(bounds[np.argmax(fits)])
        return int(bounds[-2]) if free[-1] else len(free)

    def give(self, rows: Integers) -> None:
        """These rows are free again."""
        self._free[rows] = True


def place(steps: list[Step], planes: int) -> tuple[list[Operation], int, Integers]:
    """The program, the number of slots it needs, and the wires that it reads.

    Slot 0 holds zeros and slot 1 ones. A wire that is only read as part of runs of wires is not loaded at all.
    """
    pieces = [step.part(at, min(at + PIECE, step.count)) for step in steps for at in range(0, step.count, PIECE)]
    wire = np.full(planes, -1, np.int64)  # the wire of every plane that is one
    for step in pieces:
        if step.do == Do.LOAD:
            wire[step.first : step.first + step.count] = step.operands[0]
    inside = np.zeros(planes, np.bool_)  # planes that must have a slot
    last = np.full(planes, -1, np.int64)
    sources: list[tuple[bool, ...]] = []
    for at, step in enumerate(pieces):
        direct = []
        for operand in step.planes_read:
            outside = bool((wire[operand] >= 0).all())
            direct.append(outside)
            if not outside:
                inside[operand] = True
                last[operand] = at
        sources.append(tuple(direct))
    slot = np.full(planes, -1, np.int64)
    slot[ZERO], slot[ONE] = 0, 1
    last[:2] = len(pieces)
    slots = Slots(2)
    program: list[Operation] = []
    reads: list[Integers] = []
    for at, step in enumerate(pieces):
        if step.do in (Do.LOAD, Do.LOADNOT):
            reads.append(step.operands[0])
            wanted = np.flatnonzero(inside[step.first : step.first + step.count])
            if len(wanted):
                # Wires between that are only read in runs are loaded with the others: one gather instead of several.
                step = step.part(int(wanted[0]), int(wanted[-1]) + 1)
                to = _take(slots, slot, step.first, step.count)
                program.append(Operation(step.do, ((True, run_of(step.operands[0])),), to, to, step.count))
                results = np.arange(step.first, step.first + step.count)
                slots.give(slot[results[~inside[results]]])
            continue
        operands = tuple(
            (outside, run_of(wire[operand] if outside else slot[operand]))
            for outside, operand in zip(sources[at], step.planes_read, strict=True)
        )
        if step.do == Do.STORE:
            to = carry = run_of(step.operands[1])
        else:
            to = carry = _take(slots, slot, step.first, step.count)
            if step.do in (Do.FULL, Do.HALF):
                carry = _take(slots, slot, step.carries, step.count)
        program.append(Operation(step.do, operands, to, carry, step.count))
        for outside, operand in zip(sources[at], step.planes_read, strict=True):
            if not outside:
                slots.give(slot[operand[last[operand] == at]])
    return program, slots.size, np.unique(np.concatenate(reads)) if reads else np.zeros(0, np.int64)


def _take(slots: Slots, slot: Integers, first: int, count: int) -> Index:
    start = slots.take(count)
    slot[first : first + count] = np.arange(start, start + count)
    return slice(start, start + count)


def buffers(program: list[Operation]) -> int:
    """Rows that a run needs besides the slots."""
    return 4 * max((operation.count for operation in program), default=0)


def carry_out(program: list[Operation], table: Planes, out: Planes, slots: Planes, room: Planes) -> None:
    """Runs a program. table: uint64 [wires, W]; out: uint64 [outputs, W]; slots: uint64 [slots, W]; room: uint64 [buffers, W]."""
    slots[0] = 0
    slots[1] = ONES
    most = len(room) // 4
    first, second, third, spare = (room[at * most : (at + 1) * most] for at in range(4))
    for operation in program:
        do, count = operation.do, operation.count
        read = []
        for (outside, index), buffer in zip(operation.operands, (first, second, third)):  # noqa: B905
            source = table if outside else slots
            if type(index) is slice:
                read.append(source[index])
            else:
                read.append(np.take(source, index, axis=0, out=buffer[:count], mode="clip"))
        if do == Do.STORE:
            out[operation.to] = read[0]
            continue
        to = slots[operation.to]
        a = read[0]
        match do:
            case Do.FULL:
                carry, t = slots[operation.carry], spare[:count]
                np.bitwise_xor(a, read[1], out=t)
                np.bitwise_and(a, read[1], out=carry)
                np.bitwise_xor(t, read[2], out=to)
                np.bitwise_and(t, read[2], out=t)
                np.bitwise_or(carry, t, out=carry)
            case Do.HALF:
                np.bitwise_xor(a, read[1], out=to)
                np.bitwise_and(a, read[1], out=slots[operation.carry])
            case Do.SUM:
                np.bitwise_xor(a, read[1], out=to)
                np.bitwise_xor(to, read[2], out=to)
            case Do.CARRY:
                t = spare[:count]
                np.bitwise_xor(a, read[1], out=t)
                np.bitwise_and(t, read[2], out=t)
                np.bitwise_and(a, read[1], out=to)
                np.bitwise_or(to, t, out=to)
            case Do.XOR:
                np.bitwise_xor(a, read[1], out=to)
            case Do.AND:
                np.bitwise_and(a, read[1], out=to)
            case Do.OR:
                np.bitwise_or(a, read[1], out=to)
            case Do.ANDNOT:
                np.bitwise_not(read[1], out=to)
                np.bitwise_and(to, a, out=to)
            case Do.LOAD:
                to[...] = a
            case Do.LOADNOT:
                np.bitwise_not(a, out=to)
