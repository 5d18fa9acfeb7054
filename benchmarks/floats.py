"""How fast vectors of log-precision floats are computed, on one core.

    python benchmarks/floats.py [WORD ...]     only the rows that contain a word

"million" is million results a second (of a sum: summands) on 2**20 floats. "numpy" is the ratio of that to numpy's operation on
doubles in the same run, which rounds to 53 digits and keeps no exact sum (for planes: to its unpackbits and packbits of as many
bits); "scalar" is the ratio to the code for one float at a time, on fewer. Seconds are of processor time.

The exponents of "close" summands lie within 16 of one another, those of "far" ones anywhere.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from evaluate import seconds
from measure import table

import tc0  # noqa: F401

import numpy as np  # isort: skip

from tc0.dsl.numbers import float_codes as codes
from tc0.dsl.numbers import float_sums as sums
from tc0.dsl.numbers import float_vectors as vectors
from tc0.dsl.numbers import floats as scalar
from tc0.dsl.numbers.float_vectors import Floats, listed
from tc0.dsl.numbers.floats import Float, Format

COUNT = 1 << 20
FEWER = 1 << 10
FORMATS = [Format(8), Format(16), Format(32), Format(32, nearest=True), Format(64), Format(64, nearest=True)]
Work = Callable[[], object]

BINARY: list[
    tuple[str, Callable[[Floats, Floats], object], Callable[..., object], Callable[[Float, Float], object]]
] = [
    ("+", vectors.add, np.add, scalar.add),
    ("-", vectors.subtract, np.subtract, scalar.subtract),
    ("*", vectors.multiply, np.multiply, scalar.multiply),
    ("/", vectors.divide, np.divide, scalar.divide),
    ("compare", vectors.compared, np.greater_equal, scalar.compared),
    ("greatest", vectors.greatest, np.maximum, lambda a, b: scalar.greatest((a, b))),
]
UNARY: list[tuple[str, Callable[[Floats], Floats], Callable[..., object], Callable[[Float], object]]] = [
    ("sqrt", vectors.square_root, np.sqrt, scalar.square_root),
    ("exp", vectors.exponential, np.exp, scalar.exponent_of),
]


def numbers(format: Format, seed: int, spread: int) -> Floats:
    random = np.random.default_rng(seed)
    top, spread = 1 << (format.digits - 1), min(spread, format.largest)
    mantissa = random.integers(top, 2 * top, COUNT) * random.choice([-1, 1], COUNT)
    return Floats(format, mantissa, random.integers(-spread, spread + 1, COUNT))


def doubles(x: Floats) -> np.ndarray:
    return np.ldexp(x.mantissa.astype(np.float64), np.clip(x.exponent, -500, 500).astype(np.int32))


def row(name: str, format: Format, ours: Work, peer: Work, one: Work, few: int = FEWER) -> list[str]:
    mine, theirs, slow = seconds(ours), seconds(peer), seconds(one, 1)
    rates = f"{COUNT / mine / 1e6:,.1f}", f"{theirs / mine:.3f}", f"{COUNT / mine / (few / slow):,.0f}"
    return [f"{name} {format}", *rates]


def rows(format: Format, wanted: Sequence[str]) -> list[list[str]]:
    a, b = numbers(format, 0, 8), numbers(format, 1, 8)
    x, y = doubles(a), doubles(b)
    p, q = listed(a[:FEWER]), listed(b[:FEWER])
    found = []

    def add(name: str, *works: Work) -> None:
        if not wanted or any(word in f"{name} {format}" for word in wanted):
            found.append(row(name, format, *works))

    for name, ours, peer, one in BINARY:
        add(
            name,
            lambda f=ours: f(a, b),
            lambda f=peer: f(x, y),
            lambda f=one: [f(u, v) for u, v in zip(p, q, strict=True)],
        )
    positive, size = vectors.absolute(a), np.minimum(np.abs(x), 700)  # e**700 is a double
    few_positive = [scalar.absolute(u) for u in p]
    for function, of, peer, single in UNARY:
        add(
            function,
            lambda f=of: f(positive),
            lambda f=peer: f(size),
            lambda f=single: [f(u) for u in few_positive],
        )
    far = numbers(format, 2, format.largest)
    for kind, z in [("close", a), ("far", far)]:
        plain, few = doubles(z), listed(z[:FEWER])
        for shape in [(1, 1024), (1024, 1), (16, 64)]:
            segments, columns = shape
            length = COUNT // segments // columns
            cube = z.reshape(segments * length, columns)
            starts = np.arange(segments + 1) * length
            add(
                f"SUM of {length:,}, {segments} x {columns}, {kind}",
                lambda: sums.total(cube, starts),  # noqa: B023
                lambda: plain.reshape(segments, length, columns).sum(axis=1),  # noqa: B023
                lambda: scalar.total(few, format),  # noqa: B023
            )
    planes = codes.to_planes(a.reshape(1, COUNT))
    some = [scalar.to_bits(u) for u in p]
    bits = np.random.default_rng(3).integers(0, 2, (COUNT, format.precision), np.uint8)
    octets = np.packbits(bits, axis=1)
    add(
        "from planes",
        lambda: codes.from_planes(format, planes),
        lambda: np.unpackbits(octets, axis=1),
        lambda: [scalar.from_bits(format, u) for u in some],
    )
    add(
        "to planes",
        lambda: codes.to_planes(a.reshape(1, COUNT)),
        lambda: np.packbits(bits, axis=1),
        lambda: [scalar.to_bits(u) for u in p],
    )
    return found


def main() -> None:
    lines = [["operation", "million", "numpy", "scalar"]]
    for format in FORMATS:
        lines += rows(format, sys.argv[1:])
    print(table(lines))


if __name__ == "__main__":
    main()
