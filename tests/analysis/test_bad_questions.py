"""Questions about closed forms that have no answer: a diagnostic each, and the session goes on."""

from __future__ import annotations

import pytest

import tc0
from tc0.dsl.analysis import analyse as analysis

PROGRAM = """
family odd(x: bit[n]) -> bit = SUM(x) % 2
family never(x: bit[n], y: bit[m]) -> bit where n < m and m < n = OR(x) & OR(y)
family squares(x: bit[n]) -> bit = OR(x[i * i] for i < n if i * i < n)
family some(x: bit[n]) -> bit where n >= 3 = OR(x)
family one_by_one(x: bit[n]) -> bit = if n == 0 then 1 else one_by_one(x[1..n]) & x[0]
table family both(a: bit, b: bit) -> bit = a & b
"""


@pytest.fixture
def session() -> tc0.Session:
    session = tc0.Session()
    session.run(PROGRAM)
    return session


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("check size(odd) <= q**2", "E0201"),
        ("check size(odd) + q <= n", "E0201"),
        ("check size(odd[m = 3]) <= 4", "E0305"),
        ("size(never)", "E1001"),
        ("size(squares)", "E1001"),
        ("gate(odd[n = 5], 77)", "E0906"),
        ("gate(odd[n = 5], -1)", "E0906"),
        ("feeds(odd[n = 5], 0, 99)", "E0906"),
        ("gate(squares[n = 100], 0)", "E1005"),
        ("gate(both, 0)", "E1005"),
    ],
)
def test_a_diagnostic(session: tc0.Session, text: str, code: str) -> None:
    with pytest.raises(tc0.Error) as found:
        session.run(text)
    assert found.value.code == code and found.value.message
    assert session.eval("1 + 1") == 2


@pytest.mark.parametrize(
    "text", ["check depth(never) <= 1", "check size(squares) <= n**2", "check class(squares) <= P"]
)
def test_undecided_claims_say_why(session: tc0.Session, text: str) -> None:
    (reply,) = session.run(text).replies
    assert not reply.ok and reply.how == "undecided" and reply.reason


def test_contradictory_conditions_are_named(session: tc0.Session) -> None:
    with pytest.raises(tc0.NotAvailable, match="no sizes satisfy `where n < m and m < n`"):
        _ = session["never"].size


@pytest.mark.parametrize(
    ("sizes", "code"),
    [({}, "E0903"), ({"m": 3}, "E0305"), ({"n": 2}, "E0405"), ({"n": -1}, "E0405"), ({"n": "3"}, "E0302")],
)
def test_sizes_that_a_figure_does_not_have(session: tc0.Session, sizes: dict[str, int], code: str) -> None:
    with pytest.raises(tc0.Error) as found:
        session["some"].wires.at(**sizes)
    assert found.value.code == code


def test_a_budget_that_runs_out_leaves_what_was_derived(session: tc0.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "EACH", 0)
    costs = analysis.analyse(session["odd"]._applied)
    found = costs.figure("wires")
    assert isinstance(found, analysis.Open) and "time" in found.reason
    monkeypatch.setattr(analysis, "WALK", 0)
    costs = analysis.analyse(session["odd"]._applied)
    assert all(isinstance(f, analysis.Open) and "time" in f.reason for f in costs.figures.values())
    assert session["odd"].instantiate(n=4).size == 3
