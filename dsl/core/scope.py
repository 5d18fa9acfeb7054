"""What names mean outside of a family: the definitions that a text can see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Family, Function
from tc0.dsl.core.tensor import Archive


@record
class Given:
    """A top-level `let`: a static value (nested tuples for arrays, `Applied` for a family or circuit)."""

    name: str
    value: object
    span: Span | None
    doc: str = ""


@record
class Held:
    """A top-level value on wires that is known (`let a = uint(4)(3)`, and `_`): an expression without free names."""

    name: str
    value: object  # an Expr of wire type, closed
    span: Span | None
    doc: str = ""


@record
class Letters:
    """An alphabet."""

    name: str
    symbols: tuple[str, ...]
    span: Span | None
    doc: str = ""


@record
class Weights:
    """A file of arrays. archive: its table of contents; the arrays are read when they are used."""

    name: str
    archive: Archive
    span: Span | None
    doc: str = ""


Meaning = Family | Function | Given | Held | Letters | Weights


class Scope(Protocol):
    """A table of names. A user's scope looks in the user's definitions first, then in the library."""

    def find(self, name: str) -> Meaning | None:
        """What the name means, or None. May raise the error of the definition that it names."""
        ...

    def library(self, name: str) -> Family:
        """The library family behind an operator (`uint_add`), whatever the user has defined."""
        ...

    def chosen(self, name: str) -> Family | None:
        """The family that an option puts in the place of this library family behind its operator, if one does."""
        ...

    def names(self) -> Iterable[str]:
        """All names that can be found, for hints."""
        ...
