"""Declared ranges (`within`, `bit`) against the sums of a chunk of vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tc0.dsl.base.digits import brief
from tc0.dsl.base.errors import Error
from tc0.dsl.bitslice.planes import Integers, Planes
from tc0.dsl.netlist import Claim

SHOWN = 200  # input bits that a message shows


@dataclass(frozen=True, slots=True, eq=False)
class Verified:
    """A claim and the planes that verify it.

    which: int64 [asked], the sums of the claim that can leave their range at all. above: planes of `sum >= low`, beyond: of
    `sum > high`, the first of `len(which)` planes each. slot: int64 [terms], where the wires of its rows are.
    """

    claim: Claim
    which: Integers
    above: int
    beyond: int
    slot: Integers

    def verify(self, found: Planes, table: Planes, inputs: Planes, valid: Planes) -> None:
        """found: the planes of the answers; table: all wires alive; inputs: uint64 [inputs, W]; valid: uint64 [W]."""
        count = len(self.which)
        bad = ~found[self.above : self.above + count]
        bad |= found[self.beyond : self.beyond + count]
        bad &= valid
        if bad.any():
            raise self._broken(bad, table, inputs)

    def _broken(self, bad: Planes, table: Planes, inputs: Planes) -> Error:
        word = int(np.argmax(bad.any(axis=0)))
        together = int(np.bitwise_or.reduce(bad[:, word]))
        bit = (together & -together).bit_length() - 1
        at = int(self.which[int(np.argmax((bad[:, word] >> np.uint64(bit)) & np.uint64(1)))])
        claim = self.claim
        shown = int(claim.shown[at])
        value = shown + self._sum(at, table[:, word], bit)
        low, high = shown + int(claim.low[at]), shown + int(claim.high[at])
        vector = "".join(str(int(plane[word]) >> bit & 1) for plane in inputs[:SHOWN])
        more = "..." if len(inputs) > SHOWN else ""
        declared = "`bit` needs a form that is 0 or 1" if claim.what == "bit" else "`within` declares its range"
        given = f"; the inputs, in order, are {vector}{more}" if vector else ""
        return Error(
            "E0610",
            f"this form is {brief(value)} here, outside {brief(low)}..{brief(high)}",
            claim.place.span,
            declared + given,
        )

    def _sum(self, at: int, words: Any, bit: int) -> int:
        rows = self.claim.rows
        row = at if self.claim.row is None else int(self.claim.row[at])
        start, stop = rows.offsets()[row : row + 2].tolist()
        total = 0
        for term in range(start, stop):
            if int(words[self.slot[term]]) >> bit & 1:
                mantissa = 1 if rows.mantissas is None else int(rows.mantissas[term])
                total += mantissa << (0 if rows.exponents is None else int(rows.exponents[term]))
        return total
