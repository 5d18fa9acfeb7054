"""The serialisation of threshold circuits of Merrill and Sabharwal (2023, section 3): printer and strict reader.

    Circuit -> Gate_0 .. Gate_g     Gate_i -> X | Dir 1^k 0^(m-k) Arg_i^m     Arg_i -> & 1^j, j < i     Dir -> <= | >=

All inputs come first, the last gate is the output, pointers are unary. Weights become repeated arguments; a negative
one repeats a NOT, and then every input and gate is followed by its NOT, so that the place of a gate is known from its
number alone and the printer keeps nothing but counters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from tc0.dsl.analysis.connection import Connection, WireInfo
from tc0.dsl.base.errors import Error, NotAvailable
from tc0.dsl.netlist import KINDS, Kind, Netlist

LARGEST = 1 << 12  # a weight that is written as repeated arguments
Term = tuple[int, int]  # wire as in a netlist (0 and 1 are the constants), weight


@dataclass(frozen=True, slots=True)
class Line:
    """One gate: 1 iff the weighted sum of its terms is at least `least`. terms: read twice."""

    least: int
    terms: Callable[[], Iterable[Term]]


@dataclass(frozen=True, slots=True)
class Added:
    """What the printer wrote besides the gates of the circuit. nots: negations; constants: gates for 0 and 1; output: a
    last gate that names the output; repeated: arguments beyond one for each wire."""

    nots: int = 0
    constants: int = 0
    output: bool = False
    repeated: int = 0

    def __str__(self) -> str:
        parts = [f"{self.nots} NOT gates"] if self.nots else []
        parts += [f"{self.constants} gates for constants"] if self.constants else []
        parts += [f"{self.repeated} repeated arguments"] if self.repeated else []
        parts += ["a last gate that names the output"] if self.output else []
        return f"added: {', '.join(parts)}" if parts else "nothing added"


def write_serial(netlist: Netlist, inputs: Sequence[str], outputs: Sequence[str], model: str, out: TextIO) -> None:
    """A built circuit, as a row of the table of formats."""
    del inputs, outputs
    print_netlist(netlist, out, model)


def print_netlist(netlist: Netlist, out: TextIO, model: str = "the circuit") -> Added:
    """A built circuit. Raises E0824 where the format does not hold it."""
    if len(netlist.outputs) != 1:
        raise _unfit(model, f"has {len(netlist.outputs)} outputs: the last gate of the format is the only one")
    if any(block.moduli is not None for block in netlist.blocks):
        raise _unfit(model, "has MOD gates: the format has thresholds only")
    return _print(netlist.inputs, netlist.gates, lambda: _lines(netlist, model), int(netlist.outputs[0]), out)


def print_connection(connection: Connection, out: TextIO) -> Added:
    """A circuit that is not built, gate after gate from its connection reading: memory does not grow with the circuit."""
    name = connection.applied.family.name
    for block in connection.blocks:
        if block.kind == "MOD":
            raise _unfit(name, "has MOD gates: the format has thresholds only")
        if block.weighted:
            raise NotAvailable(
                "E1005", f"gates of forms of `{name}` are not streamed", block.span, "export a built circuit"
            )
    ports = connection.ports
    if ports.output.wires != 1:
        raise _unfit(name, f"has {ports.output.wires} outputs: the last gate of the format is the only one")
    inputs = sum(port.wires for port in ports.inputs)

    def wire(info: WireInfo) -> int:
        return {"constant": 0, "input": 2, "gate": 2 + inputs}[info.kind] + info.number

    def lines() -> Iterator[Line]:
        for number in range(connection.size):
            gate = connection.gate(number)

            def terms(number: int = number) -> Iterator[Term]:
                return ((wire(info), info.weight) for info in connection.inputs(number))

            least = gate.threshold if gate.threshold is not None else _least(gate.kind, gate.fanin)
            yield Line(least, terms) if gate.kind != "NOT" else Line(0, lambda t=terms: [(w, -1) for w, _ in t()])  # type: ignore[misc]

    return _print(inputs, connection.size, lines, wire(connection.output()), out)


def _unfit(name: str, why: str) -> Error:
    return Error("E0824", f"`{name}` {why}", None, "`tc0 export --to blif` holds every circuit")


def _least(kind: str, count: int) -> int:
    return {"AND": count, "OR": 1, "NOT": 0}.get(kind, count // 2 + 1)


def _lines(netlist: Netlist, model: str) -> Iterator[Line]:
    for block in netlist.blocks:
        offsets = block.rows.offsets()
        for i in range(block.count):
            row = i if block.row is None else int(block.row[i])
            low, high = int(offsets[row]), int(offsets[row + 1])
            wires = block.rows.wires[low:high].tolist()
            m = block.rows.mantissas
            e = block.rows.exponents
            weights = [1] * len(wires) if m is None else [int(v) for v in m[low:high].tolist()]
            if e is not None:
                weights = [w << int(v) for w, v in zip(weights, e[low:high].tolist(), strict=True)]
            if max(map(abs, weights), default=0) > LARGEST:
                raise _unfit(model, f"has a weight of {max(map(abs, weights))}: repeated arguments would be too many")
            kind = KINDS[int(block.kind if block.kinds is None else block.kinds[i])]
            least = _least(kind, len(wires)) if block.thresholds is None else int(block.thresholds[i])
            if block.thresholds is None and kind == Kind.NOT.name:
                weights = [-w for w in weights]
            terms = list(zip(wires, weights, strict=True))
            yield Line(least, lambda terms=terms: terms)  # type: ignore[misc]


@dataclass(slots=True)
class _Layout:
    """Where wires stand in the text. nots: everything is followed by its NOT; constants: gates for 1 and 0."""

    inputs: int
    nots: bool
    constants: bool

    def place(self, wire: int, negative: bool = False) -> int:
        step = 2 if self.nots else 1
        if wire < 2:
            return self.inputs + ((wire == 0) != negative)  # 1 is the gate after the inputs, 0 follows it
        first = self.inputs + 2 * self.constants
        if wire < 2 + self.inputs:
            return first + wire - 2 if negative else wire - 2
        own = first + self.inputs * self.nots + (wire - 2 - self.inputs) * step
        return own + negative


def _print(inputs: int, gates: int, lines: Callable[[], Iterator[Line]], output: int, out: TextIO) -> Added:
    """Two passes: what the circuit needs, then the text."""
    nots, constants, repeated = False, output < 2, 0
    for line in lines():
        count = 0
        negative = 0
        terms = list(line.terms()) if gates < LARGEST else line.terms()
        unary = False
        for wire, weight in terms:
            count += abs(weight)
            negative += -weight if weight < 0 else 0
            constants = constants or wire < 2
            repeated += max(0, abs(weight) - 1)
            unary = weight == -1 and count == 1
        if unary and count == 1 and line.least == 0:
            continue  # a NOT
        nots = nots or negative > 0
        constants = constants or line.least + negative > count
    at = _Layout(inputs, nots, constants)
    for _ in range(inputs):
        out.write("X ")
    if constants:
        out.write(f">= <= 0 {_pointer(inputs)} ")
    if nots:
        for wire in range(inputs):
            out.write(f"<= 0 {_pointer(wire)} ")
    for number, line in enumerate(lines()):
        _gate(line, at, out)
        if nots:
            out.write(f"<= 0 {_pointer(at.place(2 + inputs + number))} ")
    last = gates == 0 or nots or output != 2 + inputs + gates - 1
    if last:
        out.write(f">= 1 {_pointer(at.place(output))} ")
    return Added((inputs + gates) * nots, 2 * constants, last, repeated)


def _pointer(place: int) -> str:
    return "&" + "1" * place


def _gate(line: Line, at: _Layout, out: TextIO) -> None:
    count = negative = 0
    first: Term | None = None
    for wire, weight in line.terms():
        first = first or (wire, weight)
        count += abs(weight)
        negative += -weight if weight < 0 else 0
    least = line.least + negative
    if count == 1 and first is not None and first[1] == -1 and line.least == 0:
        out.write(f"<= 0 {_pointer(at.place(first[0]))} ")
        return
    if least > count:  # never: the negation of 1, which the grammar can say
        out.write(f"<= 0 {_pointer(at.inputs)} ")
        return
    least = max(0, least)
    out.write(">= " if not count else f">= {'1' * least}{'0' * (count - least)} ")
    for wire, weight in line.terms():
        for _ in range(abs(weight)):
            out.write(_pointer(at.place(wire, weight < 0)) + " ")
