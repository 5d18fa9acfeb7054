"""Chinese remaindering against Python's integers: quotients of all pairs of 8-bit words, powers and products. The
library's checks hold the value reading against the circuits of other families."""

from __future__ import annotations

from math import prod

import numpy as np
import numpy.typing as npt
import pytest

import tc0

SESSION = tc0.Session()

Numbers = npt.NDArray[np.int64]


def bits(numbers: Numbers, width: int) -> npt.NDArray[np.bool_]:
    """bool [numbers, width], bit 0 first."""
    return (numbers[:, None] >> np.arange(width) & 1).astype(bool)


def numbers(rows: npt.NDArray[np.bool_]) -> Numbers:
    return rows.astype(np.int64) @ (1 << np.arange(rows.shape[1], dtype=np.int64))


def test_quotients_of_all_words_of_eight_bits() -> None:
    inputs = np.arange(1 << 16)
    a, b = inputs & 255, inputs >> 8
    wanted = np.where(b > 0, a // np.maximum(b, 1), 0)
    circuit = SESSION["divide_by_residues"].instantiate(v=8, w=8)
    assert (circuit.size, circuit.depth) == (4475, 5)
    assert np.array_equal(numbers(circuit.evaluate(bits(inputs, 16))), wanted)


@pytest.mark.parametrize(("v", "w"), [(1, 1), (1, 5), (5, 1), (2, 6), (7, 2), (8, 4), (3, 8)])
def test_quotients_of_words_of_different_lengths(v: int, w: int) -> None:
    inputs = np.arange(1 << v + w)
    a, b = inputs & (1 << v) - 1, inputs >> v
    found = SESSION["divide_by_residues"].instantiate(v=v, w=w).evaluate(bits(inputs, v + w))
    assert np.array_equal(numbers(found), np.where(b > 0, a // np.maximum(b, 1), 0))


@pytest.mark.parametrize(
    ("name", "m", "w"), [("iterated_product_by_residues", 4, 4), ("iterated_product_rank_free", 3, 4)]
)
def test_products(name: str, m: int, w: int) -> None:
    inputs = np.arange(1 << m * w)
    wanted = prod((inputs >> w * i & (1 << w) - 1 for i in range(m)), start=np.int64(1))
    assert np.array_equal(numbers(SESSION[name].instantiate(m=m, w=w).evaluate(bits(inputs, m * w))), wanted)


@pytest.mark.parametrize(("name", "n", "e"), [("power", 8, 4), ("power", 10, 2), ("power_rank_free", 5, 2)])
def test_powers(name: str, n: int, e: int) -> None:
    inputs = np.arange(1 << n)
    assert np.array_equal(numbers(SESSION[name].instantiate(n=n, e=e).evaluate(bits(inputs, n))), inputs**e)
