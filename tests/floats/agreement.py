"""Whether the readings of a program with floats agree: the reference on fractions and on gates, tc0 on batches and on circuits."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product
from math import prod

from programs.agreement import FIGURES, Bits, library, reference_agrees, tc0_agrees
from reference import Reference, TooLarge, floats
from reference.values import Type

import tc0

__all__ = ["FIGURES", "SMOOTH", "Bits", "codes", "provided", "readings_agree", "rows_of", "some_codes", "values_agree"]

Code = tuple[int, ...]


def provided(*names: str) -> bool:
    """Whether the library has these families."""
    return all(any(f"family {name}(" in text for text in library()) for name in names)


SMOOTH = provided("float_exp", "float_sqrt")


def bits_of(p: int, mantissa: int, exponent: int) -> Code:
    return tuple(map(int, floats.wires(p, (mantissa, exponent))))


def codes(p: int) -> list[Code]:
    """All floats of a small precision."""
    return [tuple(map(int, floats.wires(p, floats.encode(p, value)))) for value in floats.all_values(p)]


def some_codes(p: int, draw: random.Random, count: int, reach: int = 40) -> list[Code]:
    """Floats of any precision, most of them of moderate size: exponents are at most `reach` away from that of 1."""
    digits, most = floats.limits(p)
    found = []
    for _ in range(count):
        match draw.randrange(4):
            case 0:  # a small integer, or a half
                value = floats.truncate(p, floats.Fraction(draw.randint(-8, 8), draw.choice((1, 2))))
                found.append(tuple(map(int, floats.wires(p, floats.encode(p, value)))))
                continue
            case 1:  # few digits
                mantissa = draw.getrandbits(min(3, digits))
            case _:
                mantissa = draw.getrandbits(digits) | 1 << digits - 1
        sign, shift = draw.choice((-1, 1)), draw.randint(-reach, reach)
        value = floats.truncate(p, sign * mantissa * floats.Fraction(2) ** (shift - digits))
        found.append(tuple(map(int, floats.wires(p, floats.encode(p, value)))))
    return found


def _choices(type: Type) -> list[Code]:
    """All values of one element on wires."""
    if type.kind == "float":
        return codes(type.width or 0)
    count = len(type.alphabet) if type.kind == "symbol" else 2**type.code_bits
    return [tuple(number >> k & 1 for k in range(type.code_bits)) for number in range(count)]


def rows_of(types: Sequence[Type], limit: int, seed: int = 0) -> list[Bits]:
    """All inputs if they are at most `limit`, else so many of them, seeded; only valid codes."""
    elements = [type.element for type in types for _ in range(prod(length or 0 for length in type.shape))]
    draw = random.Random(seed)
    if all(type.kind != "float" or (type.width or 0) <= 8 for type in elements):
        choices = [_choices(type) for type in elements]
        if prod(map(len, choices)) <= limit:
            return [[bit for code in row for bit in code] for row in product(*choices)]
        return [[bit for options in choices for bit in draw.choice(options)] for _ in range(limit)]
    rows: list[Bits] = []
    for _ in range(limit):
        row: list[int] = []
        for type in elements:
            if type.kind == "float":
                row += some_codes(type.width or 0, draw, 1)[0]
            else:
                row += draw.choice(_choices(type))
        rows.append(row)
    return rows


def values_agree(text: str, sizes: dict[str, object], limit: int, session: tc0.Session | None = None) -> None:
    """The value readings of `f` agree on all inputs, or on `limit` of them."""
    reference = Reference(text, library())
    if session is None:
        session = tc0.Session()
        session.run(text)
    family = session["f"]
    assert isinstance(family, tc0.Family)
    rows = rows_of(reference.interface("f", **sizes)[0], limit)
    outputs = [reference.evaluate("f", row, **sizes) for row in rows]
    found = family.evaluate(rows, **sizes).astype(int).tolist()
    for row, got, wanted in zip(rows, found, outputs, strict=True):
        assert got == wanted, f"the value reading at {sizes} on {row}: {got}, the reference says {wanted}\n{text}"


def readings_agree(text: str, sizes: dict[str, object], limit: int, gates: int = 200_000) -> bool:
    """All four readings of `f` agree, and the figures of its circuit; False if it has more gates and wires than `gates`.
    limit: inputs that are tried."""
    reference = Reference(text, library(), gates)
    session = tc0.Session()
    session.run(text)
    try:
        circuit = reference.circuit("f", **sizes)
    except TooLarge:
        return False
    rows = rows_of(reference.interface("f", **sizes)[0], limit)
    tc0_agrees(session, sizes, rows, reference_agrees(reference, sizes, rows, circuit), circuit)
    return True
