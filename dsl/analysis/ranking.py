"""Gate numbers without gates: places in order, points of a place in lexicographic order, steps of folds before both.

A rank adds up counts of what comes before (`crowds`), an unranking searches for the point by bisection. Nothing here depends
on the size of the circuit but the length of its numbers, and on the different sizes that a recursion meets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tc0.dsl.analysis.crowds import Crowd, Crowds, Slot
from tc0.dsl.analysis.levels import Chain
from tc0.dsl.analysis.units import Activation

Level = tuple[int, int]  # a call of a chain, and how many times it was made, one call in another
Path = tuple["int | Level", ...]
Place = tuple[Path, int, int]


@dataclass(frozen=True, slots=True)
class Position:
    """A gate: its place, its index tuple, and which of the copies at that point it is (a threshold of `//` or `%`)."""

    place: Place
    indices: tuple[int, ...]
    copy: int = 0


@dataclass(frozen=True, slots=True)
class Hop:
    """A part of the way to a gate: so many levels of a chain, then a place, which is a site but at the end of the way.
    own: the indices there; moved: the same, steps of folds first; steps: these."""

    level: int
    slot: Slot
    steps: tuple[int, ...]
    moved: tuple[int, ...] = ()
    own: tuple[int, ...] = ()


class Numbering(Crowds):
    """The gate numbers of a family at given sizes."""

    # ---- rank

    def rank(self, position: Position) -> int:
        """The number of a gate."""
        hops = self._with_slots(self.hops(position))
        total = position.copy
        crowd: Crowd = {self.root: 1}
        for at, hop in enumerate(hops):
            slots = self.slots(crowd)
            chain = self.chain_of(crowd)
            if chain is not None:
                first, last = self._sides(chain, slots)
                levels = max(self.calls(a) for a in crowd) + 1
                if hop.slot.key < chain.site.key:
                    slots = first
                    total += self.chain_below(crowd, chain, first, hop.level)
                else:
                    slots = last
                    total += self.chain_below(crowd, chain, first, levels)
                    total += self.chain_below(crowd, chain, last, levels) - self.chain_below(
                        crowd, chain, last, hop.level + 1
                    )
                crowd = self.at_level(crowd, hop.level)
            total += self._before(crowd, slots, hop)
            if at < len(hops) - 1:
                crowd = self.descended(crowd, hop.slot, hop.steps)
        return total + self._earlier(hops)

    def _sides(self, chain: Chain, slots: Sequence[Slot]) -> tuple[list[Slot], list[Slot]]:
        """The places before the call of a chain, and those after it."""
        return [s for s in slots if s.key < chain.site.key], [s for s in slots if s.key > chain.site.key]

    def _before(self, crowd: Crowd, slots: Sequence[Slot], hop: Hop) -> int:
        """The gates of places of a crowd that come before a place at some steps of its folds: in earlier steps of a
        common fold, or in the same steps at an earlier place."""
        total = 0
        for slot in slots:
            common = 0
            while common < min(len(slot.around), len(hop.steps)) and slot.around[common] == hop.slot.around[common]:
                common += 1
            for k in range(common):
                total += self.weight(crowd, (slot,), hop.steps[:k], hop.steps[k])
            if slot.key < hop.slot.key:
                total += self.weight(crowd, (slot,), hop.steps[:common], None)
        return total

    def _earlier(self, hops: Sequence[Hop]) -> int:
        """The gates of the same place, in the same steps, whose other indices come earlier."""
        total, activation = 0, self.root
        tails: dict[tuple[Activation, int], int] = {}
        for at, hop in enumerate(hops):
            activation = self.moved(activation, hop.level)
            for k in range(len(hop.steps), len(hop.moved)):
                total += self._through(activation, hops, at, hop.moved[:k], hop.moved[k], tails)
            if at < len(hops) - 1:
                activation = self.called(activation, hop.slot.elements[activation.unit], hop.moved)
        return total

    def _through(
        self,
        activation: Activation,
        hops: Sequence[Hop],
        at: int,
        fixed: tuple[int, ...],
        bound: int | None,
        tails: dict[tuple[Activation, int], int],
    ) -> int:
        """The gates at the end of a way that goes through a place of an activation at such points."""
        element = hops[at].slot.elements.get(activation.unit)
        if element is None:
            return 0
        if at == len(hops) - 1:
            return self.weigh(activation, element, fixed, bound)
        total = 0
        for called, n in self.groups(activation, element, fixed, bound):
            total += n * self._tail(called, hops, at + 1, tails)
        return total

    def _tail(
        self, activation: Activation, hops: Sequence[Hop], at: int, tails: dict[tuple[Activation, int], int]
    ) -> int:
        """The gates at the end of a way of which an activation is a part."""
        found = tails.get((activation, at))
        if found is None:
            hop = hops[at]
            found = 0
            if self.calls(activation) >= hop.level:
                found = self._through(self.moved(activation, hop.level), hops, at, hop.steps, None, tails)
            tails[activation, at] = found
        return found

    def hops(self, position: Position) -> list[Hop]:
        """The way from the root to a gate."""
        path, node, sub = position.place
        point, activation, at = position.indices, self.root, 0
        hops: list[Hop] = []
        while True:
            level = 0
            if at < len(path) and isinstance(step := path[at], tuple):
                level, at = step[1], at + 1
            activation = self.moved(activation, level)
            unit, here = activation.unit, at
            while at < len(path) and (path[here:at], path[at]) not in unit.sites:
                at += 1
            last = at == len(path)
            element = unit.by_place[path[here:], node, sub] if last else unit.sites[path[here:at], path[at]]  # type: ignore[index]
            counts = unit.counts(element)[0]
            own, point = point[: len(counts.order)], point[len(counts.order) :]
            moved = tuple(own[k] for k in counts.order)
            steps = moved[: len(element.around)]
            slot = Slot(element.key, element.around, {unit: element})
            hops.append(Hop(level, slot, steps, moved, own))
            if last:
                return hops
            activation, at = self.called(activation, element, moved), at + 1

    def _with_slots(self, hops: list[Hop]) -> list[Hop]:
        """The way with the places of whole crowds."""
        crowd: Crowd = {self.root: 1}
        found = []
        for at, hop in enumerate(hops):
            crowd = self.at_level(crowd, hop.level)
            slot = next(s for s in self.slots(crowd) if s.key == hop.slot.key)
            found.append(Hop(hop.level, slot, hop.steps, hop.moved, hop.own))
            if at < len(hops) - 1:
                crowd = self.descended(crowd, slot, hop.steps)
        return found

    # ---- unrank

    def unrank(self, number: int) -> Position:
        """The gate with this number."""
        crowd: Crowd = {self.root: 1}
        hops: list[Hop] = []
        while True:
            slots = self.slots(crowd)
            chain = self.chain_of(crowd)
            level = 0
            if chain is not None:
                level, slots, number = self._level(crowd, chain, slots, number)
                crowd = self.at_level(crowd, level)
            slot, steps, number = self._find(crowd, slots, number, ())
            hops.append(Hop(level, slot, steps))
            if not slot.any.is_site:
                return self._point(hops, number)
            crowd = self.descended(crowd, slot, steps)

    def _level(self, crowd: Crowd, chain: Chain, slots: Sequence[Slot], number: int) -> tuple[int, list[Slot], int]:
        """The level of a chain that a gate is at, the places on its side of the call, and its number among them."""
        first, last = self._sides(chain, slots)
        levels = max(self.calls(a) for a in crowd) + 1
        whole = self.chain_below(crowd, chain, first, levels)
        if number < whole:
            level = _bisect(lambda j: self.chain_below(crowd, chain, first, j), number)
            return level, first, number - self.chain_below(crowd, chain, first, level)
        number -= whole
        after = self.chain_below(crowd, chain, last, levels)
        back = _bisect(lambda k: after - self.chain_below(crowd, chain, last, levels - k), number)
        level = levels - 1 - back
        return level, last, number - (after - self.chain_below(crowd, chain, last, level + 1))

    def _find(
        self, crowd: Crowd, slots: Sequence[Slot], number: int, steps: tuple[int, ...]
    ) -> tuple[Slot, tuple[int, ...], int]:
        """The place of a gate among these, which are all in the same folds at `steps`, and its number there."""
        depth, at = len(steps), 0
        while at < len(slots):
            slot = slots[at]
            if len(slot.around) > depth:
                group = [s for s in slots[at:] if s.around[: depth + 1] == slot.around[: depth + 1]]
                inside = self.weight(crowd, group, steps, None)
                if number < inside:
                    step = _bisect(lambda t, g=group: self.weight(crowd, g, steps, t), number)  # type: ignore[misc]
                    number -= self.weight(crowd, group, steps, step)
                    return self._find(crowd, group, number, (*steps, step))
                number -= inside
                at += len(group)
                continue
            own = self.weight(crowd, (slot,), steps, None)
            if number < own:
                return slot, steps, number
            number -= own
            at += 1
        raise IndexError(number)

    def _point(self, hops: Sequence[Hop], number: int) -> Position:
        """The gate with this number at the end of a way whose indices are not known yet."""
        activation = self.root
        tails: dict[tuple[Activation, int], int] = {}
        path: list[int | Level] = []
        indices: list[int] = []
        for at, hop in enumerate(hops):
            chain = self.chain(activation.unit)
            if hop.level and chain is not None:
                path.append((chain.site.place[1], hop.level))
                activation = self.moved(activation, hop.level)
            element = hop.slot.elements[activation.unit]
            order = activation.unit.counts(element)[0].order
            moved = hop.steps
            while len(moved) < len(order):

                def below(v: int, a: Activation = activation, at: int = at, f: tuple[int, ...] = moved) -> int:
                    return self._through(a, hops, at, f, v, tails)

                value = _bisect(below, number)
                number -= below(value)
                moved = (*moved, value)
            own = [0] * len(order)
            for value, k in zip(moved, order, strict=True):
                own[k] = value
            indices += own
            path += element.place[0]
            if at == len(hops) - 1:
                return Position((tuple(path), element.place[1], element.place[2]), tuple(indices), number)
            path.append(element.place[1])
            activation = self.called(activation, element, moved)
        raise AssertionError


def _bisect(below: Callable[[int], int], number: int) -> int:
    """The greatest v with below(v) <= number: where the gate with this number lies. `below` grows. Every other step goes
    where a line between the two ends would have it, since counts are nearly polynomials."""
    low, high, least, most = 0, 1, 0, below(1)
    while most <= number:
        low, least = high, most
        high *= 16
        most = below(high)
    halve = False
    while high - low > 1:
        middle = (low + high) // 2 if halve else low + (number - least) * (high - low) // (most - least)
        middle = min(max(middle, low + 1), high - 1)
        found = below(middle)
        if found <= number:
            low, least = middle, found
        else:
            high, most = middle, found
        halve = not halve
    return low
