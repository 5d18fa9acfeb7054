"""All inputs of a circuit in order: the integer whose bit k is input wire k, only valid codes.

A case is a row of digits: one digit of radix 2 for every wire of a bit or a word, one of radix k for every symbol of an
alphabet of k letters. Counting in these radices, first digit fastest, is the order of that integer.
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
    """radices, widths: int64 [digits], the number of values and of wires of each digit. total: how many cases."""

    ports: tuple[Port, ...]
    radices: npt.NDArray[np.int64]
    widths: npt.NDArray[np.int64]
    total: int

    @property
    def binary(self) -> bool:
        return bool((self.radices == 2).all() and (self.widths == 1).all())


def digits_of(ports: Sequence[Port]) -> Digits:
    """The digits of these inputs."""
    radices: list[int] = []
    widths: list[int] = []
    for port in ports:
        if port.kind == "symbol":
            radices += [len(port.symbols)] * port.elements
            widths += [port.width] * port.elements
        else:
            radices += [2] * port.wires
            widths += [1] * port.wires
    return Digits(tuple(ports), np.array(radices, np.int64), np.array(widths, np.int64), prod(radices))


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
        for k in range(width):
            bits[:, at] = (rows[:, digit] >> k) & 1
            at += 1
    return pack(bits)


def values_of(digits: Digits, row: Iterable[int]) -> list[WireValue]:
    """One case as values of the inputs."""
    bits: list[int] = []
    for code, width in zip(row, digits.widths.tolist(), strict=True):
        bits += [(int(code) >> k) & 1 for k in range(width)]
    return list(split(digits.ports, bits))


def split(ports: Sequence[Port], bits: list[int]) -> Iterator[WireValue]:
    """The wires of all inputs as their values."""
    at = 0
    for port in ports:
        yield decode(port, bits[at : at + port.wires])
        at += port.wires
