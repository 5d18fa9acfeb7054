"""Random cases of a claim: the same for the same seed and sizes, on every machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from tc0.dsl.verify.enumerate import Digits, Rows

CELLS = 1 << 21  # digits of a chunk


def sample(digits: Digits, count: int, seed: int, sizes: Sequence[int]) -> Iterator[Rows]:
    """count cases as digits [cases, digits], in chunks: all 0, all last, then uniform ones and ones of random density in turn.

    The generator's raw words are used, which numpy keeps the same from version to version.
    """
    raw = np.random.PCG64(np.random.SeedSequence([seed, *(abs(int(s)) for s in sizes)]))
    radices = digits.radices
    most = max(2, CELLS // max(1, len(radices)) // 2 * 2)
    for start in range(0, count, most):
        rows = _uniform(raw, min(most, count - start), radices)
        rows[1::2] = _two_valued(raw, len(rows[1::2]), radices)
        if start == 0:
            rows[:1] = 0
            rows[1:2] = radices - 1
        yield rows


def _words(raw: np.random.PCG64, count: int, columns: int) -> npt.NDArray[np.uint64]:
    """31-bit random numbers [count, columns]."""
    words = np.asarray(raw.random_raw(count * columns), np.uint64).reshape(count, columns)
    return words >> np.uint64(33)


def _uniform(raw: np.random.PCG64, count: int, radices: npt.NDArray[np.int64]) -> Rows:
    return _below(raw, _words(raw, count, len(radices)).astype(np.int64), radices)


def _below(raw: np.random.PCG64, words: Rows, radices: npt.NDArray[np.int64]) -> Rows:
    """Numbers below the radices from 31-bit numbers [count, columns or 1]; of radices beyond that another 31 bits help."""
    found: Rows = (words * np.minimum(radices, 1 << 31)) >> 31
    wide = np.flatnonzero(radices > 1 << 31)
    if len(wide):
        more = _words(raw, len(words), len(wide)).astype(np.int64)
        own = words[:, wide] if words.shape[1] > 1 else words
        found[:, wide] = (own << 31 | more) % radices[wide]
    return found


def _two_valued(raw: np.random.PCG64, count: int, radices: npt.NDArray[np.int64]) -> Rows:
    """Two values a case, in a proportion that differs from case to case: nearly all alike is as likely as mixed."""
    density = _words(raw, count, 1).astype(np.int64)
    first = _words(raw, count, 1).astype(np.int64)
    second = _words(raw, count, 1).astype(np.int64)
    chosen = _words(raw, count, len(radices)).astype(np.int64) < density
    others = np.maximum(radices - 1, 1)
    low = _below(raw, first, radices)
    high = (low + 1 + _below(raw, second, others)) % radices
    rows: Rows = np.where(chosen, high, low)
    return rows
