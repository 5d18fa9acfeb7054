"""The cases of the language reference on `tc0.Session`."""

from __future__ import annotations

import numpy as np
import pytest
from conformance.cases import EARLY, Case, cases, name, same, wanted

import tc0


def plain(value: object) -> object:
    """A value as Python ints, booleans, strings, fractions and lists."""
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value.item() if isinstance(value, np.generic) else value


@pytest.mark.parametrize("case", cases(early=EARLY), ids=name)
def test_case(case: Case) -> None:
    session = tc0.Session()
    if "program" in case:
        assert session.run(case["program"]).ok
    for expression, value in case.get("values", []):
        got = plain(session.eval(expression))
        assert same(got, wanted(value)), f"{expression} is {got!r}, not {value!r}"
    for text in case.get("errors", []):
        with pytest.raises(tc0.Error):
            session.run(text)
            pytest.fail(f"accepted: {text}")
        assert session.eval("1 + 1") == 2
    for family, sizes, figures in case.get("costs", []):
        found = session[family]
        assert isinstance(found, tc0.Family)
        circuit = found.instantiate(**sizes)
        for figure, value in figures.items():
            assert getattr(circuit, figure) == value, f"{figure} of {family} at {sizes}"
