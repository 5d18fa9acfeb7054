"""One block of gates against what is known of its inputs: which gates are constant, equal to a wire, or equal to each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tc0.dsl.bitslice.planes import Integers
from tc0.dsl.bitslice.weights import minus, plus, row_sums
from tc0.dsl.netlist import Block, Kind, Rows

Anything = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """A block without terms on constants and terms of weight 0.

    rows: int64 starts always; thresholds: of the weighted sum that is left, None for MOD; residues, moduli: for MOD.
    lengths: int64 [gates], terms left of each gate. changed: bool [gates], whether a term was dropped.
    """

    block: Block
    rows: Rows
    row: Integers
    thresholds: Anything | None
    moduli: Anything | None
    residues: Anything | None
    lengths: Integers
    changed: npt.NDArray[np.bool_]


def fold(block: Block, same: Integers) -> Folded:
    """same: int64 [wires], the wire that each wire is known to be equal to (0 and 1 are the constants)."""
    block = _apart(block)
    rows = block.rows
    offsets, lengths = rows.offsets(), rows.lengths()
    owner = np.repeat(np.arange(rows.count, dtype=np.int64), lengths)
    wires = same[rows.wires]
    weighty = np.ones(rows.terms, np.bool_) if rows.mantissas is None else np.asarray(rows.mantissas != 0, np.bool_)
    one = (wires == 1) & weighty
    kept = np.flatnonzero((wires > 1) & weighty)
    constant = _part(rows, np.flatnonzero(one), owner, wires)
    added = minus(_all(constant), _negative(constant, twice=True)) if one.any() else np.zeros(rows.count, np.int64)
    row = np.arange(block.count, dtype=np.int64) if block.row is None else block.row
    left = _part(rows, kept, owner, wires)
    thresholds = residues = None
    if block.moduli is not None:
        assert block.residues is not None
        residues = np.asarray(minus(block.residues, added[row]) % block.moduli)
    else:
        thresholds = minus(_thresholds(block, row, np.diff(offsets)), added[row])
    if block.thresholds is None and block.moduli is None:
        left, thresholds = _negated(block, left, row, thresholds)
    remaining = left.lengths()[row]
    return Folded(block, left, row, thresholds, block.moduli, residues, remaining, remaining != lengths[row])


def _apart(block: Block) -> Block:
    """A block in which no NOT shares its row with a gate of another kind: they are to have weights of different sign."""
    if block.kinds is None or block.row is None or block.thresholds is not None or block.moduli is not None:
        return block
    rows = block.rows
    offsets, lengths = rows.offsets()[:-1][block.row], rows.lengths()[block.row]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    index = np.arange(starts[-1]) + np.repeat(offsets - starts[:-1], lengths)
    return replace(block, rows=Rows(block.count, None, starts, rows.wires[index]), row=None)


def _part(rows: Rows, kept: Integers, owner: Integers, wires: Anything) -> Rows:
    """Some terms of rows, sorted by wire in each row."""
    order = kept[np.lexsort((wires[kept], owner[kept]))]
    starts = np.zeros(rows.count + 1, np.int64)
    np.cumsum(np.bincount(owner[order], minlength=rows.count), out=starts[1:])
    mantissas = None if rows.mantissas is None else rows.mantissas[order]
    exponents = None if rows.exponents is None else rows.exponents[order]
    return Rows(rows.count, None, starts, wires[order], mantissas, exponents)


def _all(rows: Rows) -> Anything:
    return row_sums(rows.offsets(), rows.mantissas, rows.exponents)


def _negative(rows: Rows, twice: bool = False) -> Anything:
    found = row_sums(rows.offsets(), rows.mantissas, rows.exponents, -1)
    return minus(np.zeros(rows.count, np.int64), plus(found, found)) if twice else found


def _thresholds(block: Block, row: Integers, lengths: Integers) -> Anything:
    """Thresholds that say what the kinds of plain gates say; of NOT, of the number of ones of its input with weight -1."""
    if block.thresholds is not None:
        return block.thresholds
    kind = np.full(block.count, block.kind, np.int8) if block.kinds is None else block.kinds
    own = lengths[row]
    choices = [kind == Kind.NOT, kind == Kind.AND, kind == Kind.OR]
    return np.select(choices, [np.zeros_like(own), own, np.ones_like(own)], own // 2 + 1)


def _negated(block: Block, rows: Rows, row: Integers, thresholds: Any) -> tuple[Rows, Any]:
    """Rows of NOT gates with weight -1. A constant 1 that was dropped was subtracted from the threshold with weight 1."""
    kind = np.full(block.count, block.kind, np.int8) if block.kinds is None else block.kinds
    negation = kind == Kind.NOT
    if not negation.any():
        return rows, thresholds
    flipped = np.zeros(rows.count, np.bool_)
    flipped[row[negation]] = True
    mantissas = np.where(np.repeat(flipped, rows.lengths()), -1, 1).astype(np.int64)
    thresholds = np.where(negation, -thresholds, thresholds)
    return Rows(rows.count, None, rows.starts, rows.wires, mantissas, None), thresholds


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of the gates of a block: int64 [gates], a wire or -1. constant: 0 or 1. wire: the input that the gate passes
    on. negated: the input that it complements."""

    constant: Integers
    wire: Integers
    negated: Integers


