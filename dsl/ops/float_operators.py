"""Operators on floats on wires: the library family that computes each. What each means is `numbers.floats`.

Truncating floats go through the family; floats rounded to nearest through its kernel, the family on codes with `_code` at
the end of its name, which has the rounding in brackets where there is one. A test holds families and meanings against
each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType

from tc0.dsl.base.record import record
from tc0.dsl.numbers import floats


class FloatOperands(Enum):
    """What an operator takes."""

    ONE = "a float"
    TWO = "two floats of one type"
    ARRAY = "an array of floats"


@record
class FloatRow:
    """operator: as written. family: of the library. rounds: whether its result is rounded. bit: whether it is a bit, not
    a float. meaning: on floats, on one list for an array. doc: one line."""

    operator: str
    operands: FloatOperands
    family: str
    rounds: bool
    bit: bool
    meaning: Callable[..., object]
    doc: str

    @property
    def kernel(self) -> str:
        """The family on codes."""
        return f"{self.family}_code"


@record
class Meaning:
    """What a call stands for: an operator on floats of one rounding. The value reading computes it as such."""

    operator: str
    nearest: bool


_ONE, _TWO, _ARRAY = FloatOperands.ONE, FloatOperands.TWO, FloatOperands.ARRAY


def _rows(*rows: FloatRow) -> Mapping[str, FloatRow]:
    return MappingProxyType({row.operator: row for row in rows})


def _sum(numbers: list[floats.Float]) -> floats.Float:
    return floats.total(numbers, numbers[0].format)


FLOAT_OPERATORS: Mapping[str, FloatRow] = _rows(
    FloatRow("+", _TWO, "float_add", True, False, floats.add, "the sum, rounded once"),
    FloatRow("-", _TWO, "float_subtract", True, False, floats.subtract, "the difference, rounded once"),
    FloatRow("*", _TWO, "float_multiply", True, False, floats.multiply, "the product, rounded once"),
    FloatRow(
        "/", _TWO, "float_divide", True, False, floats.divide, "the quotient, rounded once; 0 where the divisor is 0"
    ),
    FloatRow("negate", _ONE, "float_negate", False, False, floats.negated, "minus the number; 0 has no sign"),
    FloatRow("abs", _ONE, "float_abs", False, False, floats.absolute, "the number without its sign"),
    FloatRow("relu", _ONE, "float_relu", False, False, floats.relu, "the number where it is positive, else 0"),
    FloatRow(
        "sqrt", _ONE, "float_sqrt", True, False, floats.square_root, "the square root, rounded once; 0 of a negative"
    ),
    FloatRow("exp", _ONE, "float_exp", True, False, floats.exponent_of, "e to the number, rounded once"),
    FloatRow("SUM", _ARRAY, "float_sum", True, False, _sum, "the exact sum of any number of floats, rounded once"),
    FloatRow("MAX", _ARRAY, "float_max", False, False, floats.greatest, "the greatest of at least one float"),
    FloatRow("MIN", _ARRAY, "float_min", False, False, floats.least, "the least of at least one float"),
    FloatRow(">=", _TWO, "float_at_least", False, True, lambda a, b: floats.compared(a, b) >= 0, "1 iff not less"),
    FloatRow(">", _TWO, "float_greater", False, True, lambda a, b: floats.compared(a, b) > 0, "1 iff greater"),
    FloatRow("<=", _TWO, "float_at_most", False, True, lambda a, b: floats.compared(a, b) <= 0, "1 iff not greater"),
    FloatRow("<", _TWO, "float_less", False, True, lambda a, b: floats.compared(a, b) < 0, "1 iff less"),
)
