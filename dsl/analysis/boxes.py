"""Calls at constant sizes as boxes: such a family is one circuit, and what it costs is counted on it.

A box is used where the closed forms of the body are not exact or take too long to derive. That it is counted makes it no
less exact: its sizes are numbers, the same at every point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from tc0.dsl.analysis.domain import Domain
from tc0.dsl.analysis.tally import Derived, HelperCall
from tc0.dsl.analysis.values import Array, BitContent, Cases, FamilyValue, Known, Number, Value, greatest, one, total
from tc0.dsl.base.record import record
from tc0.dsl.core.program import Applied, Family
from tc0.dsl.core.types import Form
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial

if TYPE_CHECKING:
    from tc0.dsl.analysis.cost import Walk

P = Polynomial.of


@record
class Box:
    """A circuit counted. figures: size, wires, unit_wires, fanin, largest_weight. kinds: gates by kind. shape: of the
    result, the width of words last. depths: of its outputs, in order."""

    figures: Mapping[str, int]
    kinds: Mapping[str, int]
    shape: tuple[int, ...]
    depths: tuple[int, ...]


Count = Callable[[Applied], Box]


def constants(family: Family, env: Mapping[str, Cases]) -> Applied | None:
    """The family with all of its parameters, if each of them is a number or known; None for a family over forms."""
    if any(isinstance(type.element, Form) for type in (*(p.type for p in family.parameters), family.result)):
        return None
    values = []
    for name in (*(p.name for p in family.statics), *(s.name for s in family.sizes)):
        value = _constant(env[name])
        if value is None:
            return None
        values.append((name, value))
    return Applied(family, tuple(values))


def _constant(cases: Cases) -> object | None:
    match cases:
        case ((_, Number(value=p)),) if isinstance(p.constant(), int):
            return p.constant()
        case ((_, Known(value=value)),):
            return value
        case ((_, FamilyValue(family=family, fixed=fixed)),):
            inner = [(name, _constant(value)) for name, value in fixed]
            return None if any(v is None for _, v in inner) else Applied(family, tuple(inner))
        case _:
            return None


def boxed(walk: Walk, box: Box, arguments: Sequence[Value], at: Domain) -> Cases:
    """The call of a box: its gates at every point, its outputs as deep as its inputs and it together."""
    walk.tally.helpers.append(HelperCall(at, tuple(box.kinds), lambda name: _figure(box, name)))
    depths = []
    for argument in arguments:
        if not isinstance(argument, Array):
            raise NotClosed("a static value as an input")
        depths.append(walk.depth_of(argument, at)[0])
    given = list(dict.fromkeys(piece for depth in depths for piece in depth.pieces))
    alike = len(given) <= 1 and all(isinstance(a, Array) and _exact(a) for a in arguments)
    names = tuple(walk.fresh("k") for _ in box.shape)
    pieces: list[tuple[Guards, Polynomial]] = []
    for guards, own in _by_output(box, names):
        pieces += [((*guards, *more), p + own) for more, p in given] or [(guards, P(own))]
    content = BitContent(Piecewise.of(Join.GREATEST, pieces), alike)
    return one(Array(names, tuple(map(P, box.shape)), content))


def _exact(array: Array) -> bool:
    return isinstance(array.content, BitContent) and array.content.exact


def _figure(box: Box, name: str) -> Derived:
    if name in ("fanin", "largest_weight"):
        return greatest(box.figures[name]), True
    kind = name.removeprefix("kind ")
    return total(box.kinds.get(kind, 0) if kind != name else box.figures[name]), True


def _by_output(box: Box, names: Sequence[str]) -> list[tuple[Guards, int]]:
    """The depths of the outputs: one where they are all alike, else for each under the guard that the indices are its."""
    if len(set(box.depths)) <= 1:
        return [((), box.depths[0] if box.depths else 0)]
    found = []
    for number, depth in enumerate(box.depths):
        guards: list[Polynomial] = []
        rest = number
        for name, length in reversed(list(zip(names, box.shape, strict=True))):
            rest, index = divmod(rest, length)
            guards += [P(name) - index, index - P(name)]
        found.append((tuple(guards), depth))
    return found
