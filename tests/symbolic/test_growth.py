"""Growth: Theta where it is proved, O where only that is."""

from __future__ import annotations

import pytest

from tc0.dsl.symbolic.atoms import ceil_log, floor_div, power, total_ones_of
from tc0.dsl.symbolic.growth import CONSTANT, bounded_by, growth
from tc0.dsl.symbolic.polynomial import Polynomial

P = Polynomial.of
n, m = P("n"), P("m")
L = ceil_log(n)

CASES = [
    (P(5), "Theta(1)"),
    (L * (n**3 + n**2), "Theta(n**3 log n)"),
    (n * L - power(L) + 1, "Theta(n log n)"),
    (n**2 - 4 * floor_div(n, 2) ** 2, "O(n)"),
    (2 * power(L) - n, "Theta(n)"),
    (power(L) - n, "O(n)"),
    (power(floor_div(n, 2)) * n, "Theta(2**(n/2) n)"),
    (n * ceil_log(L), "Theta(n log log n)"),
    (m * n**2 + m**2 * n + m * n, "Theta(m n**2 + m**2 n)"),
    (m * n**2 - m**2 * n, "O(m n**2 + m**2 n)"),
    (total_ones_of(n), "Theta(n log n)"),
]


@pytest.mark.parametrize(("value", "text"), CASES, ids=[t for _, t in CASES])
def test_growth(value: Polynomial, text: str) -> None:
    assert str(growth(value)) == text


def test_orders() -> None:
    assert bounded_by(growth(L), growth(n))
    assert not bounded_by(growth(n), growth(L))
    assert not bounded_by(growth(power(n)), growth(n**32))
    assert bounded_by(growth(P(7)), CONSTANT)
