"""Where text goes: results to standard output, diagnostics to standard error, both without surprises in a pipe."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TextIO

from tc0.dsl.base.errors import Error
from tc0.dsl.base.render import render
from tc0.repl.look import Look
from tc0.repl.progress import ProgressLine


class OutputClosed(Error):
    """Output goes nowhere any more, and the work stops: quietly where its reader went away (`tc0 run FILE.tc | head`)."""

    @property
    def quiet(self) -> bool:
        return self.code == "E0830"


class Output:
    """color: "auto" (on a terminal, unless NO_COLOR is set), "always" or "never"."""

    def __init__(self, color: str = "auto", out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = out or sys.stdout or _nowhere()  # there may be none: `tc0 ... >&-`
        self._err = err or sys.stderr or _nowhere()
        for stream in (self._out, self._err):
            _never_fail(stream)
        self.look = Look(_colored(color, self._out), _has_unicode(self._out))
        self.measure()
        self._err_color = _colored(color, self._err)
        self.progress = ProgressLine(self._err, is_terminal(self._err))

    def measure(self) -> None:
        """Looks how wide the terminal is, if it is one."""
        if is_terminal(self._out):
            try:
                columns = os.get_terminal_size(self._out.fileno()).columns
            except (OSError, ValueError):
                return
            self.look = replace(self.look, width=max(40, columns))

    def result(self, text: str) -> None:
        """A line or lines of a result; nothing at all for an empty text."""
        if text:
            self.progress.clear()
            self._write(f"{text}\n")
        self.progress.begin()

    def raw(self, text: str) -> None:
        """Text that ends as it ends: a file's content."""
        self.progress.clear()
        self._write(text)

    def error(self, error: Error) -> None:
        """A diagnostic."""
        if isinstance(error, OutputClosed):
            if error.quiet:
                return
            error.span = None  # it is no mistake of the statement that was running
        self.note(render(error, self._err_color))

    def note(self, text: str) -> None:
        """Something worth saying that is no result."""
        self.progress.clear()
        try:
            self._out.flush()  # so that both streams on one terminal keep their order
            print(text, file=self._err, flush=True)
        except BrokenPipeError:
            _discard(self._err)
        except OSError:
            pass  # there is nowhere left to say it

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except BrokenPipeError:
            _discard(self._out)
            raise OutputClosed("E0830", "nobody reads the output any more") from None
        except OSError as e:
            _discard(self._out)
            reason = (e.strerror or "unknown reason").lower()
            raise OutputClosed("E0831", f"the output cannot be written: {reason}") from None


def is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _colored(color: str, stream: TextIO) -> bool:
    if color != "auto":
        return color == "always"
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _has_unicode(stream: TextIO) -> bool:
    """A stream without an encoding holds text, and takes any."""
    encoding = getattr(stream, "encoding", None)
    try:
        "\N{BOX DRAWINGS LIGHT HORIZONTAL}".encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _never_fail(stream: TextIO) -> None:
    """A character that the encoding lacks is replaced, not an error."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


def _discard(stream: TextIO) -> None:
    """What is still in the buffers goes nowhere, so that the interpreter does not complain when it exits."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass
