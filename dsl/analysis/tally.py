"""What the cost reading adds up: blocks of gates over their domains, then closed forms of their sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tc0.dsl.analysis.domain import Domain, product, unknowns
from tc0.dsl.analysis.values import NONE, ZERO_DEPTH, total
from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.symbolic.counting import Budget, count
from tc0.dsl.symbolic.extremes import maximum
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise, chambers
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial

P = Polynomial.of
Path = tuple[int, ...]  # calls (by node) and steps of folds that are written out
Place = tuple[Path, int, int]


@record
class GateBlock:
    """The gates of one place.

    at: one point for each group of `copies` gates. copies: how many gates a point has (the thresholds of a `//`).
    fanin: wires of one gate. weight, unit: of its heaviest wire, and of all its wires together, in absolute value.
    weighted: with a threshold over weights. weight_exact, fanin_exact: the weight, the fan-in is attained, not only a
        bound.
    place: the calls and unrolled steps that led here, the node, and which of its gates this is: blocks of one place are
        the cases of one place, and its gates are numbered together.
    kind_exact: False where a gate of forms is written as AND, OR, MAJ or NOT and may be one at some points; kind is THR then.
    folds: the index variables among those of `at` that count steps of a fold; numbers go step by step.
    certain: False where it is not known which of these gates there are: at most all of them.
    """

    kind: str
    at: Domain
    copies: Piecewise
    fanin: Piecewise
    weight: Piecewise
    unit: Piecewise
    span: Span
    weighted: bool = False
    weight_exact: bool = True
    place: Place = ((), 0, 0)
    folds: tuple[str, ...] = ()
    fanin_exact: bool = True
    kind_exact: bool = True
    certain: bool = True


Derived = tuple[Piecewise, bool]  # a figure, and whether it is exact


@record
class HelperCall:
    """A call, at every point of a domain, of a family whose closed forms are known: `figure` gives one of them there."""

    at: Domain
    kinds: tuple[str, ...]
    figure: Callable[[str], Derived]


@dataclass(slots=True)
class Tally:
    """The blocks of a family, in the order of their places, its calls of families that call themselves, and why something
    is not in closed form."""

    blocks: list[GateBlock] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    helpers: list[HelperCall] = field(default_factory=list)


def over(at: Domain, value: Piecewise, budget: Budget | None = None) -> Piecewise:
    """The sum of a guarded value over the points of a domain."""
    pieces = []
    for guards, p in value.pieces:
        outer, inner, known = _apart(at, [*at.constraints, *guards], at.parameters)
        pieces += [((*outer, *g), q) for g, q in count(at.indices, inner, known, p, budget)]
    return Piecewise.of(Join.SUM, pieces)


def _apart(
    at: Domain, constraints: Sequence[Polynomial], known: Assumptions
) -> tuple[list[Polynomial], list[Polynomial], Assumptions]:
    """Constraints on the sizes alone, the others, and what is known where the former hold."""
    indices = {*at.indices}
    outer = [p for p in constraints if not p.names() & indices and not known.proves(p)]
    inner = [p for p in constraints if p.names() & indices]
    return outer, inner, Assumptions((*known.constraints, *outer)) if outer else known


def greatest_over(at: Domain, value: Piecewise) -> tuple[Piecewise, bool]:
    """The greatest of a guarded value over the points of a domain, and whether that is exact."""
    outer, inner, known = _apart(at, at.constraints, at.parameters)
    found, exact = eliminate(value, at.indices, inner, at, known)
    return Piecewise.of(Join.GREATEST, [((*outer, *g), p) for g, p in found.pieces]), exact


def eliminate(
    value: Piecewise,
    indices: Sequence[str],
    constraints: Sequence[Polynomial],
    at: Domain,
    known: Assumptions | None = None,
) -> tuple[Piecewise, bool]:
    """The greatest of a guarded value over some indices, in terms of the others. known: what holds of the others."""
    pieces, exact = [], True
    for guards, p in single(value, at).pieces:
        found = maximum(p, indices, [*constraints, *guards], known or at.known)
        pieces += list(found.candidates)
        exact = exact and found.exact
    return Piecewise.of(Join.GREATEST, pieces), exact


def single(value: Piecewise, at: Domain) -> Piecewise:
    """A sum of pieces as disjoint cases, so that each case is one polynomial (for products, floors and maxima)."""
    if value.join is Join.GREATEST or len(value.pieces) <= 1 and not any(g for g, _ in value.pieces):
        return Piecewise(Join.GREATEST, value.pieces)
    found = chambers(value, at.known)
    if found is None:
        raise NotClosed("too many cases at once")
    pieces = [(guards, c.polynomial) for c in found for guards in c.guards]
    return Piecewise(Join.GREATEST, tuple(pieces))


def size(blocks: Sequence[GateBlock]) -> Piecewise:
    """The number of gates."""
    found = NONE
    for block in blocks:
        found = found.plus(over(block.at, block.copies))
    return found


def wires(blocks: Sequence[GateBlock]) -> Piecewise:
    """The number of gate inputs."""
    found = NONE
    for block in blocks:
        found = found.plus(over(block.at, product(block.copies, block.fanin)))
    return found


def unit_wires(blocks: Sequence[GateBlock]) -> Piecewise:
    """The sum of the absolute weights of all gate inputs."""
    found = NONE
    for block in blocks:
        found = found.plus(over(block.at, product(block.copies, block.unit)))
    return found


def _positive(value: Piecewise, at: Domain) -> list[Guards]:
    """Guards under which a count is at least 1."""
    if value == total(1):
        return [()]
    return [(*guards, p - 1) for guards, p in single(value, at).pieces]


def certain(blocks: Sequence[GateBlock]) -> bool:
    """Whether all these gates are there."""
    return all(block.certain for block in blocks)


def settled(block: GateBlock) -> bool:
    """Whether it is known in closed form which gates of a block there are."""
    counted = [*block.at.constraints, *(q for guards, p in block.copies.pieces for q in (*guards, p))]
    return block.certain and not any(map(unknowns, counted))


def fanin(blocks: Sequence[GateBlock]) -> tuple[Piecewise, bool]:
    """The largest number of inputs of a gate."""
    found, exact = ZERO_DEPTH, True
    for block in blocks:
        for guards in _positive(block.copies, block.at):
            value, one_exact = greatest_over(block.at.under(guards), block.fanin)
            found, exact = found.plus(value), exact and one_exact and block.fanin_exact and block.certain
    return found, exact


def largest_weight(blocks: Sequence[GateBlock]) -> tuple[Piecewise, bool]:
    """The largest absolute weight of a wire; a gate without wires has none."""
    found, exact = ZERO_DEPTH, True
    for block in blocks:
        for guards in _positive(block.copies, block.at):
            for more in _positive(block.fanin, block.at.under(guards)):
                value, one_exact = greatest_over(block.at.under((*guards, *more)), block.weight)
                found, exact = found.plus(value), exact and one_exact and block.weight_exact and block.certain
    return found, exact


def of_helpers(calls: Sequence[HelperCall], name: str) -> Derived:
    """What the calls of other families add to a sum, or their greatest figure."""
    exact = True
    found = ZERO_DEPTH if name in ("fanin", "largest_weight") else NONE
    for call in calls:
        value, one_exact = call.figure(name)
        if value.join is Join.SUM:
            found = found.plus(over(call.at, value))
        else:
            greatest, attained = greatest_over(call.at, value)
            found, one_exact = found.plus(greatest), one_exact and attained
        exact = exact and one_exact
    return found, exact
