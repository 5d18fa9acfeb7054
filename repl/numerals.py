"""Numbers as they are shown."""

from __future__ import annotations

from math import log2

MOST_SEPARATED = 10**15  # from here on numbers are shown by their order of magnitude


def number(value: int) -> str:
    """`1,501`; a large one by its order of magnitude: `2**64`, `about 2**70.3`."""
    size = abs(value)
    if size < MOST_SEPARATED:
        return f"{value:,}"
    sign = "-" if value < 0 else ""
    bits = size.bit_length()
    if size == 1 << (bits - 1):
        return f"{sign}2**{bits - 1}"
    return f"about {sign}2**{_log2(size):.1f}"


def _log2(size: int) -> float:
    """Of an integer of any length."""
    shift = max(0, size.bit_length() - 60)
    return shift + log2(size >> shift)


def count(many: int, thing: str) -> str:
    """`1 gate`, `1,501 gates`."""
    plural = thing[:-1] + "ies" if thing.endswith("y") and not thing.endswith("ay") else f"{thing}s"
    return f"{number(many)} {thing if many == 1 else plural}"


def grouped(text: str) -> str:
    """A number with its thousands separated; anything else as it is."""
    return f"{int(text):,}" if text.isdigit() and len(text) < 4000 else text


def number_of(value: int) -> str:
    """A gate number: all of its digits, since it is typed back."""
    return str(value)
