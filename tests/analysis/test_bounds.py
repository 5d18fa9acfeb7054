"""Closed forms of programs over numbers that are not in closed form: bounds that hold, exact where they say so."""

from __future__ import annotations

import pytest

import tc0

PROGRAM = """
let f(i) = pow_mod(3, i, 17)
family some[T: integer[r]](x: bit[n]) -> bit = OR(if T[i % r] > 3 then x[i] else AND(x[i], x[0], 1) for i < n)
family chosen(x: bit[n]) -> bit = OR(x[i] for i < n if f(i) % 3 == 1)
family counted(x: bit[n]) -> form(0, n) = within(SUM(x[i] for i < n if f(i) > 8), 0, n)
family levels(x: bit[n]) -> bit = bit(within(counted(x) // 3, 0, 1))
family weighted(x: bit[n]) -> bit = SUM(f(i) * x[i] for i < n) >= f(n)
family three(x: bit[3]) -> bit = some[[1, 5, 2]](x)
family boxes(x: bit[n]) -> bit where n >= 3 = AND(three(x[i .. i + 3]) for i < n - 2)
family tabled(x: bit[n]) -> bit = AND(SUM(x) >= [1, 2, 4, 8][i] for i < 4)
transformer mean(w: {"a", "b"}[n]) -> bit {
    precision p = 6
    embed x[i < n] = [if w[i] == "a" then 1 else 0, if w[i] == "b" then 1 else 0]
    layer {
        let mean[i < n] = attend(1, x[j] for j < n if j <= i)
        x[i < n] = mean[i] + x[i]
    }
    return x[n - 1][0] > x[n - 1][1]
}
"""
FAMILIES = [
    ("some[[1, 5, 2]]", "n", 1, 9),
    ("chosen", "n", 0, 9),
    ("levels", "n", 0, 5),
    ("weighted", "n", 0, 9),
    ("boxes", "n", 3, 9),
    ("tabled", "n", 0, 9),
    ("mean", "n", 1, 4),
    ("float_sum[p = 4]", "m", 0, 6),
    ("float_sum[p = 6]", "m", 0, 5),
    ("float_max[p = 6]", "m", 1, 5),
    ("literal[layers = 1, p = 4]", "n", 1, 4),
]
FIGURES = ("size", "wires", "depth", "fanin", "largest_weight", "unit_wires")


@pytest.mark.parametrize(("family", "size", "low", "high"), FAMILIES, ids=[f for f, *_ in FAMILIES])
def test_bounds_hold(family: str, size: str, low: int, high: int) -> None:
    session = tc0.Session()
    session.run(PROGRAM)
    found = session.eval(family)
    derived = 0
    for name in FIGURES:
        try:
            figure = getattr(found, name)
        except tc0.Error as e:
            assert e.code == "E1001"
            continue
        derived += 1
        for value in range(low, high):
            counted = getattr(found.instantiate(**{size: value}), name)
            if figure.evidence.value == "exact":
                assert figure.at(**{size: value}) == counted, (name, value)
            else:
                assert figure.at(**{size: value}) >= counted, (name, value)
    assert derived >= (0 if family in ("weighted", "levels") else 2)
