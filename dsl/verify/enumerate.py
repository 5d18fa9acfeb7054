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

from tc0.dsl.core.interface import Port
from tc0.dsl.core.value import WireValue, decode

Planes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]  # [cases, digits]

_LOW = np.array(
    [0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0, 0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000],
    np.uint64,
)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


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
    words = -(-count // 64)
    planes = np.zeros((len(digits.radices), words), np.uint64)
    index = start // 64 + np.arange(words, dtype=np.int64)
    for wire in range(len(planes)):
        if wire < 6:
            planes[wire] = _LOW[wire]
        elif wire < 69:
            planes[wire] = np.where((index >> (wire - 6)) & 1, _ALL, np.uint64(0))
    return planes


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
    wires = np.zeros((int(digits.widths.sum()), len(rows)), np.uint8)
    at = 0
    for digit, width in enumerate(digits.widths):
        for k in range(int(width)):
            wires[at] = (rows[:, digit] >> k) & 1
            at += 1
    return pack(wires)


def pack(wires: npt.NDArray[np.uint8]) -> Planes:
    """0/1 [wires, cases] as planes uint64 [wires, words], bit v of word w is case 64 * w + v."""
    words = -(-wires.shape[1] // 64)
    padded = np.zeros((wires.shape[0], words * 8), np.uint8)
    packed = np.packbits(wires, axis=1, bitorder="little")
    padded[:, : packed.shape[1]] = packed
    return padded.view("<u8").astype(np.uint64, copy=False)


def unpack(planes: Planes, count: int) -> npt.NDArray[np.uint8]:
    """Planes [wires, words] as 0/1 [wires, count]."""
    if not planes.shape[0] or not count:
        return np.zeros((planes.shape[0], count), np.uint8)
    octets = np.ascontiguousarray(planes).astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, axis=1, count=count, bitorder="little")


def values_of(digits: Digits, row: Iterable[int]) -> list[WireValue]:
    """One case as values of the inputs."""
    bits: list[int] = []
    for code, width in zip(row, digits.widths.tolist(), strict=True):
        bits += [(int(code) >> k) & 1 for k in range(width)]
    return list(_split(digits.ports, bits))


def _split(ports: Sequence[Port], bits: list[int]) -> Iterator[WireValue]:
    at = 0
    for port in ports:
        yield decode(port, bits[at : at + port.wires])
        at += port.wires
