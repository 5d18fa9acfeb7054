"""Floats in corners of the language: all readings agree. The sizes are small, so that circuits are."""

from __future__ import annotations

import pytest

from floats.agreement import readings_agree, values_agree
from floats.test_transformers import MAJORITY

PREFIXES = MAJORITY.replace(" f(w", " majority(w") + (
    'family f(w: {"a", "b"}[n]) -> bit[n] = [majority(w[0..k + 1]) for k < n]'
)

CORNERS: dict[str, tuple[str, int]] = {
    "precision differs from point to point": (
        "family f(x: bit[n]) -> bit[n] = [float(2 * k + 4)(if x[k] then 3 else 1 / 3) * 3 > 1 for k < n]",
        2,
    ),
    "precision of an argument differs": (
        """
        family g(a: float(p)[m]) -> float(p) = SUM(a) / 3
        family f(x: bit[n]) -> bit[n] = [g([float(2 * k + 4)(if x[j] then 3 else 1 / 3) for j <= k]) >= 1 for k < n]
        """,
        2,
    ),
    "bits of several precisions": (
        "family f(x: bit[n]) -> bit[n, 4] = [(float(2 * k + 4)(if x[k] then 3 else 1) + 1).bits[0..4] for k < n]",
        2,
    ),
    "a transformer on all prefixes": (PREFIXES, 1),
    "halves": (
        """
        family g(a: float(p)[m]) -> float(p) = if m == 1 then a[0] else g(a[0..m // 2]) * g(a[m // 2..m])
        family f(x: float(4)[n + 1]) -> float(4) = g(x)
        """,
        2,
    ),
    "pairs": (
        "family f(x: float(4)[n]) -> float(4)[n, n] = [if i == j then x[i] else x[i] - x[j] for i < n, j < n]",
        2,
    ),
    "sums of several lengths": ("family f(x: float(4)[n]) -> float(4)[n] = [SUM(x[j] * x[i] for j < i) for i < n]", 2),
    "chosen sums of several lengths": (
        "family f(x: float(4)[n], b: bit) -> float(4)[n] = [if b then SUM(x[j] for j < i) else MAX(x[j] for j <= i) for i < n]",
        2,
    ),
    "a guard": ("family f(x: float(4)[n]) -> float(4) = SUM(x[i] / x[j] for i < n, j < n if i != j)", 2),
    "sums of rows": ("family f(x: float(4)[2, n]) -> float(4)[2] = [SUM(x[i]) for i < 2]", 2),
    "slices": ("family f(x: float(4)[n]) -> float(4) = SUM(x[0..n // 2]) - SUM(x[n // 2..n])", 2),
    "letters": (
        'family f(x: float(4)[n]) -> {"n", "z", "p"}[n] = [if x[i] < 0 then "n" else if x[i] == 0 then "z" else "p" for i < n]',
        2,
    ),
    "counted": ("family f(x: float(4)[n]) -> uint(bits(n)) = COUNT(x[i] > 0 for i < n)", 2),
    "equal to numbers": ("family f(x: float(4)[n]) -> bit = x == [i / 2 for i < n]", 2),
    "a choice of static floats": (
        "family f(b: bit[n]) -> float(4)[2] = if b[0] then [float(4)(1), 0.3] else [0, 1]",
        1,
    ),
    "a choice of fractions is a result": (
        "family f(b: bit[n]) -> float(4)[n] = [if b[i] then 0.5 else 1 for i < n]",
        2,
    ),
    "a choice of fractions is an argument": (
        """
        family g(x: float(4)[2]) -> float(4) = x[0] - x[1]
        family f(b: bit[n]) -> float(4)[2] = [g(if b[0] then [1, 1 / 2] else [0, 1]), g(if b[0] then 1 / 2 else i for i < 2)]
        """,
        1,
    ),
    "a choice of fractions waits for a precision": (
        """
        family g(v: float(p)[m], x: float(p)[m]) -> float(p) = SUM(v[i] * x[i] for i < m)
        family f(b: bit[n], x: float(4)[n]) -> float(4) = g(if b[i] then 0.5 else i, x[i] for i < n)
        """,
        2,
    ),
    "a fold of a fraction": (
        "family f(b: bit[n]) -> float(4) = fold s = 0.5 for k < n yield if b[k] then s + s else 1",
        2,
    ),
    "a fold of a number": (
        "family f(b: bit[n], x: float(4)) -> float(4) = fold s = 1 for k < n yield if b[k] then x else s",
        2,
    ),
    "a family of floats is passed": (
        """
        family g[h: (float(4), float(4)) -> bit](x: float(4), y: float(4)) -> bit = h(y, x)
        family less(x: float(4), y: float(4)) -> bit = x < y
        family f(x: float(4)[n]) -> bit = g[h = less](x[0], x[1])
        """,
        2,
    ),
    "floats in brackets": (
        """
        family g[c: float(4), W: float(4)[m]](x: float(4)) -> float(4)[m] = [W[i] * x + c for i < m]
        family f(x: float(4)[n]) -> float(4)[2] = g[0.6, [0.3, 2]](x[0])
        """,
        1,
    ),
    "floats of the top level": (
        """
        let W = [[0.5, 1], [1 / 3, -2]]
        let V = float(4)([1, 2])
        family f(x: float(4)[n]) -> float(4)[2] = [SUM(W[i, j] * x[j] for j < 2) + V[i] for i < 2]
        """,
        2,
    ),
    "minus an array": (
        "family f(x: float(4)[n]) -> float(4)[n, 2] = [-(-float(4)([1, 2]) + [x[i], 0.5]) for i < n]",
        2,
    ),
    "bits of a static float": ("family f(b: bit[n, 4]) -> bit[n] = [b[i] == float(4)(0.5).bits for i < n]", 2),
    "only constants": ("family f(b: bit[n]) -> float(4) = SUM(float(4)(1), 2) * 0.5", 1),
    "static extremes": (
        "family f(x: float(4)[n]) -> float(4) = max(float(4)(0.3), 0.5) * x[0] + min(1, float(4)(3))",
        1,
    ),
}


@pytest.mark.parametrize("name", CORNERS)
def test_corners(name: str) -> None:
    text, n = CORNERS[name]
    assert readings_agree(text, {"n": n}, 12)
    if "x[1]" not in text and "j < 2" not in text:
        values_agree(text, {"n": n + 1}, 12)
