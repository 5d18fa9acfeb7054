"""Gate numbers without gates: places in order, points of a place in lexicographic order, steps of folds before both.

Every count is a closed form, derived once for a place and evaluated at the sizes at hand; a rank adds up counts of what
comes before, an unranking searches for the point by bisection. Nothing here depends on the size of the circuit but the
length of its numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tc0.dsl.analysis.tally import GateBlock, Place
from tc0.dsl.symbolic.counting import Pieces, count
from tc0.dsl.symbolic.counting import at as value_at
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.polynomial import Polynomial

P = Polynomial.of
BELOW = "?"  # the name that stands for the bound of the index in question


@dataclass(slots=True)
class Prefixes:
    """Counts of the gates of one block: of the points with a prefix fixed and the next index below a bound."""

    block: GateBlock
    parameters: Assumptions
    _forms: dict[int, Pieces] = field(default_factory=dict)

    def below(self, fixed: Sequence[int], bound: int | None, sizes: Mapping[str, int]) -> int:
        """The gates whose first indices are `fixed` and whose next one is below `bound` (None: all of them)."""
        depth = len(fixed) if bound is not None else -len(fixed) - 1
        form = self._forms.get(depth)
        if form is None:
            form = self._forms[depth] = self._derive(len(fixed), bound is not None)
        values = {**sizes, **dict(zip(self.block.at.indices, fixed, strict=False))}
        if bound is not None:
            values[BELOW] = bound
        return value_at(form, values)

    def _derive(self, fixed: int, bounded: bool) -> Pieces:
        indices = self.block.at.indices
        constraints = list(self.block.at.constraints)
        if bounded:
            constraints.append(P(BELOW) - 1 - P(indices[fixed]))
        pieces: Pieces = []
        for guards, p in self.block.copies.pieces:
            pieces += count(indices[fixed:], [*constraints, *guards], self.parameters, p)
        return pieces


@dataclass(frozen=True, slots=True)
class Position:
    """A gate: its place, its index tuple, and which of the copies at that point it is (a threshold of `//` or `%`)."""

    place: Place
    indices: tuple[int, ...]
    copy: int = 0


class Numbering:
    """The gate numbers of a family at given sizes."""

    def __init__(self, blocks: Sequence[GateBlock], parameters: Assumptions, sizes: Mapping[str, int]) -> None:
        self.sizes = dict(sizes)
        self.prefixes = [Prefixes(block, parameters) for block in blocks]
        self.by_place: dict[Place, list[int]] = {}
        for at, block in enumerate(blocks):
            self.by_place.setdefault(block.place, []).append(at)
        self.order = {place: at for at, place in enumerate(self.by_place)}
        self._steps: dict[tuple[int, tuple[tuple[str, ...], bool]], Pieces] = {}
        self._fold_first: dict[int, Prefixes] = {}
        self.size = sum(p.below((), None, self.sizes) for p in self.prefixes)

    # ---- rank

    def rank(self, position: Position) -> int:
        """The number of a gate."""
        own = self.by_place[position.place]
        folds = self._folds(own[0])
        steps = tuple(position.indices[k] for k in folds)
        names = tuple(self.prefixes[own[0]].block.at.indices[k] for k in folds)
        total = 0
        for place, members in self.by_place.items():
            for at in members:
                total += self._before(at, place, position, names, steps)
        return total + position.copy

    def _folds(self, at: int) -> list[int]:
        block = self.prefixes[at].block
        return [block.at.indices.index(name) for name in block.folds]

    def _before(self, at: int, place: Place, position: Position, names: Sequence[str], steps: Sequence[int]) -> int:
        """The gates of one block that come before a position: in earlier steps of a common fold, or in the same steps at
        an earlier place, or at the same place at an earlier point."""
        block = self.prefixes[at].block
        common = 0
        while common < min(len(names), len(block.folds)) and names[common] == block.folds[common]:
            common += 1
        total = 0
        for k in range(common):
            total += self._with_steps(at, names[: k + 1], (*steps[:k],), steps[k])
        if place == position.place:
            return total + self._earlier(at, position)
        if self.order[place] < self.order[position.place]:
            total += self._with_steps(at, names[:common], steps[:common], None)
        return total

    def _with_steps(self, at: int, names: Sequence[str], fixed: Sequence[int], below: int | None) -> int:
        """The gates of a block whose first folds are at fixed steps (and whose next one is below a step)."""
        form = self._step_forms(at, (tuple(names), below is not None))
        values = {**self.sizes, **{f"{BELOW}{k}": v for k, v in enumerate(fixed)}}
        if below is not None:
            values[BELOW] = below
        return value_at(form, values)

    def _step_forms(self, at: int, key: tuple[tuple[str, ...], bool]) -> Pieces:
        if (at, key) not in self._steps:
            names, bounded = key
            prefixes = self.prefixes[at]
            block = prefixes.block
            constraints = list(block.at.constraints)
            fixed = names[:-1] if bounded else names
            for k, name in enumerate(fixed):
                constraints += [P(name) - P(f"{BELOW}{k}"), P(f"{BELOW}{k}") - P(name)]
            if bounded:
                constraints.append(P(BELOW) - 1 - P(names[-1]))
            pieces: Pieces = []
            for guards, p in block.copies.pieces:
                pieces += count(block.at.indices, [*constraints, *guards], prefixes.parameters, p)
            self._steps[at, key] = pieces
        return self._steps[at, key]

    def _earlier(self, at: int, position: Position) -> int:
        """The gates of a block of the same place, in the same steps, whose other indices come earlier."""
        folds = self._folds(at)
        if not folds:
            prefixes = self.prefixes[at]
            return sum(
                prefixes.below(position.indices[:k], position.indices[k], self.sizes)
                for k in range(len(position.indices))
            )
        return self._earlier_in_steps(at, position, folds)

    def _earlier_in_steps(self, at: int, position: Position, folds: Sequence[int]) -> int:
        prefixes = self._moved(at, folds)
        order = [*folds, *(k for k in range(len(position.indices)) if k not in folds)]
        moved = tuple(position.indices[k] for k in order)
        return sum(prefixes.below(moved[:k], moved[k], self.sizes) for k in range(len(folds), len(moved)))

    def _moved(self, at: int, folds: Sequence[int]) -> Prefixes:
        """The counts of a block with its folds as the first indices."""
        if at not in self._fold_first:
            prefixes = self.prefixes[at]
            block = prefixes.block
            order = [*folds, *(k for k in range(len(block.at.indices)) if k not in folds)]
            domain = replace(block.at, indices=tuple(block.at.indices[k] for k in order))
            self._fold_first[at] = Prefixes(replace(block, at=domain), prefixes.parameters)
        return self._fold_first[at]

    # ---- unrank

    def unrank(self, number: int) -> Position:
        """The gate with this number."""
        return self._find(list(self.by_place), number, (), ())

    def _find(self, places: list[Place], number: int, names: tuple[str, ...], steps: tuple[int, ...]) -> Position:
        """The gate among these places, which are all in the folds `names` at `steps`."""
        level = len(names)
        at = 0
        while at < len(places):
            first = self.by_place[places[at]][0]
            folds = self.prefixes[first].block.folds
            if len(folds) > level:
                group = [
                    p
                    for p in places[at:]
                    if self.prefixes[self.by_place[p][0]].block.folds[: level + 1] == folds[: level + 1]
                ]
                inside = self._group(group, (*names, folds[level]), steps, None)
                if number < inside:
                    step = _bisect(lambda t, g=group, n=(*names, folds[level]): self._group(g, n, steps, t), number)  # type: ignore[misc]
                    number -= self._group(group, (*names, folds[level]), steps, step)
                    return self._find(group, number, (*names, folds[level]), (*steps, step))
                number -= inside
                at += len(group)
                continue
            own = sum(self._with_steps(b, names, steps, None) for b in self.by_place[places[at]])
            if number < own:
                return self._point(places[at], number, steps)
            number -= own
            at += 1
        raise IndexError(number)

    def _group(self, places: Sequence[Place], names: tuple[str, ...], steps: tuple[int, ...], below: int | None) -> int:
        """The gates of several places in the innermost fold: all steps, or those below one."""
        if below is None:
            return sum(self._with_steps(b, names[:-1], steps, None) for p in places for b in self.by_place[p])
        return sum(self._with_steps(b, names, steps, below) for p in places for b in self.by_place[p])

    def _point(self, place: Place, number: int, steps: tuple[int, ...]) -> Position:
        members = self.by_place[place]
        folds = self._folds(members[0])
        counts = [self._moved(b, folds) if folds else self.prefixes[b] for b in members]
        length = len(counts[0].block.at.indices)
        found: list[int] = list(steps)
        while len(found) < length:
            prefix = tuple(found)
            value = _bisect(lambda v, f=prefix: sum(c.below(f, v, self.sizes) for c in counts), number)  # type: ignore[misc]
            number -= sum(c.below(prefix, value, self.sizes) for c in counts)
            found.append(value)
        order = [*folds, *(k for k in range(length) if k not in folds)]
        indices = [0] * length
        for position, k in enumerate(order):
            indices[k] = found[position]
        return Position(place, tuple(indices), number)


def _bisect(below: Callable[[int], int], number: int) -> int:
    """The greatest v with below(v) <= number: where the gate with this number lies. `below` grows."""
    low, high = 0, 1
    while below(high) <= number:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if below(middle) <= number:
            low = middle
        else:
            high = middle
    return low
