"""Whether the readings of a program agree: the reference on integers and on gates, tc0 on batches and on circuits."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import product as all_of

from programs.programs import Program
from reference import RefCircuit, Reference, TooLarge

import tc0

Bits = Sequence[int]
FIGURES = ("size", "wires", "unit_wires", "depth", "fanin", "largest_weight")


@cache
def library() -> tuple[str, ...]:
    """The texts of the standard library, for the families behind operators on words."""
    folder = files("tc0.stdlib")
    return tuple(
        entry.read_text(encoding="utf-8") for entry in sorted(folder.iterdir(), key=str) if entry.name.endswith(".tc")
    )


def inputs(count: int, exhaustive: int, sample: int) -> list[Bits]:
    """All inputs of `count` bits up to `exhaustive` bits, a seeded sample beyond."""
    if count <= exhaustive:
        return [row[::-1] for row in all_of((0, 1), repeat=count)]
    draw = random.Random(count)
    return [[draw.getrandbits(1) for _ in range(count)] for _ in range(sample)]


def reference_agrees(
    reference: Reference, sizes: dict[str, object], rows: Sequence[Bits], circuit: RefCircuit
) -> list[list[int]]:
    """The outputs of the reference; value and circuit agree on every row."""
    outputs = []
    for row in rows:
        value, built = reference.evaluate("f", row, **sizes), circuit.evaluate(row)
        assert value == built, (
            f"the reference disagrees with itself at {sizes} on {row}: value {value}, circuit {built}"
        )
        outputs.append(value)
    return outputs


def tc0_agrees(
    session: tc0.Session, sizes: dict[str, object], rows: Sequence[Bits], outputs: list[list[int]], circuit: RefCircuit
) -> None:
    """The readings of tc0 give the outputs and the figures of the reference."""
    family = session["f"]
    assert isinstance(family, tc0.Family)
    values = family.evaluate(rows, **sizes).astype(int).tolist()
    assert values == outputs, f"the value reading at {sizes}: {_first(rows, values, outputs)}"
    built = family.instantiate(**sizes)
    for negation in ("gate", "free"):
        figures, expected = built.figures(negation), circuit.counting(negation)
        for name in FIGURES:
            found, wanted = getattr(figures, name), getattr(expected, name)
            assert found == wanted, f"{name} at {sizes}, negation = {negation}: {found}, the reference counts {wanted}"
        assert dict(figures.by_kind) == expected.by_kind, (
            f"kinds at {sizes}: {dict(figures.by_kind)}, not {expected.by_kind}"
        )
    gates = built.evaluate(rows).astype(int).tolist()
    assert gates == outputs, f"the circuit at {sizes}: {_first(rows, gates, outputs)}"


def _first(rows: Sequence[Bits], found: list[list[int]], wanted: list[list[int]]) -> str:
    """The first row on which outputs differ."""
    for row, a, b in zip(rows, found, wanted, strict=True):
        if a != b:
            return f"on {row} {a}, the reference says {b}"
    return "a wrong number of rows"


def program_agrees(program: Program, exhaustive: int, sample: int, limit: int = 4000) -> bool:
    """All readings of a program at its sizes agree; False if a circuit has too many gates to try."""
    reference = Reference(program.text, library(), limit)
    session = tc0.Session()
    session.run(program.text)
    for sizes in program.sizes:
        try:
            circuit = reference.circuit("f", **sizes)
        except TooLarge:
            return False
        rows = inputs(circuit.netlist.inputs, exhaustive, sample)
        tc0_agrees(session, sizes, rows, reference_agrees(reference, sizes, rows, circuit), circuit)
    return True
