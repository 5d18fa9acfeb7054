"""Operators on words: the library family that computes each, and the integer function that it means.

An operator is a row here and a family in `stdlib/`; a test holds the two against each other. The meaning is exact, and
is brought into the width of the result, which only a shift by a word can leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from types import MappingProxyType

from tc0.dsl.base.record import record


class Operands(Enum):
    """What an operator takes, and how its family is called."""

    ONE = "a word"
    TWO = "two words of one kind"
    ARRAY = "an array of words"
    AMOUNT = "a word and an unsigned word"
    STATIC = "a word and a static integer, which is the family's parameter in brackets"


@record
class WordRow:
    """operator: as written; a shift by a static k is `<< k`. signed: whether the (first) operand is `int`.
    family: of the library. meaning: on integers, on one list for an array. doc: the types."""

    operator: str
    signed: bool
    operands: Operands
    family: str
    meaning: Callable[..., int | list[int]]
    doc: str


def _divide(a: int, b: int) -> int:
    return a // b if b else 0


def _remainder(a: int, b: int) -> int:
    return a % b if b else a


def _rows(*rows: WordRow) -> Mapping[tuple[str, bool], WordRow]:
    return MappingProxyType({(row.operator, row.signed): row for row in rows})


_ONE, _TWO, _ARRAY, _AMOUNT, _STATIC = Operands.ONE, Operands.TWO, Operands.ARRAY, Operands.AMOUNT, Operands.STATIC

WORD_OPERATORS: Mapping[tuple[str, bool], WordRow] = _rows(
    WordRow("+", False, _TWO, "uint_add", lambda a, b: a + b, "uint(v) + uint(w) is uint(max(v, w) + 1)"),
    WordRow("+", True, _TWO, "int_add", lambda a, b: a + b, "int(v) + int(w) is int(max(v, w) + 1)"),
    WordRow("-", False, _TWO, "uint_subtract", lambda a, b: a - b, "uint(v) - uint(w) is int(max(v, w) + 1)"),
    WordRow("-", True, _TWO, "int_subtract", lambda a, b: a - b, "int(v) - int(w) is int(max(v, w) + 1)"),
    WordRow("*", False, _TWO, "uint_multiply", lambda a, b: a * b, "uint(v) * uint(w) is uint(v + w)"),
    WordRow("*", True, _TWO, "int_multiply", lambda a, b: a * b, "int(v) * int(w) is int(v + w)"),
    WordRow("//", False, _TWO, "uint_divide", _divide, "uint(v) // uint(w) is uint(v); a // 0 is 0"),
    WordRow("//", True, _TWO, "int_divide", _divide, "int(v) // int(w) is int(v + 1), rounded down; a // 0 is 0"),
    WordRow("%", False, _TWO, "uint_remainder", _remainder, "uint(v) % uint(w) is uint(v); a % 0 is a"),
    WordRow(
        "%",
        True,
        _TWO,
        "int_remainder",
        _remainder,
        "int(v) % int(w) is int(max(v, w)), with the sign of the divisor; a % 0 is a",
    ),
    WordRow("<< k", False, _STATIC, "uint_shift_left", lambda a, k: a << k, "uint(w) << k is uint(w + k)"),
    WordRow("<< k", True, _STATIC, "int_shift_left", lambda a, k: a << k, "int(w) << k is int(w + k)"),
    WordRow(">> k", False, _STATIC, "uint_shift_right", lambda a, k: a >> k, "uint(w) >> k is uint(max(w - k, 0))"),
    WordRow(">> k", True, _STATIC, "int_shift_right", lambda a, k: a >> k, "int(w) >> k is int(max(w - k, 1))"),
    WordRow("<<", False, _AMOUNT, "uint_shift_left_by", lambda a, b: a << b, "uint(w) << uint(v) is uint(w)"),
    WordRow("<<", True, _AMOUNT, "int_shift_left_by", lambda a, b: a << b, "int(w) << uint(v) is int(w)"),
    WordRow(">>", False, _AMOUNT, "uint_shift_right_by", lambda a, b: a >> b, "uint(w) >> uint(v) is uint(w)"),
    WordRow(">>", True, _AMOUNT, "int_shift_right_by", lambda a, b: a >> b, "int(w) >> uint(v) is int(w)"),
    WordRow("negate", False, _ONE, "uint_negate", lambda a: -a, "-uint(w) is int(w + 1)"),
    WordRow("negate", True, _ONE, "int_negate", lambda a: -a, "-int(w) is int(w + 1)"),
    WordRow("abs", False, _ONE, "uint_abs", abs, "abs of uint(w) is uint(w), itself"),
    WordRow("abs", True, _ONE, "int_abs", abs, "abs of int(w) is uint(w)"),
    WordRow("SUM", False, _ARRAY, "uint_sum", sum, "SUM of m uint(w) is uint(w + clog2(m))"),
    WordRow("SUM", True, _ARRAY, "int_sum", sum, "SUM of m int(w) is int(w + clog2(m))"),
    WordRow("MAX", False, _ARRAY, "uint_max", max, "MAX of uint(w) is uint(w)"),
    WordRow("MAX", True, _ARRAY, "int_max", max, "MAX of int(w) is int(w)"),
    WordRow("MIN", False, _ARRAY, "uint_min", min, "MIN of uint(w) is uint(w)"),
    WordRow("MIN", True, _ARRAY, "int_min", min, "MIN of int(w) is int(w)"),
    WordRow("SORT", False, _ARRAY, "uint_sort", sorted, "SORT of m uint(w) is uint(w)[m], ascending"),
    WordRow("SORT", True, _ARRAY, "int_sort", sorted, "SORT of m int(w) is int(w)[m], ascending"),
)

COUNT_FAMILY = "count"

# Comparisons of words are gates of their own; a family that stands in their place is called for all of them: `a < b` is
# `b > a`, and `a <= b` and `a != b` are a NOT of the other.
COMPARISONS: Mapping[tuple[str, bool], WordRow] = _rows(
    WordRow(">", False, _TWO, "uint_greater", lambda a, b: int(a > b), "uint(v) > uint(w) is a bit"),
    WordRow(">", True, _TWO, "int_greater", lambda a, b: int(a > b), "int(v) > int(w) is a bit"),
    WordRow("==", False, _TWO, "uint_equal", lambda a, b: int(a == b), "uint(v) == uint(w) is a bit"),
    WordRow("==", True, _TWO, "int_equal", lambda a, b: int(a == b), "int(v) == int(w) is a bit"),
)


def _choosable() -> Iterator[tuple[str, str]]:
    for row in (*WORD_OPERATORS.values(), *COMPARISONS.values()):
        if row.operands is not Operands.STATIC:
            yield f"{'int' if row.signed else 'uint'}.{row.operator}", row.family
    yield "uint.COUNT", COUNT_FAMILY


# The option that puts another family behind an operator, and the family of the library that stands there otherwise. A
# shift by a static amount is wiring, which has no other way.
FAMILY_BEHIND: Mapping[str, str] = MappingProxyType(dict(_choosable()))
OPTION_OF: Mapping[str, str] = MappingProxyType({family: option for option, family in FAMILY_BEHIND.items()})
