"""Values as scripts print them: bit strings, integers, `1/3`, `true`, arrays and matrices."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from tc0.dsl.base.digits import show_integer
from tc0.dsl.core.program import Applied
from tc0.dsl.core.show import show_applied, show_element, show_type
from tc0.dsl.core.static import shape_of
from tc0.dsl.core.types import Symbol
from tc0.dsl.core.value import Item, WireValue, spelled, spells
from tc0.dsl.numbers.floats import Float, Format, text

WIDTH = 80


def show_static(value: object) -> str:
    """A static value as one would write it; a string without quotes, a matrix that is long with one row a line."""
    if isinstance(value, str):
        return value if value else '""'
    text = written(value)
    if len(text) > WIDTH and isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "[" + ",\n ".join(written(row) for row in value) + "]"
    return text


def written(value: object) -> str:
    """A static value as one would write it, whatever its length."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return show_integer(value)
        case Fraction(numerator=above, denominator=below):
            return show_integer(above) if below == 1 else f"{show_integer(above)}/{show_integer(below)}"
        case Float():
            return text(value)
        case str():
            return f'"{value}"'
        case tuple() | list():
            return "[" + ", ".join(written(v) for v in value) + "]"
        case Applied():
            return show_applied(value)
        case _:
            return str(value)


def static_type_text(value: object) -> str:
    """`integer`, `rational[2, 3]`, `bool`, `string`, `(bit[n]) -> bit`."""
    shape = shape_of(value)
    element = value
    while isinstance(element, tuple) and element:
        element = element[0]
    match element:
        case bool():
            name = "bool"
        case Fraction():
            name = "rational"
        case Float(format=format):
            name = str(format)
        case str():
            name = "string"
        case Applied(family=family):
            name = show_type(family.type)
        case _:
            name = "integer"
    return f"{name}[{', '.join(map(str, shape))}]" if shape else name


def show_wires(value: WireValue) -> str:
    """A value on wires as scripts print it: `10110`; one row a line for a matrix; a blank line between matrices."""
    return _rows(value, value.shape, 0) or '""'


def wires_type_text(value: WireValue) -> str:
    """`bit[5]`, `uint(8)`, `{"a", "b"}[4]`."""
    base = value.kind
    if value.kind in ("uint", "int"):
        base = f"{value.kind}({value.width})"
    elif value.kind == "float":
        base = str(Format(value.width, value.nearest))
    elif value.kind == "symbol":
        base = show_element(Symbol(value.symbols))
    return f"{base}[{', '.join(map(str, value.shape))}]" if value.shape else base


def _rows(value: WireValue, shape: tuple[int, ...], at: int) -> str:
    if len(shape) <= 1:
        return _line(value, value.elements[at : at + prod(shape)], bool(shape))
    step = prod(shape[1:])
    between = "\n" * (len(shape) - 1)
    return between.join(_rows(value, shape[1:], at + i * step) for i in range(shape[0]))


def _line(value: WireValue, elements: tuple[Item, ...], array: bool) -> str:
    if not array:
        return written(elements[0]) if not isinstance(elements[0], str) else elements[0]
    return spelled(elements) if spells(value) else written(elements)
