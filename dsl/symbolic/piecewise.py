"""Guarded polynomials: added up (sizes), or the greatest taken (depth, fan-in); and their disjoint chambers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from tc0.dsl.base.record import record
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.order import Assumptions, normal
from tc0.dsl.symbolic.polynomial import ZERO, Coefficient, Polynomial, Symbol

Guards = tuple[Polynomial, ...]
MOST_GUARDS = 12  # different guards of one value whose chambers are listed


class Join(Enum):
    """What several pieces that hold at once give. GREATEST of none is 0."""

    SUM = "sum"
    GREATEST = "greatest"


@record
class Chamber:
    """The value `polynomial` where one of the guard lists holds."""

    guards: tuple[Guards, ...]
    polynomial: Polynomial


@record
class Piecewise:
    """A value in the parameters: pieces under guards (each guard p means p >= 0), joined."""

    join: Join
    pieces: tuple[tuple[Guards, Polynomial], ...]

    @staticmethod
    def of(join: Join, pieces: Iterable[tuple[Iterable[Polynomial], Polynomial]]) -> Piecewise:
        """The pieces with equal guards merged."""
        merged: dict[frozenset[Polynomial], list[Polynomial]] = {}
        order: dict[frozenset[Polynomial], Guards] = {}
        for guards, polynomial in pieces:
            key = frozenset(guards)
            order.setdefault(key, tuple(dict.fromkeys(guards)))
            values = merged.setdefault(key, [])
            if join is Join.SUM:
                merged[key] = [values[0] + polynomial] if values else [polynomial]
            elif polynomial not in values:
                values.append(polynomial)
        kept = [(order[key], p) for key, values in merged.items() for p in values if p or join is Join.GREATEST]
        return Piecewise(join, tuple(kept))

    @staticmethod
    def constant(value: Polynomial | int, join: Join = Join.SUM) -> Piecewise:
        return Piecewise.of(join, [((), Polynomial.of(value))])

    def plus(self, other: Piecewise) -> Piecewise:
        """Both joined into one value."""
        return Piecewise.of(self.join, [*self.pieces, *other.pieces])

    def scaled(self, factor: Polynomial | int) -> Piecewise:
        return Piecewise.of(self.join, [(guards, p * factor) for guards, p in self.pieces])

    def at(self, values: Mapping[str, int]) -> int:
        """The value for values of the parameters."""
        found: list[Coefficient] = [p.at(values) for guards, p in self.pieces if all(g.at(values) >= 0 for g in guards)]
        return int(sum(found, 0)) if self.join is Join.SUM else int(max(found, default=0))

    def names(self) -> set[str]:
        return {name for guards, p in self.pieces for q in (*guards, p) for name in q.names()}

    def symbols(self) -> set[Symbol]:
        """The symbols of all pieces."""
        return {symbol for _, p in self.pieces for symbol in p.symbols()}

    def guards(self) -> list[Polynomial]:
        """The different guards, of a guard and its negation only one."""
        found: list[Polynomial] = []
        for guards, _ in self.pieces:
            for g in guards:
                if g not in found and negated(g) not in found:
                    found.append(g)
        return found


def negated(guard: Polynomial) -> Polynomial:
    """What holds where a guard does not."""
    found = normal(-guard - 1)
    return found if isinstance(found, Polynomial) else -guard - 1


def coarse(value: Piecewise) -> Piecewise:
    """A bound of a greatest value that reads more easily: pieces of equal values as one, under the guards they share."""
    if value.join is Join.SUM:
        return value
    shared: dict[Polynomial, Guards] = {}
    for guards, p in value.pieces:
        shared[p] = tuple(g for g in shared[p] if g in guards) if p in shared else guards
    return Piecewise.of(value.join, [(guards, p) for p, guards in shared.items()])


# ---- chambers


def chambers(value: Piecewise, known: Assumptions) -> list[Chamber] | None:
    """The value as disjoint cases, neighbours with equal values merged; None where there are too many guards, or
    where the greatest of several pieces is not one of them throughout a chamber."""
    guards = value.guards()
    if len(guards) > MOST_GUARDS:
        return None
    joined = [(cell, _join(value, cell, known)) for cell in _cells(guards, known)]
    cells = [(cell, p) for cell, p in joined if p is not None]
    if len(cells) < len(joined):
        return None
    cells = [(tuple(known.reduced(list(cell))), p) for cell, p in _merge(cells, known)]
    cells = [(tuple(known.reduced(list(cell))), p) for cell, p in _merge(_absorb(cells, known), known)]
    by_value: dict[Polynomial, list[Guards]] = {}
    for cell, p in cells:
        by_value.setdefault(p, []).append(cell)
    return [Chamber(tuple(lists), p) for p, lists in by_value.items()]


def _cells(guards: list[Polynomial], known: Assumptions) -> list[Guards]:
    """All consistent choices of each guard or its negation."""
    cells: list[Guards] = [()]
    for guard in guards:
        cells = [(*cell, side) for cell in cells for side in (guard, negated(guard)) if known.feasible([*cell, side])]
    return cells


def _join(value: Piecewise, cell: Guards, known: Assumptions) -> Polynomial | None:
    """The value in one cell; None where the greatest of several is not the same one throughout the cell."""
    held = set(cell)
    found = [p for guards, p in value.pieces if all(g in held for g in guards)]
    if value.join is Join.SUM:
        return sum(found, ZERO)
    if not found:
        return ZERO
    for p in found:
        if all(q is p or known.implied(p - q, cell) for q in found):
            return p
    return None


def _merge(cells: list[tuple[Guards, Polynomial]], known: Assumptions) -> list[tuple[Guards, Polynomial]]:
    """Cells with equal values on both sides of a guard become one, where nothing else is added."""
    at = 0
    while at < len(cells):
        left, p = cells[at]
        for to in range(at + 1, len(cells)):
            right, q = cells[to]
            both = union(left, right, known) if p == q else None
            if both is not None:
                cells[at] = (both, p)
                del cells[to]
                at = -1
                break
        at += 1
    return cells


def union(left: Guards, right: Guards, known: Assumptions) -> Guards | None:
    """The guards of two cells together, where they are the two sides of one guard."""
    for guard in left:
        other = negated(guard)
        if other not in right:
            continue
        rest = tuple(g for g in left if g != guard), tuple(g for g in right if g != other)
        if all(g in right or known.implied(g, right) for g in rest[0]) and all(
            g in left or known.implied(g, left) for g in rest[1]
        ):
            return tuple(dict.fromkeys((*rest[0], *rest[1])))
    return None


def _absorb(cells: list[tuple[Guards, Polynomial]], known: Assumptions) -> list[tuple[Guards, Polynomial]]:
    """Cells in which an equality holds join a neighbour whose value agrees with theirs there."""
    changed = True
    while changed:
        changed = False
        for at, (cell, p) in enumerate(cells):
            to = next((b for b, other in enumerate(cells) if b != at and _absorbs(other, (cell, p), known)), None)
            if to is not None:
                wider = _widened(cells[to][0], cell)
                assert wider is not None
                cells[to] = (tuple(known.reduced(list(wider))), cells[to][1])
                del cells[at]
                changed = True
                break
    return cells


def _widened(guards: Guards, thin: Guards) -> Guards | None:
    """The guards with the one moved by 1 that the equality of the thin cell lies just outside of."""
    for equality in thin:
        if -equality not in thin:
            continue
        for g in guards:
            if g + 1 in (equality, -equality):
                return (*(h for h in guards if h != g), g + 1)
    return None


def _absorbs(cell: tuple[Guards, Polynomial], thin: tuple[Guards, Polynomial], known: Assumptions) -> bool:
    """Whether a cell can take a thin one in: equal values there, and nothing else is added."""
    wider = _widened(cell[0], thin[0])
    if wider is None:
        return False
    moved = next(g for g in wider if g not in cell[0])
    if not _agree(cell[1], thin[1], moved):
        return False
    edge = [*(g for g in wider if g != moved), moved, -moved]
    inside = all(known.implied(g, thin[0]) for g in wider)
    return inside and all(known.implied(g, edge) for g in thin[0])


def _agree(p: Polynomial, q: Polynomial, equality: Polynomial) -> bool:
    """Whether two polynomials are equal where the equality holds."""
    for name in equality.names():
        scale = equality.linear(name)
        if scale in (1, -1):
            value = (equality - Polynomial.of(name) * scale) * -scale
            return not substitute(p - q, {name: value})
    return False
