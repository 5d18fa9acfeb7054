"""Carries out one input, statements or a command, and says what came of it. The REPL and pipes use it alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tc0.dsl.base.errors import Error, Fault, Interrupted
from tc0.dsl.session.guard import guarded
from tc0.dsl.session.report import Checked, Defined, Reply
from tc0.dsl.session.session import Session
from tc0.repl import commands
from tc0.repl.inputs import inputs, is_command, silenced
from tc0.repl.output import Output, OutputClosed
from tc0.repl.show import is_result, show
from tc0.repl.status import FAILED, FAULT, FINE, INTERRUPTED, WRONG


class Console:
    """A session with a place to write to.

    interactive: a person types. loaded: the file that `:reload` reads. history: earlier inputs, oldest first.
    leaving: no more input is wanted.
    """

    def __init__(self, session: Session, output: Output, interactive: bool = False) -> None:
        self.session = session
        self.output = output
        self.interactive = interactive
        self.loaded: str | None = None
        self.history: Callable[[], Sequence[str]] = list
        self.leaving = False

    def take(self, text: str, name: str = "<input>") -> int:
        """Everything in a text; an exit status. An error ends it."""
        worst = FINE
        for piece in inputs(text):
            status = self._take(piece, name)
            worst = max(worst, status)
            if status > FAILED or self.leaving:
                break
        return worst

    def _take(self, text: str, name: str) -> int:
        if is_command(text):
            return self._guarded(lambda: commands.run(self, text.strip()))
        if self.is_word(text.strip()):
            return self._word(text.strip())
        return self.statements(text, name)

    def statements(self, text: str, name: str) -> int:
        """Statements, perhaps with a `;` at the end; an exit status. What goes wrong is reported."""
        bare, silent = silenced(text)
        return self._guarded(lambda: self.run(bare, name, silent))

    def _guarded(self, work: Callable[[], int]) -> int:
        try:
            with guarded():
                return work()
        except OutputClosed:
            raise
        except Error as error:
            return self.report(error)

    def run(self, text: str, name: str = "<input>", silent: bool = False) -> int:
        """Statements; an exit status."""
        self.output.progress.begin()
        try:
            report = self.session.run(text, name, self.quietly if silent else self.answer)
        finally:
            self.output.progress.clear()
        return FINE if report.ok else FAILED

    def answer(self, reply: Reply) -> None:
        """Shows a reply."""
        if self.interactive or is_result(reply):
            self.output.result(show(reply, self.output.look))
        elif isinstance(reply, Defined) and reply.redefined:
            self.output.note(show(reply))  # a pipe's results stay results

    def quietly(self, reply: Reply) -> None:
        """Shows a reply only where something is wrong."""
        if isinstance(reply, Checked) and not reply.ok:
            self.answer(reply)

    def report(self, error: Error) -> int:
        """Says what went wrong; an exit status."""
        if isinstance(error, Interrupted):
            self.output.note("interrupted; everything is as it was before")
            return INTERRUPTED
        self.output.error(error)
        if isinstance(error, Fault):
            from tc0.repl.state import write_crash

            self.output.note(write_crash(error))
            return FAULT
        return WRONG

    def is_word(self, word: str) -> bool:
        """`help`, `quit` and `exit`, as newcomers type them, unless they are names of this session."""
        name, bracket, _ = word.partition("(")
        return (
            name in ("help", "quit", "exit")
            and (not bracket or word.endswith(")"))
            and name not in self.session.definitions
        )

    def _word(self, word: str) -> int:
        if word.startswith("help"):
            topic = word.removeprefix("help").strip("()")
            return self._guarded(lambda: commands.run(self, f":help {topic}".strip()))
        self.leaving = True
        return FINE
