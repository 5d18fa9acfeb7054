"""The same cases on the reference, which is lazier than tc0: a mistake in a family shows where it is called."""

from __future__ import annotations

import pytest
from conformance.cases import EARLY, Case, cases, name, same, wanted
from programs.agreement import library
from reference import Reference
from reference.checks import run

from tc0 import Error

# Mistakes that are found when a family is defined and never called, or that belong to sessions and files.
NOT_HERE = (
    "let a = a & x[0]",
    "MAJ(x) and MAJ(x)",
    "MAJ(x) == 1 and n > 2",
    "check parity(x) == 1",
    "option no_such",
    "use ",
)


@pytest.mark.parametrize("case", cases(early=EARLY), ids=name)
def test_case(case: Case) -> None:
    program = case.get("program", "")
    reference = Reference(program, library() if case["section"] in EARLY else ())
    assert all(outcome.holds is not False for outcome in run(reference, budget=256))
    for expression, value in case.get("values", []):
        got = reference.expression(expression)
        assert same(got, wanted(value)), f"{expression} is {got!r}, not {value!r}"
    for family, sizes, figures in case.get("costs", []):
        circuit = reference.circuit(family, **sizes)
        for figure, value in figures.items():
            assert getattr(circuit, figure) == value, f"{figure} of {family} at {sizes}"


@pytest.mark.parametrize("case", [case for case in cases(early=EARLY) if "errors" in case], ids=name)
def test_errors(case: Case) -> None:
    for text in case["errors"]:
        if any(part in text for part in NOT_HERE):
            continue
        assert refused(f"{case.get('program', '')}\n{text}"), f"accepted: {text}"


def refused(program: str) -> bool:
    """Whether a definition or a statement of the program is an error."""
    try:
        return any(outcome.holds is False for outcome in run(Reference(program), budget=16))
    except Error:
        return True
