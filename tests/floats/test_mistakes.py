"""Mistakes with floats and transformers: a code, a place, and the session goes on."""

from __future__ import annotations

import pytest

import tc0

WORD = '{"a", "b"}'
EMBED = 'embed x[i < n] = [if w[i] == "a" then 1 else 0]'
LAYER = "layer { x[i < n] = x[i] }"
RETURN = "return x[0, 0] > 0"
PRECISION = "precision p = 8"


def transformer(*lines: str) -> str:
    return f"transformer t(w: {WORD}[n]) -> bit {{\n" + "".join(f"    {line}\n" for line in lines) + "}\n"


# program, code, and the text where it is
FLOATS = [
    ("family f(x: float(7)) -> bit = x > 0", "E0713", "7"),
    ("family f(x: float(2)) -> bit = x > 0", "E0713", "2"),
    ("family f(x: float(66)) -> bit = x > 0", "E0713", "66"),
    ("family f(x: float(p)) -> bit = x > 0\nsize(f[p = 7])", "E0713", "x: float(p)"),
    ('family f(x: bit[p]) -> bit = float(p)(x) > 0\nf("10")', "E0713", "float(p)(x)"),
    ("family f(x: float(8, up)) -> bit = x > 0", "E0203", "float(8, up)"),
    ("family f(x: float) -> bit = x > 0", "E0203", "float"),
    ('family f(x: bit[6]) -> bit = float(8)(x) > 0\nf("101010")', "E0404", "x"),
    ("family f(x: float(8), y: float(6)) -> float(8) = x + y", "E0303", "y"),
    ("family f(x: float(8), y: float(8, nearest)) -> float(8) = x * y", "E0303", "y"),
    ("family f(x: float(8), y: float(6)) -> bit = x < y", "E0303", "y"),
    ("family f(x: float(8), y: float(6)) -> bit = x == y", "E0303", "y"),
    ("family f(x: float(8), y: float(6)) -> float(8) = SUM(x, y)", "E0303", "y"),
    ("family f(x: float(8), y: float(6), c: bit) -> float(8) = if c then x else y", "E0303", "y"),
    ("family f(x: float(8), y: float(6)) -> float(8)[2] = [x, y]", "E0303", "y"),
    ("family f(x: float(8)) -> float(8) = x + float(6)(1)\nf(float(8)(1))", "E0714", "float(6)(1)"),
    ("family f(x: float(p), y: float(p)) -> float(p) = x + y\nf(float(8)(1), float(6)(1))", "E0714", "float(6)(1)"),
    ("family f(x: float(p), y: float(q)) -> float(p) = x + y\nf(float(8)(1), float(6)(1))", "E0404", "x + y"),
    ("family f(x: float(p), y: float(q)) -> bit = x == y\nf(float(8)(1), float(6)(1))", "E0404", "x == y"),
    ("family f(x: float(8)) -> float(6) = x", "E0303", "x"),
    ("table family f(x: float(8)) -> float(6) = x", "E0303", "x"),
    ("family f(x: float(8)) -> bit = x > 0\nf(float(6)(1))", "E0714", "float(6)(1)"),
    ("family f(x: bit[n]) -> float(8) = float(8)(SUM(x))", "E0303", "SUM(x)"),
    ("family f(x: bit) -> float(8) = float(8)(x)", "E0303", "x"),
    ("family f(x: uint(4)) -> float(8) = float(8)(x)", "E0303", "x"),
    (f"family f(x: {WORD}) -> float(8) = float(8)(x)", "E0303", "x"),
    ("family f(x: float(8), y: bit) -> float(8) = x + y", "E0303", "y"),
    ("family f(x: float(8), y: bit[3]) -> float(8) = x * SUM(y)", "E0303", "SUM(y)"),
    ("family f(x: float(8), y: uint(3)) -> float(8) = x + y", "E0303", "y"),
    ("family f(x: float(8)) -> bit = x", "E0303", "x"),
    ("family f(x: bit) -> float(8) = x", "E0303", "x"),
    ("family f(x: float(8)) -> bit = if x then 1 else 0", "E0309", "x"),
    ("family f(x: float(8)) -> bit = x & x", "E0303", "x"),
    ("family f(x: float(8)) -> bit = AND(x, x)", "E0303", "x"),
    ("family f(x: float(8)) -> bit = THR[1](x)", "E0303", "x"),
    ("family f(x: float(8)) -> float(8) = x // 2", "E0303", "x"),
    ("family f(x: float(8)) -> float(8) = x % 2", "E0303", "x"),
    ("family f(x: float(8)) -> float(8) = x << 2", "E0303", "x"),
    ("family f(x: float(8)) -> float(8) = x ** 2", "E0301", "x"),
    ("family f(x: float(8)) -> float(8) = x + true", "E0303", "true"),
    ('family f(x: float(8)) -> float(8) = x + "1"', "E0303", '"1"'),
    ("family f(x: float(8)[3]) -> float(8)[3] = SORT(x)", "E0303", "SORT(x)"),
    ("family f(x: float(8)) -> form(0, 3) = value(x)", "E0303", "x"),
    ("family f(x: float(8), y: bit[3]) -> bit = y[x]", "E0301", "x"),
    ("family f(x: float(8)) -> bit[3] = [1 for i < x]", "E0301", "x"),
    ("family f(x: uint(3)) -> bit = float(x)(1) > 0", "E0301", "x"),
    ("family f(x: float(8)) -> bit = x.mantissa", "E0205", "x.mantissa"),
    ("family f(x: float(8)[n]) -> float(8) = MAX(x)\nf([float(8)(1)][0..0])", "E0712", "MAX(x)"),
    ("family f(x: float(8)[2], y: float(8)[3]) -> float(8)[2] = x + y", "E0404", "x + y"),
    ("family f(x: float(8)[n], y: float(8)[m]) -> float(8)[n] = x + y\nf([float(8)(1)], [float(8)(1), 2])", "E0404", "x + y"),
    ("family f(x: float(8)[2], y: float(8)[2]) -> float(8)[2] = x * y", "E0308", "x * y"),
    ("family f(x: float(8)[2]) -> float(8)[2] = 1 / x", "E0308", "1 / x"),
    ("family f(x: float(8)[2]) -> float(8)[2] = x + 1", "E0308", "x + 1"),
    ("family f(x: float(8)[2]) -> float(8)[2] = abs(x)", "E0308", "x"),
    ("family f(x: float(8)[2]) -> bit = x < x", "E0308", "x < x"),
    ("family f(x: bit, y: float(8)) -> float(8) = y + (if x then 1 else 0)", "E0303", "if x then 1 else 0"),
    ("family f(x: bit) -> float(p) = if x then 1 else 0\nf(1)", "E0306", "f(1)"),
    ("table family f(x: float(32)) -> float(32) = x\nf(float(32)(1))", "E0807", "f(float(32)(1))"),
    ("family f(x: float(p)) -> bit = x == x\ncheck f(x) == 1 for x: float(p), p in 4..6", "E0713", "x: float(p)"),
    ('family f(x: bit[4]) -> float(4) = float(4)(x)\nf("0000")', "E0715", 'f("0000")'),
    ('table family t(x: float(4)) -> float(4) = 1\nt(float(4)("0000"))', "E0715", 'float(4)("0000")'),
]  # fmt: skip

