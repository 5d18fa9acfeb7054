"""The value reading: integers in, integers out, one input at a time. No gate is thought of here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tc0.dsl.base.source import Span

from . import float_operators, word_operators
from .reading import CallLibrary, Pairs, Reading
from .values import Array, Bit, Float, Form, Mistake, Scalar, Symbol, Type, Value, Word


class Values(Reading):
    """A wire is its bit, a word and a form are their integers, a symbol is its number in the alphabet."""

    def bit(self, value: int) -> Bit:
        return Bit(value)

    def word(self, type: Type, bits: Sequence[Bit]) -> Word:
        value = _number(bits)
        if type.kind == "int" and bits and bits[-1].wire:
            value -= 2 ** len(bits)
        return Word(type.kind == "int", len(bits), value)

    def symbol(self, type: Type, bits: Sequence[Bit]) -> Symbol:
        return Symbol(type.alphabet, _number(bits))

    def bits(self, value: Scalar) -> list[Bit]:
        match value:
            case Bit():
                return [value]
            case Word(width=width, content=int() as content):
                return [Bit(content >> at & 1) for at in range(width)]
            case Float(wires=wires):
                return [Bit(wire) for wire in wires]
            case Symbol(alphabet=alphabet, content=int() as content):
                return [Bit(content >> at & 1) for at in range(Type("symbol", alphabet=alphabet).code_bits)]
        raise Mistake("this has no wires")

    # ---- forms: section 6 on integers

    def form(self, value: Bit | Word) -> Form:
        if isinstance(value, Bit):
            return Form(0, 1, value.wire)
        assert isinstance(value.content, int)
        return Form(*self.whole(value), value.content)

    def quotient(self, form: Form, modulus: int) -> Form:
        return Form(form.low // modulus, form.high // modulus, form.constant // modulus)

    def remainder(self, form: Form, modulus: int) -> Form:
        return Form(0, modulus - 1, form.constant % modulus)

    def within(self, form: Form, low: int, high: int, span: Span | None) -> Form:
        if not low <= form.constant <= high:
            raise Mistake(f"this form is {form.constant}, outside of its declared range {low}..{high}", span)
        return Form(low, high, form.constant)

    def wire(self, form: Form) -> Bit:
        return Bit(int(form.constant >= 1))

    def compare(self, operator: str, left: Form, right: Form) -> Bit:
        a, b = left.constant, right.constant
        return Bit(int({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[operator]))

    # ---- gates: the table at the head of section 6

    def gate(self, kind: str, operands: Sequence[Bit | Form], least: int) -> Bit:
        values = [operand.wire if isinstance(operand, Bit) else operand.constant for operand in operands]
        match kind:
            case "AND":
                return Bit(int(all(values)))
            case "OR":
                return Bit(int(any(values)))
            case "MAJ":
                return Bit(int(2 * sum(values) > len(values)))
            case _:
                return Bit(int(sum(values) >= least))

    def modulo(self, bits: Sequence[Bit], modulus: int, residue: int) -> Bit:
        return Bit(int((sum(bit.wire for bit in bits) - residue) % modulus == 0))

    def invert(self, operand: Bit | Form) -> Bit:
        return Bit(1 - (operand.wire if isinstance(operand, Bit) else operand.constant))

    def exclusive_or(self, left: Bit, right: Bit) -> Bit:
        return Bit(left.wire ^ right.wire)

    def choose(self, condition: Bit, pairs: Pairs) -> list[Scalar]:
        return [then if condition.wire else other for then, other in pairs]

    def same(self, pairs: Pairs, negated: bool) -> Bit:
        equal = all(_plain(left) == _plain(right) for left, right in pairs)
        return Bit(int(equal != negated))

    def is_symbol(self, symbol: Symbol, number: int, negated: bool) -> Bit:
        return Bit(int((symbol.content == number) != negated))

    def table(self, bits: Sequence[Bit], row: Callable[[Sequence[int]], Sequence[int]], outputs: int) -> list[Bit]:
        return [Bit(value) for value in row([bit.wire for bit in bits])]

    # ---- words: section 7 on integers

    def operate(self, operator: str, words: Sequence[Word], library: CallLibrary) -> Value:
        return word_operators.on_integers(operator, words, self)

    def operate_floats(self, operator: str, operands: Sequence[Float], type: Type, library: CallLibrary) -> Value:
        return float_operators.on_fractions(operator, operands, type, self)

    def count(self, bits: Value, library: CallLibrary) -> Value:
        assert isinstance(bits, Array)
        ones = sum(bit.wire for bit in bits.items if isinstance(bit, Bit))
        return Word(False, len(bits.items).bit_length(), ones)


def _number(bits: Sequence[Bit]) -> int:
    return sum(bit.wire << at for at, bit in enumerate(bits))


def _plain(value: Scalar) -> object:
    match value:
        case Bit(wire=wire):
            return wire
        case Form(constant=constant):
            return constant
        case Word(content=content) | Symbol(content=content):
            return content
        case Float(wires=wires):
            return wires
    return value
