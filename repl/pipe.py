"""Statements from a pipe: each runs as soon as it is complete, its results go out at once, the first error ends it.

Definitions wait for the first statement that is none, so that, as in a file, they may use one another in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source
from tc0.dsl.syntax import tree
from tc0.dsl.syntax.parse import parse, status, tokens
from tc0.repl.console import Console
from tc0.repl.inputs import holds_nothing, is_command
from tc0.repl.status import FAILED, FINE

NAME = "<stdin>"
MOST_PADDING = 2000


def decoded(stream: TextIO | None) -> Iterator[str]:
    """The lines of standard input; bytes that are no UTF-8 are an error with their place."""
    if stream is None:
        return
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        yield from stream
        return
    for number, line in enumerate(iter(buffer.readline, b""), 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as e:
            raise Error(
                "E0813", f'"{NAME}" is not UTF-8 text: byte {e.start} of line {number}', None, "save it as UTF-8"
            ) from None


class Pipe:
    """Collects lines until they can run. keep_going: errors do not end it, as when a person types."""

    def __init__(self, console: Console, keep_going: bool = False) -> None:
        self._console = console
        self._keep_going = keep_going
        self._lines: list[str] = []  # of the statement that is not complete
        self._depth = 0
        self._waiting: list[str] = []  # definitions
        self._defined: set[str] = set()
        self._number = 0
        self._start = 0  # lines before those that wait

    def run(self, lines: Iterable[str]) -> int:
        """An exit status."""
        worst = FINE
        for line in lines:
            worst = max(worst, self._line(line.rstrip("\r\n")))
            if self._console.leaving or (worst > FAILED and not self._keep_going):
                return worst
        return max(worst, self._flush(["\n".join(self._lines)] if self._lines else []))

    def _line(self, line: str) -> int:
        self._number += 1
        if not self._lines and (is_command(line) or self._console.is_word(line.strip())):
            worst = self._flush([])
            return max(worst, self._console.take(line) if worst <= FAILED or self._keep_going else FINE)
        self._lines.append(line)
        kinds = [lexeme.type for lexeme in tokens(line)]
        self._depth += sum(k in ("LPAR", "LSQB", "LBRACE") for k in kinds) - sum(
            k in ("RPAR", "RSQB", "RBRACE") for k in kinds
        )
        text = "\n".join(self._lines)
        if self._depth > 0 or holds_nothing(text) or status(text) == "incomplete":
            return FINE
        self._lines, self._depth = [], 0
        return self._complete(text)

    def _complete(self, text: str) -> int:
        """A complete statement, or one that is wrong: definitions wait, others run with those that wait."""
        try:
            statements = parse(Source(NAME, text)).statements
        except Error:
            return self._flush([text])
        if not statements:
            return FINE
        names = {s.name for s in statements if isinstance(s, tree.Definition)}
        if len(names) < len(statements):
            return self._flush([text])
        worst = self._flush([]) if names & self._defined else FINE  # defined anew: the older one runs first
        self._waiting.append(text)
        self._defined |= names
        return worst

    def _flush(self, more: list[str]) -> int:
        text = "\n".join([*self._waiting, *more])
        start, self._start = self._start, self._number
        self._waiting, self._defined = [], set()
        if not text.strip():
            return FINE
        padded = "\n" * start + text if start <= MOST_PADDING else text  # so that messages name the right line
        return self._console.statements(padded, NAME)
