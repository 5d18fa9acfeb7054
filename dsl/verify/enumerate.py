"""All inputs of a circuit in order: the integer whose bit k is input wire k, only valid codes.

A case is a row of digits: one digit of radix 2 for every wire of a bit or a word, one of radix k for every symbol of an
alphabet of k letters, one for every float, whose codes ascend with their digits. Counting in these radices, first digit
fastest, is the order of that integer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from tc0.dsl.bitslice.planes import pack, patterns
from tc0.dsl.core.interface import Port
from tc0.dsl.core.value import WireValue, decode

Planes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]  # [cases, digits]


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """radices, widths: int64 [digits], the number of values and of wires of each digit. floats: bool [digits].
    total: how many cases."""

    ports: tuple[Port, ...]
    radices: npt.NDArray[np.int64]
    widths: npt.NDArray[np.int64]
    floats: npt.NDArray[np.bool_]
    total: int

    @property
    def binary(self) -> bool:
        return bool((self.radices == 2).all() and (self.widths == 1).all())


def digits_of(ports: Sequence[Port]) -> Digits:
    """The digits of these inputs."""
    radices: list[int] = []
    widths: list[int] = []
    floats: list[bool] = []
    for port in ports:
        match port.kind:
            case "symbol":
                radix, width, count = len(port.symbols), port.width, port.elements
            case "float":
                radix, width, count = float_count(port.width), port.width, port.elements
            case _:
                radix, width, count = 2, 1, port.wires
        radices += [radix] * count
        widths += [width] * count
        floats += [port.kind == "float"] * count
    counts, wires = np.array(radices, np.int64), np.array(widths, np.int64)
    return Digits(tuple(ports), counts, wires, np.array(floats, np.bool_), prod(radices))


def each(port: Port) -> int:
    """The digits of one element of an input."""
    return 1 if port.kind in ("symbol", "float") else port.width


def float_count(precision: int) -> int:
    """How many floats there are."""
    digits = precision // 2 - 1
    return (((1 << digits + 1) - 2) << digits) + (1 << digits + 1) - 1


def float_codes(precision: int, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The codes of floats, bit k their wire k, by their numbers among all, ascending: of every exponent but the least the
    mantissas with all digits, positive ones first; of the least, which has the highest code, all mantissas."""
    digits = precision // 2 - 1
    largest, sign = (1 << digits) - 1, 1 << digits
    block, place = numbers >> digits, numbers & largest
    full = sign >> 1 | place & (sign >> 1) - 1
    full |= np.where(place >> digits - 1, sign, 0)
    exponent = np.where(block <= largest, block, sign | block - largest)
    rest = numbers - (2 * largest << digits)
    short = np.where(rest <= largest, rest, sign | rest - largest)
    last = block >= 2 * largest
    return np.where(last, short | (sign | largest) << digits + 1, full | exponent << digits + 1)


def planes_from(digits: Digits, start: int, count: int) -> Planes:
    """The cases start .. start + count as planes uint64 [wires, words]; start is a multiple of 64."""
    if not digits.binary:
        return planes_of(digits, rows_from(digits, start, count))
    return patterns(len(digits.radices), start, count)


def rows_from(digits: Digits, start: int, count: int) -> Rows:
    """The cases start .. start + count as digits [count, digits]; start + count is below 2**62."""
    rest = start + np.arange(count, dtype=np.int64)
    rows = np.zeros((count, len(digits.radices)), np.int64)
    for at, radix in enumerate(digits.radices):
        rest, rows[:, at] = np.divmod(rest, radix)
        if not rest.any():
            break
    return rows


def planes_of(digits: Digits, rows: Rows) -> Planes:
    """Digits [cases, digits] as planes [wires, words]."""
    bits = np.empty((len(rows), int(digits.widths.sum())), np.bool_)
    at = 0
    for digit, width in enumerate(digits.widths.tolist()):
        codes = float_codes(width, rows[:, digit]) if digits.floats[digit] else rows[:, digit]
        for k in range(width):
            bits[:, at] = (codes >> k) & 1
            at += 1
    return pack(bits)


def values_of(digits: Digits, row: Iterable[int]) -> list[WireValue]:
    """One case as values of the inputs."""
    bits: list[int] = []
    for number, width, is_float in zip(row, digits.widths.tolist(), digits.floats.tolist(), strict=True):
        code = int(float_codes(width, np.array(number))) if is_float else int(number)
        bits += [(code >> k) & 1 for k in range(width)]
    return list(split(digits.ports, bits))


def split(ports: Sequence[Port], bits: list[int]) -> Iterator[WireValue]:
    """The wires of all inputs as their values."""
    at = 0
    for port in ports:
        yield decode(port, bits[at : at + port.wires])
        at += port.wires
