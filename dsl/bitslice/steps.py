"""Steps on planes in static single assignment: what a counter does, before planes have slots in memory.

Planes are numbered: 0 is all zeros, 1 all ones, others are the results of steps in order. A step is one operation on
`count` planes at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np

from tc0.dsl.bitslice.planes import Integers

ZERO, ONE = 0, 1


class Do(IntEnum):
    """What a step does with its operands a, b, c."""

    LOAD = 0  # wires a
    LOADNOT = 1  # the complements of wires a
    FULL = 2  # sum and carry of a + b + c
    HALF = 3  # sum and carry of a + b
    SUM = 4  # a ^ b ^ c
    CARRY = 5  # at least two of a, b, c
    XOR = 6
    AND = 7
    OR = 8
    ANDNOT = 9  # a & ~b
    STORE = 10  # planes a become the outputs b


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """operands: int64 [count] each. first: the number of the first result (of FULL and HALF: of the first sum); carries: of
    the first carry."""

    do: Do
    operands: tuple[Integers, ...]
    first: int
    count: int
    carries: int = -1

    def part(self, start: int, stop: int, do: Do | None = None) -> Step:
        """The step on some of its planes."""
        return Step(
            self.do if do is None else do,
            tuple(operand[start:stop] for operand in self.operands),
            self.first + start,
            stop - start,
            self.carries + start,
        )

    @property
    def planes_read(self) -> tuple[Integers, ...]:
        """The operands that are planes, not wires or outputs."""
        if self.do <= Do.LOADNOT:
            return ()
        return self.operands[:1] if self.do == Do.STORE else self.operands


@dataclass(slots=True, eq=False)
class Steps:
    """Steps in order. `next` is the number of the next plane."""

    items: list[Step] = field(default_factory=list)
    next: int = 2

    def add(self, do: Do, *operands: Integers) -> Integers:
        """One result for each element: int64 [count]."""
        count = len(operands[0])
        first = self.next
        self.items.append(Step(do, operands, first, count))
        self.next += count
        return np.arange(first, first + count, dtype=np.int64)

    def pair(self, do: Do, *operands: Integers) -> tuple[Integers, Integers]:
        """Sums and carries, int64 [count] each."""
        count = len(operands[0])
        first = self.next
        self.items.append(Step(do, operands, first, count, first + count))
        self.next += 2 * count
        return np.arange(first, first + count, dtype=np.int64), np.arange(
            first + count, first + 2 * count, dtype=np.int64
        )

    def store(self, planes: Integers, outputs: Integers) -> None:
        if len(planes):
            self.items.append(Step(Do.STORE, (planes, outputs), self.next, len(planes)))

    def folded(self, do: Do, a: Integers, b: Integers) -> Integers:
        """AND, OR, XOR or ANDNOT, with no step where an operand is constant (XOR with ONE is not folded)."""
        if not len(a):
            return a
        if a.min() > ONE and b.min() > ONE:
            return self.add(do, a, b)
        found: Any = np.full(len(a), -1, np.int64)
        rules: tuple[tuple[Any, Any], ...]
        match do:
            case Do.AND:
                rules = ((a == ZERO, a), (b == ZERO, b), (a == ONE, b), (b == ONE, a))
            case Do.OR:
                rules = ((a == ONE, a), (b == ONE, b), (a == ZERO, b), (b == ZERO, a))
            case Do.XOR:
                rules = ((a == ZERO, b), (b == ZERO, a))
            case _:
                rules = ((a == ZERO, a), (b == ZERO, a), (b == ONE, np.zeros_like(a)))
        for where, value in rules:
            found = np.where((found < 0) & where, value, found)
        rest = np.flatnonzero(found < 0)
        if len(rest):
            found[rest] = self.add(do, a[rest], b[rest])
        result: Integers = found
        return result


def needed(steps: list[Step], planes: int) -> list[Step]:
    """The steps that a STORE depends on; adders whose sum or carry is not needed do only the other half."""
    used = np.zeros(planes, np.bool_)
    kept: list[Step] = []
    for step in reversed(steps):
        for part in _parts(step, used):
            for operand in part.planes_read:
                used[operand] = True
            kept.append(part)
    kept.reverse()
    return kept


_SUM_ONLY = {Do.FULL: Do.SUM, Do.HALF: Do.XOR}
_CARRY_ONLY = {Do.FULL: Do.CARRY, Do.HALF: Do.AND}


def _parts(step: Step, used: Any) -> list[Step]:
    if step.do == Do.STORE:
        return [step]
    sums = used[step.first : step.first + step.count]
    if step.do not in _SUM_ONLY:
        return [step] if sums.all() else _runs(step, step.do, sums)
    carries = used[step.carries : step.carries + step.count]
    if sums.all() and carries.all():
        return [step]
    only_carries = Step(step.do, step.operands, step.carries, step.count)
    return [
        *_runs(step, step.do, sums & carries),
        *_runs(step, _SUM_ONLY[step.do], sums & ~carries),
        *_runs(only_carries, _CARRY_ONLY[step.do], carries & ~sums),
    ]


def _runs(step: Step, do: Do, mask: Any) -> list[Step]:
    """The part of a step under a mask, in runs: the results of a step are consecutive."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8))).tolist()
    return [step.part(start, stop, do) for start, stop in zip(edges[::2], edges[1::2], strict=True)]
