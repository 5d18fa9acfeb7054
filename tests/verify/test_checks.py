"""Claims: how they are decided, counterexamples, what they answer."""

from __future__ import annotations

import pytest

import tc0
from tc0.dsl.base.errors import Error
from tc0.dsl.verify.outcome import Checked

PROGRAM = """
family parity(x: bit[n]) -> bit = SUM(x) % 2
family last(x: bit[n]) -> bit where n >= 1 = x[n - 1]
family deep(x: bit[n]) -> bit = last(x[0..0])
family exactly[k](x: bit[n]) -> bit = SUM(x) == k
family plus(a: uint(w), b: uint(w)) -> uint(w + 1) = a + b
alphabet Sigma = {"a", "b", "c"}
family all_a(w: Sigma[n]) -> bit = AND(w[i] == "a" for i < n)
family between(x: bit[n], y: bit[n]) -> bit = within(SUM(x) - SUM(y), 0, n) >= 1
"""


@pytest.fixture(scope="module")
def shared() -> tc0.Session:
    session = tc0.Session()
    session.run(PROGRAM)
    return session


def checked(session: tc0.Session, text: str) -> Checked:
    report = session.run(text)
    reply = report.replies[-1]
    assert isinstance(reply, Checked) and report.ok == reply.ok
    return reply


def code_of(session: tc0.Session, text: str) -> str:
    with pytest.raises(Error) as caught:
        session.run(text)
    assert session.eval("1 + 1") == 2
    return caught.value.code


def test_every_case(shared: tc0.Session) -> None:
    found = checked(shared, "check parity(x) == SUM(x) % 2 for x: bit[n], n <= 8")
    assert found.ok and found.how == "exhaustive" and found.cases == 2**9 - 1 and found.sizes == "n = 0..8"
    assert found.claim == "check parity(x) == SUM(x) % 2 for x: bit[n], n <= 8"


def test_words_and_symbols(shared: tc0.Session) -> None:
    found = checked(shared, "check plus(a, b) == a + b for a: uint(w), b: uint(w), w <= 3")
    assert found.ok and found.cases == sum(4**w for w in range(4))
    found = checked(shared, 'check all_a(w) == !OR(w[i] != "a" for i < n) for w: Sigma[n], n <= 4')
    assert found.ok and found.cases == sum(3**n for n in range(5))


def test_the_first_counterexample(shared: tc0.Session) -> None:
    found = checked(shared, "check parity(x) == OR(x) for x: bit[n], n <= 8")
    assert not found.ok and found.counterexample is not None
    case = found.counterexample
    assert case.sizes == (("n", 2),) and case.inputs == (("x", '"11"'),)
    assert (case.left, case.right) == ("0", "1")
    assert case.claim == 'parity("11") == OR("11")'
    assert shared.eval(case.claim) == 0


def test_counterexamples_of_words_and_symbols(shared: tc0.Session) -> None:
    case = checked(shared, "check a + b == b for a: uint(w), b: uint(w), w <= 3").counterexample
    assert (
        case is not None and dict(case.inputs) == {"a": "uint(1)(1)", "b": "uint(1)(0)"} and case.left == "uint(2)(1)"
    )
    assert shared.eval(case.claim) == 0
    case = checked(shared, "check all_a(w) == 1 for w: Sigma[n], n <= 3").counterexample
    assert case is not None and dict(case.inputs) == {"w": '"b"'}
    assert shared.eval(case.claim) == 0


def test_a_guard_selects(shared: tc0.Session) -> None:
    found = checked(shared, "check parity(x) == parity(y) for x: bit[n], y: bit[n], n in 2..4 if x == y")
    assert found.ok and found.cases == 4 + 8 and found.sizes == "n = 2..3"
    found = checked(shared, "check exactly[k](x) == (SUM(x) == k) for x: bit[n], n <= 4, k <= n if k % 2 == 0")
    assert found.ok
    assert not checked(shared, "check x == y for x: bit[n], y: bit[n], n <= 4 if SUM(x) == SUM(y)").ok


def test_the_body_is_evaluated_only_where_the_guard_holds(shared: tc0.Session) -> None:
    assert checked(
        shared, "check between(x, y) == (SUM(x) > SUM(y)) for x: bit[n], y: bit[n], n <= 4 if SUM(x) >= SUM(y)"
    ).ok
    with pytest.raises(Error) as caught:
        shared.run("check between(x, y) == 1 for x: bit[n], y: bit[n], n in 1..4")
    assert "n = 1" in caught.value.message and 'x = "0", y = "1"' in caught.value.message


def test_sizes_satisfy_where(shared: tc0.Session) -> None:
    found = checked(shared, "check last(x) == x[n - 1] for x: bit[n], n <= 4")
    assert found.ok and found.sizes == "n = 1..4"
    assert code_of(shared, "check deep(x) == 0 for x: bit[n], n <= 4") == "E0405"
    found = checked(shared, "check depth(last) == 0 for n in 0..5")
    assert found.ok and found.sizes == "n = 1..4"


