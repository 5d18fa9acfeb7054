"""What can go wrong, as values with a code, a place and a hint.

`Error` is the user's mistake, `Fault` is ours; both are caught by `except tc0.Error`. The texts are rendered by
`render`, the codes are listed in `codes`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tc0.dsl.base.source import Span


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains the first, with a short text beside it."""

    span: Span
    text: str


class Error(Exception):
    """A mistake in a program, an input or a command line.

    code: stable, listed in `codes.CODES`. message: one line in the user's words, lower case, no full stop.
    span: the smallest text that is wrong, or None where there is no text. hint: one edit or command that would work.
    """

    def __init__(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        hint: str | None = None,
        labels: tuple[Label, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.span = span
        self.hint = hint
        self.labels = labels

    def __str__(self) -> str:
        place = f"{self.span}: " if self.span is not None else ""
        return f"{place}{self.message} [{self.code}]"


class UnknownName(Error, KeyError):
    """A name that nothing has; a `KeyError` too, so that `session["x"]` behaves like a mapping."""

    __str__ = Error.__str__


class LimitReached(Error):
    """A limit of the session (gates, memory, seconds, recursion) ended the work."""


class NotAvailable(Error):
    """A part of the language that this version names but does not carry out yet."""


class Interrupted(Error):
    """The user stopped the work (Ctrl-C); nothing was changed."""


class Fault(Error):
    """A fault of tc0 itself: please report. Exit status 70."""
