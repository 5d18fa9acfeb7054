"""Integers of any length as text: Python itself refuses to write more than 4,300 digits."""

from __future__ import annotations

from fractions import Fraction

MOST_DIGITS = 4000


def show_integer(value: int, most: int = MOST_DIGITS) -> str:
    """Decimal digits; of an integer of more than `most` digits the first and the last 20, and how many there are."""
    if value.bit_length() <= 3 * most or abs(value) < 10**most:  # 10 is more than 2**3
        return str(value)
    sign, size = ("-" if value < 0 else ""), abs(value)
    cut = max(0, int(size.bit_length() * 0.30102999566398114) - 25)
    head = str(size // 10**cut)
    return f"{sign}{head[:20]}...{size % 10**20:020d} ({cut + len(head):,} digits)"


def brief(value: int | Fraction) -> str:
    """A number in a message."""
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{show_integer(value.numerator, 40)}/{show_integer(value.denominator, 40)}"
    return show_integer(int(value), 40)


def are_given(count: int) -> str:
    """How many arguments there are, in a message."""
    return f"{count or 'none'} {'is' if count == 1 else 'are'} given"
