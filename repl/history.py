"""Inputs that are kept from one session to the next, each written down before it runs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from tc0.repl.state import create, folder


def history() -> History:
    """$TC0_HISTORY, else a file in the state folder that only its owner may read; in memory where there is no such file.

    An empty $TC0_HISTORY keeps nothing.
    """
    named = os.environ.get("TC0_HISTORY")
    if named == "":
        return InMemoryHistory()
    path = Path(named).expanduser() if named else folder() / "history"
    try:
        create(path)
        with path.open("rb"):
            pass
    except (OSError, ValueError):
        return InMemoryHistory()
    return _File(path)


class _File(FileHistory):
    """A full disk, or a file taken away, costs the history and not the session."""

    def load_history_strings(self) -> Iterable[str]:
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        try:
            create(Path(os.fsdecode(self.filename)))
            super().store_string(string)
        except OSError:
            pass


class FirstLine(AutoSuggest):
    """The rest of the line of the last input that began like this one; never a second line, which cannot be shown."""

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        text = document.text
        if "\n" in text or not text.strip():
            return None
        for entry in reversed(list(buffer.history.get_strings())):
            first = entry.partition("\n")[0]
            if first.startswith(text) and first != text:
                return Suggestion(first[len(text) :])
        return None
