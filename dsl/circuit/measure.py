"""The figures of a circuit, counted: size, wires, depth, fan-in, weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from tc0.dsl.bitslice.weights import bit_lengths, row_sums
from tc0.dsl.netlist import KINDS, Block, Kind, Netlist, Rows

Convention = Literal["gate", "free"]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of one circuit, all exact.

    size: gates. wires: gate inputs, a term of a shared row once for each gate that reads it. stored_terms: terms as
    stored, of all blocks. unit_wires: the sum of the absolute weights, a shared row once for each gate. depth: of the deepest
    output; 0 if outputs are inputs or constants. fanin: of the widest gate. largest_weight: by absolute value; 0 if
    there are no wires. by_kind: gates of each kind that occurs. by_level: gates of depth 1, 2, ...
    """

    size: int
    wires: int
    stored_terms: int
    unit_wires: int
    depth: int
    fanin: int
    largest_weight: int
    by_kind: Mapping[str, int]
    by_level: tuple[int, ...]


def measure(netlist: Netlist, negation: str = "gate") -> Measures:
    """Counts a circuit. negation: "gate", NOT is a gate like any other; "free", it is 0 in size, wires and depth."""
    level = levels(netlist, negation)
    size = wires = unit_wires = fanin = largest = 0
    kinds = np.zeros(len(KINDS), np.int64)
    by_level = np.zeros(int(level.max(initial=0)) + 1, np.int64)
    for block in netlist.blocks:
        counted = _counted(block, negation)
        uses = _uses(block, counted)
        lengths = block.rows.lengths()
        read = uses > 0
        size += block.count if counted is None else int(counted.sum())
        wires += int((lengths * uses).sum())
        fanin = max(fanin, int(lengths[read].max(initial=0)))
        unit_wires += _unit_wires(block.rows, uses)
        largest = max(largest, _largest(block.rows, read))
        _count_kinds(block, counted, kinds)
        first = 2 + netlist.inputs + block.first
        own = level[first : first + block.count]
        by_level += np.bincount(own if counted is None else own[counted], minlength=len(by_level))
    return Measures(
        size,
        wires,
        sum(block.rows.terms for block in netlist.blocks),
        unit_wires,
        int(level[netlist.outputs].max(initial=0)),
        fanin,
        largest,
        {name: count for name, count in zip(KINDS, kinds.tolist(), strict=True) if count},
        tuple(np.trim_zeros(by_level[1:], "b").tolist()),
    )


def levels(netlist: Netlist, negation: str = "gate") -> npt.NDArray[np.int32]:
    """int32 [wires]: the depth of every wire; inputs and constants have 0, a gate without inputs 1."""
    level = np.zeros(2 + netlist.inputs + netlist.gates, np.int32)
    for block in netlist.blocks:
        deepest = _deepest(block.rows, level)
        counted = _counted(block, negation)
        first = 2 + netlist.inputs + block.first
        own = deepest if block.row is None else deepest[block.row]
        level[first : first + block.count] = own + (1 if counted is None else counted.astype(np.int32))
    return level


def _deepest(rows: Rows, level: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """int32 [rows]: the largest level among the terms of each row, 0 for rows without terms."""
    if rows.fanin is not None:
        if rows.fanin == 0 or rows.count == 0:
            return np.zeros(rows.count, np.int32)
        return np.asarray(level[rows.wires].reshape(rows.count, rows.fanin).max(axis=1))
    found = np.zeros(rows.count, np.int32)
    filled = np.flatnonzero(rows.lengths())
    if len(filled):
        found[filled] = np.maximum.reduceat(level[rows.wires], rows.offsets()[filled])
    return found


def _counted(block: Block, negation: str) -> npt.NDArray[np.bool_] | None:
    """Which gates count, bool [count]; None for all."""
    if negation != "free":
        return None
    if block.kinds is not None:
        return np.asarray(block.kinds != int(Kind.NOT))
    return np.zeros(block.count, np.bool_) if block.kind == Kind.NOT else None


def _uses(block: Block, counted: npt.NDArray[np.bool_] | None) -> Integers:
    """int64 [rows]: how many gates that count read each row."""
    if block.row is None:
        found = np.zeros(block.rows.count, np.int64)
        found[: block.count] = 1 if counted is None else counted
        return found
    row = block.row if counted is None else block.row[counted]
    return np.bincount(row, minlength=block.rows.count)


def _unit_wires(rows: Rows, uses: Integers) -> int:
    if rows.mantissas is None and rows.exponents is None:
        return int((rows.lengths() * uses).sum())
    sums = row_sums(rows.offsets(), rows.mantissas, rows.exponents)
    return sum(total * times for total, times in zip(sums.tolist(), uses.tolist(), strict=True) if times)


def _largest(rows: Rows, read: npt.NDArray[np.bool_]) -> int:
    """The largest absolute weight of the rows that are read."""
    if rows.mantissas is None and rows.exponents is None:
        return int((rows.lengths()[read] > 0).any())
    kept: Any = slice(None) if read.all() else np.repeat(read, rows.lengths())
    terms = rows.terms if read.all() else int(kept.sum())
    if not terms:
        return 0
    sizes: Any = np.ones(terms, np.int64) if rows.mantissas is None else np.abs(rows.mantissas[kept])
    shift = np.zeros(terms, np.int64) if rows.exponents is None else rows.exponents[kept].astype(np.int64)
    # Only the weights of most binary digits can be the largest.
    digits = np.where(sizes == 0, 0, bit_lengths(sizes) + shift)
    longest = np.flatnonzero(digits == digits.max())
    return max(size << by for size, by in {(int(sizes[at]), int(shift[at])) for at in longest.tolist()})


def _count_kinds(block: Block, counted: npt.NDArray[np.bool_] | None, kinds: Integers) -> None:
    if block.kinds is None:
        kinds[block.kind] += block.count if counted is None else int(counted.sum())
        return
    kinds += np.bincount(block.kinds if counted is None else block.kinds[counted], minlength=len(kinds))