def known(folded: Folded) -> Known:
    """Constants, gates of one input that pass it on, gates of one input that complement it."""
    count = folded.block.count
    nothing = np.full(count, -1, np.int64)
    constant, wire, negated = nothing.copy(), nothing.copy(), nothing.copy()
    rows, row = folded.rows, folded.row
    single = folded.lengths == 1
    first = np.zeros(count, np.int64)
    starts = rows.offsets()[:-1]
    first[single] = rows.wires[starts[row[single]]]
    if folded.thresholds is None:
        assert folded.moduli is not None and folded.residues is not None
        zero, one = folded.residues == 0, folded.residues == 1 % folded.moduli
        empty = folded.lengths == 0
        constant[empty] = zero[empty]
        constant[(folded.moduli == 1) | (single & zero & one)] = 1
        constant[single & ~zero.astype(bool) & ~one.astype(bool)] = 0
        open_ = single & (constant < 0)
        wire[open_ & one.astype(bool)] = first[open_ & one.astype(bool)]
        negated[open_ & zero.astype(bool)] = first[open_ & zero.astype(bool)]
        return Known(constant, wire, negated)
    low, total = _negative(rows)[row], _all(rows)[row]
    least = minus(folded.thresholds, low)  # of the sum less its least value, which is at most `total`
    constant[(least <= 0).astype(bool)] = 1
    constant[(least > total).astype(bool)] = 0
    open_ = single & (constant < 0)
    positive = (low == 0).astype(bool)
    wire[open_ & positive] = first[open_ & positive]
    negated[open_ & ~positive] = first[open_ & ~positive]
    return Known(constant, wire, negated)


def keys(folded: Folded) -> list[tuple[object, ...]]:
    """Equal for gates that do the same: the same sorted terms, and the same threshold or residue."""
    rows = folded.rows
    offsets = rows.offsets().tolist()
    plain = rows.mantissas is None and rows.exponents is None
    wires = rows.wires.astype(np.int64)
    names: list[object] = []
    if plain:
        raw = wires.tobytes()
        names = [raw[8 * a : 8 * b] for a, b in zip(offsets, offsets[1:], strict=False)]
    else:
        mantissas = [1] * rows.terms if rows.mantissas is None else rows.mantissas.tolist()
        exponents = [0] * rows.terms if rows.exponents is None else rows.exponents.tolist()
        weights = [m << e for m, e in zip(mantissas, exponents, strict=True)]
        listed = wires.tolist()
        for a, b in zip(offsets, offsets[1:], strict=False):
            if all(weight == 1 for weight in weights[a:b]):
                names.append(wires[a:b].tobytes())
            else:
                names.append(tuple(sorted(zip(listed[a:b], weights[a:b], strict=True))))
    row = folded.row.tolist()
    if folded.thresholds is not None:
        return [("sum", names[r], t) for r, t in zip(row, folded.thresholds.tolist(), strict=True)]
    assert folded.moduli is not None and folded.residues is not None
    return [
        ("mod", names[r], m, k) for r, m, k in zip(row, folded.moduli.tolist(), folded.residues.tolist(), strict=True)
    ]
