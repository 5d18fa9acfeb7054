"""The strict reader of the serialisation: text to a netlist, or E0825 with the place of the first mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source, Span
from tc0.dsl.netlist import Block, Kind, Netlist, Place, Rows

TOKEN = re.compile(r"\s*(?:(?P<input>X)|(?P<direction><=|>=)\s*(?P<threshold>[01\s]*)|&\s*(?P<pointer>[1\s]*))")
HINT = "gates are `X`, or `<=` or `>=`, the threshold as 1s padded with 0s to the number of arguments, and arguments `&111`"


def read_serial(text: str, name: str = "serial") -> Netlist:
    """The circuit of a text: inputs are the `X`, the output is the last gate. Spaces mean nothing."""
    return _Reader(Source(name, text)).read()


@dataclass(slots=True)
class _Gate:
    at: int
    up: bool
    ones: int
    arguments: int
    pointers: list[int] = field(default_factory=list)


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.wires: list[int] = []  # of each gate of the text, as in a netlist
        self.inputs = 0
        self.gates: list[_Gate] = []

    def read(self) -> Netlist:
        text, at = self.source.text.rstrip(), 0
        gate: _Gate | None = None
        order: list[_Gate | None] = []
        while at < len(text):
            token = TOKEN.match(text, at)
            if token is None:
                raise self._wrong(at, f"`{text[at : at + 10].strip()}` is no part of a circuit")
            start, at = token.end() if token.end() == at else at, token.end()
            if token["pointer"] is not None:
                if gate is None or len(gate.pointers) == gate.arguments:
                    raise self._wrong(start, "an argument too many")
                pointer = token["pointer"].count("1")
                if pointer >= len(order) - 1:
                    raise self._wrong(start, f"gate {len(order) - 1} points to gate {pointer}: pointers go back")
                gate.pointers.append(pointer)
                continue
            self._whole(gate, start)
            gate = None
            if token["direction"] is not None:
                digits = "".join(token["threshold"].split())
                if "01" in digits:
                    raise self._wrong(start, f"`{digits}` is no threshold: 1s come before 0s")
                gate = _Gate(start, token["direction"] == ">=", digits.count("1"), len(digits))
            order.append(gate)
        self._whole(gate, len(text))
        if not order:
            raise self._wrong(0, "a circuit has at least one gate")
        return self._netlist(order)

    def _whole(self, gate: _Gate | None, at: int) -> None:
        if gate is not None and len(gate.pointers) < gate.arguments:
            raise self._wrong(at, f"a gate of {gate.arguments} arguments has {len(gate.pointers)}")

    def _wrong(self, at: int, message: str) -> Error:
        return Error("E0825", message, Span(self.source, at, min(at + 1, len(self.source.text))), HINT)

    def _netlist(self, order: list[_Gate | None]) -> Netlist:
        inputs = sum(gate is None for gate in order)
        wires, seen, made = [], 0, 0
        for gate in order:
            wires.append(2 + seen if gate is None else 2 + inputs + made)
            seen, made = seen + (gate is None), made + (gate is not None)
        blocks: list[Block] = []
        group: list[_Gate] = []
        first = 0
        for gate in (g for g in order if g is not None):
            if any(wires[p] >= 2 + inputs + first for p in gate.pointers):
                blocks.append(self._block(group, first, wires))
                first, group = first + len(group), []
            group.append(gate)
        if group:
            blocks.append(self._block(group, first, wires))
        return Netlist(inputs, made, tuple(blocks), (), np.array([wires[-1]], np.int64))

    def _block(self, group: list[_Gate], first: int, wires: list[int]) -> Block:
        """Gates that do not feed one another."""
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum([g.arguments for g in group], dtype=np.int64)])
        terms = np.array([wires[p] for g in group for p in g.pointers], np.int64)
        signs = np.array([1 if g.up else -1 for g in group for _ in g.pointers], np.int64)
        least = np.array([g.ones if g.up else -g.ones for g in group], np.int64)
        kinds = np.array([_kind(g) for g in group], np.int8)
        place = Place(Span(self.source, group[0].at, group[0].at + 1))
        rows = Rows(len(group), None, starts, terms, None if (signs == 1).all() else signs)
        return Block(Kind.THR, first, len(group), rows, place, None, least, kinds=kinds)


def _kind(gate: _Gate) -> Kind:
    """What a threshold is counted as: NOT, AND and OR where it is one."""
    if not gate.up:
        return Kind.NOT if (gate.arguments, gate.ones) == (1, 0) else Kind.THR
    return Kind.AND if gate.ones == gate.arguments else Kind.OR if gate.ones == 1 else Kind.THR
