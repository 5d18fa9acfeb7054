"""The circuit reading: every operation on wires as the gates that section 6 says, built one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product as all_of

from tc0.dsl.base.source import Span

from . import float_operators, word_operators
from .netlist import Claim, Gate, Netlist
from .reading import CallLibrary, Pairs, Reading
from .values import Array, Bit, Float, Form, Mistake, Scalar, Symbol, Type, Value, Word, type_of


class Circuits(Reading):
    """A wire is a number in the list of gates."""

    def __init__(self, inputs: int, limit: int | None = None) -> None:
        super().__init__()
        self.netlist = Netlist(inputs, limit)

    def _threshold(self, kind: str, form: Form, least: int) -> Bit:
        """One gate: whether the form is at least `least`."""
        return Bit(self.netlist.add(Gate(kind, form.terms, least - form.constant)))

    def _plain(self, kind: str, bits: Sequence[Bit]) -> Bit:
        """AND or OR of bits, NOT of one."""
        if kind == "NOT":
            return Bit(self.netlist.add(Gate("NOT", ((bits[0].wire, -1),), 0)))
        terms = tuple((bit.wire, 1) for bit in bits)
        return Bit(self.netlist.add(Gate(kind, terms, len(bits) if kind == "AND" else 1)))

    # ---- words and symbols are their wires (section 4)

    def bit(self, value: int) -> Bit:
        return Bit(value)

    def word(self, type: Type, bits: Sequence[Bit]) -> Word:
        return Word(type.kind == "int", len(bits), tuple(bit.wire for bit in bits))

    def symbol(self, type: Type, bits: Sequence[Bit]) -> Symbol:
        return Symbol(type.alphabet, tuple(bit.wire for bit in bits))

    def bits(self, value: Scalar) -> list[Bit]:
        match value:
            case Bit():
                return [value]
            case Word(content=tuple() as content) | Symbol(content=tuple() as content):
                return [Bit(wire) for wire in content]
            case Float(wires=wires):
                return [Bit(wire) for wire in wires]
        raise Mistake("this has no wires")

    # ---- forms (section 6)

    def form(self, value: Bit | Word) -> Form:
        if isinstance(value, Bit):
            return Form(0, 1, 0, ((value.wire, 1),))
        assert isinstance(value.content, tuple)
        top = value.width - 1
        weights = [-(2**at) if value.signed and at == top else 2**at for at in range(value.width)]
        return Form(*self.whole(value), 0, tuple(zip(value.content, weights, strict=True)))

    def quotient(self, form: Form, modulus: int) -> Form:
        """`lo // m` plus one gate `L >= t * m` for every t with `lo < t * m <= hi`."""
        least, most = form.low // modulus, form.high // modulus
        levels = [self._threshold("THR", form, t * modulus) for t in range(least + 1, most + 1)]
        return Form(least, most, least, tuple((level.wire, 1) for level in levels))

    def remainder(self, form: Form, modulus: int) -> Form:
        """`L - m * (L // m)` with range 0..m-1."""
        rest = form.minus(self.quotient(form, modulus).times(modulus))
        return Form(0, modulus - 1, rest.constant, rest.terms)

    def within(self, form: Form, low: int, high: int, span: Span | None) -> Form:
        self.netlist.claims.append(Claim(form.constant, form.terms, low, high))
        return Form(low, high, form.constant, form.terms)

    def wire(self, form: Form) -> Bit:
        return self._threshold("THR", form, 1)

    def compare(self, operator: str, left: Form, right: Form) -> Bit:
        """One weighted threshold gate; `==` two and an AND, `!=` two and an OR."""
        up, down = left.minus(right), right.minus(left)
        match operator:
            case ">=":
                return self._threshold("THR", up, 0)
            case ">":
                return self._threshold("THR", up, 1)
            case "<=":
                return self._threshold("THR", down, 0)
            case "<":
                return self._threshold("THR", down, 1)
            case "==":
                return self._plain("AND", [self.compare(">=", left, right), self.compare("<=", left, right)])
            case _:
                return self._plain("OR", [self.compare(">", left, right), self.compare("<", left, right)])

    # ---- gates

    def gate(self, kind: str, operands: Sequence[Bit | Form], least: int) -> Bit:
        """With forms among the operands the weighted threshold that results; it is counted as what it is written as
        where every operand is a single bit b or 1 - b."""
        total = Form.number(0)
        for operand in operands:
            total = total.plus(self.form(operand) if isinstance(operand, Bit) else operand)
        plain = all(isinstance(operand, Bit) or is_literal(operand) for operand in operands)
        return self._threshold(kind if plain else "THR", total, least)

    def modulo(self, bits: Sequence[Bit], modulus: int, residue: int) -> Bit:
        return Bit(self.netlist.add(Gate("MOD", tuple((bit.wire, 1) for bit in bits), modulus, residue)))

    def invert(self, operand: Bit | Form) -> Bit:
        """`!L` is one gate, `1 - L >= 1`; a NOT where L is a single bit."""
        if isinstance(operand, Bit):
            return self._plain("NOT", [operand])
        single = operand.constant == 0 and len(operand.terms) == 1 and operand.terms[0][1] == 1
        return self._threshold("NOT" if single else "THR", Form.number(1).minus(operand), 1)

    def exclusive_or(self, left: Bit, right: Bit) -> Bit:
        """`(a & !b) | (!a & b)`, 5 gates."""
        only_left = self._plain("AND", [left, self._plain("NOT", [right])])
        only_right = self._plain("AND", [self._plain("NOT", [left]), right])
        return self._plain("OR", [only_left, only_right])

    def choose(self, condition: Bit, pairs: Pairs) -> list[Scalar]:
        """`(c & a) | (!c & b)` on each wire, with c and its NOT built once."""
        inverse = self._plain("NOT", [condition])

        def one(then: Bit, other: Bit) -> Bit:
            return self._plain("OR", [self._plain("AND", [condition, then]), self._plain("AND", [inverse, other])])

        chosen: list[Scalar] = []
        for then, other in pairs:
            bits = [one(a, b) for a, b in zip(self.bits(then), self.bits(other), strict=True)]
            chosen.append(_again(then, bits))
        return chosen

    def same(self, pairs: Pairs, negated: bool) -> Bit:
        """One AND of the equalities of the bits (of forms, of the elements), and for `!=` its NOT."""
        equal = []
        for left, right in pairs:
            if isinstance(left, Form) and isinstance(right, Form):
                equal.append(self.compare("==", left, right))
            else:
                both = zip(self.bits(left), self.bits(right), strict=True)
                equal += [self.compare("==", self.form(a), self.form(b)) for a, b in both]
        found = self._plain("AND", equal)
        return self._plain("NOT", [found]) if negated else found

    def is_symbol(self, symbol: Symbol, number: int, negated: bool) -> Bit:
        """One gate, an AND of the code bits b or 1 - b, and for `!=` its NOT."""
        literals = []
        for at, bit in enumerate(self.bits(symbol)):
            literal = self.form(bit)
            literals.append(literal if number >> at & 1 else Form.number(1).minus(literal))
        found = self.gate("AND", literals, len(literals))
        return self._plain("NOT", [found]) if negated else found

    def table(self, bits: Sequence[Bit], row: Callable[[Sequence[int]], Sequence[int]], outputs: int) -> list[Bit]:
        """One shared DNF with 2**b + b + m gates (section 5)."""
        inverse = [self._plain("NOT", [bit]) for bit in bits]
        rows = [list(row(inputs)) for inputs in all_of((0, 1), repeat=len(bits))]
        minterms = []
        for inputs in all_of((0, 1), repeat=len(bits)):
            literals = [bit if value else no for bit, no, value in zip(bits, inverse, inputs, strict=True)]
            minterms.append(self._plain("AND", literals))
        return [self._plain("OR", [m for m, r in zip(minterms, rows, strict=True) if r[at]]) for at in range(outputs)]

    # ---- words (section 7): families of the library

    def operate(self, operator: str, words: Sequence[Word], library: CallLibrary) -> Value:
        name = ("int_" if words[0].signed else "uint_") + word_operators.FAMILIES[operator]
        if operator in ("SUM", *word_operators.EXTREMES):
            return library(name, (Array(type_of(words[0]), (len(words),), tuple(words)),))
        return library(name, tuple(words))

    def operate_floats(self, operator: str, operands: Sequence[Float], type: Type, library: CallLibrary) -> Value:
        return float_operators.by_family(operator, operands, type, self, library)

    def count(self, bits: Value, library: CallLibrary) -> Value:
        return library("count", (bits,))


def is_literal(form: Form) -> bool:
    """Whether a form is a single bit b, or 1 - b."""
    if len(form.terms) != 1:
        return False
    return (form.constant, form.terms[0][1]) in ((0, 1), (1, -1))


def _again(model: Scalar, bits: Sequence[Bit]) -> Scalar:
    """These wires as a value of the type of `model`."""
    match model:
        case Word(signed=signed, width=width):
            return Word(signed, width, tuple(bit.wire for bit in bits))
        case Symbol(alphabet=alphabet):
            return Symbol(alphabet, tuple(bit.wire for bit in bits))
        case Float(precision=precision, nearest=nearest):
            return Float(precision, nearest, tuple(bit.wire for bit in bits))
    return bits[0]
