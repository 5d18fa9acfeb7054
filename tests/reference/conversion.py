"""Where a value meets a type: constants become wires, bits become forms, 0/1 forms become bits by one gate each.

Section 3 (a static value that meets wires is a constant of the type expected there), section 6 (where a bit is
required), section 7 (a static integer meets a word), section 10 (string literals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tc0.dsl.base.source import Span

from . import float_operators
from .reading import Reading, require_bit_range
from .values import (
    Array,
    Bit,
    Constant,
    Float,
    Form,
    Mistake,
    Real,
    Scalar,
    Symbol,
    Type,
    Value,
    Word,
    like,
    product,
    scalars,
    type_of,
)


def convert(value: Value, wanted: Type, reading: Reading, what: str, span: Span | None) -> Value:
    """The value as wires of the wanted type. Lengths that are not known are not compared."""
    given = type_of(value)
    if given.kind == "family":
        raise Mistake(f"{what} must be a value, but this is a family", span)
    if given.kind == "text":
        value = _spell(value, wanted, what, span)
    if wanted.kind == "form" and given.kind == "text":
        value = convert(value, replace(wanted, kind="bit"), reading, what, span)
    _same_shape(type_of(value).shape, wanted.shape, what, span)
    items = [_one(item, wanted, reading, what, span) for item in scalars(value)]
    return like(value, items, type_of(items[0]) if items else replace(wanted, low=None, high=None))


def _same_shape(given: Sequence[int | None], wanted: Sequence[int | None], what: str, span: Span | None) -> None:
    fits = len(given) == len(wanted) and all(w is None or g == w for g, w in zip(given, wanted, strict=True))
    if not fits:
        raise Mistake(f"{what} must have the shape {tuple(wanted)}, but this has {tuple(given)}", span)


def _spell(value: Value, wanted: Type, what: str, span: Span | None) -> Value:
    """A string as an array of its characters, where an array is wanted; `"10110"` as 1, 0, 1, 1, 0."""
    rank = len(type_of(value).shape)
    if wanted.kind == "symbol" and len(wanted.shape) == rank:
        return value
    if wanted.kind not in ("bit", "form", "symbol") or len(wanted.shape) != rank + 1:
        raise Mistake(f"{what} is a string where none is expected", span)
    texts = [str(item) for item in scalars(value)]
    if len({len(text) for text in texts}) > 1:
        raise Mistake("a ragged array of strings", span)
    characters: list[Scalar] = [c for text in texts for c in text]
    if wanted.kind != "symbol":
        if any(c not in ("0", "1") for c in characters):
            raise Mistake(f"{what} must be a string of 0 and 1", span)
        characters = [int(str(c)) for c in characters]
    length = len(texts[0]) if texts else 0
    shape = (*(value.shape if isinstance(value, Array) else ()), length)
    return Array(Type("text" if wanted.kind == "symbol" else "integer"), shape, tuple(characters))


def _one(item: Scalar, wanted: Type, reading: Reading, what: str, span: Span | None) -> Scalar:
    match item, wanted.kind:
        case (Bit(), "bit") | (Form(), "form"):
            return item
        case Bit(), "form":
            return reading.form(item)
        case Form(), "bit":
            require_bit_range(item, what, span)
            return reading.wire(item)
        case Word(signed=signed, width=width), "uint" | "int":
            if signed != (wanted.kind == "int") or wanted.width not in (None, width):
                raise Mistake(f"{what} must be {wanted.kind}({wanted.width})", span)
            return item
        case Float(precision=precision, nearest=nearest), "float":
            if nearest != wanted.nearest or wanted.width not in (None, precision):
                raise Mistake(f"{what} must be float({wanted.width}): floats of different types do not mix", span)
            return item
        case ((int() | Fraction() | Real() | Constant()), "float") if not isinstance(item, bool):
            return reading.constant(float_operators.constant(wanted, item, what, span))
        case Symbol(alphabet=alphabet), "symbol" if alphabet == wanted.alphabet:
            return item
        case str(), "symbol":
            if item not in wanted.alphabet:
                raise Mistake(f'"{item}" is no symbol of the alphabet', span)
            return reading.number(wanted, wanted.alphabet.index(item))
        case int(), _ if not isinstance(item, bool):
            return _constant(item, wanted, reading, what, span)
    raise Mistake(f"{what} must be {wanted.kind}, not {type_of(item).kind}", span)


def _constant(value: int, wanted: Type, reading: Reading, what: str, span: Span | None) -> Scalar:
    """A static integer as a constant wire, a constant form, or a word that it fits."""
    match wanted.kind:
        case "bit":
            if value not in (0, 1):
                raise Mistake(f"{what} must be a bit, and {value} is neither 0 nor 1", span)
            return reading.bit(value)
        case "form":
            return Form.number(value)
        case "uint" | "int":
            if wanted.width is None:
                raise Mistake(f"the width of {what} is not known here", span)
            low, high = reading.whole(Word(wanted.kind == "int", wanted.width, 0))
            if wanted.width < 0 or not low <= value <= high:
                raise Mistake(f"{value} does not fit into {wanted.kind}({wanted.width})", span)
            return reading.number(wanted, value)
    raise Mistake(f"{what} must be {wanted.kind}, not an integer", span)


# ---- one type for several


def common(types: Sequence[Type]) -> Type | None:
    """The type of wires that branches or elements get together; None where all are static. The shape is not known."""
    wires = [type for type in types if not type.is_static]
    if not wires:
        return None
    first = wires[0]
    if any(t.kind == "form" for t in wires) and all(t.kind in ("bit", "form") for t in wires):
        first = next(t for t in wires if t.kind == "form")
    if first.is_word:
        widths = {t.width for t in wires}
        first = replace(first, width=widths.pop() if len(widths) == 1 else None)
    if first.kind == "float":
        first = replace(first, width=next((t.width for t in wires if t.width is not None), None))
    return replace(first, shape=(None,) * len(first.shape), low=None, high=None)


def unify(
    values: Sequence[Value], others: Sequence[Type], reading: Reading, what: str, span: Span | None
) -> list[Value]:
    """Values as values of one type; others: types of branches that are not built."""
    if any(type_of(value).kind == "family" for value in values):
        return list(values)
    target = common([*map(type_of, values), *others])
    if target is None:
        return float_operators.as_constants(values, others, span)
    return [convert(value, target, reading, what, span) for value in values]


def stack(dims: Sequence[int], values: Sequence[Value], inner: Type | None, span: Span | None) -> Array:
    """An array of equal values of one type; inner: the type of an element where there is none."""
    if values:
        inner = type_of(values[0])
        if any(type_of(value).shape != inner.shape for value in values):
            raise Mistake("a ragged array", span)
        if len({type_of(value).width for value in values}) > 1:
            raise Mistake("an array of words of different widths", span)
    assert inner is not None
    if inner.kind == "family":
        raise Mistake("an array holds values, not families", span)
    shape = (*dims, *(length or 0 for length in inner.shape))
    assert values or product(shape) == 0
    return Array(inner.element, shape, tuple(item for value in values for item in scalars(value)))


# ---- between bits and values


def encode(value: Value, reading: Reading) -> list[Bit]:
    """The wires of a value, row-major, bit 0 first (section 12)."""
    return [bit for item in scalars(value) for bit in reading.bits(item)]


def decode(type: Type, bits: Sequence[Bit], reading: Reading) -> Value:
    """The value of this type on these wires."""
    shape = tuple(length or 0 for length in type.shape)
    step = type.code_bits
    items: list[Scalar] = []
    for at in range(product(shape)):
        own = list(bits[at * step : (at + 1) * step])
        if type.kind == "bit":
            items.append(own[0])
        elif type.kind == "symbol":
            items.append(reading.symbol(type, own))
        elif type.is_word:
            items.append(reading.word(type, own))
        elif type.kind == "float":
            items.append(reading.float(type, own))
        else:
            raise Mistake("a form has no wires of its own")
    return Array(type.element, shape, tuple(items)) if type.shape else items[0]


def count_wires(type: Type) -> int:
    """The number of wires of a value of this type."""
    if type.kind == "form":
        raise Mistake("a form has no wires of its own: the family has a circuit only where it is called")
    return product([length or 0 for length in type.shape]) * type.code_bits
