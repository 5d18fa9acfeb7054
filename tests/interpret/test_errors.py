"""What the walk refuses, by code; that the message names what it should; and what it must not refuse."""

from __future__ import annotations

import pytest

from interpret.programs import Program
from tc0.dsl.base.errors import Error, LimitReached
from tc0.dsl.base.meter import Limits, Meter
from tc0.dsl.interpret.instantiate import instantiate

REFUSED: list[tuple[str, dict[str, object], str, str]] = [
    ("family f(x: bit[n]) -> bit[n] = [x[i + 1] for i < n]", {"n": 3}, "E0401", "index 3 is outside 0..2, with i = 2"),
    ("family f(x: bit[n]) -> bit[n, n] = [x[i + j] for i < n, j < n]", {"n": 3}, "E0401", "with i = 1, j = 2"),
    ("family f(x: bit[n]) -> bit = x[-1]", {"n": 3}, "E0401", "index -1"),
    ("family f(x: bit[n]) -> bit = OR(x[0..n + 1])", {"n": 3}, "E0402", "0..4"),
    ("family f(x: bit[n]) -> bit[n] = [OR(x[i..n - i]) for i < n]", {"n": 3}, "E0402", "with i = 2"),
    ("family f(x: bit[n]) -> bit[n, n] = [[x[j] for j <= i] for i < n]", {"n": 3}, "E0403", ""),
    ("family f(x: bit[n]) -> bit[n] = [x[i] for i < n if i > 0]", {"n": 3}, "E0404", ""),
    (
        "family f(x: bit[n]) -> bit = g(x[0..n - 1], x)\nfamily g(a: bit[n], b: bit[n]) -> bit = a[0]",
        {"n": 3},
        "E0404",
        "`b` of `g`",
    ),
    ("family f(x: bit[n]) -> bit = g(x)\nfamily g(a: bit[2 * m]) -> bit = a[0]", {"n": 3}, "E0404", "2 * m"),
    ("family f(x: bit[n]) -> bit = x == x[0..n - 1]", {"n": 3}, "E0404", ""),
    ("family f(x: bit[n]) -> bit where n >= 1 = x[0]", {"n": 0}, "E0405", "n = 0"),
    (
        "family f(x: bit[n]) -> bit[n] = [g(x[0..i]) for i < n]\nfamily g(x: bit[n]) -> bit where n >= 1 = x[0]",
        {"n": 3},
        "E0405",
        "n = 0",
    ),
    ("family f(x: bit[n]) -> bit = (fold s = x for t < 2 yield s[1..len(s)])[0]", {"n": 3}, "E0406", ""),
    ("family f(x: bit[n]) -> bit = x[1 // (n - 3)]", {"n": 3}, "E0501", "division by zero, with n = 3"),
    ("family f(x: bit[n]) -> bit[n] = [x[6 // (i - 1) % 2] for i < n]", {"n": 3}, "E0501", "with i = 1"),
    ("family f(x: bit[n]) -> bit = f(x)", {"n": 3}, "E0502", "(3) calls (3)"),
    ("family f(x: bit[n]) -> bit = f(x[i % n] for i <= n)", {"n": 3}, "E0502", "(3) calls (4)"),
    ("family f(x: bit[n]) -> bit = f(x[0..n // 2]) ^ f(x[n // 2..n])", {"n": 0}, "E0502", ""),
    (
        "family f[k](x: bit[n]) -> bit = if n == 0 then 0 else if k == 0 then f[n](x[1..n]) else f[k - 1](x)",
        {"k": 1, "n": 2},
        "E0502",
        "",
    ),
    ("family f[k](x: bit[n]) -> bit = f[k - 1](x)", {"k": 2, "n": 1}, "E0502", ""),
    ("let loop(a) = loop(a)\nfamily f(x: bit[n]) -> bit = x[loop(n)]", {"n": 3}, "E0502", "`loop`"),
    ("let loop(a) = loop(a)\nfamily f(x: bit[n]) -> bit[n] = [x[loop(i)] for i < n]", {"n": 3}, "E0502", "`loop`"),
    ("let h(a) = a + 1\nfamily f(x: bit[n]) -> bit = x[h(n == 3)]", {"n": 3}, "E0504", ""),
    ("family f(x: form(0, 3)) -> bit = x >= 1", {}, "E0601", "instantiate"),
    ("family f(x: bit[n]) -> form(0, 3) = SUM(x)", {"n": 3}, "E0601", ""),
    ("family f(x: bit[n]) -> bit = SUM(x)", {"n": 3}, "E0602", "0..3"),
    ("family f(x: bit[n]) -> bit = AND(SUM(x), x[0])", {"n": 2}, "E0602", "0..2"),
    ("family f(x: bit[n]) -> bit[n] = [SUM(x[0..i]) for i < n]", {"n": 3}, "E0602", "0..2"),
    ("family f(x: bit[n]) -> bit = SUM(x) // (n - 3) > 1", {"n": 3}, "E0603", "not 0"),
    ("family f(x: bit[n]) -> bit = MOD[n - 3](x)", {"n": 3}, "E0603", ""),
    (
        "family f(x: bit[n]) -> bit = (fold s = within(0, 0, 2) for t < n yield s + x[t]) >= 1",
        {"n": 3},
        "E0605",
        "0..3",
    ),
    ("family f(x: bit[n]) -> bit = within(SUM(x), 2, 1) >= 1", {"n": 3}, "E0606", "2..1"),
    ("family f(x: bit[n]) -> bit = within(SUM(x), 5, 6) >= 1", {"n": 3}, "E0606", "0..3"),
    ("family f(x: bit[n]) -> bit = g(SUM(x))\nfamily g(s: form(0, 2)) -> bit = s >= 1", {"n": 3}, "E0608", "0..3"),
    ("let h(a) = a\nfamily f(x: bit[n]) -> bit[n] = [h(i) for i < n]", {"n": 3}, "E0701", "not 2"),
    (
        "let h(a) = a\nfamily f(x: bit[n]) -> uint(2)[n] = [uint(2)(h(i)) for i < n]",
        {"n": 5},
        "E0701",
        "4 does not fit",
    ),
    ("family f(x: bit[n]) -> bit = AND(10**n * x[0], x[1])", {"n": 6000}, "E0602", "0.."),
    ("family f(x: bit[n]) -> bit = within(10**n * x[0], 2, 1) >= 1", {"n": 6000}, "E0606", "2..1"),
    ("table family f(x: bit[n]) -> bit = x[0]", {"n": 21}, "E0807", ""),
]


