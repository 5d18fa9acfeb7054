"""The REPL: reads whole statements on a terminal, hands them to the console, and goes on whatever happens.

Results are printed, never drawn by prompt_toolkit, so that they look as in a script.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from importlib import import_module
from types import FrameType

from prompt_toolkit import PromptSession
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.processors import HighlightMatchingBracketProcessor
from prompt_toolkit.lexers import Lexer, PygmentsLexer
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import Style

import tc0
from tc0.repl.completion import Tc0Completer
from tc0.repl.console import Console
from tc0.repl.history import FirstLine, history
from tc0.repl.inputs import MORE, PROMPT, is_command
from tc0.repl.keys import bindings
from tc0.repl.lexer import Tc0Lexer
from tc0.repl.output import OutputClosed
from tc0.repl.status import FINE

BANNER = f"tc0 {tc0.__version__}, uniform circuit families; :help lists commands, Ctrl-D leaves"
LONGEST_WAIT = 5.0  # seconds
HINT = " Enter runs what is complete, else starts a line; Ctrl-C gives up "

STYLE = Style.from_dict(
    {
        "prompt": "ansiblue",
        "pygments.keyword": "ansiblue bold",
        "pygments.keyword.type": "ansicyan",
        "pygments.keyword.constant": "ansimagenta",
        "pygments.operator.word": "ansiblue bold",
        "pygments.name.builtin": "ansicyan",
        "pygments.name.function": "bold",
        "pygments.literal.string": "ansigreen",
        "pygments.literal.number": "ansimagenta",
        "pygments.comment": "ansibrightblack italic",
        "pygments.error": "ansired",
        "auto-suggestion": "ansibrightblack",
        "matching-bracket.cursor": "underline",
        "matching-bracket.other": "bold underline",
        "bottom-toolbar": "noreverse ansibrightblack",
    }
)


def loop(console: Console) -> int:
    """Reads and answers until the user leaves; the exit status."""
    return Repl(console).run()


class Repl:
    """The prompt around a console."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stops = 0  # Ctrl-C on an empty line, one after another
        self._working = False
        kept = history()
        self._prompt: PromptSession[str] = PromptSession(
            [("class:prompt", PROMPT)],
            prompt_continuation=[("class:prompt", MORE)],
            multiline=True,
            lexer=_InputLexer(),
            completer=Tc0Completer(console.session),
            complete_while_typing=False,
            complete_style=CompleteStyle.COLUMN,
            complete_in_thread=False,
            history=kept,
            auto_suggest=FirstLine(),
            enable_history_search=True,
            enable_open_in_editor=True,
            tempfile_suffix=".tc",
            enable_suspend=True,
            input_processors=[HighlightMatchingBracketProcessor(chars="[](){}")],
            key_bindings=bindings(self._stopped),
            style=STYLE,
            include_default_pygments_style=False,
            color_depth=None if console.output.look.color else ColorDepth.DEPTH_1_BIT,
            bottom_toolbar=self._hint,
            reserve_space_for_menu=6,
        )
        self._newcomer = not any(True for _ in kept.load_history_strings())
        console.history = lambda: list(reversed(list(kept.load_history_strings())))

    def run(self) -> int:
        """Until the user leaves; the exit status."""
        before = signal.signal(signal.SIGINT, self._on_signal)
        try:
            return self._run()
        finally:
            signal.signal(signal.SIGINT, before)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Ctrl-C between two prompts, while nothing is at work, stops nothing; at the prompt it is a key."""
        if self._working:
            raise KeyboardInterrupt

    def _run(self) -> int:
        output = self._console.output
        output.result(BANNER)
        warming = threading.Thread(target=_warm, daemon=True)
        warming.start()
        try:
            return self._prompts()
        finally:
            warming.join(LONGEST_WAIT)  # an interpreter that ends while modules are loaded may hang

    def _prompts(self) -> int:
        output = self._console.output
        while not self._console.leaving:
            try:
                text = self._prompt.prompt()
            except KeyboardInterrupt:
                if self._stops >= 2:
                    output.note("Ctrl-D or :quit leaves")
                    self._stops = 0
                continue
            except EOFError:
                break
            self._stops = 0
            if text.strip():
                self._newcomer = self._newcomer and "\n" not in text
                self._answer(text)
        return FINE

    def _answer(self, text: str) -> None:
        self._console.output.measure()
        try:
            self._working = True
            self._console.take(text)
            self._working = False
        except OutputClosed:
            self._console.leaving = True
        except KeyboardInterrupt:
            self._console.output.note("interrupted; everything is as it was before")
        finally:
            self._working = False

    def _stopped(self, empty: bool) -> None:
        self._stops = self._stops + 1 if empty else 0

    def _hint(self) -> StyleAndTextTuples | None:
        """Shown below the first input of several lines of a new user."""
        return [("", HINT)] if self._newcomer and "\n" in self._prompt.default_buffer.text else None


class _InputLexer(Lexer):
    """The language, but not in commands."""

    def __init__(self) -> None:
        self._language = PygmentsLexer(Tc0Lexer, sync_from_start=True)

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        if is_command(document.text):
            return lambda number: [("", document.lines[number])] if number < len(document.lines) else []
        return self._language.lex_document(document)


def _warm() -> None:
    """Loads what the first circuit needs while the user reads and types."""
    for name in ("numpy", "tc0.dsl.interpret.evaluate", "tc0.dsl.circuit.measure"):
        try:
            import_module(name)
        except Exception:  # it is reported when it is needed
            return
