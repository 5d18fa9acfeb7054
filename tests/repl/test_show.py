"""How replies look, and the tables they are made of."""

from __future__ import annotations

import pytest

import tc0
from tc0.dsl.session.report import (
    Built,
    Checked,
    Closed,
    Counted,
    Counterexample,
    Described,
    Documentation,
    Figures,
    Optimized,
    OptionSet,
    Used,
)
from tc0.repl.look import Look
from tc0.repl.numerals import count, number
from tc0.repl.show import show
from tc0.repl.tables import table, wrapped

FIGURES = Figures(501, 501500, 752000, 2, 1500, 2, 1500, (("NOT", 1), ("THR", 500)), (500, 1), "gate")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1501, "1,501"),
        (-1501, "-1,501"),
        (10**15 - 1, "999,999,999,999,999"),
        (2**64, "2**64"),
        (-(2**64), "-2**64"),
        (3 * 2**63, "about 2**64.6"),
        (3**5000, "about 2**7924.8"),
        (1 << 100_000, "2**100000"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_numbers(value: int, text: str) -> None:
    assert number(value) == text


def test_counts() -> None:
    assert [count(1, "gate"), count(0, "gate"), count(2, "family")] == ["1 gate", "0 gates", "2 families"]


def test_tables() -> None:
    rows = [("name", "n"), ("a", "1"), ("long name", "1,000")]
    assert table(rows, right=(1,), head=True) == (
        "name           n\n" + "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * 16 + "\na              1\nlong name  1,000"
    )
    assert "-" * 16 in table(rows, right=(1,), head=True, unicode=False)
    assert table([]) == ""
    assert table([("a",), ("b", "c")], indent="  ") == "  a\n  b  c"
    wide = "\N{CJK UNIFIED IDEOGRAPH-4E2D}"
    assert table([(wide, "x"), ("ab", "y")]) == f"{wide}  x\nab  y"


def test_the_last_column_goes_on_below_itself() -> None:
    text = table([("key", "some words that are too long for the width")], width=30)
    assert text == "key  some words that are too\n     long for the width"
    assert table([("key", "no room at all")], width=10) == "key  no room at all"
    assert wrapped("a bb ccc", 4) == ["a bb", "ccc"]
    assert wrapped("unbreakable", 4) == ["unbreakable"]


def test_built() -> None:
    assert show(Built("f[n = 1000]", "(x: bit[n]) -> bit", 1000, 1, FIGURES)).splitlines() == [
        "f[n = 1000]: (x: bit[n]) -> bit, 1,000 inputs, 1 output",
        "  size                501  1 NOT, 500 THR",
        "  depth                 2  500 + 1 by level",
        "  wires           501,500  1,500 terms stored",
        "  unit wires      752,000",
        "  fan-in            1,500",
        "  largest weight        2",
    ]


def test_many_levels_are_cut() -> None:
    deep = Figures(40, 80, 80, 20, 2, 1, 80, (("AND", 40),), (2,) * 20, "free")
    text = show(Built("f[n = 9]", "() -> bit", 0, 1, deep))
    assert "2 + 2 + 2 + 2 + 2 + 2 + 2 + 2 + 2 + 2 + ... (20 levels)" in text
    assert "40 AND (NOT is free)" in text


def test_described() -> None:
    documentation = Documentation("Parity.", "Parity.\nOf bits.", (("Depth", "2"), ("Best known", "2")))
    closed = (
        Closed("size", "n + 1", "exact", "Theta(n)"),
        Closed("depth", "9", "at most"),
        Closed("fanin", "a fold", "none"),
    )
    counted = (Counted((("k", 1), ("n", 1)), FIGURES),)
    text = show(
        Described(
            "f", "[k](x: bit[n]) -> bit", "n >= 1", documentation, counted, "a note", True, "stdlib/f.tc:1:8", closed
        )
    )
    assert text.splitlines() == [
        "f: [k](x: bit[n]) -> bit where n >= 1",
        "",
        "  Parity.",
        "  Of bits.",
        "",
        "  Depth       2",
        "  Best known  2",
        "  Defined in  stdlib/f.tc:1:8",
        "",
        "  size    n + 1           Theta(n)",
        "  depth   at most 9",
        "  fan-in  no closed form",
        "",
        "  no closed form:  a fold",
        "",
        "  counted at    size  depth    wires  unit wires  fan-in  largest weight",
        "  " + "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * 70,
        "  k = 1, n = 1   501      2  501,500     752,000   1,500               2",
        "",
        "  a note",
    ]


def test_checks() -> None:
    assert show(Checked(True, "check 1 == 1", "evaluated", 1)) == "ok: 1 == 1"
    assert show(Checked(True, "check f(x) == 1", "exhaustive", 8191, "n = 0..12", circuits=True)) == (
        "ok: f(x) == 1  (all 8,191 cases, n = 0..12, circuits too)"
    )
    assert show(Checked(True, "check f(x) == 1", "sampled", 10, "n = 30", 7, "n = 21")) == (
        "ok: f(x) == 1  (10 cases, n = 30, sampled from n = 21 on with seed 7)"
    )
    found = Counterexample((("n", 2),), (("x", '"11"'),), 'f("11") == 1', "0", "1")
    assert show(Checked(False, "check f(x) == 1", "exhaustive", 6, "n = 0..2", counterexample=found)).splitlines() == [
        "FAILED: f(x) == 1  (6 cases, n = 0..2)",
        '  at n = 2, x = "11": left side 0, right side 1',
        '  try f("11") == 1',
    ]
    assert show(Checked(False, "check size(f) <= n", "undecided", 0, reason="the sum has no closed form")) == (
        "UNDECIDED: size(f) <= n  (the sum has no closed form)"
    )


def test_the_rest() -> None:
    assert show(OptionSet("seed", "3", "0")) == "seed = 3 (was 0)"
    assert show(Used("a.tc", ("f", "g"))) == '"a.tc": f, g'
    assert show(Used("a.tc", tuple("abcdefghij"))) == '"a.tc": a, b, c, d, e, f, g, h and 2 more'
    assert "before    after" in show(Optimized("f[n = 3]", FIGURES, FIGURES, (("constants folded", 2),)))


def test_colors_change_nothing_else() -> None:
    session = tc0.Session()
    program = "family f(x: bit[n]) -> bit = SUM(x) % 2\nf\nf[n = 3]\ncheck f(x) == 0 for x: bit[n], n <= 3\ncheck 1 == 1\ndepth(f)\nclass(f)\nuniformity(f)"
    for reply in session.run(program).replies:
        colored = show(reply, Look(color=True))
        for style in ("\x1b[32m", "\x1b[1;31m", "\x1b[1m", "\x1b[2m", "\x1b[0m"):
            colored = colored.replace(style, "")
        assert colored == show(reply)