TRANSFORMERS = [
    (transformer(EMBED, LAYER, RETURN), "E0210", EMBED),
    (transformer(PRECISION, LAYER, EMBED, RETURN), "E0210", LAYER),
    (transformer(PRECISION, PRECISION, EMBED, LAYER, RETURN), "E0210", PRECISION),
    (transformer(PRECISION, EMBED, EMBED, LAYER, RETURN), "E0210", EMBED),
    (transformer(PRECISION, "return 1"), "E0210", "t"),
    (transformer(PRECISION, EMBED, LAYER), "E0114", "}"),
    (transformer("precision p = 7", EMBED, LAYER, RETURN) + 't("a")', "E0713", "1"),
    (transformer("precision p = 2", EMBED, LAYER, RETURN) + 't("a")', "E0713", "1"),
    (transformer("precision p = n + 4", EMBED, LAYER, RETURN) + 't("ab")\nt("a")', "E0713", "1"),
    (transformer("precision p = 8, up", EMBED, LAYER, RETURN), "E0203", "precision p = 8, up"),
    (transformer("precision p = w", EMBED, LAYER, RETURN), "E0301", "w"),
    (transformer("precision p = 17 / 2", EMBED, LAYER, RETURN), "E0302", "17 / 2"),
    (transformer("precision w = 8", EMBED, LAYER, RETURN), "E0202", "precision w = 8"),
    (transformer(PRECISION, "embed x[i < n] = 1", LAYER, RETURN), "E0308", "embed x[i < n] = 1"),
    (transformer(PRECISION, "embed x[i < n] = [[1]]", LAYER, RETURN), "E0308", "embed x[i < n] = [[1]]"),
    (transformer(PRECISION, "embed x[i < n] = [w[i]]", LAYER, RETURN), "E0303", "embed x[i < n] = [w[i]]"),
    (transformer(PRECISION, "embed x[i in 1..n] = [1]", LAYER, RETURN), "E0311", "i in 1..n"),
    (transformer(PRECISION, "embed w[i < n] = [1]", "return w[0, 0] > 0"), "E0202", "embed w[i < n] = [1]"),
    (transformer(PRECISION, "embed x[i < n] = [1 for j < i]", LAYER, RETURN) + 't("ab")', "E0403", "embed x[i < n] = [1 for j < i]"),
    (transformer(PRECISION, EMBED, "layer { let a = x }", RETURN), "E0210", "layer { let a = x }"),
    (transformer(PRECISION, EMBED, "layer { y[i < n] = x[i] }", RETURN), "E0210", "layer { y[i < n] = x[i] }"),
    (transformer(PRECISION, EMBED, "layer { x[i < n] = x[i]\n x[i < n] = x[i] }", RETURN), "E0210", "x[i < n] = x[i]"),
    (transformer(PRECISION, EMBED, "layer { let x = 1\n x[i < n] = x[i] }", RETURN), "E0202", "x"),
    (transformer(PRECISION, EMBED, "layer { x[i < n] = [x[i, 0], 1] }", RETURN), "E0404", "x[i < n] = [x[i, 0], 1]"),
    (transformer(PRECISION, EMBED, "layer { x[i < n + 1] = [1] }", RETURN) + 't("ab")', "E0404", "x[i < n + 1] = [1]"),
    (transformer(PRECISION, "embed x[i < 3] = [1]", "layer { x[i < 2] = x[i] }", RETURN) + 't("ab")', "E0404", "x[i < 2] = x[i]"),
    (transformer(PRECISION, EMBED, "repeat n layer { x[i < n + 1] = [2] }", RETURN) + 't("ab")', "E0404", "x[i < n + 1] = [2]"),
    (transformer(PRECISION, EMBED, "layer { x[i < n] = [float(6)(1)] }", RETURN) + 't("ab")', "E0714", "x[i < n] = [float(6)(1)]"),
    (transformer(PRECISION, EMBED, "repeat w layer { x[i < n] = x[i] }", RETURN), "E0301", "w"),
    (transformer(PRECISION, EMBED, "repeat 1 / 2 layer { x[i < n] = x[i] }", RETURN), "E0302", "1 / 2"),
    (transformer(PRECISION, EMBED, LAYER, "return x"), "E0303", "x"),
    (transformer(PRECISION, EMBED, LAYER, "return x[0, 0]"), "E0303", "x[0, 0]"),
    (transformer(PRECISION, EMBED, LAYER, "return [x[i, 0] > 0 for i < n]"), "E0308", "[x[i, 0] > 0 for i < n]"),
    (transformer(PRECISION, EMBED, LAYER, "return SUM(x[i, 0] > 0 for i < n)") + 't("ab")', "E0602", "SUM(x[i, 0] > 0 for i < n)"),
    (transformer(PRECISION, EMBED, LAYER, "return x[n, 0] > 0") + 't("ab")', "E0401", "n"),
    (transformer(PRECISION, EMBED, LAYER, "return y > 0"), "E0201", "y"),
    (transformer(PRECISION, EMBED, LAYER, "return t(w)") + 't("ab")', "E0502", "t(w)"),
    (transformer(PRECISION, EMBED, LAYER, RETURN) + 't("")', "E0405", 't("")'),
    (transformer(PRECISION, EMBED, LAYER, RETURN) + "size(t[n = 0])", "E0405", "n >= 1"),
    (transformer(PRECISION, EMBED, LAYER, RETURN) + 't("abc")', "E0703", '"abc"'),
    (transformer(PRECISION, EMBED, LAYER, RETURN) + "t(1)", "E0308", "1"),
    (transformer("precision p = 8, nearest", EMBED, "layer { x[i < n] = attend(1, x[j] for j < n) }", RETURN), "E0303", "x[j] for j < n"),
    (transformer(PRECISION, EMBED, "layer { x[i < n] = attend([1], x) }", RETURN) + 't("ab")', "E0404", "attend([1], x)"),
    (transformer(PRECISION, EMBED, "layer { x[i < n] = attend(1, x[j, 0] for j < n) }", RETURN), "E0308", "x[j, 0] for j < n"),
    (transformer(PRECISION, EMBED, "layer { x[i < n] = attend(float(6)(1), x[j] for j < n) }", RETURN) + 't("ab")', "E0404", "attend(float(6)(1), x[j] for j < n)"),
    (transformer(PRECISION, EMBED, LAYER, RETURN).replace("-> bit", "-> bit where n > 2") + 't("aa")', "E0405", 't("aa")'),
]  # fmt: skip


@pytest.mark.parametrize(("program", "code", "place"), FLOATS + TRANSFORMERS)
def test_mistakes(program: str, code: str, place: str) -> None:
    session = tc0.Session()
    with pytest.raises(tc0.Error) as found:
        session.run(program)
    assert (found.value.code, found.value.message and found.value.span and found.value.span.text) == (code, place)
    assert session.eval("float(8)(1) + 1") == 2