@pytest.mark.parametrize(("text", "sizes", "code", "words"), REFUSED)
def test_refused(text: str, sizes: dict[str, object], code: str, words: str) -> None:
    with pytest.raises(Error) as caught:
        instantiate(Program(text).fixed("f", **sizes), Meter())
    assert caught.value.code == code, str(caught.value)
    assert words in f"{caught.value.message} {caught.value.hint}", str(caught.value)
    assert caught.value.span is not None


FINE: list[tuple[str, dict[str, object]]] = [
    ("family f(x: bit[n]) -> bit[n] = [if i < n - 1 then x[i + 1] else 0 for i < n]", {"n": 3}),
    ("family f(x: bit[n]) -> bit = OR(x[i] for i < n if i != 2 and 6 // (i - 2) > 0)", {"n": 5}),
    ("family f(x: bit[n]) -> bit[n] = [x[1 // i] for i < n]", {"n": 0}),
    ("family f(x: bit[n]) -> bit[0] = [x[7 // k] for k < 0]", {"n": 0}),
    ("family f(x: bit[n]) -> bit[n, 3] = [[x[5], 1, 0] for i < n]", {"n": 0}),
    ("family f(x: bit[n]) -> bit[n, n] = [[x[j] for j < n] for i < n]", {"n": 0}),
    ("family f(x: bit[n]) -> bit[0, 3] = [x[j + 9] for i < 0, j < 3]", {"n": 0}),
]


@pytest.mark.parametrize(("text", "sizes"), FINE)
def test_branches_that_nobody_takes_cost_and_raise_nothing(text: str, sizes: dict[str, object]) -> None:
    instantiate(Program(text).fixed("f", **sizes), Meter())


DEEP = "family f(x: bit[n]) -> bit = if n == 0 then 0 else x[0] | f(x[1..n])"


def test_ten_thousand_nested_calls() -> None:
    net = instantiate(Program(DEEP).fixed("f", n=9_998), Meter())
    assert net.gates == 9_998


def test_deeper_is_a_limit() -> None:
    with pytest.raises(LimitReached) as caught:
        instantiate(Program(DEEP).fixed("f", n=10_001), Meter())
    assert caught.value.code == "E0804"


def test_static_recursion_is_deep_too() -> None:
    text = "let h(a) = if a == 0 then 0 else 1 + h(a - 1)\nfamily f(x: bit[n]) -> bit = SUM(h(9000 + i) * x[i] for i < n) > 0"
    assert instantiate(Program(text).fixed("f", n=2), Meter()).gates == 1


LARGE = [
    ("family f(x: bit[n]) -> bit[n, n, n] = [x[i] & x[j] & x[k] for i < n, j < n, k < n]", {"n": 100_000}),
    ("family f(x: bit[n]) -> bit = OR(x[i] | x[j] for i < n**3, j < i)", {"n": 100_000}),
    ("family f(x: bit[n]) -> bit = SUM(2**60 * x[i] for i < n) // 3 > 5", {"n": 3}),
    ("family f(x: bit[n]) -> bit = OR(0 for i < 10**15)", {"n": 3}),
]


@pytest.mark.parametrize(("text", "sizes"), LARGE)
def test_too_large_is_known_before_it_is_built(text: str, sizes: dict[str, object]) -> None:
    with pytest.raises(LimitReached) as caught:
        instantiate(Program(text).fixed("f", **sizes), Meter(Limits(gates=10_000_000, memory=1 << 28)))
    assert caught.value.code in ("E0801", "E0802")
