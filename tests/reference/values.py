"""What expressions denote: static values as plain Python values, wires as small records, arrays flat with their shape.

A `Wire` is the bit itself (0 or 1) in the value reading and a number of a wire in the circuit reading. The records are
the same in both readings, except that a word or symbol holds an integer in the one and its wires in the other, and that
the terms of a form are all gathered in its constant in the value reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.syntax import tree

Wire = int


class Mistake(Error):
    """The program, or what it is asked for, is wrong."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__("E0000", message, span)


class NotKnown(Mistake):
    """A static value is asked for where only its type is known (see `typing`)."""


STATIC = ("integer", "bool", "rational", "real", "constant", "text", "static")


@dataclass(frozen=True)
class Type:
    """The type of a value, as far as it is known (section 4).

    kind: "integer", "bool", "rational", "real", "constant" (a static float), "text", "static" (any of these), "bit",
    "form", "uint", "int", "float", "symbol", "family".
    shape: None for a length that is not known. width: of words, and the precision of floats. alphabet: of symbols.
    low, high: declared range of a form. nearest: how floats are rounded.
    """

    kind: str
    shape: tuple[int | None, ...] = ()
    width: int | None = None
    alphabet: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    nearest: bool = False

    @property
    def is_static(self) -> bool:
        return self.kind in STATIC

    @property
    def is_word(self) -> bool:
        return self.kind in ("uint", "int")

    @property
    def element(self) -> Type:
        return replace(self, shape=())

    def array(self, *shape: int | None) -> Type:
        """An array of such elements; its shape before the own one."""
        return replace(self, shape=(*shape, *self.shape))

    @property
    def code_bits(self) -> int:
        """The number of wires of one element (section 4: a symbol takes ceil(log2 k) bits)."""
        if self.kind == "symbol":
            return (len(self.alphabet) - 1).bit_length()
        return (self.width or 0) if self.is_word or self.kind == "float" else 1


@dataclass(frozen=True)
class Bit:
    wire: Wire


@dataclass(frozen=True)
class Word:
    """content: the integer, or the wires, bit 0 first."""

    signed: bool
    width: int
    content: int | tuple[Wire, ...]


@dataclass(frozen=True)
class Symbol:
    """content: the number of the symbol in its alphabet, or the wires of that number."""

    alphabet: tuple[str, ...]
    content: int | tuple[Wire, ...]


@dataclass(frozen=True)
class Float:
    """wires: the code (section 8), in the value reading its bits."""

    precision: int
    nearest: bool
    wires: tuple[Wire, ...]


@dataclass(frozen=True)
class Constant:
    """A static float."""

    precision: int
    nearest: bool
    value: Fraction


@dataclass(frozen=True)
class Real:
    """A static number that may be irrational: it differs from `near` by less than one part in 10**300."""

    near: Fraction


@dataclass(frozen=True)
class Form:
    """constant + the sum of weight * wire over the terms; its range low..high is inclusive (section 6)."""

    low: int
    high: int
    constant: int
    terms: tuple[tuple[Wire, int], ...] = ()

    @staticmethod
    def number(value: int) -> Form:
        return Form(value, value, value)

    def plus(self, other: Form) -> Form:
        return Form(
            self.low + other.low, self.high + other.high, self.constant + other.constant, self.terms + other.terms
        )

    def times(self, factor: int) -> Form:
        low, high = sorted((self.low * factor, self.high * factor))
        return Form(low, high, self.constant * factor, tuple((wire, weight * factor) for wire, weight in self.terms))

    def minus(self, other: Form) -> Form:
        return self.plus(other.times(-1))


@dataclass(frozen=True)
class Array:
    """type: of one element. items: row-major."""

    type: Type
    shape: tuple[int, ...]
    items: tuple[Scalar, ...]

    def __post_init__(self) -> None:
        assert len(self.items) == product(self.shape)

    def row(self, index: int) -> Value:
        """The elements with this first index."""
        step = product(self.shape[1:])
        items = self.items[index * step : (index + 1) * step]
        return Array(self.type, self.shape[1:], items) if self.shape[1:] else items[0]

    def rows(self, low: int, high: int) -> Array:
        step = product(self.shape[1:])
        return Array(self.type, (high - low, *self.shape[1:]), self.items[low * step : high * step])


@dataclass(frozen=True, eq=False)
class Family:
    """A family with some of its static and size parameters fixed. home: where its free names are looked up. transformer:
    what it was written as, if it is one; its definition is then a family with the same signature."""

    definition: tree.Family
    home: object
    fixed: Mapping[str, Value] = field(default_factory=dict)
    transformer: tree.Transformer | None = None


@dataclass(frozen=True, eq=False)
class Function:
    """A static function `let f(a, b) = e`."""

    definition: tree.Function
    home: object


@dataclass(frozen=True)
class Ghost:
    """A name of which only the type is known."""

    type: Type


Static = int | bool | Fraction | Real | Constant | str
Scalar = Static | Bit | Word | Float | Symbol | Form
Value = Scalar | Array | Family | Function | Ghost


def product(shape: Sequence[int]) -> int:
    total = 1
    for length in shape:
        total *= length
    return total


def type_of(value: Value) -> Type:
    match value:
        case Ghost(type=type):
            return type
        case bool():
            return Type("bool")
        case int():
            return Type("integer")
        case Fraction():
            return Type("rational")
        case Real():
            return Type("real")
        case Constant(precision=precision, nearest=nearest):
            return Type("constant", width=precision, nearest=nearest)
        case str():
            return Type("text")
        case Bit():
            return Type("bit")
        case Form():
            return Type("form")
        case Word(signed=signed, width=width):
            return Type("int" if signed else "uint", width=width)
        case Float(precision=precision, nearest=nearest):
            return Type("float", width=precision, nearest=nearest)
        case Symbol(alphabet=alphabet):
            return Type("symbol", alphabet=alphabet)
        case Array(type=type, shape=shape):
            return type.array(*shape)
        case Family() | Function():
            return Type("family")


def scalars(value: Value) -> tuple[Scalar, ...]:
    """The elements of an array; a single value as the only one."""
    if isinstance(value, Array):
        return value.items
    assert not isinstance(value, Family | Function | Ghost)
    return (value,)


def like(value: Value, items: Sequence[Scalar], type: Type) -> Value:
    """These elements in the shape of `value`."""
    return Array(type.element, value.shape, tuple(items)) if isinstance(value, Array) else items[0]


def integer(value: Value, what: str, span: Span | None) -> int:
    """A static integer; true and false are none (section 3)."""
    if isinstance(value, Ghost):
        raise NotKnown(f"{what} is not known here", span)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Mistake(f"{what} must be a static integer", span)
    return value


def condition(value: Value, what: str, span: Span | None) -> bool:
    """A static boolean; 0 and 1 are none (section 3)."""
    if not isinstance(value, bool):
        raise Mistake(f"{what} must be true or false", span)
    return value
