"""Operators between values: static arithmetic, linear forms (section 6) and words (section 7), chosen by type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tc0.dsl.base.source import Span

from . import families, float_operators, statics, word_operators
from .conversion import convert, unify
from .scope import At
from .values import Bit, Form, Mistake, Symbol, Type, Value, Word, integer, scalars, type_of


def form(value: Value, at: At, operator: str, span: Span | None) -> Form:
    """An operand of a sum of forms: a form, a bit, a word as its value, a static integer as a constant."""
    match value:
        case Form():
            return value
        case Bit() | Word():
            return at.reading.form(value)
    if type_of(value).is_static:
        return Form.number(integer(value, f"an operand of `{operator}`", span))
    raise Mistake(f"`{operator}` does not take {type_of(value).kind}{list(type_of(value).shape) or ''}", span)


def operate(operator: str, left: Value, right: Value, at: At, span: Span | None) -> Value:
    """One of `+ - * / // % << >>`."""
    a, b = type_of(left), type_of(right)
    if float_operators.among((left, right)):
        return float_operators.binary(operator, left, right, at.reading, span, library(at, span))
    if a.is_static and b.is_static:
        return statics.arithmetic(operator, left, right, span)
    if _on_words(a, b):
        return _words(operator, left, right, at, span)
    match operator:
        case "+":
            return form(left, at, operator, span).plus(form(right, at, operator, span))
        case "-":
            return form(left, at, operator, span).minus(form(right, at, operator, span))
        case "*" if a.is_static:
            return form(right, at, operator, span).times(integer(left, "a weight", span))
        case "*" if b.is_static:
            return form(left, at, operator, span).times(integer(right, "a weight", span))
        case "//" | "%":
            operand, modulus = form(left, at, operator, span), integer(right, "a modulus", span)
            if modulus < 1:
                raise Mistake(f"a modulus of {modulus}", span)
            reading = at.reading
            return reading.quotient(operand, modulus) if operator == "//" else reading.remainder(operand, modulus)
    raise Mistake(f"`{operator}` does not take wires: forms are linear", span)


def _on_words(a: Type, b: Type) -> bool:
    """Two words, or a word and a static integer."""
    return a.is_word and b.is_word or a.is_word and b.is_static or a.is_static and b.is_word


def _pair(left: Value, right: Value, at: At, span: Span | None) -> tuple[Word, Word]:
    """Two words; a static integer as a constant of the width of the other."""
    a, b = type_of(left), type_of(right)
    left = left if a.is_word else convert(left, b, at.reading, "an operand", span)
    right = right if b.is_word else convert(right, a, at.reading, "an operand", span)
    if not isinstance(left, Word) or not isinstance(right, Word):
        raise Mistake("operators take single words", span)
    return left, right


def _alike(left: Word, right: Word, at: At) -> tuple[Word, Word]:
    """Beside an `int` a `uint(w)` is an `int(w + 1)`."""
    if left.signed == right.signed:
        return left, right
    return _signed(left, at), _signed(right, at)


def _signed(word: Word, at: At) -> Word:
    return word if word.signed else at.reading.resize(word, Type("int", width=word.width + 1))


def _words(operator: str, left: Value, right: Value, at: At, span: Span | None) -> Value:
    if operator == "/":
        raise Mistake("`/` does not take words", span)
    if operator in ("<<", ">>"):
        if type_of(right).is_static:
            assert isinstance(left, Word)
            return word_operators.shift(operator, left, integer(right, "an amount", span), at, span)
        word, amount = _pair(left, right, at, span)
        if amount.signed:
            raise Mistake("the amount of a shift is unsigned", span)
        return at.reading.operate(operator, (word, amount), library(at, span))
    if operator in ("//", "%") and type_of(right).is_static and integer(right, "a divisor", span) == 0:
        raise Mistake("a word is divided by the constant 0", span)
    return at.reading.operate(operator, _alike(*_pair(left, right, at, span), at), library(at, span))


def library(at: At, span: Span | None) -> families.CallLibrary:
    """Calls a family of the library by its name, whatever the user has defined."""

    def call(name: str, arguments: Sequence[Value], brackets: Sequence[Value] = ()) -> Value:
        family = families.fix_values(families.named(name, at.scope.words, span), [(None, b) for b in brackets], span)
        return families.call(family, arguments, at, span)

    return call


# ---- comparisons


def compare(operator: str, left: Value, right: Value, at: At, span: Span | None) -> Value:
    """Of statics a static boolean, of anything on wires a bit."""
    a, b = type_of(left), type_of(right)
    if float_operators.among((left, right)):
        return _compare_floats(operator, left, right, at, span)
    if a.is_static and b.is_static:
        return statics.compare(operator, left, right, span)
    if isinstance(left, Symbol) and b.is_static:
        return _literal(operator, left, right, at, span)
    if isinstance(right, Symbol) and a.is_static:
        return _literal(operator, right, left, at, span)
    if _on_words(a, b) and not a.shape and not b.shape:
        return _compare_words(operator, left, right, at, span)
    if _is_number(a) and _is_number(b):
        return at.reading.compare(operator, form(left, at, operator, span), form(right, at, operator, span))
    return _compare_alike(operator, left, right, at, span)


def _compare_floats(operator: str, left: Value, right: Value, at: At, span: Span | None) -> Value:
    if operator in float_operators.ORDER:
        return float_operators.compare(operator, left, right, at.reading, span, library(at, span))
    left, right = float_operators.alike((left, right), at.reading, span)
    if type_of(left).is_static:
        return (left == right) == (operator == "==")
    return _compare_alike(operator, left, right, at, span)


def _is_number(type: Type) -> bool:
    return not type.shape and (type.kind in ("bit", "form", "integer") or type.is_word)


def _literal(operator: str, symbol: Symbol, literal: Value, at: At, span: Span | None) -> Bit:
    _only_equality(operator, span)
    if literal not in symbol.alphabet:
        raise Mistake(f"{literal!r} is no symbol of the alphabet", span)
    return at.reading.is_symbol(symbol, symbol.alphabet.index(str(literal)), operator == "!=")


def _compare_words(operator: str, left: Value, right: Value, at: At, span: Span | None) -> Bit:
    """`==` on the bits, the shorter extended; the order by one gate on the values."""
    a, b = _pair(left, right, at, span)
    if operator not in ("==", "!="):
        return at.reading.compare(operator, at.reading.form(a), at.reading.form(b))
    a, b = _alike(a, b, at)
    wide = Type("int" if a.signed else "uint", width=max(a.width, b.width))
    return at.reading.same([(at.reading.resize(a, wide), at.reading.resize(b, wide))], operator == "!=")


def _compare_alike(operator: str, left: Value, right: Value, at: At, span: Span | None) -> Bit:
    """Symbols, and arrays of one type and shape."""
    _only_equality(operator, span)
    a, b = type_of(left), type_of(right)
    if a.kind == "text" or b.kind == "text":
        wires = b if a.kind == "text" else a
        target = replace(wires, shape=(None,) * len(wires.shape))
        left, right = (convert(v, target, at.reading, "an operand", span) for v in (left, right))
    left, right = unify([left, right], (), at.reading, "an operand", span)
    if type_of(left) != type_of(right):
        raise Mistake(f"`{operator}` compares values of one type and shape", span)
    return at.reading.same(list(zip(scalars(left), scalars(right), strict=True)), operator == "!=")


def _only_equality(operator: str, span: Span | None) -> None:
    if operator not in ("==", "!="):
        raise Mistake(f"`{operator}` does not order these", span)
