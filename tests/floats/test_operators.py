"""Every operator of the table: its circuit and its value reading against what it means, on all floats of 4 and 6 bits."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import tc0
from tc0.dsl.numbers.floats import Float, Format, to_bits, values
from tc0.dsl.ops.float_operators import FLOAT_OPERATORS, FloatOperands

WRITTEN = {"negate": "-a", "abs": "abs(a)", "relu": "relu(a)", "sqrt": "sqrt(a)", "exp": "exp(a)"}


def _program(operator: str, type: str) -> str:
    row = FLOAT_OPERATORS[operator]
    result = "bit" if row.bit else type
    match row.operands:
        case FloatOperands.ONE:
            return f"family f(a: {type}) -> {result} = {WRITTEN[operator]}"
        case FloatOperands.TWO:
            return f"family f(a: {type}, b: {type}) -> {result} = a {operator} b"
        case FloatOperands.ARRAY:
            return f"family f(a: {type}, b: {type}) -> {result} = {operator}(a, b)"


def _meant(operator: str, operands: tuple[Float, ...]) -> list[int]:
    row = FLOAT_OPERATORS[operator]
    found = row.meaning(list(operands)) if row.operands is FloatOperands.ARRAY else row.meaning(*operands)
    return list(to_bits(found)) if isinstance(found, Float) else [int(bool(found))]


@pytest.mark.parametrize("nearest", [False, True], ids=["truncated", "nearest"])
@pytest.mark.parametrize("precision", [4, 6])
@pytest.mark.parametrize("operator", sorted(FLOAT_OPERATORS))
def test_an_operator_is_what_it_means(operator: str, precision: int, nearest: bool) -> None:
    format = Format(precision, nearest)
    session = tc0.Session()
    session.run(_program(operator, str(format)))
    count = 1 if FLOAT_OPERATORS[operator].operands is FloatOperands.ONE else 2
    cases = list(product(list(values(format)), repeat=count))
    batch = np.array([[bit for x in case for bit in to_bits(x)] for case in cases], bool)
    wanted = np.array([_meant(operator, case) for case in cases], bool)
    assert (session["f"].evaluate(batch) == wanted).all()
    assert (session["f"].instantiate().evaluate(batch) == wanted).all()
