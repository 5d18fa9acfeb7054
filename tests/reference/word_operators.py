"""Operators on words (section 7): types, integers, and the families of the library that a circuit calls."""

from __future__ import annotations

from collections.abc import Sequence

from tc0.dsl.base.source import Span

from .reading import CallLibrary, Reading
from .scope import At
from .values import Array, Mistake, Type, Value, Word, integer, scalars, type_of

FAMILIES = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "//": "divide",
    "%": "remainder",
    "<<": "shift_left_by",
    ">>": "shift_right_by",
    "negate": "negate",
    "abs": "abs",
    "SUM": "sum",
    "MAX": "max",
    "MIN": "min",
    "SORT": "sort",
}
EXTREMES = ("MAX", "MIN", "SORT")


def result(operator: str, signed: bool, widths: Sequence[int | None]) -> tuple[bool, int | None]:
    """Signedness and width of a result from those of the operands."""
    first = widths[0] if widths else None
    if operator in ("abs", "negate"):
        return operator == "negate", None if first is None else first + (operator == "negate")
    if operator in ("<<", ">>", *EXTREMES):
        return signed, first
    if operator == "SUM":
        return signed, None if first is None else first + max(len(widths) - 1, 0).bit_length()
    if any(width is None for width in widths):
        return signed or operator == "-", None
    a, b = (width or 0 for width in widths)
    wide = {"*": a + b, "//": a + signed, "%": max(a, b) if signed else a}.get(operator, max(a, b) + 1)
    return signed or operator == "-", wide


def shifted(operator: str, signed: bool, width: int, amount: int) -> int:
    """The width after a shift by a static amount."""
    return width + amount if operator == "<<" else max(width - amount, int(signed))


def meaning(operator: str, values: Sequence[int]) -> int | list[int]:
    match operator, *values:
        case "+", a, b:
            return a + b
        case "-", a, b:
            return a - b
        case "*", a, b:
            return a * b
        case "//", a, b:
            return a // b if b else 0
        case "%", a, b:
            return a % b if b else a
        case "<<", a, b:
            return a << b
        case ">>", a, b:
            return a >> b
        case "negate", a:
            return -a
        case "abs", a:
            return abs(a)
    return {"SUM": sum, "MAX": max, "MIN": min, "SORT": sorted}[operator](values)  # type: ignore[operator]


def on_integers(operator: str, words: Sequence[Word], reading: Reading) -> Value:
    """The result of an operator in the value reading; a shift by a word drops what leaves the width."""
    first = words[0]
    values = [word.content for word in words if isinstance(word.content, int)]
    signed, width = result(operator, first.signed, [word.width for word in words])
    assert width is not None
    found = meaning(operator, values)
    if isinstance(found, list):
        items = tuple(Word(signed, width, value) for value in found)
        return Array(type_of(first), (len(items),), items)
    return reading.resize(
        Word(signed, max(width, found.bit_length() + 1), found), Type("int" if signed else "uint", width=width)
    )


def shift(operator: str, word: Word, amount: int, at: At, span: Span | None) -> Value:
    """A shift by a static amount: wiring."""
    if amount < 0:
        raise Mistake(f"a shift by {amount}", span)
    bits = at.reading.bits(word)
    width = shifted(operator, word.signed, word.width, amount)
    zero = at.reading.bit(0)
    if operator == "<<":
        bits = [zero] * amount + list(bits)
    else:
        fill = bits[-1] if word.signed and bits else zero
        bits = [*bits[amount:], *[fill] * width][:width]
    return at.reading.word(Type("int" if word.signed else "uint", width=width), list(bits))


def alike(values: Sequence[Value], at: At, span: Span | None) -> Sequence[Value]:
    """Several single values of which some are words, as words of one type; beside bits and forms, as forms."""
    words = [value for value in values if isinstance(value, Word)]
    if not words:
        return values
    if any(type_of(value).kind in ("bit", "form") for value in values):
        return [at.reading.form(value) if isinstance(value, Word) else value for value in values]
    signed = any(word.signed for word in words)
    width = max(word.width + (signed and not word.signed) for word in words)
    type = Type("int" if signed else "uint", width=width)
    found: list[Value] = []
    for value in values:
        if isinstance(value, Word):
            found.append(at.reading.resize(value, type))
        else:
            number = integer(value, "an argument", span)
            low, high = at.reading.whole(Word(signed, width, 0))
            if not low <= number <= high:
                raise Mistake(f"{number} does not fit", span)
            found.append(at.reading.number(type, number))
    return found


def of_array(operator: str, array: Value, at: At, span: Span | None, library: CallLibrary) -> Value:
    """SUM, MAX, MIN and SORT of the words of an array of any rank."""
    words = [word for word in scalars(array) if isinstance(word, Word)]
    if not type_of(array).is_word or (not words and operator in ("MAX", "MIN")):
        raise Mistake(f"`{operator}` takes at least one word", span)
    type = type_of(array)
    if not words:
        return at.reading.number(Type(type.kind, width=type.width), 0) if operator == "SUM" else array
    return at.reading.operate(operator, words, library)
