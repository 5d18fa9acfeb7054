"""Binary digits to quotients and remainders by constants: restoring division on planes.

`m = 2**z * odd`: the low z digits pass through, the others are divided by the odd part, from the highest digit down. The running
remainder R (below the odd part, b digits) becomes `2 R + digit`, and where that is at least the odd part it is subtracted:
of the subtraction `2 R + digit + ~odd + 1` only the carries are needed, since digit i of the sum differs from that
of `2 R + digit` by carry i, complemented where `~odd` has a 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.bitslice.planes import Integers
from tc0.dsl.bitslice.steps import ONE, ZERO, Do, Steps

Anything = np.ndarray[Any, Any]


def divide(steps: Steps, digits: Anything, odd: list[int]) -> tuple[Anything, Anything]:
    """digits: int64 [divisions, positions], planes, lowest first; odd: divisors above 1, odd, all of b binary digits.

    Gives planes of quotients, int64 [divisions, positions], and of remainders, int64 [divisions, b]. About 3 b steps for each
    digit of a quotient.
    """
    divisions, positions = digits.shape
    width = odd[0].bit_length()
    divisor = np.array([[m >> i & 1 for i in range(width)] + [0] for m in odd], np.int8).reshape(divisions, width + 1)
    quotient = np.zeros((divisions, positions), np.int64)
    rest = np.full((divisions, width), ZERO, np.int64)
    # A number of b - 1 digits is below the divisor.
    head = min(width - 1, positions)
    rest[:, :head] = digits[:, positions - head :]
    for position in range(positions - head - 1, -1, -1):
        doubled = np.concatenate([digits[:, position : position + 1], rest], axis=1)
        carry = np.full(divisions, ONE, np.int64)
        carries = [carry]
        for i in range(width + 1):
            carry = _carry(steps, doubled[:, i], carry, divisor[:, i] == 0)
            carries.append(carry)
        fits = carries[-1]
        quotient[:, position] = fits
        for i in range(width):
            rest[:, i] = _restored(steps, doubled[:, i], carries[i], divisor[:, i] == 0, fits)
    return quotient, rest


def _carry(steps: Steps, a: Integers, carry: Integers, flipped: Any) -> Integers:
    """The carry of a + ~d + carry: a | carry where ~d is 1, a & carry where it is 0."""
    found = np.empty(len(a), np.int64)
    found[flipped] = steps.folded(Do.OR, a[flipped], carry[flipped])
    found[~flipped] = steps.folded(Do.AND, a[~flipped], carry[~flipped])
    return found


def _restored(steps: Steps, a: Integers, carry: Integers, flipped: Any, fits: Integers) -> Integers:
    """a ^ (fits & (carry ^ flipped))."""
    change = np.empty(len(a), np.int64)
    change[flipped] = steps.folded(Do.ANDNOT, fits[flipped], carry[flipped])
    change[~flipped] = steps.folded(Do.AND, fits[~flipped], carry[~flipped])
    found: Integers = steps.folded(Do.XOR, a, change)
    return found
