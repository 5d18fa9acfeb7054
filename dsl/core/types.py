"""Types: of what is known before gates exist (static) and of wires.

Widths and shapes are static expressions in the size parameters, or None where they are not known before
instantiation; `dsl.core.shapes` compares them symbolically.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from tc0.dsl.base.record import record

if TYPE_CHECKING:
    from tc0.dsl.core.program import Expr


class Kind(Enum):
    """What a static value is. REAL: an expression with `exp`, `sqrt`, `sin`, `cos` or `pi`, known as closely as one asks.
    FLOAT: a log-precision float; which type of float is known when it is evaluated.
    ANY: not known before it is evaluated (a parameter of a static function)."""

    INTEGER = "integer"
    BOOL = "bool"
    RATIONAL = "rational"
    REAL = "real"
    FLOAT = "float"
    TEXT = "string"
    ANY = "static value"


@record
class Static:
    """A static value, or an array of them. rank: number of dimensions, None where only evaluation tells (ANY)."""

    kind: Kind
    rank: int | None = 0


@record
class Bit:
    """One wire."""


@record
class Word:
    """`uint(width)` or `int(width)`: two's complement, bit 0 the lowest."""

    signed: bool
    width: Expr | None


@record
class Float:
    """`float(precision)`: section 8 of the contract."""

    precision: Expr | None
    nearest: bool


@record
class Form:
    """A linear form. low, high: its declared range (inclusive), None where none was declared."""

    low: Expr | None = None
    high: Expr | None = None


@record
class Symbol:
    """A symbol of a finite alphabet, as `code_bits(alphabet)` wires: its number, lowest bit first."""

    symbols: tuple[str, ...]
    name: str | None = None


Element = Bit | Word | Float | Form | Symbol


@record
class Wires:
    """An array of elements on wires; shape () is one element. A None in the shape is a length not known yet."""

    element: Element
    shape: tuple[Expr | None, ...] = ()


@record
class FamilyOf:
    """The type of a family: its parameters and its result, with the names of their sizes left open."""

    parameters: tuple[Wires, ...]
    result: Wires


Type = Static | Wires | FamilyOf

INTEGER = Static(Kind.INTEGER)
BOOL = Static(Kind.BOOL)
RATIONAL = Static(Kind.RATIONAL)
REAL = Static(Kind.REAL)
FLOAT = Static(Kind.FLOAT)
TEXT = Static(Kind.TEXT)
ANY = Static(Kind.ANY, None)
BIT = Wires(Bit())
FORM = Wires(Form())


def width_of(element: Element) -> Expr | None:
    """The wires of a word or a float; None of other elements."""
    match element:
        case Word(width=width) | Float(precision=width):
            return width
        case _:
            return None


def code_bits(symbols: int) -> int:
    """The number of wires of one symbol of an alphabet of this many symbols."""
    return (symbols - 1).bit_length() if symbols > 1 else 0


NUMBERS = (Kind.INTEGER, Kind.RATIONAL, Kind.REAL)  # each holds the ones before it


def widest(kinds: set[Kind]) -> Kind:
    """The kind that holds numbers of all these kinds; ANY where one is not known."""
    if Kind.ANY in kinds:
        return Kind.ANY
    return max(kinds & set(NUMBERS), key=NUMBERS.index, default=Kind.INTEGER)
