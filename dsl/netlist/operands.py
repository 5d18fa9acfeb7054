"""The operands of gates that share rows, and threshold gates that are an AND or an OR of literals."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.bitslice.planes import Integers
from tc0.dsl.bitslice.weights import minus, row_sums
from tc0.dsl.netlist import Rows

BRIEF_EXPONENT = 40  # weights up to about here are looked at for being an AND or an OR


def operands(rows: Rows, row: Integers | None) -> tuple[Integers, Any]:
    """Starts and wires of gates that read these rows."""
    if row is None:
        return rows.offsets(), rows.wires
    starts, index = _index(rows, row)
    return starts, rows.wires[index]


def terms_of(rows: Rows, row: Integers, values: Any) -> Any:
    return values[_index(rows, row)[1]]


def _index(rows: Rows, row: Integers) -> tuple[Integers, Integers]:
    offsets, lengths = rows.offsets()[:-1][row], rows.lengths()[row]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return starts, np.arange(starts[-1]) + np.repeat(offsets - starts[:-1], lengths)


def and_or(rows: Rows, row: Integers, thresholds: Any) -> tuple[Any, Any]:
    """Which gates are an AND or an OR of literals, and which of these are an AND: bool [gates] each.

    With U the sum less its least value: an OR is U >= 1, an AND is `U >= its largest value`.
    """
    no = np.zeros(len(row), np.bool_)
    if rows.exponents is not None and rows.exponents.max(initial=0) > BRIEF_EXPONENT:
        return no, no
    if rows.mantissas is not None:
        if rows.mantissas.dtype == object or not rows.mantissas.all():
            return no, no
    offsets = rows.offsets()
    low = row_sums(offsets, rows.mantissas, rows.exponents, -1)[row]
    most = row_sums(offsets, rows.mantissas, rows.exponents, 0)[row]
    least = minus(thresholds, low)
    every = (least == most) & (most > 0)
    some = (least == 1) & (most > 0)
    return every | some, every
