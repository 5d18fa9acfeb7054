"""Sums and extremes of segments of float vectors: each sum exact, then rounded once.

A sum is gathered in a window of 62 binary digits whose top is that of the largest summand. What summands have below the
window is gathered in the next one, and so on, down to where it only decides on which side of a digit the sum lies. What
cancels so that a few windows do not decide it is left to the scalar `total`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from tc0.dsl.base.record import record
from tc0.dsl.numbers import floats as scalar
from tc0.dsl.numbers.float_vectors import NEVER, Bools, Floats, Integers, from_order, order, rounded
from tc0.dsl.numbers.floats import Float, Format

WINDOW = 62  # digits: every sum of parts is below 2**62
WINDOWS = 8  # of one sum, before it is left to the scalar code
PIECE = 1 << 15  # summands that are worked on together
NARROW = 64  # columns that are worked on together at least


def total(x: Floats, starts: npt.ArrayLike) -> Floats:
    """[N, *B], int64 [S + 1] -> [S, *B]: the sums of the rows starts[i] .. starts[i + 1] - 1; of no rows, 0.

    Each is exact, then rounded once. ValueError if the starts do not ascend from 0 or more to at most N.
    """
    return _by_segments(x, starts, _sums, padded=True)


def greatest_of(x: Floats, starts: npt.ArrayLike) -> Floats:
    """[N, *B], int64 [S + 1] -> [S, *B]: the greatest of the rows starts[i] .. starts[i + 1] - 1; ValueError if none."""
    return _by_segments(x, starts, _greatest)


def least_of(x: Floats, starts: npt.ArrayLike) -> Floats:
    """[N, *B], int64 [S + 1] -> [S, *B]: the least of the rows starts[i] .. starts[i + 1] - 1; ValueError if none."""
    return _by_segments(x, starts, _least)


# ---- segments

# [n, k] -> [k]
Reduction = Callable[[Floats], Floats]


def _by_segments(x: Floats, starts: npt.ArrayLike, reduction: Reduction, padded: bool = False) -> Floats:
    """The reduction of every segment. padded: zeros do not matter, and of nothing it is 0."""
    bounds = np.asarray(starts, np.int64)
    lengths = np.diff(bounds)
    if len(bounds) == 0 or bounds[0] < 0 or bounds[-1] > len(x) or (lengths < 0).any():
        raise ValueError(f"the starts of segments ascend from 0 or more to at most {len(x)}, the number of rows")
    if not padded and not lengths.all():
        raise ValueError("an empty segment has no extreme")
    columns = int(np.prod(x.shape[1:], dtype=np.int64))
    flat = x.reshape(len(x), columns)
    mantissa = np.zeros((len(lengths), columns), np.int64)
    exponent = np.full((len(lengths), columns), -x.format.largest)
    for segments, here, rows in _groups(flat, bounds, padded):
        found = reduction(rows)
        shape = (-1, mantissa[:1, here].shape[1])
        mantissa[segments, here], exponent[segments, here] = (
            found.mantissa.reshape(shape),
            found.exponent.reshape(shape),
        )
    return Floats(x.format, mantissa, exponent).reshape(len(lengths), *x.shape[1:])


def _groups(x: Floats, bounds: Integers, padded: bool) -> Iterator[tuple[slice | Integers, slice, Floats]]:
    """Segments, columns, and their summands [n, segments * columns]: of one segment where it is large, else of several
    whose lengths have equally many binary digits, filled up to the longest with 0, or with the last row."""
    columns = x.shape[1]
    lengths = np.diff(bounds)
    kinds = np.frexp(lengths)[1] if columns else np.zeros_like(lengths)
    for kind in np.unique(kinds[kinds > 0]).tolist():
        alike = np.flatnonzero(kinds == kind)
        longest = int(lengths[alike].max())
        if longest * columns >= PIECE // 2:
            width = max(NARROW, PIECE // longest)
            for segment in alike.tolist():
                rows = slice(int(bounds[segment]), int(bounds[segment + 1]))
                for at in range(0, columns, width):
                    yield slice(segment, segment + 1), slice(at, at + width), x[rows, at : at + width]
        else:
            several = max(1, PIECE // max(1, longest * columns))
            for at in range(0, len(alike), several):
                some = alike[at : at + several]
                yield some, slice(0, columns), _side_by_side(x, bounds[some], lengths[some], padded)


def _side_by_side(x: Floats, starts: Integers, lengths: Integers, padded: bool) -> Floats:
    """[n, segments * columns] of several segments of at most n rows."""
    longest, columns = int(lengths.max()), x.shape[1]
    if (lengths == longest).all() and (np.diff(starts) == longest).all():
        rows = x[int(starts[0]) : int(starts[-1]) + longest].reshape(len(starts), longest, columns)
        mantissa, exponent = (part.transpose(1, 0, 2) for part in (rows.mantissa, rows.exponent))
    else:
        row = np.arange(longest)[:, None]
        index = starts + np.minimum(row, lengths - 1)
        mantissa, exponent = x.mantissa[index], x.exponent[index]
        if padded:
            mantissa[row >= lengths], exponent[row >= lengths] = 0, -x.format.largest
    return Floats(x.format, mantissa, exponent).reshape(longest, len(starts) * columns)


def _greatest(x: Floats) -> Floats:
    return from_order(x.format, order(x).max(axis=0))


def _least(x: Floats) -> Floats:
    return from_order(x.format, order(x).min(axis=0))


# ---- sums


def _sums(x: Floats) -> Floats:
    """[n, k] -> [k]: the sums of the columns; n is at least 1."""
    format, m, e = x.format, x.mantissa, x.exponent
    digits, largest = format.digits, format.largest
    room = WINDOW - _counted(len(m))  # summands below 2**room have a sum below 2**62
    if 2 * largest + digits <= room:
        unit = np.full(m.shape[1], -largest)
        return rounded(format, (m << (e + largest)).sum(axis=0), unit)
    unit = np.maximum(e.max(axis=0) + (digits - room), -largest)
    place = e - unit
    below = place < 0
    np.maximum(place, 0, out=place)
    sums = (m << place).sum(axis=0)
    if below.any():
        below &= m != 0
        deep = np.flatnonzero(below.any(axis=0))
        if len(deep):
            sums[deep], unit[deep] = _deep_sums(x if len(deep) == len(sums) else x[:, deep])
    return rounded(format, sums, unit)


def _counted(n: int) -> int:
    """n summands below 2**k have a sum of at most 2**(k + that)."""
    return (n - 1).bit_length()


@record
class _Gathered:
    """Sums of columns so far: each is sums * 2**unit and what the rest holds, [k] and [n, k]."""

    sums: Integers
    unit: Integers
    rest: Integers
    exponent: Integers

    def at(self, index: Integers) -> _Gathered:
        return _Gathered(self.sums[index], self.unit[index], self.rest[:, index], self.exponent[:, index])


def _deep_sums(x: Floats) -> tuple[Integers, Integers]:
    """[n, k] -> [k], [k]: sums * 2**units as `rounded` takes them; what is cut off is jammed."""
    columns = x.shape[1]
    sums, unit = np.zeros(columns, np.int64), np.full(columns, -NEVER)
    open_ = np.arange(columns)
    now = _Gathered(sums.copy(), unit.copy(), x.mantissa, x.exponent)
    for _ in range(WINDOWS):
        now, done, failed = _next_window(x.format, now)
        for at in np.flatnonzero(failed).tolist():
            now.sums[at], now.unit[at] = _scalar_sum(x[:, open_[at]])
        done |= failed
        ready = np.flatnonzero(done)
        sums[open_[ready]], unit[open_[ready]] = now.sums[ready], now.unit[ready]
        left = np.flatnonzero(~done)
        open_ = open_[left]
        if not len(open_):
            return sums, unit
        now = now if done.sum() == 0 else now.at(left)
    for at in open_.tolist():
        sums[at], unit[at] = _scalar_sum(x[:, at])
    return sums, unit


def _scalar_sum(x: Floats) -> tuple[int, int]:
    pairs = zip(x.mantissa.tolist(), x.exponent.tolist(), strict=True)
    found = scalar.total((Float(x.format, mantissa, exponent) for mantissa, exponent in pairs), x.format)
    return found.mantissa, found.exponent


def _next_window(format: Format, now: _Gathered) -> tuple[_Gathered, Bools, Bools]:
    """The next window of every column; which columns are done, and which are left to the scalar code.

    Where the sum so far is 0 the window starts anew; where it is short it is prolonged. Where it is long (so long that
    adding less than a unit for each summand leaves digits + 3 digits), the rest only decides between units: by a window
    of its own, if the part of a unit that this shows is farther from 0 and 1 than all that is still below.
    """
    digits, counted = format.digits, _counted(len(now.rest))
    room = WINDOW - counted
    size = np.abs(now.sums)
    anew, long = size == 0, size >= 1 << (max(digits, counted) + 4)
    highest = np.where(now.rest != 0, now.exponent, NEVER).max(axis=0)
    top = np.minimum(now.unit, highest + digits)  # every summand of the rest is below 2**top
    prolonged = now.unit - (WINDOW - 1 - np.maximum(np.frexp(size.astype(np.float64))[1], counted))
    unit = np.maximum(np.where(anew | long, top - room, prolonged), -format.largest)
    parts, rest = _split(now.rest, now.exponent - unit)
    more = (rest != 0).any(axis=0)
    sums, distance = parts.sum(axis=0), np.minimum(now.unit - unit, WINDOW)
    # between units: the whole ones, and the part of one, both of the rest
    whole = sums >> distance
    part = sums - (whole << distance)
    count = len(now.rest)
    sure = ~more | ((part >= count) & (part <= (np.left_shift(1, distance) - count)))
    jammed = (now.sums + whole) | ((part != 0) | more)
    stays = long & ~sure
    longer = (now.sums << np.where(anew | long, 0, distance)) + sums
    after = np.where(long, np.where(sure, jammed, now.sums), longer)
    found = _Gathered(after, np.where(long, now.unit, unit), rest, now.exponent)
    return found, np.where(long, sure, ~more), stays & (sums != 0)


def _split(m: Integers, place: Integers) -> tuple[Integers, Integers]:
    """The parts of m * 2**place that are whole, toward 0, and of each m what is left."""
    drop = np.clip(-place, 0, 63)
    sign = m >> 63
    kept = np.abs(m) >> drop
    kept ^= sign
    kept -= sign
    rest = m - (kept << drop)
    kept <<= np.maximum(place, 0)
    return kept, rest
