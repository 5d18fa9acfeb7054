"""Values of the cost reading: what a phrase is, without which wires carry it.

A value may differ in shape from case to case: `Cases` holds disjoint guards with a value each. Arrays are functions of
their indices: `content` speaks of index names of its own, which reading an element replaces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tc0.dsl.analysis.domain import Domain, Substitution, guarded, rename
from tc0.dsl.base.record import record
from tc0.dsl.core.program import Applied, Family
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise, negated, union
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial

P = Polynomial.of


@record
class Number:
    """A static integer."""

    value: Polynomial


@record
class Known:
    """Another static value, or an array of them, that is known: a boolean, a rational, a string, a nested tuple."""

    value: object


@record
class Opaque:
    """A static value of which only evaluation knows what it is. reason: why. dims: of an array, where they are known."""

    reason: str
    dims: tuple[Polynomial, ...] = ()


class Undecided(NotClosed):
    """A condition that depends on a number which is not known: neither side of it is left out."""


@record
class FamilyValue:
    """A family with some of its parameters fixed."""

    family: Family
    fixed: tuple[tuple[str, Cases], ...]


@record
class BitContent:
    """depth: of the bit. exact: it is its depth, not only a bound."""

    depth: Piecewise
    exact: bool = True


@record
class FormContent:
    """terms: how many. low, high: its range. depth: of its deepest term. weight: the largest absolute weight; unit: the
    sum of the absolute weights. exact, weight_exact: depth and weight are attained, not only bounds. honest: the range is
    that of the terms, not declared. literal: where an element is one bit b (BIT), b or 1 - b (LITERAL), or perhaps neither
    (0): levels under guards."""

    terms: Piecewise
    low: Piecewise
    high: Piecewise
    depth: Piecewise
    weight: Piecewise
    unit: Piecewise
    exact: bool = True
    weight_exact: bool = True
    honest: bool = True
    literal: tuple[tuple[Guards, int], ...] = (((), 0),)

    def each(self, change: Callable[[Piecewise], Piecewise]) -> FormContent:
        """The same with every figure changed."""
        return FormContent(
            change(self.terms),
            change(self.low),
            change(self.high),
            change(self.depth),
            change(self.weight),
            change(self.unit),
            self.exact,
            self.weight_exact,
            self.honest,
            self.levels(change),
        )

    def plus(self, other: FormContent) -> FormContent:
        """Two forms added, or two cases of one form joined."""
        return FormContent(
            self.terms.plus(other.terms),
            self.low.plus(other.low),
            self.high.plus(other.high),
            self.depth.plus(other.depth),
            self.weight.plus(other.weight),
            self.unit.plus(other.unit),
            self.exact and other.exact,
            self.weight_exact and other.weight_exact,
            self.honest and other.honest,
            tuple(dict.fromkeys((*self.literal, *other.literal))),
        )

    def levels(self, change: Callable[[Piecewise], Piecewise]) -> tuple[tuple[Guards, int], ...]:
        """Where an element is a literal, the guards changed as those of a figure."""
        moved = change(Piecewise(Join.GREATEST, tuple((guards, P(level)) for guards, level in self.literal)))
        return tuple((guards, int(p.constant() or 0)) for guards, p in moved.pieces)


@record
class NumberContent:
    """An element of a static array."""

    value: Piecewise


LITERAL, BIT = 1, 2
Content = BitContent | FormContent | NumberContent


@record
class Array:
    """An array; rank 0 is one element. Words are arrays of bits with one more dimension.

    A comprehension with a guard, or with bounds that mention other binders, is *listed*: its points are those of a
    domain, in lexicographic order. Then the leading `listed` indices are its binders, `points` are the disjoint
    constraints of its points, and `dims` are those of its elements only; it is summed over, not indexed.
    """

    indices: tuple[str, ...]
    dims: tuple[Polynomial, ...]
    content: Content
    listed: int = 0
    points: tuple[Guards, ...] = ()

    def regions(self) -> tuple[Guards, ...]:
        """The points of the array, as disjoint lists of constraints on its indices."""
        box = tuple(
            g
            for name, dim in zip(self.indices[self.listed :], self.dims, strict=True)
            for g in (P(name), dim - 1 - P(name))
        )
        return tuple((*points, *box) for points in self.points) if self.listed else (box,)

    def boxed(self) -> Array:
        """The array itself, which must not be listed."""
        if self.listed:
            raise NotClosed("an array whose length depends on a guard")
        return self


Value = Number | Known | Opaque | FamilyValue | Array
Cases = tuple[tuple[Guards, Value], ...]


def one(value: Value) -> Cases:
    """A value that is the same everywhere."""
    return (((), value),)


def static_value(value: object) -> Value:
    """A static value of the language as one of this reading."""
    if isinstance(value, Applied):
        return FamilyValue(value.family, tuple((name, one(static_value(v))) for name, v in value.values))
    return Number(P(value)) if type(value) is int else Known(value)


ZERO_DEPTH = Piecewise.of(Join.GREATEST, [((), Polynomial.of(0))])
NONE = Piecewise.of(Join.SUM, [])


def total(p: Polynomial | int) -> Piecewise:
    return Piecewise.of(Join.SUM, [((), Polynomial.of(p))])


def greatest(p: Polynomial | int) -> Piecewise:
    return Piecewise.of(Join.GREATEST, [((), Polynomial.of(p))])


def change_content(content: Content, change: Substitution, known: Assumptions) -> Content:
    """A content with index names replaced."""
    match content:
        case BitContent(depth=depth, exact=exact):
            return BitContent(rename(depth, change, known), exact)
        case NumberContent(value=value):
            return NumberContent(rename(value, change, known))
        case FormContent():
            return content.each(lambda p: rename(p, change, known))


def guard_content(content: Content, guards: Guards) -> Content:
    """A content that counts only where the guards hold."""
    match content:
        case BitContent(depth=depth, exact=exact):
            return BitContent(guarded(depth, guards), exact)
        case NumberContent(value=value):
            return NumberContent(guarded(value, guards))
        case FormContent():
            return content.each(lambda p: guarded(p, guards))


def merge_contents(contents: Sequence[Content]) -> Content | None:
    """Contents under disjoint guards as one; None where they are of different kinds."""
    first = contents[0]
    for other in contents[1:]:
        match first, other:
            case BitContent(), BitContent():
                first = BitContent(_fused(first.depth.plus(other.depth)), first.exact and other.exact)
            case NumberContent(), NumberContent():
                first = NumberContent(_fused(first.value.plus(other.value)))
            case FormContent(), FormContent():
                first = first.plus(other).each(_fused)
            case _:
                return None
    return first


def fused(cases: Sequence[Guards]) -> tuple[Guards, ...]:
    """Disjoint cases, those that are the two sides of one guard as one."""
    left = list(cases)
    for i in reversed(range(len(left))):
        for j in range(i):
            both = union(left[j], left[i], Assumptions())
            if both is not None:
                left[j] = both
                del left[i]
                break
    return tuple(left)


def _fused(value: Piecewise) -> Piecewise:
    """Pieces with one value on the two sides of a guard become one: what does not depend on a choice does not show it."""
    pieces = list(value.pieces)
    changed = len(pieces) > 1
    while changed:
        changed = False
        for i, (guards, p) in enumerate(pieces):
            for j in range(i + 1, len(pieces)):
                both = union(guards, pieces[j][0], Assumptions()) if pieces[j][1] == p else None
                if both is not None:
                    pieces[i] = (both, p)
                    del pieces[j]
                    changed = True
                    break
            if changed:
                break
    return value if len(pieces) == len(value.pieces) else Piecewise.of(value.join, pieces)


def form_of_bit(content: BitContent) -> FormContent:
    """A bit as a form: one term of weight 1, range 0..1."""
    return FormContent(
        total(1), NONE, total(1), content.depth, greatest(1), total(1), content.exact, literal=(((), BIT),)
    )


def as_form(content: Content) -> FormContent:
    """Any content as a form."""
    match content:
        case FormContent():
            return content
        case BitContent():
            return form_of_bit(content)
        case NumberContent(value=value):
            return FormContent(NONE, value, value, ZERO_DEPTH, greatest(0), NONE)


def read(array: Array, selectors: Sequence[Polynomial], known: Assumptions) -> Array:
    """An element, or a row where there are fewer selectors than dimensions."""
    array = array.boxed()
    count = len(selectors)
    change = dict(zip(array.indices[:count], selectors, strict=True))
    return Array(array.indices[count:], array.dims[count:], change_content(array.content, change, known))


def merge(cases: Sequence[tuple[Guards, Value]], known: Assumptions) -> Cases:
    """Cases of arrays with equal dimensions become one array with guarded content; all of them, or where the guards of
    two are the two sides of one guard."""
    if len(cases) < 2:
        return tuple(cases)
    whole: Value | None = None
    for guards, value in cases:
        whole = _join((), whole, guards, value, known) if whole is not None else _inside(guards, value)
        if whole is None:
            break
    if whole is not None:
        return one(whole)
    merged: list[tuple[Guards, Value]] = []
    for guards, value in cases:
        for at, (other_guards, other) in enumerate(merged):
            both = union(other_guards, guards, known)
            joined = None if both is None else _join(other_guards, other, guards, value, known)
            if both is not None and joined is not None:
                merged[at] = (both, joined)
                break
        else:
            merged.append((guards, value))
    return tuple(merged)


def _inside(guards: Guards, value: Value) -> Array | None:
    """An array whose content holds under guards only."""
    if not isinstance(value, Array) or value.listed:
        return None
    return replace(value, content=guard_content(value.content, guards)) if guards else value


def filled(cases: Cases, rank: int, at: Domain) -> Cases:
    """Cases that hold wherever an array has elements, with an empty array where none of them does."""
    if any(not guards for guards, _ in cases):
        return cases
    if len(cases) == 1:
        whole = _inside(*cases[0])
        if whole is not None:
            return one(whole)
    gaps: list[Guards] = [()]
    for guards, _ in cases:
        gaps = [
            (*gap, *guards[:k], negated(guard))
            for gap in gaps
            for k, guard in enumerate(guards)
            if not at.under((*gap, *guards[:k], negated(guard))).empty
        ]
    empty = Array(tuple(f"none{k}" for k in range(rank)), tuple(P(0) for _ in range(rank)), BitContent(ZERO_DEPTH))
    return (*cases, *((gap, empty) for gap in gaps))


def gather(cases: Sequence[tuple[Guards, Array]], known: Assumptions) -> list[tuple[Guards, Value]]:
    """Cases under the same guards, whose contents hold under guards of their own, as one case each."""
    found: dict[frozenset[Polynomial], tuple[Guards, Array]] = {}
    for guards, array in cases:
        key = frozenset(guards)
        if key not in found:
            found[key] = (guards, array)
            continue
        first = found[key][1]
        change = {old: P(new) for old, new in zip(array.indices, first.indices, strict=True)}
        if array.dims != first.dims:
            raise NotClosed("an array whose length depends on a case distinction")
        content = merge_contents([first.content, change_content(array.content, change, known)])
        if content is None:
            raise NotClosed("an array with elements of several kinds")
        found[key] = (guards, replace(first, content=content))
    return list(found.values())


def _join(left_guards: Guards, left: Value, right_guards: Guards, right: Value, known: Assumptions) -> Array | None:
    """Two arrays of equal dimensions as one, each content under its guards."""
    if not (isinstance(left, Array) and isinstance(right, Array)) or left.listed or right.listed:
        return None
    if len(left.dims) != len(right.dims) or any(a != b for a, b in zip(left.dims, right.dims, strict=True)):
        return None
    change = {old: Polynomial.of(new) for old, new in zip(right.indices, left.indices, strict=True)}
    moved = change_content(right.content, change, known)
    joined = merge_contents([guard_content(left.content, left_guards), guard_content(moved, right_guards)])
    return None if joined is None else replace(left, content=_unsplit(joined, known))


def _unsplit(content: Content, known: Assumptions) -> Content:
    """A content without case distinctions that make no difference: equal figures on both sides of a guard."""

    def merged(value: Piecewise) -> Piecewise:
        pieces = list(value.pieces)
        for at in range(len(pieces) - 1, 0, -1):
            guards, p = pieces[at]
            for to in range(at):
                both = union(pieces[to][0], guards, known) if pieces[to][1] == p else None
                if both is not None:
                    pieces[to] = (tuple(g for g in both if not known.proves(g)), p)
                    del pieces[at]
                    break
        return value if len(pieces) == len(value.pieces) else Piecewise.of(value.join, pieces)

    match content:
        case BitContent(depth=depth, exact=exact):
            return BitContent(merged(depth), exact)
        case NumberContent(value=value):
            return NumberContent(merged(value))
        case FormContent():
            return content.each(merged)
