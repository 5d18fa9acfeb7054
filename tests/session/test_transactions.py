"""A run is one transaction; definitions, redefinition, undo, drop, results."""

from __future__ import annotations

import pytest

import tc0
from tc0.dsl.base.errors import Error, Interrupted, UnknownName
from tc0.dsl.session.report import Defined, Optimized, Shown

PARITY = "family parity(x: bit[n]) -> bit = SUM(x) % 2\n"


@pytest.fixture
def session() -> tc0.Session:
    return tc0.Session()


def code_of(call: object, *arguments: object) -> str:
    with pytest.raises(Error) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.code


def test_definitions_stand_in_any_order(session: tc0.Session) -> None:
    session.run(
        "family f(x: bit[N]) -> bit = g(x)\n"
        "family g(x: bit[n]) -> bit = MAJ(x)\n"
        "let N = twice(2)\n"
        "let twice(a) = 2 * a\n"
    )
    assert session.eval('f("1101")') == 1
    assert list(session.definitions) == ["f", "g", "N", "twice"]


def test_an_error_leaves_the_session_as_it_was(session: tc0.Session) -> None:
    session.run("let N = 3")
    for text in [
        "let M = 4\nM + nonsense",
        "let N = 4\nlet N = 5",
        "let K = 1 // 0",
        "option seed = 4\n1 // 0",
        "let =",
    ]:
        with pytest.raises(tc0.Error):
            session.run(text)
    assert list(session.definitions) == ["N"]
    assert session.eval("N") == 3
    assert session.options["seed"] == 0


def test_a_name_stands_once_in_a_text(session: tc0.Session) -> None:
    with pytest.raises(Error) as caught:
        session.run("let N = 3\nlet N = 4")
    assert caught.value.code == "E0206"
    assert caught.value.labels[0].span.line == 1 and caught.value.span is not None and caught.value.span.line == 2


def test_values_that_need_one_another(session: tc0.Session) -> None:
    with pytest.raises(Error) as caught:
        session.run("let a = b + 1\nlet b = c\nlet c = a")
    assert caught.value.code == "E0207"
    assert any(chain in caught.value.message for chain in ("a -> b -> c -> a", "b -> c -> a -> b", "c -> a -> b -> c"))
    assert session.eval("1 + 1") == 2


def test_a_value_that_needs_the_family_that_needs_it(session: tc0.Session) -> None:
    assert code_of(session.run, "let a = size(f[n = 3])\nfamily f(x: bit[n]) -> bit = THR[a](x)") == "E0207"


def test_redefinition_is_reported_and_checked_again(session: tc0.Session) -> None:
    session.run(PARITY + "family odd(x: bit[n]) -> bit = parity(x)\nfamily other(x: bit[n]) -> bit = MAJ(x)")
    assert session.eval('odd("11")') == 0
    reply = session.run("family parity(x: bit[n]) -> bit = OR(x)").replies[0]
    assert isinstance(reply, Defined)
    assert reply.redefined and reply.rechecked == ("odd",)
    assert session.eval('odd("11")') == 1


def test_the_same_text_again_is_no_redefinition(session: tc0.Session) -> None:
    session.run(PARITY)
    reply = session.run(PARITY).replies[0]
    assert isinstance(reply, Defined) and not reply.redefined


def test_values_follow_what_they_were_made_from(session: tc0.Session) -> None:
    session.run("let a = 2\nlet b = a * a\nlet c = b + 1")
    reply = session.run("let a = 3").replies[0]
    assert isinstance(reply, Defined) and set(reply.rechecked) == {"b", "c"}
    assert session.eval("c") == 10


def test_a_redefinition_that_breaks_another_changes_nothing(session: tc0.Session) -> None:
    session.run(PARITY + "family odd(x: bit[n]) -> bit = parity(x)")
    with pytest.raises(Error) as caught:
        session.run("family parity(x: bit[n], y: bit[n]) -> bit = SUM(x) % 2")
    assert caught.value.code == "E0208"
    assert "`parity`" in caught.value.message and "`odd`" in caught.value.message
    assert session.eval('odd("111")') == 1


def test_both_may_be_redefined_together(session: tc0.Session) -> None:
    session.run(PARITY + "family odd(x: bit[n]) -> bit = parity(x)")
    session.run("family parity(x: bit[n], y: bit[n]) -> bit = MAJ(x)\nfamily odd(x: bit[n]) -> bit = parity(x, x)")
    assert session.eval('odd("011")') == 1


