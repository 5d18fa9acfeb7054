"""What a session is at one moment: never changed, so that an error, an interrupt and `:undo` are a pointer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from tc0.dsl.core.program import Family
from tc0.dsl.core.scope import Meaning
from tc0.dsl.ops.words import OPTION_OF
from tc0.dsl.session.choices import choice
from tc0.dsl.session.definitions import Below, Definitions
from tc0.dsl.session.library import Library
from tc0.dsl.session.options import Options
from tc0.dsl.syntax import tree

RESULT = re.compile(r"_[1-9][0-9]*|_")


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """options: as they are now. ceiling: as the host set them; programs raise no limit above these.

    results: the last values that were shown, by number; shown: how many there have been.
    """

    options: Options
    ceiling: Options
    definitions: Definitions = field(default_factory=Definitions)
    results: MappingProxyType[int, Meaning] = field(default_factory=lambda: MappingProxyType({}))
    shown: int = 0

    def with_result(self, meaning: Meaning) -> State:
        """One more shown value; the last thousand are kept."""
        number = self.shown + 1
        kept = {k: v for k, v in self.results.items() if k > number - 1000}
        return replace(self, results=MappingProxyType({**kept, number: meaning}), shown=number)

    def result(self, name: str) -> Meaning | None:
        """`_` is the last value shown, `_3` the third."""
        number = self.shown if name == "_" else int(name[1:])
        return self.results.get(number)


class Behind(Below):
    """What stands behind the user's definitions: results, then the library."""

    def __init__(self, state: State, library: Library) -> None:
        self.state = state
        self._library = library

    def find(self, name: str) -> Meaning | None:
        if RESULT.fullmatch(name) and len(name) < 12:
            return self.state.result(name)
        return self._library.find(name)

    def family(self, name: str) -> Family:
        return self._library.family(name)

    def node(self, name: str) -> tree.Family:
        return self._library.node(name)

    def names(self) -> Iterable[str]:
        return self._library.names()


class StateScope:
    """What a statement sees: definitions, results, the library. origin: the file that the statement stands in."""

    __slots__ = ("_behind", "_definitions", "_origin")

    def __init__(self, definitions: Definitions, behind: Behind, origin: str | None = None) -> None:
        self._definitions = definitions
        self._behind = behind
        self._origin = origin

    def find(self, name: str) -> Meaning | None:
        entry = self._definitions.get(name)
        return entry.meaning if entry is not None else self._behind.find(name)

    def library(self, name: str) -> Family:
        return self._behind.family(name)

    def chosen(self, name: str) -> Family | None:
        option = OPTION_OF.get(name)
        for origin in (self._origin, None) if option is not None else ():
            entry = self._definitions.get(choice(option or "", origin))
            if entry is not None and isinstance(entry.meaning, Family):
                return entry.meaning
        return None

    def names(self) -> Iterable[str]:
        return {*self._definitions, *self._behind.names()}
