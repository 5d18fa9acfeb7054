"""What Python hands in, as values of the language: "1011", lists, integers, numpy arrays, strings of symbols."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import prod

from tc0.dsl.base.errors import Error
from tc0.dsl.core.interface import Port
from tc0.dsl.core.program import Applied
from tc0.dsl.core.value import Item, WireValue
from tc0.dsl.numbers.floats import Float
from tc0.dsl.ops.floats import convert, format_of
from tc0.dsl.ops.undefined import Undefined


def as_static(given: object) -> object:
    """A Python value as a static value: nested tuples for arrays, numpy integers as Python's."""
    if hasattr(given, "tolist") and hasattr(given, "dtype"):
        given = _numbers(given.tolist(), boolean=given.dtype.kind == "b")
    match given:
        case bool() | int() | Fraction() | str() | Applied() | Float():
            return given
        case float() if given == given and abs(given) != float("inf"):
            return Fraction(given)
        case list() | tuple():
            return tuple(as_static(v) for v in given)
        case _:
            raise Error(
                "E0708",
                f"a {type(given).__name__} is no value of the language",
                None,
                "give a string of bits, integers, lists of them, or a numpy array",
            )


def _numbers(value: object, boolean: bool) -> object:
    """Booleans of a numpy array are bits."""
    if isinstance(value, list):
        return [_numbers(v, boolean) for v in value]
    return int(value) if boolean else value  # type: ignore[call-overload]


def as_bits(given: object) -> object:
    """As `as_static`, for what meets wires: Python's booleans are bits."""
    value = as_static(given)
    if isinstance(value, bool):
        return int(value)
    return tuple(as_bits(v) for v in value) if isinstance(value, tuple) else value


def value_for(port: Port, given: object) -> WireValue:
    """A Python value as the value of an input, or an error that names the input, what it takes and what was found."""
    elements = list(_elements(port, as_bits(given), port.shape, given))
    if port.kind != "float":
        for at, element in enumerate(elements):
            _check_element(port, element, at)
    return WireValue(port.kind, port.shape, port.width, port.symbols, tuple(elements), port.nearest)


def port_text(port: Port) -> str:
    """`bit[8]`, `uint(4)`, `a string of 3 symbols of "ab"`: what an input takes."""
    match port.kind:
        case "symbol":
            base = "{" + ", ".join(f'"{s}"' for s in port.symbols) + "}"
        case "uint" | "int":
            base = f"{port.kind}({port.width})"
        case "float":
            base = str(format_of(port.width, port.nearest))
        case kind:
            base = kind
    return f"{base}[{', '.join(map(str, port.shape))}]" if port.shape else base


def _elements(port: Port, value: object, shape: Sequence[int], given: object) -> Iterable[Item]:
    if not shape:
        yield _element(port, value, given)
        return
    if isinstance(value, str):
        value = _spelled(port, value, shape, given)
    if not isinstance(value, tuple):
        raise _wrong(port, f"not {_found(value)}")
    if len(value) != shape[0]:
        raise _wrong(port, f"but {_of_length(value, given)} is given")
    for row in value:
        yield from _elements(port, row, shape[1:], given)


def _spelled(port: Port, text: str, shape: Sequence[int], given: object) -> tuple[object, ...]:
    """A string in place of an array of bits or symbols; of a matrix it may spell all rows at once."""
    if port.kind not in ("bit", "symbol"):
        raise _wrong(port, "not a string")
    letters: list[object] = []
    for character in text:
        if port.kind == "bit" and character not in "01":
            raise _wrong(port, f'but "{_short(text)}" holds "{character}"', "E0702")
        letters.append(int(character) if port.kind == "bit" else character)
    if len(letters) != shape[0] or len(shape) > 1:
        if len(shape) > 1 and len(letters) == prod(shape):
            step = prod(shape[1:])
            return tuple(text[i * step : (i + 1) * step] for i in range(shape[0]))
        raise _wrong(port, f"but a string of length {len(letters)} is given")
    return tuple(letters)


def _element(port: Port, value: object, given: object) -> Item:
    if port.kind == "float" and isinstance(value, int | Fraction | Float):
        try:
            return convert(format_of(port.width, port.nearest), value)
        except Undefined as e:
            raise Error(e.code, f"`{port.name}` takes {port_text(port)}: {e.message}") from None
    if port.kind == "symbol" and isinstance(value, str):
        return value
    if port.kind not in ("symbol", "float") and type(value) is int:
        return value
    if port.kind == "bit" and value in ("0", "1"):
        return int(str(value))
    raise _wrong(port, f"not {_found(value)}")


def _check_element(port: Port, element: Item, at: int) -> None:
    place = f" at position {at}" if port.shape else ""
    if isinstance(element, str):
        if element not in port.symbols:
            raise _wrong(port, f'but "{element}"{place} is not in the alphabet', "E0703")
        return
    assert isinstance(element, int)
    low, high = (
        (0, (1 << port.width) - 1) if port.kind != "int" else (-(1 << port.width >> 1), (1 << port.width >> 1) - 1)
    )
    if not low <= element <= high:
        raise _wrong(port, f"but {element}{place} is outside {low}..{high}", "E0701")


def _wrong(port: Port, found: str, code: str = "E0706") -> Error:
    return Error(code, f"`{port.name}` takes {port_text(port)}, {found}")


def _found(value: object) -> str:
    match value:
        case str():
            return f'the string "{_short(value)}"'
        case tuple():
            return "an array"
        case Fraction():
            return f"the rational {value}"
        case _:
            return f"{value}"


def _of_length(value: tuple[object, ...], given: object) -> str:
    return f"an array of length {len(value)}"


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:17]}..."
