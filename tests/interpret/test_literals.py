"""Threshold gates that are an AND or an OR of literals are joined in the value reading, not summed: the same answers."""

from __future__ import annotations

import numpy as np
import pytest

import tc0

PROGRAMS = {
    "one shape": "family f(x: bit[6]) -> bit[6] = [AND(if i == j then 0 + x[j] else 1 - x[j] for j < 6) for i < 6]",
    "many shapes": (
        "family f(x: bit[6]) -> bit[6] = [AND(if j > i then 0 + x[j] else 1 - x[j] for j < 6 if j != (i + 1) % 6) for i < 6]"
    ),
    "ors": "family f(x: bit[6]) -> bit[6] = [OR(if (i * j) % 3 == 0 then 0 + x[j] else 1 - x[j] for j <= i) for i < 6]",
    "weights": "family f(x: bit[6]) -> bit[3] = [2 * x[i] + 3 * x[i + 1] - x[i + 2] >= 4 + i // 3 for i < 3]",
    "of forms": (
        "family f(x: bit[6]) -> bit[6] {\n let g[i < 6] = SUM(x) > i\n"
        " return [OR(AND(1 - g[i], 0 + x[j]) for j < 6 if j != i) for i < 6]\n}"
    ),
    "none": "family f(x: bit[6]) -> bit[2] = [AND(1 - x[j] for j < 0), OR(1 - x[j] for j < 0)]",
    "wide": "family f(x: bit[6]) -> bit = AND(1 - x[j % 6] for j < 40)",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_readings_agree(name: str) -> None:
    session = tc0.Session()
    session.run(PROGRAMS[name])
    batch = np.arange(64)[:, None] >> np.arange(6) & 1
    circuit = session["f"].instantiate()
    assert np.array_equal(session["f"].evaluate(batch), circuit.evaluate(batch))
    for row in (0, 21, 63):  # one vector at a time
        one = session["f"].evaluate(batch[row : row + 1])
        assert np.array_equal(one, circuit.evaluate(batch)[row : row + 1])
