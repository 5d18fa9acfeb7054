"""Static arrays that come from a file: what the typed program knows of a tensor, and of the file it is in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from tc0.dsl.base.source import Span
from tc0.dsl.core.types import Static
from tc0.dsl.numbers.floats import Format


class Numbers(Protocol):
    """The entries of one tensor, as whoever has read them holds them."""

    def rounded(self, format: Format) -> tuple[object, ...]:
        """All of them as floats, in the same shape."""
        ...


class Tensor(tuple[object, ...]):
    """A static array of at least one dimension: the nested tuple that it is equal to, and how it is called in a text.

    Its type is known without a look at the entries, and its hash is computed once: with a million entries both matter,
    since the circuits of a family that takes it are found again by its value.
    """

    called: str
    type: Static
    numbers: Numbers
    _hash: int | None

    def __new__(cls, rows: Iterable[object], called: str, type: Static, numbers: Numbers) -> Tensor:
        made = super().__new__(cls, rows)
        made.called, made.type, made.numbers, made._hash = called, type, numbers, None
        return made

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = super().__hash__()
        return self._hash


class Archive(Protocol):
    """A file of arrays whose table of contents was read."""

    def names(self) -> Iterable[str]:
        """The names of its tensors, in the order of the file."""
        ...

    def tensor(self, name: str, called: str, span: Span) -> tuple[object, Static]:
        """The value and the type of one of them, read when first asked for: a `Tensor`, or a number where it has no
        dimensions. Raises what is wrong with the file, the tensor or its size, at `span`."""
        ...
