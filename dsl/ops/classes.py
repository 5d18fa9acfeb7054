"""The chain of complexity classes that reports and claims speak of.

NC0 <= AC0 <= ACC0 <= TC0 <= NC1 <= AC1 <= ACC1 <= TC1 <= NC2 <= ... <= P, each known to be contained in the next.
"""

from __future__ import annotations

LEVELS = ("NC", "AC", "ACC", "TC")  # within one power of the logarithm
HIGHEST = 6  # powers of the logarithm that are told apart; what is above is P
TOP = 4 * (HIGHEST + 1)


def rank_of(name: str) -> int | None:
    """The place of a class in the chain; None if there is no such class."""
    if name == "P":
        return TOP
    for level, prefix in enumerate(LEVELS):
        power = name.removeprefix(prefix)
        if power != name and power.isdigit() and int(power) <= HIGHEST and str(int(power)) == power:
            return 4 * int(power) + level
    return None


def name_of(rank: int) -> str:
    """The class at a place of the chain."""
    return "P" if rank >= TOP else f"{LEVELS[rank % 4]}{rank // 4}"
