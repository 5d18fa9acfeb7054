"""What a reading has to know: the operations on wires. All else is one evaluator for both readings.

Operands have their types already: nothing is converted here, except that gates take bits and forms alike.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Protocol

from tc0.dsl.base.source import Span

from . import floats
from .values import Bit, Constant, Float, Form, Mistake, Scalar, Symbol, Type, Value, Word


class CallLibrary(Protocol):
    """Calls a family of the library by its name; brackets: its static parameters."""

    def __call__(self, name: str, arguments: Sequence[Value], brackets: Sequence[Value] = ()) -> Value: ...


Pairs = Sequence[tuple[Scalar, Scalar]]


class Reading(ABC):
    """The operations on wires, once on bits (`value_reading`) and once on gates (`circuit_reading`)."""

    def __init__(self) -> None:
        self.lets: dict[int, Value] = {}  # top-level `let`s that have been evaluated, by identity of their definition

    # ---- wires of words and symbols

    @abstractmethod
    def bit(self, value: int) -> Bit:
        """A constant wire."""

    @abstractmethod
    def word(self, type: Type, bits: Sequence[Bit]) -> Word:
        """Bits read as a word."""

    @abstractmethod
    def symbol(self, type: Type, bits: Sequence[Bit]) -> Symbol:
        """Bits read as the code of a symbol."""

    @abstractmethod
    def bits(self, value: Scalar) -> list[Bit]:
        """The wires of a bit, word or symbol."""

    def number(self, type: Type, value: int) -> Word | Symbol:
        """A constant word or symbol, given by its integer."""
        bits = [self.bit(value >> at & 1) for at in range(type.code_bits)]
        return self.word(type, bits) if type.is_word else self.symbol(type, bits)

    def float(self, type: Type, bits: Sequence[Bit]) -> Float:
        """Bits read as the code of a float."""
        assert type.width == len(bits)
        return Float(type.width, type.nearest, tuple(bit.wire for bit in bits))

    def constant(self, value: Constant) -> Float:
        """A static float on constant wires."""
        code = floats.wires(value.precision, floats.encode(value.precision, value.value))
        type = Type("float", width=value.precision, nearest=value.nearest)
        return self.float(type, [self.bit(int(digit)) for digit in code])

    def resize(self, word: Word, type: Type) -> Word:
        """A word truncated or extended (section 7): with zeros from uint, with the sign from int."""
        assert type.width is not None
        bits = self.bits(word)
        top = bits[-1] if word.signed and bits else self.bit(0)
        return self.word(type, (bits + [top] * (type.width - len(bits)))[: type.width])

    # ---- forms

    @abstractmethod
    def form(self, value: Bit | Word) -> Form:
        """A bit with range 0..1; the value of a word with its full range."""

    @abstractmethod
    def quotient(self, form: Form, modulus: int) -> Form:
        """`L // m`."""

    @abstractmethod
    def remainder(self, form: Form, modulus: int) -> Form:
        """`L % m`."""

    @abstractmethod
    def within(self, form: Form, low: int, high: int, span: Span | None) -> Form:
        """`within(L, low, high)`."""

    @abstractmethod
    def wire(self, form: Form) -> Bit:
        """One gate, `L >= 1`, of a form that is 0 or 1."""

    @abstractmethod
    def compare(self, operator: str, left: Form, right: Form) -> Bit:
        """A comparison of forms."""

    def whole(self, word: Word) -> tuple[int, int]:
        """The full range of a word."""
        if word.signed:
            return (-(2 ** (word.width - 1)), 2 ** (word.width - 1) - 1) if word.width else (0, 0)
        return 0, 2**word.width - 1

    # ---- gates

    @abstractmethod
    def gate(self, kind: str, operands: Sequence[Bit | Form], least: int) -> Bit:
        """AND, OR, MAJ, THR: whether the sum of the operands is at least `least`."""

    @abstractmethod
    def modulo(self, bits: Sequence[Bit], modulus: int, residue: int) -> Bit: ...

    @abstractmethod
    def invert(self, operand: Bit | Form) -> Bit: ...

    @abstractmethod
    def exclusive_or(self, left: Bit, right: Bit) -> Bit: ...

    @abstractmethod
    def choose(self, condition: Bit, pairs: Pairs) -> list[Scalar]:
        """A multiplexer on pairs (then, other) of bits, words or symbols."""

    @abstractmethod
    def same(self, pairs: Pairs, negated: bool) -> Bit:
        """Equality of words, symbols and arrays."""

    @abstractmethod
    def is_symbol(self, symbol: Symbol, number: int, negated: bool) -> Bit: ...

    @abstractmethod
    def table(self, bits: Sequence[Bit], row: Callable[[Sequence[int]], Sequence[int]], outputs: int) -> list[Bit]:
        """A lookup; row: the bits of the result for the bits of the arguments."""

    # ---- words

    @abstractmethod
    def operate(self, operator: str, words: Sequence[Word], library: CallLibrary) -> Value:
        """An operator on words, whose types fit it."""

    @abstractmethod
    def operate_floats(self, operator: str, operands: Sequence[Float], type: Type, library: CallLibrary) -> Value:
        """An operator on floats of this type; for SUM, MAX and MIN all that they are of."""

    @abstractmethod
    def count(self, bits: Value, library: CallLibrary) -> Value:
        """`COUNT`."""


def require_bit_range(form: Form, what: str, span: Span | None) -> None:
    """A form is 0 or 1 where a bit is required (section 6)."""
    if form.low < 0 or form.high > 1:
        raise Mistake(f"{what} must be 0 or 1, but the range of this form is {form.low}..{form.high}", span)
