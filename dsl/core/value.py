"""A value on wires as plain data: decoded from wires, encoded to them, written so that it can be pasted back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import prod

from tc0.dsl.base.digits import show_integer
from tc0.dsl.base.errors import Error
from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core.interface import Port
from tc0.dsl.core.program import Constant, Expr, Lift
from tc0.dsl.core.types import INTEGER, Bit, Element, Form, Kind, Static, Symbol, Wires, Word, code_bits
from tc0.dsl.core.types import Float as FloatElement
from tc0.dsl.numbers.floats import Float, Format, NoCode, from_bits, text, to_bits

Item = int | str | Float


@record
class WireValue:
    """kind: as in `Port`. elements: in row-major order, integers for bits, words and forms, strings for symbols, floats.
    nearest: how floats round."""

    kind: str
    shape: tuple[int, ...]
    width: int
    symbols: tuple[str, ...]
    elements: tuple[Item, ...]
    nearest: bool = False

    def nested(self) -> object:
        """The elements as nested tuples of the shape; one element where the shape is ()."""
        return nest(self.elements, self.shape)

    def bits(self) -> list[int]:
        """The wires, bit 0 of the first element first."""
        found: list[int] = []
        for element in self.elements:
            if isinstance(element, Float):
                found += to_bits(element)
            else:
                code = self.symbols.index(element) if isinstance(element, str) else element
                found += [(code >> k) & 1 for k in range(self.width)]
        return found


def nest(elements: Sequence[object], shape: tuple[int, ...]) -> object:
    """Elements in row-major order as nested tuples."""
    if not shape:
        return elements[0]
    step = prod(shape[1:])
    return tuple(nest(elements[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0]))


def decode(port: Port, bits: Sequence[int], span: Span | None = None) -> WireValue:
    """The value that these wires carry. The codes must be valid; that one of a float is not is an error, at `span`."""
    if port.kind == "float":
        format = Format(port.width, port.nearest)
        starts = range(0, port.wires, port.width)
        try:
            numbers = tuple(from_bits(format, [int(b) for b in bits[at : at + port.width]]) for at in starts)
        except NoCode as e:
            raise Error("E0715", str(e), span, "bits become a float where they are the code of one") from None
        return WireValue("float", port.shape, port.width, (), numbers, port.nearest)
    elements: list[Item] = []
    for at in range(0, port.wires, port.width) if port.width else [0] * port.elements:
        code = sum(int(b) << k for k, b in enumerate(bits[at : at + port.width]))
        if port.kind == "symbol":
            elements.append(port.symbols[code])
        elif port.kind == "int" and port.width and code >> (port.width - 1):
            elements.append(code - (1 << port.width))
        else:
            elements.append(code)
    return WireValue(port.kind, port.shape, port.width, port.symbols, tuple(elements))


def element_type(value: WireValue, span: Span) -> Element:
    """The type of the elements."""

    def number(n: int) -> Expr:
        return Constant(n, INTEGER, span)

    match value.kind:
        case "bit":
            return Bit()
        case "symbol":
            return Symbol(value.symbols)
        case "form":
            numbers = [e for e in value.elements if isinstance(e, int)] or [0]
            return Form(number(min(numbers)), number(max(numbers)))
        case "float":
            return FloatElement(number(value.width), value.nearest)
        case kind:
            return Word(kind == "int", number(value.width))


def lifted(value: WireValue, span: Span) -> Lift:
    """The value as a closed expression on wires: constants, no gate."""
    rank = len(value.shape)
    kind = {"symbol": Kind.TEXT, "float": Kind.FLOAT}.get(value.kind, Kind.INTEGER)
    constant = Constant(value.nested(), Static(kind, rank), span)  # type: ignore[arg-type]
    shape = tuple(Constant(length, INTEGER, span) for length in value.shape)
    return Lift(constant, Wires(element_type(value, span), shape), span)


def unlifted(expr: Lift) -> WireValue:
    """The value of a closed expression that `lifted` has made."""
    assert isinstance(expr.value, Constant) and isinstance(expr.type, Wires)
    shape = tuple(_known(dim) for dim in expr.type.shape)
    elements = tuple(_leaves(expr.value.value))
    match expr.type.element:
        case Symbol(symbols=symbols):
            return WireValue("symbol", shape, code_bits(len(symbols)), symbols, elements)
        case Word(signed=signed, width=width):
            return WireValue("int" if signed else "uint", shape, _known(width), (), elements)
        case Form():
            return WireValue("form", shape, 0, (), elements)
        case FloatElement(precision=width, nearest=nearest):
            return WireValue("float", shape, _known(width), (), elements, nearest)
        case _:
            return WireValue("bit", shape, 1, (), elements)


def _known(dim: Expr | None) -> int:
    assert isinstance(dim, Constant) and isinstance(dim.value, int)
    return dim.value


def _leaves(value: object) -> Iterator[Item]:
    if isinstance(value, tuple):
        for row in value:
            yield from _leaves(row)
    else:
        assert isinstance(value, int | str | Float)
        yield value


def paste(value: WireValue) -> str:
    """An expression that gives this value: `"10110"`, `uint(4)(9)`, `["10", "01"]`."""
    return _paste(value, value.shape, 0)


def spells(value: WireValue) -> bool:
    """Whether a row of elements can be written as one string."""
    return value.kind == "bit" or (value.kind == "symbol" and all(len(s) == 1 for s in value.symbols))


def spelled(elements: Iterable[Item]) -> str:
    """A row of bits or symbols as one string, without quotes."""
    return "".join(str(e) for e in elements)


def _paste(value: WireValue, shape: tuple[int, ...], at: int) -> str:
    if not shape:
        return _paste_element(value, value.elements[at])
    if len(shape) == 1 and spells(value):
        return f'"{spelled(value.elements[at : at + shape[0]])}"'
    step = prod(shape[1:])
    return "[" + ", ".join(_paste(value, shape[1:], at + i * step) for i in range(shape[0])) + "]"


def _paste_element(value: WireValue, element: Item) -> str:
    if isinstance(element, str):
        return f'"{element}"'
    if isinstance(element, Float):
        return f"{element.format}({text(element)})"
    if value.kind in ("uint", "int"):
        return f"{value.kind}({value.width})({show_integer(element)})"
    return show_integer(element)
