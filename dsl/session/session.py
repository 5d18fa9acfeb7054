"""The session: source text in, replies out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tc0.dsl.base.meter import Limits
from tc0.dsl.ops.options import OptionValue
from tc0.dsl.session.handles import Circuit, Family
from tc0.dsl.session.report import Described, Documentation, Reply, Report

Progress = Callable[[str, float | None], None]
OnReply = Callable[[Reply], None]


class Session:
    """Definitions, options and limits. Two sessions know nothing of each other.

    options: read as by `option`. limits: the host's limits, which a program can lower but not raise.
    folder: where `use` and relative paths start for text that is no file (default: the working folder).
    progress: called at most ten times a second with (what is being done, share done or None).
    """

    def __init__(
        self,
        options: Mapping[str, object] | None = None,
        limits: Limits | None = None,
        folder: Path | str | None = None,
        progress: Progress | None = None,
    ) -> None:
        raise NotImplementedError

    def run(self, text: str, name: str = "<input>", on_reply: OnReply | None = None) -> Report:
        """Runs a text as one transaction. on_reply: called with each reply as soon as it is known."""
        raise NotImplementedError

    def load(self, path: Path | str, on_reply: OnReply | None = None) -> Report:
        """Runs a file as one transaction; its options end with it."""
        raise NotImplementedError

    def check(self, path: Path | str, on_reply: OnReply | None = None) -> Report:
        """Runs only the definitions, options and checks of a file."""
        raise NotImplementedError

    def eval(self, text: str) -> object:
        """The value of exactly one expression, as a plain Python object."""
        raise NotImplementedError

    def __getitem__(self, name: str) -> Family | object:
        raise NotImplementedError

    def type_of(self, text: str) -> str:
        """The type of an expression, or of a defined name, as text; nothing is evaluated."""
        raise NotImplementedError

    def describe(self, name: str) -> Described:
        """A family with its documentation and figures, as `tc0 info` shows it."""
        raise NotImplementedError

    def documentation(self, name: str) -> Documentation:
        """The documentation of a definition of the user or of the library."""
        raise NotImplementedError

    def undo(self) -> tuple[str, ...]:
        """Takes back the last run that changed something; the names that changed."""
        raise NotImplementedError

    def drop(self, name: str) -> tuple[str, ...]:
        """Removes a definition of the user; an error where others need it. The names that were checked again."""
        raise NotImplementedError

    def set_option(self, name: str, value: object) -> None:
        """Sets an option as the host: limits may be raised too. Part of `:undo`."""
        raise NotImplementedError

    @property
    def options(self) -> Mapping[str, OptionValue]:
        """All options with their values."""
        raise NotImplementedError

    @property
    def definitions(self) -> Mapping[str, str]:
        """The user's own definitions, name -> type text, in the order they were made."""
        raise NotImplementedError

    def complete_names(self) -> Iterable[tuple[str, str]]:
        """Names that an expression can begin with, (name, what it is): own, library, functions, verbs, gates."""
        raise NotImplementedError

    def source_of(self, names: Iterable[str] | None = None) -> str:
        """The live definitions as a script, in dependency order (`:save`); of these names only, where given."""
        raise NotImplementedError
