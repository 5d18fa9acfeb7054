"""Integer weights `mantissa * 2**exponent` to signed powers of two, and exact sums of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tc0.dsl.bitslice.planes import Integers

Anything = npt.NDArray[Any]

SMALL = 62  # bits of an integer that int64 arithmetic may meet


@dataclass(frozen=True, slots=True, eq=False)
class Powers:
    """Terms with weights `+2**position` or `-2**position`. All arrays int64 or bool, [powers].

    term: the term that each comes from (ascending); negative: the sign.
    """

    term: Integers
    position: Integers
    negative: npt.NDArray[np.bool_]


def powers_of_two(count: int, mantissas: Anything | None, exponents: Anything | None) -> Powers:
    """The weights of `count` terms in powers of two: binary digits, or the non-adjacent form where that has fewer."""
    every = np.arange(count, dtype=np.int64)
    shift = np.zeros(count, np.int64) if exponents is None else exponents.astype(np.int64)
    if mantissas is None:
        return Powers(every, shift, np.zeros(count, np.bool_))
    if mantissas.dtype != object and (count == 0 or (int(mantissas.max()) < 2**60 and int(mantissas.min()) > -(2**60))):
        return _small(every, mantissas.astype(np.int64), shift)
    return _large(mantissas, shift)


def _small(every: Integers, mantissas: Integers, shift: Integers) -> Powers:
    sign = mantissas < 0
    size = np.abs(mantissas)
    if not (size & (size - 1)).any():  # powers of two, and 0
        kept = np.flatnonzero(size)
        position = np.zeros(len(kept), np.int64)
        for bit in range(int(size.max(initial=0)).bit_length()):
            position[(size[kept] >> bit) & 1 == 1] = bit
        return Powers(every[kept], shift[kept] + position, sign[kept])
    plus, minus = (3 * size & ~size) >> 1, (size & ~(3 * size)) >> 1
    fewer = _ones(plus) + _ones(minus) < _ones(size)
    plus, minus = np.where(fewer, plus, size), np.where(fewer, minus, 0)
    term: list[Integers] = []
    places: list[Integers] = []
    negative: list[Anything] = []
    for digits, flip in ((plus, False), (minus, True)):
        for bit in range(int(digits.max(initial=0)).bit_length()):
            has = np.flatnonzero((digits >> bit) & 1)
            term.append(has)
            places.append(shift[has] + bit)
            negative.append(sign[has] ^ flip)
    return _sorted(term, places, negative)


def _ones(values: Integers) -> Integers:
    """How many binary digits are 1, for values of at least 0."""
    count = np.zeros(len(values), np.int64)
    for bit in range(int(values.max(initial=0)).bit_length()):
        count += (values >> bit) & 1
    return count


def _large(mantissas: Anything, shift: Integers) -> Powers:
    known: dict[int, tuple[Integers, npt.NDArray[np.bool_]]] = {}
    term, position, negative = [], [], []
    for at, mantissa in enumerate(mantissas.tolist()):
        digits = known.get(mantissa)
        if digits is None:
            digits = known[mantissa] = _digits(mantissa)
        term.append(np.full(len(digits[0]), at, np.int64))
        position.append(digits[0] + shift[at])
        negative.append(digits[1])
    return _sorted(term, position, negative)


def _digits(mantissa: int) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """Positions and signs of an integer of any length."""
    size = abs(mantissa)
    plus, minus = (3 * size & ~size) >> 1, (size & ~(3 * size)) >> 1
    if plus.bit_count() + minus.bit_count() >= size.bit_count():
        plus, minus = size, 0
    up, down = positions_of(plus), positions_of(minus)
    negative = np.zeros(len(up) + len(down), np.bool_)
    negative[len(up) :] = True
    return np.concatenate([up, down]), negative ^ (mantissa < 0)


def positions_of(value: int) -> Integers:
    """The positions of the binary digits 1 of an integer of at least 0."""
    octets = np.frombuffer(value.to_bytes(value.bit_length() // 8 + 1, "little"), np.uint8)
    return np.flatnonzero(np.unpackbits(octets, bitorder="little"))


def _sorted(term: list[Any], position: list[Any], negative: list[Any]) -> Powers:
    if not term:
        return Powers(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_))
    terms = np.concatenate(term)
    order = np.argsort(terms, kind="stable")
    return Powers(terms[order], np.concatenate(position)[order], np.concatenate(negative)[order])


def sums_of_powers(rows: int, row: Integers, position: Integers, times: Integers | None = None) -> Anything:
    """`sum(times * 2**position)` of every row: int64 [rows], object where a sum may be beyond 62 bits."""
    if len(row) == 0:
        return np.zeros(rows, np.int64)
    most = int(position.max()) + int(np.bincount(row).max()).bit_length()
    if times is not None:
        most += int(np.abs(times).max()).bit_length()
    if most <= SMALL:
        found = np.zeros(rows, np.int64)
        np.add.at(found, row, np.left_shift(1 if times is None else times, position))
        return found
    # One Python integer for each (row, position) rather than for each term.
    by_place = row * (int(position.max()) + 1) + position
    places, inverse = np.unique(by_place, return_inverse=True)
    counts: Any = np.zeros(len(places), np.int64)
    np.add.at(counts, inverse, 1 if times is None else times)
    rows_of, positions = np.divmod(places, int(position.max()) + 1)
    large = [0] * rows
    for r, p, c in zip(rows_of.tolist(), positions.tolist(), counts.tolist(), strict=True):
        large[r] += c << p
    return integers(large)


def row_sums(offsets: Integers, mantissas: Anything | None, exponents: Anything | None, sign: int = 0) -> Anything:
    """Exact sums of the weights of every row: int64 [rows] or object.

    sign: 0 for all weights by absolute value, 1 for the positive ones, -1 for the negative ones.
    """
    rows = len(offsets) - 1
    lengths = np.diff(offsets)
    if mantissas is None and exponents is None:
        return lengths.copy() if sign >= 0 else np.zeros(rows, np.int64)
    terms = int(offsets[-1])
    row = np.repeat(np.arange(rows, dtype=np.int64), lengths)
    position = np.zeros(terms, np.int64) if exponents is None else exponents.astype(np.int64)
    if mantissas is None:
        return sums_of_powers(rows, row, position) if sign >= 0 else np.zeros(rows, np.int64)
    if mantissas.dtype == object or int(np.abs(mantissas).max(initial=0)).bit_length() + terms.bit_length() > SMALL:
        large = [0] * rows
        for r, m, p in zip(row.tolist(), mantissas.tolist(), position.tolist(), strict=True):
            if sign == 0 or m * sign > 0:
                large[r] += (m if sign else abs(m)) << p
        return integers(large)
    if sign == 0:
        return sums_of_powers(rows, row, position, np.abs(mantissas.astype(np.int64)))
    kept = np.flatnonzero(mantissas * sign > 0)
    return sums_of_powers(rows, row[kept], position[kept], mantissas[kept].astype(np.int64))


def integers(values: list[int]) -> Anything:
    """Python integers as int64 where all have at most 62 bits, else object."""
    if all(-(1 << SMALL) < value < 1 << SMALL for value in values):
        return np.array(values, np.int64)
    found = np.empty(len(values), object)
    found[:] = values
    return found


def plus(a: Any, b: Any) -> Any:
    """a + b of int64 or object arrays, exact."""
    return _exact(np.add, a, b)


def minus(a: Any, b: Any) -> Any:
    """a - b of int64 or object arrays, exact."""
    return _exact(np.subtract, a, b)


def _exact(operation: Any, a: Any, b: Any) -> Any:
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype != object and b.dtype != object and _narrow(a) and _narrow(b):
        return operation(a.astype(np.int64), b.astype(np.int64))
    return narrowed(operation(a.astype(object), b.astype(object)))


def _narrow(a: Anything) -> bool:
    return a.size == 0 or (int(a.max()) < 1 << SMALL and int(a.min()) > -(1 << SMALL))


def narrowed(a: Any) -> Any:
    """An object array as int64 where its values fit."""
    a = np.asarray(a)
    return a.astype(np.int64) if a.dtype == object and _narrow(a) else a


def bit_lengths(values: Any) -> Integers:
    """The number of binary digits of values of at least 0."""
    a = np.asarray(values)
    if a.dtype == object:
        return np.array([int(value).bit_length() for value in a], np.int64)
    rest, length = a.astype(np.int64), np.zeros(len(a), np.int64)
    for step in (32, 16, 8, 4, 2, 1):
        wide = rest >> step > 0
        length[wide] += step
        rest = np.where(wide, rest >> step, rest)
    return length + (rest > 0)
