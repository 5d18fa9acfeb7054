"""What Tab offers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

import tc0
from tc0.repl.completion import Tc0Completer


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    session.run("let unheard_of = 7\nfamily unlike(x: bit[n]) -> bit = MAJ(x)")
    return session


def offered(session: tc0.Session, before: str) -> list[str]:
    found = Tc0Completer(session).get_completions(Document(before), CompleteEvent(completion_requested=True))
    return [completion.text for completion in found]


def test_names_with_what_they_are(session: tc0.Session) -> None:
    found = list(Tc0Completer(session).get_completions(Document("unheard"), CompleteEvent()))
    assert [(c.text, c.display_meta_text) for c in found] == [("unheard_of", "value")]


def test_only_words_that_can_stand_here(session: tc0.Session) -> None:
    assert "family" in offered(session, "fam")
    assert "family" not in offered(session, "1 + fam")
    assert "then" in offered(session, "if 1 == 2 th")
    assert "then" not in offered(session, "th")
    assert "where" in offered(session, "family f(x: bit[n]) -> bit wh")
    assert offered(session, "let ret") == []
    assert "return" in offered(session, "family f(x: bit) -> bit {\n    ret")
    assert "check" not in offered(session, "family f(x: bit) -> bit {\n    ch")
    assert "transformer" in offered(session, "trans")


def test_nothing_inside_of_comments_and_strings(session: tc0.Session) -> None:
    assert offered(session, "# fam") == []
    assert offered(session, 'MAJ("un') == []


def test_types(session: tc0.Session) -> None:
    assert offered(session, "family f(x: bi") == ["bit"]
    assert "uint" in offered(session, "family f(x: bit) -> u")


def test_local_names(session: tc0.Session) -> None:
    assert "inputs" in offered(session, "family f(inputs: bit[n]) -> bit = OR(inp")


def test_fields(session: tc0.Session) -> None:
    assert offered(session, "uint(4)(3).") == ["bits"]


def test_arrays_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez(tmp_path / "m.npz", alpha=np.zeros(3), **{"b.c": np.zeros(2)})
    monkeypatch.chdir(tmp_path)
    session = tc0.Session()
    assert offered(session, 'weights W = "') == ["m.npz"]
    session.run('weights W = "m.npz"')
    assert offered(session, "1 + W.") == ["alpha"]
    assert offered(session, "1 + W.b") == []


def test_nothing_after_what_is_wrong(session: tc0.Session) -> None:
    assert offered(session, "1 2 un") == []


def test_another_case_where_nothing_else_fits(session: tc0.Session) -> None:
    assert offered(session, "UNHeard") == ["unheard_of"]


def test_options(session: tc0.Session) -> None:
    assert offered(session, ":set neg") == ["negation"]
    assert offered(session, ":set negation ") == ["gate", "free"]
    assert offered(session, ":set negation f") == ["free"]
    assert offered(session, "option neg") == ["negation"]
    assert offered(session, "option negation = f") == ["free"]
    assert offered(session, ":set seed ") == ["0"]
    assert offered(session, ":set nothing ") == []


def test_commands(session: tc0.Session) -> None:
    assert offered(session, ":lo") == ["load"]
    assert offered(session, ":info unl") == ["unlike"]
    assert offered(session, ":drop un") == ["unheard_of", "unlike"]
    assert offered(session, ":type unh") == ["unheard_of"]
    assert offered(session, ":explain E0107") == []
    assert offered(session, ":explain e010") == [f"E010{i}" for i in range(1, 10)]
    assert "let" in offered(session, ":help le") and "let" in offered(session, "?le")
    assert ":load" in offered(session, ":help :lo")
    assert offered(session, ":nonsense x") == []
    assert offered(session, ":quit ") == []


def test_files(session: tc0.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.tc").touch()
    (tmp_path / "other.txt").touch()
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "inner.tc").touch()
    monkeypatch.chdir(tmp_path)
    assert offered(session, ":load o") == ["one.tc", "only/"]
    assert offered(session, ":save o") == ["one.tc", "only/", "other.txt"]
    assert offered(session, 'use "only/') == ["inner.tc"]
    assert offered(session, f":load {tmp_path}/on") == ["one.tc", "only/"]
    assert offered(session, ":load nowhere/") == []
