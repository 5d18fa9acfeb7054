"""Static floats in the language: written, combined, printed, and handed to Python."""

from __future__ import annotations

from fractions import Fraction

import pytest

import tc0
from tc0.dsl.numbers.floats import Float, Format, text, values


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    found = tc0.Session()
    found.run("let a = [float(8)(1), 0.5, -3]\nlet f(x, y) = SUM([x, y]) / (x * y + 1)")
    return found


@pytest.mark.parametrize("kind", ["float(6)", "float(6, nearest)", "float(8)"])
def test_every_value_is_written_and_read(session: tc0.Session, kind: str) -> None:
    format = Format(8 if "8" in kind else 6, "nearest" in kind)
    for x in values(format):
        assert session.eval(f"{kind}({text(x)})") == x.fraction()
        assert session.eval(f"{kind}({kind}({text(x)}).bits)") == x.fraction()


@pytest.mark.parametrize("written", ["2**2000000000", "3 * 2**-2000000000", "-5 * 2**1000000000"])
def test_exponents_of_32_bits(session: tc0.Session, written: str) -> None:
    found = session.eval(f"float(64)({written})")
    assert isinstance(found, Float)
    assert text(found) == written
    assert session.run(f"float(64)({written})").replies[-1].text == written


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("SUM(float(8)(1) for i < 0)", 0),
        ("SUM(float(8)(7), 0.5, -7)", Fraction(1, 2)),
        ("SUM(a)", Fraction(-3, 2)),
        ("MAX(a)", 1),
        ("MIN(a)", -3),
        ("a + a", [2, 1, -6]),
        ("a - [1, 1, 1]", [0, Fraction(-1, 2), -4]),
        ("a * 2", [2, 1, -6]),
        ("2 * a", [2, 1, -6]),
        ("a / 3", [Fraction(5, 16), Fraction(5, 32), -1]),
        ("float(8)([1 / 3, 2])", [Fraction(5, 16), 2]),
        ("f(float(8)(1), float(8)(1 / 8))", 1),
        ("f(1, 2)", 1),
        ("relu(float(8)(-2))", 0),
        ("relu(float(8)(3))", 3),
        ("abs(float(8)(-2))", 2),
        ("-float(8)(0)", 0),
        ("1 / float(8)(3)", Fraction(5, 16)),
        ("float(8)(exp(1))", Fraction(5, 2)),
        ("float(8)(pi)", 3),
        ("float(8)(0.5) < 0.51", False),
        ("a == a", True),
        ("a == [float(8)(1), 0.5, 3]", False),
        ("fold s = 0 for k < 8 yield s + float(8)(1 / 8)", 1),
        ("if 1 < 2 then 1 / 3 else float(8)(0)", Fraction(5, 16)),
        ("a[1..3]", [Fraction(1, 2), -3]),
    ],
)
def test_values(session: tc0.Session, expression: str, value: object) -> None:
    assert session.eval(expression) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("float(7)(1)", "E0713"),
        ("float(66)(1)", "E0713"),
        ("float(8)(1) + float(6)(1)", "E0714"),
        ("float(8)(1) < float(8, nearest)(1)", "E0714"),
        ("SUM(float(8)(1), float(6)(1))", "E0714"),
        ('float(8)("00010000")', "E0715"),
        ('float(8)("0000")', "E0715"),
        ("float(8)(true)", "E0302"),
        ("float(8)(2) ** 2", "E0302"),
        ("float(8)(2) // 2", "E0302"),
        ("floor(float(8)(2))", "E0302"),
        ("a + [float(8)(1)]", "E0404"),
        ("a * a", "E0308"),
        ("a + 1", "E0308"),
        ("MAX(float(8)(1) for i < 0)", "E0501"),
        ("float(8)(1 / 0)", "E0501"),
        ("float(8)(exp(sin(pi)))", "E0507"),
        ("float(8, up)(1)", "E0203"),
        ("family g(x: bit) -> bit = float(8)(x) > 1\ng(1)", "E0303"),
        ('family g(x: bit[8]) -> float(8) = float(8)(x)\ng("00000000")', "E0715"),
        ("family g(x: bit) -> bit = float(8)(1) > x\ng(1)", "E0303"),
        ("family g(x: bit) -> bit = float(8)(1) + x > 1\ng(1)", "E0303"),
    ],
)
def test_mistakes(session: tc0.Session, text: str, code: str) -> None:
    with pytest.raises(tc0.Error) as caught:
        session.run(text)
    assert caught.value.code == code
    assert session.eval("1 + 1") == 2


def test_inside_of_families() -> None:
    """The vectorised reading of the same statics: a sum at every point is rounded once."""
    session = tc0.Session()
    session.run(
        """
        family g[c: float(8), W: float(8)[m]](x: bit[n]) -> bit = if SUM(W) > c then AND(x) else OR(x)
        family h(x: bit[n]) -> bit[n] = [if SUM(if j == 0 then float(8)(1) else 1 / 8 for j < i) >= 2 then x[i] else 0 for i < n]
        family k(x: bit[n]) -> bit[n, 8] = [float(8)(i).bits for i < n]
        """
    )
    assert session.eval('g[c = 0.5, W = [float(8)(1), 1]]("110")') == 0
    assert session.eval('g[c = 2, W = [1, 1 / 3]]("110")') == 1
    assert session.eval('h("1111111111")').tolist() == [0] * 9 + [1]
    assert session.eval('k("111")').tolist() == [
        [int(c) for c in word] for word in ("00001111", "00100101", "00101001")
    ]
