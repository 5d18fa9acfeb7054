"""Operators on words as programs use them: types, mixtures, constants, empty sums, mistakes; tc0 and the reference."""

from __future__ import annotations

from importlib import resources

import pytest
from reference import Reference

import tc0

FOLDER = resources.files("tc0.stdlib")  # a folder of the checkout or of the installed package
LIBRARY = [path.read_text(encoding="utf-8") for path in FOLDER.iterdir() if path.name.endswith(".tc")]

VALUES = [
    ("uint(4)(13) // uint(4)(4)", 3),
    ("uint(4)(13) // 4", 3),
    ("100 // uint(8)(7)", 14),
    ("uint(4)(13) % uint(4)(0)", 13),
    ("uint(4)(13) // uint(0)(0)", 0),
    ("uint(0)(0) // uint(4)(0)", 0),
    ("uint(4)(13) % uint(2)(3)", 1),
    ("int(4)(-8) // int(4)(-1)", 8),
    ("int(4)(-7) // int(4)(2)", -4),
    ("int(4)(-7) % int(4)(2)", 1),
    ("int(4)(7) % int(4)(-2)", -1),
    ("int(4)(-7) % int(9)(0)", -7),
    ("uint(4)(5) // int(4)(-3)", -2),
    ("int(1)(-1) * int(1)(-1)", 1),
    ("int(1)(-1) * uint(3)(7)", -7),
    ("uint(4)(7) * 9", 63),
    ("3 * uint(4)(7)", 21),
    ("int(0)(0) + int(3)(-4)", -4),
    ("int(0)(0) - int(3)(-4)", 4),
    ("uint(4)(5) << 2", 20),
    ("uint(4)(13) >> 9", 0),
    ("int(4)(-7) >> 9", -1),
    ("uint(4)(13) << uint(2)(2)", 4),
    ("uint(4)(13) >> uint(2)(2)", 3),
    ("int(4)(-7) >> uint(7)(100)", -1),
    ("int(4)(-7) << uint(1)(1)", 2),
    ("-uint(3)(7)", -7),
    ("-int(3)(-4)", 4),
    ("abs(int(3)(-4))", 4),
    ("abs(uint(3)(5))", 5),
    ("SUM(uint(4)(i) for i < 10)", 45),
    ("SUM(int(4)(-i) for i < 8)", -28),
    ("SUM(uint(4)(i) for i < 0)", 0),
    ("SUM(uint(2)(i) for i < 3, j < 2)", 6),
    ("SUM(uint(2)(3), uint(4)(9), 2)", 14),
    ("SUM(uint(2)(3), int(4)(-8))", -5),
    ("SUM(uint(2)(3), MAJ(1, 1))", 4),
    ("MAX(uint(4)(3), uint(4)(9), uint(4)(4))", 9),
    ("MAX(uint(4)(3))", 3),
    ("MAX(uint(4)(3), int(3)(-4), 5)", 5),
    ("MIN(uint(4)(3), int(3)(-4))", -4),
    ("MIN(uint(0)(0), uint(0)(0))", 0),
    ("SORT(uint(4)(3), uint(4)(9), uint(4)(1))", [1, 3, 9]),
    ("SORT(int(4)(3), uint(2)(1), int(4)(-8))", [-8, 1, 3]),
    ("SORT(uint(4)(3))", [3]),
    ("len(SORT(uint(4)(i) for i < 0))", 0),
    ("COUNT([[1, 0], [1, 1]])", 3),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[text for text, _ in VALUES])
def test_value(text: str, value: object) -> None:
    found = tc0.Session().eval(text)
    assert (found if isinstance(found, int) else list(found)) == value
    assert Reference("", LIBRARY).expression(text) == value


MISTAKES = [
    ("uint(4)(5) // 0", "E0710"),
    ("int(4)(5) % 0", "E0710"),
    ("uint(4)(5) // (2 - 2)", "E0710"),
    ("uint(4)(5) << -1", "E0711"),
    ("uint(4)(5) << int(4)(1)", "E0711"),
    ("uint(4)(5) * 16", "E0701"),
    ("uint(4)(5) // -1", "E0701"),
    ("MAX(uint(4)(3), 99)", "E0701"),
    ("MAX()", "E0712"),
    ("SORT()", "E0712"),
    ("MAX(1, 2)", "E0303"),
    ('MIN("101")', "E0303"),
    ("MAX(uint(4)(i) for i < 0)", "E0405"),
    ("uint(4)(1) / uint(4)(1)", "E0303"),
    ("abs(MAJ(1, 1))", "E0301"),
]


@pytest.mark.parametrize(("text", "code"), MISTAKES, ids=[text for text, _ in MISTAKES])
def test_mistake(text: str, code: str) -> None:
    session = tc0.Session()
    with pytest.raises(tc0.Error) as raised:
        session.eval(text)
    assert raised.value.code == code
    assert session.eval("1 + 1") == 2
    with pytest.raises(tc0.Error):
        Reference("", LIBRARY).expression(text)


def test_a_divisor_that_becomes_zero_is_a_mistake_where_it_does() -> None:
    session = tc0.Session()
    session.run("family by[k](a: uint(w)) -> uint(w) = a // k")
    assert session.eval("by[3](uint(4)(13))") == 4
    with pytest.raises(tc0.Error, match="constant 0"):
        session.eval("by[0](uint(4)(13))")


PROGRAMS = {
    "mean": ("family f(x: uint(w)[m]) -> uint(w + clog2(m)) where m >= 1 = SUM(x) // m", {"w": 2, "m": 4}),
    "order": ("family f(x: int(w)[m]) -> int(w)[m] = SORT(x)", {"w": 2, "m": 4}),
    "mixed": ("family f(a: int(w), b: uint(w)) -> int(2 * w + 1) = a * b", {"w": 4}),
    "rotate": (
        "family f(a: uint(8), s: uint(3)) -> uint(8) = uint(8)((a << s) + (a >> uint(4)(uint(4)(8) - s)))",
        {},
    ),
    "spread": ("family f(x: uint(w)[m]) -> int(w + 1) where m >= 1 = MAX(x) - MIN(x)", {"w": 2, "m": 4}),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_readings_agree(name: str) -> None:
    text, sizes = PROGRAMS[name]
    session, reference = tc0.Session(), Reference(text, LIBRARY)
    session.run(text)
    circuit, expected = session["f"].instantiate(**sizes), reference.circuit("f", **sizes)
    assert (circuit.size, circuit.wires, circuit.depth) == (expected.size, expected.wires, expected.depth)
    wires = expected.netlist.inputs
    rows = [[number >> at & 1 for at in range(wires)] for number in range(0, 1 << wires, max(1, 1 << wires >> 7))]
    for row in rows:
        assert circuit.evaluate([row])[0].astype(int).tolist() == reference.evaluate("f", row, **sizes)
