"""Suggestions from history, and what a damaged file costs."""

from __future__ import annotations

from pathlib import Path

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory

from tc0.repl.history import FirstLine, history


def suggested(text: str, *entries: str) -> str | None:
    buffer = Buffer(history=InMemoryHistory(list(entries)))
    for entry in entries:
        buffer.history.append_string(entry)
    found = FirstLine().get_suggestion(buffer, Document(text))
    return found.text if found is not None else None


def test_the_last_input_that_began_so() -> None:
    assert suggested("par", "parity(x)", "parity[n = 8]", "1 + 1") == "ity[n = 8]"
    assert suggested("x", "parity") is None
    assert suggested("", "parity") is None
    assert suggested("parity", "parity") is None


def test_only_one_line_is_suggested() -> None:
    assert suggested("fam", "family f {\n    return 1\n}") == "ily f {"
    assert suggested("family f {\n  ret", "family f {\n  return 1\n}") is None


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"\n# 2026\n+1 + \xff\n\n+2\n" + bytes(20))
    monkeypatch.setenv("TC0_HISTORY", str(path))
    assert list(history().load_history_strings())[0] == "2"


def test_a_file_that_vanishes_costs_the_history_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TC0_HISTORY", str(tmp_path / "folder" / "history"))
    kept = history()
    (tmp_path / "folder" / "history").unlink()
    assert list(kept.load_history_strings()) == []
    kept.store_string("1 + 1")
    assert list(kept.load_history_strings()) == ["1 + 1"]
