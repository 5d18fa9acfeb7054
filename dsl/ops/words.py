"""Operators on words: the library family that computes each, and the integer function that it means.

A test holds the two against each other. An operator that is missing here is not available yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class WordRow:
    """operator: as written. signed: whether the operands are `int`. family: of the library. meaning: on integers."""

    operator: str
    signed: bool
    family: str
    meaning: Callable[[int, int], int]
    doc: str


def _rows(*rows: WordRow) -> Mapping[tuple[str, bool], WordRow]:
    return MappingProxyType({(row.operator, row.signed): row for row in rows})


WORD_OPERATORS: Mapping[tuple[str, bool], WordRow] = _rows(
    WordRow("+", False, "uint_add", lambda a, b: a + b, "uint(v) + uint(w) is uint(max(v, w) + 1)"),
    WordRow("+", True, "int_add", lambda a, b: a + b, "int(v) + int(w) is int(max(v, w) + 1)"),
    WordRow("-", False, "uint_subtract", lambda a, b: a - b, "uint(v) - uint(w) is int(max(v, w) + 1)"),
    WordRow("-", True, "int_subtract", lambda a, b: a - b, "int(v) - int(w) is int(max(v, w) + 1)"),
)

COUNT_FAMILY = "count"