def test_undo(session: tc0.Session) -> None:
    session.run("let a = 1")
    session.run("let a = 2\nlet b = a")
    assert session.undo() == ("a", "b")
    assert session.eval("a") == 1 and list(session.definitions) == ["a"]
    session.undo()
    assert not session.definitions
    assert code_of(session.undo) == "E0816"


def test_drop(session: tc0.Session) -> None:
    session.run("let a = 1\nlet b = a")
    assert code_of(session.drop, "a") == "E0209"
    session.drop("b")
    session.drop("a")
    assert not session.definitions
    with pytest.raises(UnknownName):
        session.drop("a")
    session.undo()
    assert session.eval("a") == 1


def test_results(session: tc0.Session) -> None:
    replies = session.run("3 + 4\n_ * 2\n_1 + _2").replies
    assert [r.text for r in replies if isinstance(r, Shown)] == ["7", "14", "21"]
    assert session.eval("_3") == 21
    assert session.eval("_") == 21
    session.run('MAJ("110")')
    session.run("let kept = _")
    assert session.eval("kept") == 1
    assert "let kept = 1" in session.source_of()


def test_replies_arrive_as_they_are_known(session: tc0.Session) -> None:
    seen: list[object] = []
    with pytest.raises(tc0.Error):
        session.run("1 + 1\n2 + 2\n1 // 0", on_reply=seen.append)
    assert [r.text for r in seen if isinstance(r, Shown)] == ["2", "4"]
    assert session.eval("1 + 1") == 2
    with pytest.raises(UnknownName):
        session.eval("_")


def test_an_interrupt_changes_nothing() -> None:
    calls = 0

    def progress(doing: str, share: float | None) -> None:
        nonlocal calls
        calls += 1
        if stop:
            raise KeyboardInterrupt

    stop = False
    session = tc0.Session(progress=progress)
    session.run("let a = 1")
    stop = True
    with pytest.raises(Interrupted):
        session.run("let a = 2\ncheck SUM(x) % 2 == SUM(x) % 2 for x: bit[n], n <= 18")
    stop = False
    assert session.eval("a") == 1


def test_the_source_of_a_session_runs(session: tc0.Session) -> None:
    session.run("let b = a\nlet a = 2\n# Doubles.\nlet twice(k) = a * k\nfamily f(x: bit[n]) -> bit = THR[b](x)")
    text = session.source_of()
    assert text.index("let a = 2") < text.index("let b = a")
    assert "# Doubles.\nlet twice" in text
    other = tc0.Session()
    other.run(text)
    assert other.eval('f("11")') == 1
    assert session.source_of(["b"]) == "let a = 2\n\nlet b = a\n"


def test_two_sessions_know_nothing_of_each_other() -> None:
    one, other = tc0.Session(), tc0.Session()
    one.run("let a = 1\noption seed = 7")
    assert other.options["seed"] == 0
    with pytest.raises(UnknownName):
        other.eval("a")


def test_faults_are_wrapped(monkeypatch: pytest.MonkeyPatch, session: tc0.Session) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("tc0.dsl.session.run.resolve_expression", broken)
    with pytest.raises(tc0.Fault) as caught:
        session.run("1 + 1")
    assert caught.value.code == "E9901" and isinstance(caught.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize("raised", [RecursionError, MemoryError])
def test_exhaustion_is_a_limit(
    monkeypatch: pytest.MonkeyPatch, session: tc0.Session, raised: type[BaseException]
) -> None:
    def broken(*_: object) -> object:
        raise raised

    monkeypatch.setattr("tc0.dsl.session.run.resolve_expression", broken)
    with pytest.raises(tc0.LimitReached):
        session.run("1 + 1")


def test_a_long_chain_of_values_in_any_order(session: tc0.Session) -> None:
    lines = ["let v0 = 1"] + [f"let v{i} = v{i - 1} + 1" for i in range(1, 1000)]
    session.run("\n".join(reversed(lines)))
    assert session.eval("v999") == 1000
    session.run("let v0 = 2")
    assert session.eval("v999") == 1001


def test_optimize_reports(session: tc0.Session) -> None:
    reply = session.run("family f(x: bit[n]) -> bit = !!AND(x[i] & 1 for i < n)\noptimize(f[n = 4])").replies[-1]
    assert isinstance(reply, Optimized) and reply.before.size == 7 and reply.after.size < 7
    assert sum(many for _, many in reply.changes) == reply.before.size - reply.after.size