def test_samples() -> None:
    session = tc0.Session(options={"budget": 1000, "samples": 500, "seed": 4})
    session.run(PROGRAM)
    found = checked(session, "check parity(x) == SUM(x) % 2 for x: bit[n], n <= 12")
    assert found.ok and found.how == "sampled" and found.seed == 4 and found.sampled_from == "n = 9"
    assert found.cases == 2**9 - 1 + 4 * 500
    found = checked(session, "check parity(x) == SUM(x) % 2 for x: bit[200] sampled 70")
    assert found.cases == 70
    assert checked(session, "check parity(x) == SUM(x) % 2 for x: bit[3] sampled 70").how == "exhaustive"


def test_a_counterexample_of_a_sample_is_made_small() -> None:
    session = tc0.Session()
    session.run(PROGRAM)
    found = checked(session, "check SUM(x) < 5 for x: bit[n], n in 40..60")
    case = found.counterexample
    assert not found.ok and case is not None and case.sizes == (("n", 40),)
    assert case.inputs[0][1].count("1") == 5
    again = checked(session, "check SUM(x) < 5 for x: bit[n], n in 40..60")
    assert again.counterexample == case


def test_costs_are_counted(shared: tc0.Session) -> None:
    found = checked(shared, "check depth(parity) == 2 and size(parity) == n // 2 + 1 for n in 2..10")
    assert found.ok and found.how == "counted" and found.sizes == "n = 2..9" and found.cases == 8
    found = checked(shared, "check size(exactly) <= 3 for k in 0..3, n in 0..4")
    assert found.ok and found.cases == 12
    found = checked(shared, "check size(parity) == n for n in 1..10")
    assert not found.ok and found.counterexample is not None
    assert found.counterexample.sizes == (("n", 3),) and (found.counterexample.left, found.counterexample.right) == (
        "2",
        "3",
    )
    assert checked(shared, "check size(parity[n = 8]) == 5").how == "counted"


def test_claims_that_are_not_decided(shared: tc0.Session) -> None:
    assert code_of(shared, "check parity(x) == 1 for x: bit[n]") == "E0901"
    assert code_of(shared, "check depth(exactly) <= 2 for n in 1..5") == "E0902"
    assert code_of(shared, "check parity(x) == 1 for x: bit[n], n >= 4") == "E0901"
    assert code_of(shared, "prove parity(x) == 1 for x: bit[3]") == "E1004"


def test_static_claims(shared: tc0.Session) -> None:
    assert checked(shared, "check 1 + 1 == 2").how == "evaluated"
    assert checked(shared, "check clog2(n + 1) == bits(n) for n in 1..100").cases == 99
    assert not checked(shared, "check n < 5 for n <= 5").ok
    assert checked(shared, 'check parity("110") == 0').ok


def test_circuits_are_checked_on_request(shared: tc0.Session) -> None:
    session = tc0.Session(options={"check": "both"})
    session.run(PROGRAM)
    found = checked(session, "check parity(x) == SUM(x) % 2 for x: bit[n], n <= 6")
    assert found.ok and found.circuits and found.cases == 127
    session.run("option check = circuit")
    assert checked(session, "check parity(x) == SUM(x) % 2 for x: bit[n], n <= 6 if SUM(x) >= 2").ok


def test_a_failed_check_is_no_error(shared: tc0.Session) -> None:
    report = shared.run("check 1 == 2\ncheck 2 == 2\nlet after_a_failure = 3")
    assert not report.ok and len(report.replies) == 3
    assert shared.eval("after_a_failure") == 3


def test_time_is_limited() -> None:
    session = tc0.Session(limits=tc0.Limits(seconds=0.2))
    with pytest.raises(tc0.LimitReached):
        session.run("check n + k >= 0 for n <= 90000, k <= 90000")
    assert session.eval("1 + 1") == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("check AND(x) == AND(x) for x: bit[n], n <= 10**9", "E0806"),
        ("check depth(parity) <= n for k >= 4", "E0305"),
        ("1" * 1_000_001, "E0506"),
    ],
)
def test_what_would_never_end_is_refused_at_once(text: str, code: str) -> None:
    session = tc0.Session()
    with pytest.raises(tc0.Error) as found:
        session.run(text)
    assert found.value.code == code


def test_a_counterexample_that_is_no_expression_is_a_check(
    shared: tc0.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "check x[0] + y[0] <= 1 for x: bit[n], y: bit[n], n in 1..4"
    case = checked(shared, text).counterexample
    assert case is not None and case.claim == '"1"[0] + "1"[0] <= 1' and shared.eval(case.claim) == 0
    monkeypatch.setattr("tc0.dsl.verify.refute._refutes", lambda *_: False)
    case = checked(shared, text).counterexample
    assert case is not None
    assert case.claim == 'check x[0] + y[0] <= 1 for n in 1..2, x: bit[n], y: bit[n] if (x == "1") & (y == "1")'
    assert not checked(shared, case.claim).ok
