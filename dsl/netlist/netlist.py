"""The netlist of `C_n`: a struct of arrays.

Wires are numbered: 0 is the constant 0, 1 the constant 1, then the inputs (`2 .. 2 + inputs`), then the gates in the
order of their numbers: gate `g` drives wire `2 + inputs + g`. Gates come in *blocks*: all gates of one place of the
program (a source position reached by one path of calls, recursion and fold steps), ordered by their index tuple. The
inputs of a gate have lower numbers than its own wire.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from tc0.dsl.base.source import Span

Integers = npt.NDArray[np.int64]
Anything = npt.NDArray[np.generic]


class Kind(IntEnum):
    """What a gate is counted and classified as."""

    NOT = 0
    AND = 1
    OR = 2
    MAJ = 3
    THR = 4
    MOD = 5


KINDS: tuple[str, ...] = tuple(kind.name for kind in Kind)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where in the program a block of gates was written: a span, and the calls and fold steps that led to it."""

    span: Span
    caller: Place | None = None
    step: int | None = None

    def path(self) -> Iterator[Place]:
        """This place, then the call or fold that led to it, outwards."""
        at: Place | None = self
        while at is not None:
            yield at
            at = at.caller


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Operand rows: row r holds terms `start(r) .. start(r + 1)`, each a wire with a weight `mantissa * 2**exponent`.

    count: number of rows.
    fanin: the number of terms of every row, where they agree; then `starts` is None.
    starts: int64 [count + 1] where rows differ in length; then `fanin` is None.
    wires: int32 or int64 [terms], wire numbers.
    mantissas: int64 or object [terms], never 0-padded; None where every weight is 1.
    exponents: int32 [terms]; None where every exponent is 0.
    """

    count: int
    fanin: int | None
    starts: Integers | None
    wires: Anything
    mantissas: Anything | None = None
    exponents: Anything | None = None

    @property
    def terms(self) -> int:
        """The number of stored terms."""
        return len(self.wires)

    def lengths(self) -> Integers:
        """int64 [count]: the number of terms of each row."""
        if self.starts is not None:
            return np.diff(self.starts)
        return np.full(self.count, self.fanin, np.int64)

    def offsets(self) -> Integers:
        """int64 [count + 1]: where each row starts."""
        if self.starts is not None:
            return self.starts
        assert self.fanin is not None
        return np.arange(self.count + 1, dtype=np.int64) * self.fanin


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The gates of one place.

    kind: what they are counted as; `kinds` (int8 [count]) overrides it where the gates of one place differ.
    first: the number of the first gate; count: how many.
    rows: their operands. row: int64 [count], the row that each gate reads (gates that compare one form share its row);
        None: gate i reads row i.
    thresholds: int64 or object [count]. Where given, the gate is 1 iff the weighted sum of its row is at least it,
        whatever `kind` says (an AND of literals b and 1 - b is such a gate with kind AND). Where None the row has unit
        weights and `kind` says what the gate computes: NOT, AND, OR, or MAJ (more than half).
    moduli, residues: int64 or object [count] for MOD: 1 iff the number of ones is `residue` modulo `modulus`.
    """

    kind: Kind
    first: int
    count: int
    rows: Rows
    place: Place
    row: Integers | None = None
    thresholds: Anything | None = None
    moduli: Anything | None = None
    residues: Anything | None = None
    kinds: Anything | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """Sums that the program declares to lie in a range (`within`, `bit(L)`): verified by every evaluation.

    rows, row: as in a block. low, high: int64 or object [count], inclusive bounds of `sum of the row`.
    after: the number of gates before this claim was made (claims are verified in program order).
    shown: int64 or object [count], what to add to a sum to print the form's value.
    """

    rows: Rows
    row: Integers | None
    count: int
    low: Anything
    high: Anything
    shown: Anything
    place: Place
    after: int
    what: str = "within"


@dataclass(frozen=True, slots=True, eq=False)
class Netlist:
    """A circuit. inputs: number of input wires. gates: number of gates. outputs: wire numbers, int64 [outputs]."""

    inputs: int
    gates: int
    blocks: tuple[Block, ...]
    claims: tuple[Claim, ...]
    outputs: Integers
