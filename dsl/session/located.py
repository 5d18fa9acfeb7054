"""Replies about gates of circuits that need not be built."""

from __future__ import annotations

from dataclasses import field

from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span


def _span() -> Span | None:
    return field(default=None, compare=False, repr=False)


@record
class Formulas:
    """The direct connection language of a family: for each place its text, `file:line:column`, and rows (title, text):
    kind, ranges of the indices, number of the gate, threshold, what feeds it."""

    of: str
    places: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    span: Span | None = _span()


@record
class Located:
    """A gate of a circuit that need not be built. of: the circuit. gates: how many it has. threshold: as text, or None.
    place: `file:line:column`. code: the text there. indices: (name, value)."""

    of: str
    number: int
    gates: int
    kind: str
    threshold: str | None
    fanin: int
    place: str
    code: str
    indices: tuple[tuple[str, int], ...]
    span: Span | None = _span()


@record
class Wired:
    """Predecessor `k` of a gate: kind "gate", "input" or "constant", its number, its name where it is an input."""

    of: str
    gate: int
    k: int
    kind: str
    number: int
    weight: str
    name: str
    span: Span | None = _span()
