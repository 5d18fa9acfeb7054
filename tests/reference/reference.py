"""The reference: programs as text, evaluated on integers or built gate by gate, slowly and obviously."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache

from tc0.dsl.base.depth import deep
from tc0.dsl.base.source import Source
from tc0.dsl.syntax import tree
from tc0.dsl.syntax.parse import parse

from . import evaluation, families, floats
from .conversion import count_wires, decode, encode
from .netlist import RefCircuit
from .scope import At, Definition, Scope
from .sizes import home_of
from .value_reading import Values
from .values import (
    Array,
    Bit,
    Constant,
    Family,
    Float,
    Form,
    Ghost,
    Mistake,
    Scalar,
    Symbol,
    Type,
    Value,
    Word,
    product,
)
from .words import WORDS


class Reference:
    """The definitions of a text, with those of library texts in sight (section 10)."""

    def __init__(self, text: str, library_texts: Sequence[str] = (), limit: int | None = None) -> None:
        """limit: circuits with more gates and wires raise `TooLarge`."""
        self.limit = limit
        library = Scope()
        for library_text in library_texts:
            for definition in _definitions(library_text, "library"):
                library.define(definition)
        for definition in _definitions(WORDS, "words"):
            library.definitions.setdefault(definition.name, definition)
        self.scope = Scope(library=library)
        self.statements: list[tree.Statement] = list(parse(Source("program", text)).statements)
        for statement in self.statements:
            if isinstance(statement, Definition):
                self.scope.define(statement)

    def value(self, name: str, *arguments: object, **statics: object) -> object:
        """The value of a family on these arguments (ints, strings, nested lists), as plain Python values."""
        with deep():
            family = self.family(name, statics)
            return plain(families.call(family, [given(a) for a in arguments], At(Values(), home_of(family)), None))

    def expression(self, text: str) -> object:
        """The value of a closed expression."""
        (statement,) = parse(Source("expression", text)).statements
        assert isinstance(statement, tree.Show)
        with deep():
            return plain(evaluation.evaluate(statement.value, At(Values(), self.scope)))

    def circuit(self, name: str, **sizes: object) -> RefCircuit:
        """The circuit of a family at these sizes and static parameters."""
        with deep():
            return families.circuit(self.family(name, sizes), {}, limit=self.limit)

    def evaluate(self, name: str, bits: Sequence[int], **sizes: object) -> list[int]:
        """The value reading on the wires of the parameters, as wires of the result (section 12)."""
        with deep():
            family = self.family(name, sizes)
            reading = Values()
            rest, arguments = list(map(Bit, bits)), []
            for type in families.interface(family)[0]:
                arguments.append(decode(type, rest[: count_wires(type)], reading))
                rest = rest[count_wires(type) :]
            value = families.call(family, arguments, At(reading, home_of(family)), None)
            return [bit.wire for bit in encode(value, reading)]

    def interface(self, name: str, **sizes: object) -> tuple[list[Type], Type]:
        """The types of the parameters and of the result at these sizes."""
        return families.interface(self.family(name, sizes))

    def family(self, name: str, fixed: Mapping[str, object]) -> Family:
        """A family with some parameters fixed."""
        found = families.named(name, self.scope)
        return families.fix_values(found, [(key, given(value)) for key, value in fixed.items()], None)


@cache
def _definitions(text: str, name: str) -> tuple[Definition, ...]:
    """The definitions of a text; libraries are read once."""
    return tuple(statement for statement in parse(Source(name, text)).statements if isinstance(statement, Definition))


def given(value: object) -> Value:
    """A Python value as a static value: ints, booleans, fractions, strings, nested lists of equal shape."""
    if isinstance(value, list | tuple):
        rows = [given(row) for row in value]
        items: list[Scalar] = []
        shape: tuple[int, ...] = ()
        for row in rows:
            shape = row.shape if isinstance(row, Array) else ()
            assert not isinstance(row, Family | Ghost)
            items += row.items if isinstance(row, Array) else [row]  # type: ignore[list-item]
        kind = "integer" if not items else type(items[0]).__name__
        kinds = {"int": "integer", "bool": "bool", "Fraction": "rational", "str": "text"}
        return Array(Type(kinds.get(kind, "integer")), (len(rows), *shape), tuple(items))
    assert isinstance(value, int | Fraction | str | Family), value
    return value


def plain(value: Value) -> object:
    """A value as Python ints, booleans, fractions, strings and lists; symbols in a row as one string."""
    match value:
        case Bit(wire=wire):
            return wire
        case Word(content=content):
            return content
        case Form(constant=constant):
            return constant
        case Float(precision=precision, wires=wires):
            return floats.decode(precision, wires)
        case Constant(value=number):
            return number
        case Symbol(alphabet=alphabet, content=int() as content):
            return alphabet[content]
        case Array(type=type, shape=shape):
            rows = [plain(value.row(at)) for at in range(shape[0])]
            if type.kind == "symbol" and len(shape) == 1 and all(len(symbol) == 1 for symbol in type.alphabet):
                return "".join(map(str, rows))
            assert len(rows) * product(shape[1:]) == len(value.items)
            return rows
        case bool() | int() | str():
            return value
        case Fraction():
            return value
    raise Mistake("this has no value of its own")
