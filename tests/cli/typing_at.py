"""A prompt without a terminal: keys go in, what was printed comes out."""

from __future__ import annotations

import io
from dataclasses import dataclass

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

import tc0
from tc0.repl.console import Console
from tc0.repl.loop import Repl
from tc0.repl.output import Output

ENTER, ALT_ENTER, TAB, UP, CTRL_C, CTRL_D, BACKSPACE, LEFT = (
    "\r",
    "\x1b\r",
    "\t",
    "\x1b[A",
    "\x03",
    "\x04",
    "\x7f",
    "\x1b[D",
)


def pasted(text: str) -> str:
    """A bracketed paste."""
    return f"\x1b[200~{text}\x1b[201~"


@dataclass(frozen=True)
class Typed:
    """printed: results and diagnostics in order, without the banner. inputs: what each prompt returned."""

    printed: str
    inputs: list[str]
    console: Console


def type_(*keys: str, session: tc0.Session | None = None) -> Typed:
    """Types keys, then Ctrl-C and Ctrl-D, so that the REPL always ends."""
    out = io.StringIO()
    inputs: list[str] = []
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        console = Console(session or tc0.Session(), Output("never", out, out), interactive=True)
        repl = Repl(console)
        take = console.take

        def noted(text: str, name: str = "<input>") -> int:
            inputs.append(text)
            return take(text, name)

        console.take = noted  # type: ignore[method-assign]
        pipe.send_text("".join(keys) + CTRL_C + CTRL_D)
        repl.run()
    return Typed(out.getvalue().partition("\n")[2], inputs, console)
