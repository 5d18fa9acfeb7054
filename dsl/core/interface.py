"""The wires of a family at given sizes: what its inputs and outputs are."""

from __future__ import annotations

from collections.abc import Mapping

from tc0.dsl.base.errors import Error
from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Applied, Expr, Family, Variable
from tc0.dsl.core.show import show_applied
from tc0.dsl.core.static import integer, shape_of, truth
from tc0.dsl.core.types import Bit, Float, Form, Symbol, Wires, Word, code_bits
from tc0.dsl.ops.floats import format_of
from tc0.dsl.ops.undefined import Undefined


@record
class Port:
    """A parameter or a result at given sizes. kind: "bit", "uint", "int", "symbol", "form" or "float"; shape: of the
    array of elements; width: wires per element (a form has none); symbols: the alphabet of a symbol; nearest: how a
    float rounds."""

    name: str
    kind: str
    shape: tuple[int, ...]
    width: int
    symbols: tuple[str, ...] = ()
    nearest: bool = False

    @property
    def elements(self) -> int:
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def wires(self) -> int:
        return self.elements * self.width


@record
class Interface:
    inputs: tuple[Port, ...]
    output: Port


def complete(family: Family, values: Mapping[str, object]) -> Applied:
    """The family with these values, and the sizes that follow from its static arrays (`m, n` of `W: integer[m, n]`)."""
    found = dict(values)
    for parameter in family.statics:
        if parameter.name in found:
            shape = shape_of(found[parameter.name])
            for dim, length in zip(parameter.shape, shape, strict=False):
                if isinstance(dim, Variable):
                    found.setdefault(dim.name, length)
    return Applied(family, tuple(found.items()))


def missing(applied: Applied) -> tuple[str, ...]:
    """The static and size parameters that are not fixed."""
    given = {name for name, _ in applied.values}
    names = [p.name for p in applied.family.statics] + [s.name for s in applied.family.sizes]
    return tuple(name for name in names if name not in given)


def interface(applied: Applied) -> Interface:
    """The ports of a family with everything fixed; checks `where` and that no size is negative."""
    family, values = applied.family, dict(applied.values)
    for size in family.sizes:
        value = values[size.name]
        if type(value) is not int or value < 0:
            raise Error(
                "E0407", f"the size `{size.name}` of `{family.name}` must be at least 0, not {value}", family.span
            )
    if family.where is not None and not truth(family.where, values):
        presumed = family.where.span.text
        raise Error("E0405", f"`{show_applied(applied)}`: `{family.name}` presumes `{presumed}`", family.where.span)
    inputs = tuple(port(p.name, p.type, values, p.span) for p in family.parameters)
    return Interface(inputs, port("result", family.result, values, family.span))


def port(name: str, type: Wires, values: Mapping[str, object], span: Span) -> Port:
    """A wire type at given sizes."""
    shape = tuple(_dimension(name, dim, values, span) for dim in type.shape)
    match type.element:
        case Bit():
            return Port(name, "bit", shape, 1)
        case Word(signed=signed, width=width):
            return Port(name, "int" if signed else "uint", shape, _dimension(name, width, values, span))
        case Symbol(symbols=symbols):
            return Port(name, "symbol", shape, code_bits(len(symbols)), symbols)
        case Form():
            return Port(name, "form", shape, 0)
        case Float(precision=precision, nearest=nearest):
            bits = _dimension(name, precision, values, span)
            _check_precision(name, bits, nearest, span)
            return Port(name, "float", shape, bits, (), nearest)


def _check_precision(name: str, precision: int, nearest: bool, span: Span) -> None:
    try:
        format_of(precision, nearest)
    except Undefined as e:
        raise Error(e.code, f"`{name}`: {e.message}", span) from None


def _dimension(name: str, dim: Expr | None, values: Mapping[str, object], span: Span) -> int:
    assert dim is not None, "a declared type has all of its dimensions"
    value = integer(dim, values)
    if value < 0:
        raise Error("E0407", f"a dimension of `{name}` is {value}: it must be at least 0", dim.span)
    return value
