"""Planes: one bit of 64 vectors a word. Vector v of a batch is bit `v % 64` of word `v // 64`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Planes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Index = slice | Integers

ONES = np.uint64(0xFFFFFFFFFFFFFFFF)

# Bit k of the integers 0 .. 63, for k < 6.
_WITHIN_WORD = np.array(
    [
        0xAAAAAAAAAAAAAAAA,
        0xCCCCCCCCCCCCCCCC,
        0xF0F0F0F0F0F0F0F0,
        0xFF00FF00FF00FF00,
        0xFFFF0000FFFF0000,
        0xFFFFFFFF00000000,
    ],
    np.uint64,
)


def words_for(count: int) -> int:
    """Words that hold `count` vectors."""
    return -(-count // 64)


def pack(batch: npt.ArrayLike) -> Planes:
    """bool [B, n] -> planes uint64 [n, ceil(B / 64)]; vectors beyond B are 0."""
    bits = np.asarray(batch, np.bool_)
    count, wires = bits.shape
    padded = np.zeros((wires, words_for(count) * 64), np.bool_)
    padded[:, :count] = bits.T
    octets = np.packbits(padded, axis=1, bitorder="little")
    return octets.view("<u8").astype(np.uint64, copy=False)


def unpack(planes: Planes, count: int) -> npt.NDArray[np.bool_]:
    """planes uint64 [n, words] -> bool [count, n]."""
    octets = np.ascontiguousarray(planes).astype("<u8", copy=False).view(np.uint8)
    bits = np.unpackbits(octets, axis=1, count=count, bitorder="little")
    return np.ascontiguousarray(bits.T).view(np.bool_)


def patterns(wires: int, start: int, count: int) -> Planes:
    """Planes of the integers start .. start + count, uint64 [wires, ceil(count / 64)]: input wire k is bit k.

    start: a multiple of 64. Vectors beyond `count` go on counting.
    """
    assert start % 64 == 0
    words = words_for(count)
    found = np.empty((wires, words), np.uint64)
    within = min(wires, 6)
    found[:within] = _WITHIN_WORD[:within, None]
    low, high = start // 64 & (1 << 62) - 1, start // 64 >> 62
    word = np.arange(words, dtype=np.uint64) + np.uint64(low)
    for k in range(6, wires):
        if k - 6 < 62:
            np.negative((word >> np.uint64(k - 6)) & np.uint64(1), out=found[k])
        else:  # beyond a machine word: the digits above 62 are those of `high`, or of the next number after a carry
            before, after = (ONES if value >> (k - 68) & 1 else np.uint64(0) for value in (high, high + 1))
            found[k] = np.where(word >> np.uint64(62) > 0, after, before)
    return found


def tail(count: int) -> np.uint64:
    """The bits of the last word of `count` vectors that hold vectors."""
    used = count % 64
    return ONES if used == 0 else np.uint64((1 << used) - 1)


def run_of(index: Any) -> Index:
    """A slice for indices that follow one another, else the index array itself."""
    found: Integers = np.asarray(index, np.int64)
    size = len(found)
    if size == 0:
        return slice(0, 0)
    first, last = int(found[0]), int(found[-1])
    if last - first == size - 1 and (size <= 2 or bool((found[1:] - found[:-1] == 1).all())):
        return slice(first, last + 1)
    return found
