"""Wires, forms and arrays at one point: functions from numbers of terms and index tuples, of which nothing is built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tc0.dsl.analysis.ranking import Position


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant wire."""

    bit: int


@dataclass(frozen=True, slots=True)
class Input:
    """An input wire. name, indices: as in the program; number: among all inputs."""

    name: str
    indices: tuple[int, ...]
    number: int


Wire = Constant | Input | Position

MOST_SEARCHED = 1_000_000  # terms that are looked through for a gate


class TooMany(Exception):
    """More terms than are looked through. args: how many."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a form: how many, and term k as (wire, weight). constant: what is added, as far as it is known (that of
    a long sum is not computed). find: whether a gate is among the terms, where that is known without a search."""

    count: int
    at: Callable[[int], tuple[Wire, int]]
    constant: int = 0
    find: Callable[[Position], bool] | None = None

    def fed_by(self, gate: Position) -> bool:
        """Whether a gate is among the terms. Raises TooMany where only a long search would tell."""
        if self.find is not None:
            return self.find(gate)
        if self.count > MOST_SEARCHED:
            raise TooMany(self.count)
        return any(self.at(k)[0] == gate for k in range(self.count))


def one(wire: Wire) -> Terms:
    return Terms(1, lambda k: (wire, 1))


def joined(parts: Sequence[Terms]) -> Terms:
    """Several forms one after the other."""

    def at(k: int) -> tuple[Wire, int]:
        for part in parts:
            if k < part.count:
                return part.at(k)
            k -= part.count
        raise IndexError(k)

    def find(gate: Position) -> bool:
        return any(p.fed_by(gate) for p in sorted(parts, key=lambda p: p.find is None))

    return Terms(sum(p.count for p in parts), at, sum(p.constant for p in parts), find)


def scaled(form: Terms, weight: int) -> Terms:
    def at(k: int) -> tuple[Wire, int]:
        wire, w = form.at(k)
        return wire, w * weight

    return Terms(form.count, at, form.constant * weight, form.find)


@dataclass(frozen=True, slots=True)
class Lazy:
    """An array at a point. get: the element at an index tuple, a wire or a form. find: the only index tuple at which a
    gate can be (None: at none), where every element is a gate that is built for it alone."""

    dims: tuple[int, ...]
    get: Callable[[tuple[int, ...]], Wire | Terms]
    find: Callable[[Position], tuple[int, ...] | None] | None = None


def as_terms(value: object) -> Terms:
    """A wire, a form or a static integer as a form."""
    match value:
        case Terms():
            return value
        case int():
            return Terms(0, no_term, value)
        case Constant() | Input() | Position():
            return one(value)
        case _:
            raise AssertionError(value)


def no_term(k: int) -> tuple[Wire, int]:
    raise IndexError(k)


def each(value: object, change: Callable[[Wire | Terms, tuple[int, ...]], Wire | Terms]) -> object:
    """Every element of an array (or one element) changed."""
    if isinstance(value, Lazy):
        return Lazy(value.dims, lambda i: change(value.get(i), i))
    return change(value, ())  # type: ignore[arg-type]


def stacked(elements: Sequence[object]) -> Lazy:
    first = elements[0]
    if isinstance(first, Lazy):
        return Lazy((len(elements), *first.dims), lambda i: elements[i[0]].get(i[1:]))  # type: ignore[attr-defined]
    return Lazy((len(elements),), lambda i: elements[i[0]])  # type: ignore[return-value, arg-type]


def static_dims(value: object) -> tuple[int, ...]:
    dims: list[int] = []
    while isinstance(value, (str, tuple)):
        dims.append(len(value))
        if isinstance(value, str) or not value:
            break
        value = value[0]
    return tuple(dims)
