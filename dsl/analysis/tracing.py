"""Where a gate comes from, as index values, and back: which gates a line of the source builds at index values.

The indices of a gate are those of the binders and steps around it, outermost first. In a recursion they are those of every
call on the way: of a chain, `calls`, how many times it was called, one call in another; else the indices around each call,
after `call`, which of the calls in the text it is, where the indices alone do not tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tc0.dsl.analysis.levels import chain_of
from tc0.dsl.analysis.ranking import Hop, Numbering, Path, Position
from tc0.dsl.analysis.tally import GateBlock
from tc0.dsl.analysis.units import Activation, Element

Shown = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One hop of a way: the case of its place, and the values of its indices with their names as written."""

    block: GateBlock
    shown: Shown


def traced(numbering: Numbering, hops: Sequence[Hop]) -> list[Part]:
    """The parts of the way to a gate."""
    found, activation = [], numbering.root
    for at, hop in enumerate(hops):
        last = at == len(hops) - 1
        activation = numbering.moved(activation, hop.level)
        element = hop.slot.elements[activation.unit]
        block = _case(activation, element, hop.own)
        assert block is not None
        chain: Shown = (("calls", hop.level),) if chain_of(activation.unit) is not None else ()
        which = None if last else _which(numbering, activation, element)
        label: Shown = () if which is None else (("call", which),)
        own = tuple((name.split("#", 1)[0], v) for name, v in zip(block.at.indices, hop.own, strict=True))
        found.append(Part(block, (*chain, *label, *own)))
        if not last:
            activation = numbering.called(activation, element, hop.moved)
    return found


def _case(activation: Activation, element: Element, own: tuple[int, ...]) -> GateBlock | None:
    """The case of a place that holds at a point, if there is one."""
    for block in element.members:
        values = {**activation.values, **dict(zip(block.at.indices, own, strict=True))}
        if all(p.at(values) >= 0 for p in block.at.constraints) and block.copies.at(values) > 0:
            return block
    return None


def _which(numbering: Numbering, activation: Activation, site: Element) -> int | None:
    """Which of the calls of a recursive family a call is, where its indices do not tell."""
    unit = activation.unit
    if unit.family not in numbering.units.outline.recursive:
        return None
    sites = list(unit.sites.values())
    return sites.index(site) if len(sites) > 1 or not site.members[0].at.indices else None


def gates_at(numbering: Numbering, line: int, indices: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """The numbers of the gates that a line builds at index values; and how many indices its gates have."""
    found: list[int] = []
    lengths: set[int] = set()
    waiting: list[tuple[Activation, Path, tuple[int, ...], int]] = [(numbering.root, (), (), 0)]
    while waiting:
        activation, path, point, used = waiting.pop()
        chain = chain_of(activation.unit)
        if chain is not None:
            if used == len(indices):
                continue
            level, used = indices[used], used + 1
            if not 0 <= level <= numbering.calls(activation):
                continue
            activation = numbering.moved(activation, level)
            path = (*path, (chain.site.place[1], level)) if level else path
        for element in activation.unit.elements:
            length = len(element.members[0].at.indices)
            if element.is_site:
                if chain is None:
                    waiting += _entered(numbering, activation, element, path, point, indices, used)
            elif element.members[0].span.line == line:
                lengths.add(used + length)
                own = indices[used:]
                if len(own) == length and _case(activation, element, own) is not None:
                    rel, node, sub = element.place
                    found.append(numbering.rank(Position(((*path, *rel), node, sub), (*point, *own))))
    return sorted(found), sorted(lengths)


def _entered(
    numbering: Numbering,
    activation: Activation,
    site: Element,
    path: Path,
    point: tuple[int, ...],
    indices: tuple[int, ...],
    used: int,
) -> list[tuple[Activation, Path, tuple[int, ...], int]]:
    """The call at a site that the next indices name, if there is one."""
    which = _which(numbering, activation, site)
    if which is not None:
        if indices[used : used + 1] != (which,):
            return []
        used += 1
    counts = activation.unit.counts(site)[0]
    own = indices[used : used + len(counts.order)]
    if len(own) < len(counts.order) or _case(activation, site, own) is None:
        return []
    called = numbering.called(activation, site, tuple(own[k] for k in counts.order))
    rel, node, _ = site.place
    return [(called, (*path, *rel, node), (*point, *own), used + len(own))]
