"""A circuit as one explicit list of gates, with everything that is counted (section 6, cost conventions)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .values import Mistake, Wire

KINDS = ("NOT", "AND", "OR", "MAJ", "THR", "MOD")


class TooLarge(Exception):
    """The circuit has more gates and wires than it may have."""


@dataclass(frozen=True)
class Gate:
    """terms: what it reads, each a wire with a weight.

    A MOD gate is 1 iff the number of ones is `residue` modulo `threshold`; a NOT gate iff its input is 0; every other
    iff the weighted sum is at least `threshold`, whatever `kind` it is counted as.
    """

    kind: str
    terms: tuple[tuple[Wire, int], ...]
    threshold: int
    residue: int = 0

    def value(self, wires: Sequence[int]) -> int:
        total = sum(weight * wires[wire] for wire, weight in self.terms)
        if self.kind == "MOD":
            return int(total % self.threshold == self.residue % self.threshold)
        return int(total >= self.threshold)


@dataclass(frozen=True)
class Claim:
    """A form that lies in low..high on every input: `within`, `bit(L)`."""

    constant: int
    terms: tuple[tuple[Wire, int], ...]
    low: int
    high: int


@dataclass
class Netlist:
    """Wires 0 and 1 are the constants, then come the inputs, then the gates in the order in which they are built.

    limit: more terms than this raise `TooLarge`; None for no limit."""

    inputs: int
    limit: int | None = None
    gates: list[Gate] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    stored: int = 0

    def add(self, gate: Gate) -> Wire:
        self.gates.append(gate)
        self.stored += len(gate.terms) + 1
        if self.limit is not None and self.stored > self.limit:
            raise TooLarge(f"more than {self.limit} gates and wires")
        return 2 + self.inputs + len(self.gates) - 1


@dataclass(frozen=True)
class RefCircuit:
    """A circuit and its figures; with `negation` "free" NOT counts 0 in size, wires and depth."""

    netlist: Netlist
    outputs: tuple[Wire, ...]
    negation: str = "gate"

    def counting(self, negation: str) -> RefCircuit:
        """The same circuit in the other convention."""
        return RefCircuit(self.netlist, self.outputs, negation)

    @property
    def _counted(self) -> list[Gate]:
        return [gate for gate in self.netlist.gates if self.negation == "gate" or gate.kind != "NOT"]

    @property
    def size(self) -> int:
        return len(self._counted)

    @property
    def wires(self) -> int:
        return sum(len(gate.terms) for gate in self._counted)

    @property
    def unit_wires(self) -> int:
        """Wires, if each of weight w is replaced by |w| wires."""
        return sum(abs(weight) for gate in self._counted for _, weight in gate.terms)

    @property
    def largest_weight(self) -> int:
        return max((abs(weight) for gate in self._counted for _, weight in gate.terms), default=0)

    @property
    def fanin(self) -> int:
        return max((len(gate.terms) for gate in self._counted), default=0)

    @property
    def by_kind(self) -> dict[str, int]:
        return dict(Counter(gate.kind for gate in self._counted))

    @property
    def depth(self) -> int:
        depths = [0] * (2 + self.netlist.inputs)
        for gate in self.netlist.gates:
            below = max((depths[wire] for wire, _ in gate.terms), default=0)
            depths.append(below + (gate.kind != "NOT" or self.negation == "gate"))
        return max((depths[wire] for wire in self.outputs), default=0)

    def evaluate(self, bits: Sequence[int]) -> list[int]:
        """The outputs on one input. A claim that does not hold is an error."""
        if len(bits) != self.netlist.inputs:
            raise Mistake(f"{self.netlist.inputs} input bits are needed, {len(bits)} are given")
        wires = [0, 1, *bits]
        for gate in self.netlist.gates:
            wires.append(gate.value(wires))
        for claim in self.netlist.claims:
            value = claim.constant + sum(weight * wires[wire] for wire, weight in claim.terms)
            if not claim.low <= value <= claim.high:
                raise Mistake(f"a form is {value}, outside of its declared range {claim.low}..{claim.high}")
        return [wires[wire] for wire in self.outputs]
