"""Vectors of floats from and to their bits: packed into integers, and as planes of 64 inputs a word.

A code has p bits: p/2 - 1 of the mantissa's magnitude, lowest first, its sign, then the exponent likewise. Planes are
those of `bitslice.planes`: bit k of word w of a row is input 64 w + k; the p rows of a float follow one another.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tc0.dsl.numbers.float_vectors import Bools, Floats, Integers, in_pieces, round_sums
from tc0.dsl.numbers.floats import Format

Words = npt.NDArray[np.uint64]
Octets = npt.NDArray[np.uint8]

# The steps of the transposition of 8 x 8 bits: a distance, and the lower bits of those that change places over it.
EXCHANGES = ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0))
PIECE = 1 << 15  # floats that are worked on together


# ---- codes


def from_code(format: Format, code: npt.NDArray[Any]) -> Floats:
    """The floats of these codes (int64 or uint64, below 2**p); a code that is not the one of its value gives the value."""
    return in_pieces(format, _decode, _signed(format, code))


def _decode(format: Format, bits: Integers, mantissas: Integers, exponents: Integers) -> None:
    digits, largest = format.digits, format.largest
    mantissa = _part(bits, 0, digits, largest)
    exponent = _part(bits, digits + 1, digits, largest)
    short = np.abs(mantissa) < 1 << (digits - 1)
    short &= exponent != -largest
    if short.any():
        round_sums(format, mantissa, exponent, mantissas, exponents)
    else:
        mantissas[...], exponents[...] = mantissa, exponent


def to_code(x: Floats) -> Words:
    """The codes of the floats."""
    digits = x.format.digits
    code = _bits(x.exponent, digits)
    code <<= digits + 1
    code |= _bits(x.mantissa, digits)
    return code.view(np.uint64)


def canonical(format: Format, code: npt.NDArray[Any]) -> Bools:
    """Whether the codes are those of their values."""
    found: Bools = to_code(from_code(format, code)).view(np.int64) == _signed(format, code)
    return found


def _signed(format: Format, code: npt.NDArray[Any]) -> Integers:
    bits = np.atleast_1d(np.asarray(code))
    if bits.dtype not in (np.int64, np.uint64):
        raise TypeError(f"codes are int64 or uint64, not {bits.dtype}")
    signed: Integers = bits.view(np.int64)
    if format.precision < 64 and (signed >> format.precision).any():
        raise ValueError(f"a code of {format} has {format.precision} bits")
    return signed.reshape(np.shape(code))


def _part(bits: Integers, start: int, digits: int, largest: int) -> Integers:
    """The number whose magnitude and sign start at a bit."""
    magnitude = np.asarray(bits >> start)
    sign = magnitude >> digits
    sign &= 1
    magnitude &= largest
    np.negative(sign, out=sign)
    magnitude ^= sign
    magnitude -= sign
    return magnitude


def _bits(part: Integers, digits: int) -> Integers:
    """The inverse of `_part`."""
    bits = np.asarray(part >> 63)
    bits &= 1 << digits
    bits |= np.abs(part)
    return bits


# ---- planes


def from_planes(format: Format, planes: Words) -> Floats:
    """uint64 [N * p, W] -> [N, 64 W]; codes that are not the one of their value give the value."""
    rows, words = planes.shape
    count = rows // format.precision
    if count * format.precision != rows:
        raise ValueError(f"{rows} rows are no multiple of the {format.precision} bits of {format}")
    code = np.zeros((count, 64 * words), "<u8")
    octets = np.ascontiguousarray(planes).astype("<u8", copy=False).view(np.uint8)
    octets = octets.reshape(count, format.precision, 8 * words)
    for some, here in _pieces(count, words):
        for start in range(0, format.precision, 8):
            group = octets[some, start : start + 8, here]
            block = np.zeros((group.shape[0], group.shape[2], 8), np.uint8)
            block[:, :, : group.shape[1]] = group.transpose(0, 2, 1)
            _transpose(block)
            _columns(code, words)[some, here, :, start // 8] = block
    return from_code(format, code.astype(np.uint64, copy=False))


def to_planes(x: Floats) -> Words:
    """[N, V] -> uint64 [N * p, ceil(V / 64)]; the bits of inputs beyond V are 0."""
    precision = x.format.precision
    count, inputs = x.shape
    words = -(-inputs // 64)
    code = np.zeros((count, 64 * words), "<u8")
    code[:, :inputs] = to_code(x)
    octets = np.empty((count, precision, 8 * words), np.uint8)
    for some, here in _pieces(count, words):
        for start in range(0, precision, 8):
            block = np.ascontiguousarray(_columns(code, words)[some, here, :, start // 8])
            _transpose(block)
            group = octets[some, start : start + 8, here]
            group[...] = block[:, :, : group.shape[1]].transpose(0, 2, 1)
    planes: Words = octets.view("<u8").astype(np.uint64, copy=False).reshape(count * precision, words)
    return planes


def _columns(code: npt.NDArray[Any], words: int) -> Octets:
    """The bytes of codes [N, 64 W] as [N, 8 W, 8, 8]: octet of inputs, input, byte."""
    octets: Octets = code.view(np.uint8).reshape(len(code), 8 * words, 8, 8)
    return octets


def _pieces(count: int, words: int) -> list[tuple[slice, slice]]:
    """Parts of [N, 8 W] octets of inputs that fit into the cache."""
    width = min(8 * words, PIECE // 8)
    height = max(1, PIECE // 8 // max(width, 1))
    rows = [slice(at, at + height) for at in range(0, count, height)]
    return [(some, slice(at, at + width)) for some in rows for at in range(0, 8 * words, max(width, 1))]


def _transpose(block: Octets) -> None:
    """uint8 [.., 8], in place: bit i of byte k becomes bit k of byte i (Warren, Hacker's Delight, section 7-3)."""
    word = block.view("<u8")
    for distance, lower in EXCHANGES:
        change = word >> np.uint64(distance)
        change ^= word
        change &= np.uint64(lower)
        word ^= change
        change <<= np.uint64(distance)
        word ^= change
