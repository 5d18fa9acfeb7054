"""Values as text and as Python objects."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tc0.dsl.base.digits import show_integer
from tc0.dsl.core.interface import Port
from tc0.dsl.core.value import WireValue, decode, paste
from tc0.dsl.session.arguments import value_for
from tc0.dsl.session.documentation import read_documentation
from tc0.dsl.session.python_value import wires_value
from tc0.dsl.session.show_value import show_static, show_wires, static_type_text, wires_type_text

BITS = WireValue("bit", (5,), 1, (), (1, 0, 1, 1, 0))
MATRIX = WireValue("bit", (2, 3), 1, (), (1, 0, 1, 1, 1, 0))
WORDS = WireValue("int", (2,), 4, (), (-3, 7))
TEXT = WireValue("symbol", (3,), 2, ("a", "b", "("), ("a", "(", "b"))


@pytest.mark.parametrize(
    ("value", "shown", "pasted", "type"),
    [
        (BITS, "10110", '"10110"', "bit[5]"),
        (MATRIX, "101\n110", '["101", "110"]', "bit[2, 3]"),
        (WORDS, "[-3, 7]", "[int(4)(-3), int(4)(7)]", "int(4)[2]"),
        (TEXT, "a(b", '"a(b"', '{"a", "b", "("}[3]'),
        (WireValue("bit", (), 1, (), (1,)), "1", "1", "bit"),
        (WireValue("bit", (0,), 1, (), ()), '""', '""', "bit[0]"),
        (WireValue("uint", (), 8, (), (22,)), "22", "uint(8)(22)", "uint(8)"),
        (
            WireValue("symbol", (2,), 1, ("yes", "no"), ("no", "yes")),
            '["no", "yes"]',
            '["no", "yes"]',
            '{"yes", "no"}[2]',
        ),
    ],
)
def test_wires(value: WireValue, shown: str, pasted: str, type: str) -> None:
    assert show_wires(value) == shown
    assert paste(value) == pasted
    assert wires_type_text(value) == type
    port = Port("x", value.kind, value.shape, value.width, value.symbols)
    assert decode(port, value.bits()) == value


@pytest.mark.parametrize(
    ("value", "shown", "type"),
    [
        (True, "true", "bool"),
        (Fraction(1, 3), "1/3", "rational"),
        (Fraction(8), "8", "rational"),
        ("1011", "1011", "string"),
        ((1, 2), "[1, 2]", "integer[2]"),
        (((1, 0), (0, 1)), "[[1, 0], [0, 1]]", "integer[2, 2]"),
        (("ab", "c"), '["ab", "c"]', "string[2]"),
        ((), "[]", "integer[0]"),
    ],
)
def test_statics(value: object, shown: str, type: str) -> None:
    assert show_static(value) == shown
    assert static_type_text(value) == type


def test_a_long_matrix_has_one_row_a_line() -> None:
    row = tuple(range(100, 120))
    assert show_static((row, row)).count("\n") == 1


@pytest.mark.parametrize("digits", [4000, 4001, 5000, 9999, 100_000])
def test_long_integers(digits: int) -> None:
    shown = show_integer(10 ** (digits - 1) + 7)
    if digits <= 4000:
        assert len(shown) == digits
    else:
        assert shown == f"{'1' + '0' * 19}...{'0' * 19}7 ({digits:,} digits)"
    assert show_integer(-(10**5000)).startswith("-1")


def test_python_objects() -> None:
    assert wires_value(TEXT) == "a(b"
    assert wires_value(WireValue("uint", (1,), 70, (), (1 << 69,))).tolist() == [1 << 69]  # type: ignore[attr-defined]
    assert wires_value(WireValue("symbol", (2, 2), 1, ("a", "b"), ("a", "b", "b", "a"))) == ["ab", "ba"]


def test_a_matrix_may_be_spelled_in_one_string() -> None:
    port = Port("m", "bit", (2, 3), 1)
    assert (
        value_for(port, "101110")
        == value_for(port, ["101", "110"])
        == value_for(port, [[1, 0, 1], [1, 1, 0]])
        == MATRIX
    )


def test_documentation_lines() -> None:
    found = read_documentation(
        "Adds two numbers, e.g. 3 and 4. Carries are forms.\nMore.\n\nDepth: 2\nSize: 2 n + 1\nBest known: 2 n + 1,\n  by the same\n"
    )
    assert found.summary == "Adds two numbers, e.g. 3 and 4."
    assert found.entries == (("Depth", "2"), ("Size", "2 n + 1"), ("Best known", "2 n + 1, by the same"))
    assert found.text.endswith("More.")
    assert read_documentation("").summary == ""
