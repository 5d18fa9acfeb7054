"""The connection reading: any gate of C_n and what feeds it, without building C_n.

A gate number is unranked to a place and an index tuple (`ranking`); the program is followed down to that place, with the
index values put in, and the operands are named there (`points`). Time and memory depend on the length of numbers, not on
the size of the circuit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from tc0.dsl.analysis.analyse import ALL
from tc0.dsl.analysis.effort import NOT_COVERED
from tc0.dsl.analysis.lazy import (
    Constant,
    Input,
    Lazy,
    Terms,
    TooMany,
    Wire,
    as_terms,
)
from tc0.dsl.analysis.operands import Operands
from tc0.dsl.analysis.points import Env, Frame, Here, Instance
from tc0.dsl.analysis.prefixes import ManySizes
from tc0.dsl.analysis.ranking import Numbering, Position
from tc0.dsl.analysis.tally import GateBlock
from tc0.dsl.analysis.tracing import gates_at, traced
from tc0.dsl.analysis.units import Symbols, Units, integers
from tc0.dsl.analysis.values import static_value
from tc0.dsl.analysis.ways import Ways
from tc0.dsl.base.depth import deep
from tc0.dsl.base.errors import Error, NotAvailable
from tc0.dsl.base.source import Span
from tc0.dsl.core import program as t
from tc0.dsl.core.interface import Interface, interface
from tc0.dsl.symbolic.polynomial import NotClosed
from tc0.dsl.symbolic.work import allowance

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
MOST_WORK = 4 * ALL  # steps of elimination, for all units together
HINT = "build the circuit at a smaller size: its netlist lists every gate"
MOST_LOOKED_AT = 10_000  # forms of a gate whose kind depends on them


@dataclass(frozen=True, slots=True)
class GateInfo:
    """One gate. threshold: it is 1 iff the form of its inputs, as written, is at least this (None for AND, OR, NOT, MAJ and
    MOD). line: of the source. indices: the values of the binders and steps around it, outermost first."""

    number: int
    kind: str
    threshold: int | None
    fanin: int
    span: Span
    indices: tuple[tuple[str, int], ...]

    @property
    def line(self) -> int:
        return self.span.line


@dataclass(frozen=True, slots=True)
class WireInfo:
    """What feeds a gate: "gate" with its number, "input" with its number and its name, or "constant" with its value."""

    kind: str
    number: int
    weight: int
    name: str = ""


def _answered(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """A question that the reading does not cover answers NotAvailable."""

    @wraps(ask)
    def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        try:
            return ask(*args, **kwargs)
        except NotClosed as e:
            raise NotAvailable("E1005", f"this gate is not known in closed form: {e}", None, HINT) from None
        except NOT_COVERED as e:
            raise NotAvailable(
                "E1005", f"not covered by the connection reading ({type(e).__name__})", None, HINT
            ) from e

    return asked


class Connection:
    """Questions about the circuit of a family with everything fixed."""

    def __init__(self, applied: t.Applied) -> None:
        interface(applied)
        self.applied = applied
        self.numbering = _numbering(applied)
        self.nodes = self.numbering.units.outline.nodes
        self.points = Ways(self.numbering.root, numbering=self.numbering)
        self.root = Frame(applied.family, self._root())
        self.operands = Operands(self.points, self.root, self.nodes)
        self._found: tuple[int, Position] | None = None
        self._last: tuple[int, Terms, int | None] | None = None

    @property
    def size(self) -> int:
        """The number of gates."""
        return self.numbering.size

    @property
    def ports(self) -> Interface:
        """Its inputs and outputs."""
        return interface(self.applied)

    @property
    def blocks(self) -> Iterator[GateBlock]:
        """The blocks of gates of the family and of all that it calls, case by case."""
        for unit in self.numbering.units.walked:
            yield from (block for e in unit.elements if not e.is_site for block in e.members)

    @_answered
    def output(self) -> WireInfo:
        """What the output is, of a family with one bit as its result."""
        family = self.applied.family
        return self._wire(
            *as_terms(self.points.value(family.body.get(), self.root.env, Here(self.numbering.root), ())).at(0)
        )

    def _root(self) -> Env:
        """The parameters, static ones as given and inputs as wires."""
        env: dict[str, object] = dict(self.applied.values)
        for name, value in self.applied.values:
            if isinstance(value, t.Applied):
                env[name] = _instance(value)
        number = 0
        for port in interface(self.applied).inputs:
            dims = (*port.shape, *((port.width,) if port.kind != "bit" else ()))
            env[port.name] = _inputs(port.name, dims, number)
            number += port.wires
        return env

    # ---- gates

    @_answered
    def gate(self, number: int) -> GateInfo:
        """Kind, threshold, fan-in, source and index values of a gate."""
        position = self._position(number)
        block, indices = self._block(position)
        terms, threshold = self._operands(number)
        kind = block.kind
        node = self.nodes[position.place[1]]
        if kind == "THR" and isinstance(node, (t.Gate, t.Not)):
            kind, threshold = self.operands.of_forms(node, position)
        return GateInfo(number, kind, threshold, terms.count, block.span, indices)

    @_answered
    def input(self, number: int, k: int) -> WireInfo:
        """Predecessor k of a gate."""
        terms, _ = self._operands(number)
        if not 0 <= k < terms.count:
            raise Error(
                "E0906",
                f"gate {number} has inputs 0..{terms.count - 1}, not {k}"
                if terms.count
                else f"gate {number} has no inputs",
            )
        return self._wire(*terms.at(k))

    def inputs(self, number: int) -> Iterator[WireInfo]:
        """All predecessors of a gate, in order."""
        return map(self._fed_by(number), range(self.gate(number).fanin))

    @_answered
    def _fed_by(self, number: int) -> Callable[[int], WireInfo]:
        terms, _ = self._operands(number)
        return _answered(lambda k: self._wire(*terms.at(k)))

    @_answered
    def feeds(self, source: int, number: int) -> bool:
        """Whether a gate feeds another one directly."""
        gate = self._position(source)
        terms, _ = self._operands(number)
        if source >= number:
            return False
        try:
            return terms.fed_by(gate)
        except TooMany as e:
            reason = f"gate {number} has {e.args[0]:,} inputs: they are not searched through"
            raise NotAvailable("E1005", reason, None, "ask for one: `input(c, g, k)`") from None

    @_answered
    def number(self, line: int, indices: Sequence[int]) -> tuple[int, ...]:
        """The numbers of the gates that a source line builds at these index values."""
        found, counts = gates_at(self.numbering, line, tuple(indices))
        if not found:
            hint = f"its gates have {' or '.join(map(str, counts))} indices" if counts else "no gate is built there"
            raise Error("E0906", f"line {line} builds no gate at {list(indices)}", None, hint)
        return tuple(found)

    def _operands(self, number: int) -> tuple[Terms, int | None]:
        """The inputs of a gate, and its threshold where it has one; those of the last gate are kept, as
        its position is, since one question leads to the next."""
        if self._last is None or self._last[0] != number:
            self._last = (number, *self.operands.of(self._position(number)))
        return self._last[1:]

    def _position(self, number: int) -> Position:
        if not 0 <= number < self.size:
            raise Error(
                "E0906",
                f"there is no gate {number}: gates are numbered 0..{self.size - 1}"
                if self.size
                else "this circuit has no gates",
            )
        if self._found is None or self._found[0] != number:
            self._found = (number, self.numbering.unrank(number))
        return self._found[1]

    def _block(self, position: Position) -> tuple[GateBlock, tuple[tuple[str, int], ...]]:
        """The case of its place that a gate belongs to, and the indices on the way there."""
        *before, last = traced(self.numbering, self.numbering.hops(position))
        return last.block, (*(pair for part in before for pair in part.shown), *last.shown)

    def _wire(self, wire: Wire, weight: int) -> WireInfo:
        match wire:
            case Constant(bit=bit):
                return WireInfo("constant", bit, weight)
            case Input(name=name, indices=indices, number=number):
                shown = f"{name}[{', '.join(map(str, indices))}]" if indices else name
                return WireInfo("input", number, weight, shown)
            case Position():
                return WireInfo("gate", self.numbering.rank(wire), weight)


def _numbering(applied: t.Applied) -> Numbering:
    """The gate numbers of a family at given sizes: with as many symbols as possible, so that the next sizes find them."""
    family = applied.family
    if family.table:
        raise _open(family, "it is a table")
    names = integers(family)
    given = dict(applied.values)
    numbers = {name: v for name, v in given.items() if name in names and type(v) is int}
    fixed = tuple((name, static_value(v)) for name, v in given.items() if name not in numbers)
    reasons = []
    for symbols in Symbols:
        try:
            with deep(), allowance(MOST_WORK):
                units = _units(family, symbols)
                return Numbering(units, units.activation(family, fixed, numbers))
        except ManySizes as e:  # with fewer symbols there are as many
            raise _open(family, str(e)) from None
        except NotClosed as e:
            reasons.append(str(e))
        except NOT_COVERED as e:
            reasons.append(f"not covered by the analysis ({type(e).__name__})")
    raise _open(family, reasons[0])


@lru_cache(maxsize=64)
def _units(family: t.Family, symbols: Symbols) -> Units:
    return Units(family, symbols)


def _open(family: t.Family, reason: str) -> NotAvailable:
    return NotAvailable("E1005", f"gates of `{family.name}` are not known in closed form: {reason}", family.span, HINT)


def _instance(applied: t.Applied) -> object:
    return Instance(applied.family, {n: _instance(v) if isinstance(v, t.Applied) else v for n, v in applied.values})


def _inputs(name: str, dims: tuple[int, ...], first: int) -> object:
    """An input as an array of wires."""

    def get(index: tuple[int, ...]) -> Wire:
        number = 0
        for i, dim in zip(index, dims, strict=True):
            number = number * dim + i
        return Input(name, index, first + number)

    return Lazy(dims, get, lambda gate: None) if dims else get(())
