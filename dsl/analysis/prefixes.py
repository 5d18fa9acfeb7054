"""Counts of the points of one place with its first indices fixed, and of the groups of calls of one size among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tc0.dsl.analysis.tally import GateBlock
from tc0.dsl.symbolic.compiled import Evaluated
from tc0.dsl.symbolic.counting import Pieces, count
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.polynomial import Coefficient, NotClosed, Polynomial

P = Polynomial.of
BELOW = "?"  # the name that stands for the bound of the index in question
NOTHING: frozenset[str] = frozenset()
MOST_POINTS = 2_000  # of a call whose size differs from point to point


class ManySizes(NotClosed):
    """Calls of more different sizes than are looked at one by one."""


@dataclass(slots=True)
class Prefixes:
    """Counts of one block. Its folds come first among the indices, since numbers go step by step; order: where each
    index stands in the block itself."""

    block: GateBlock
    parameters: Assumptions
    order: tuple[int, ...] = ()
    _forms: dict[tuple[int, bool, frozenset[str]], Evaluated] = field(default_factory=dict)

    @staticmethod
    def of(block: GateBlock, parameters: Assumptions) -> Prefixes:
        folds = [block.at.indices.index(name) for name in block.folds]
        order = (*folds, *(k for k in range(len(block.at.indices)) if k not in folds))
        moved = replace(block.at, indices=tuple(block.at.indices[k] for k in order))
        return Prefixes(replace(block, at=moved), parameters, order)

    @property
    def indices(self) -> tuple[str, ...]:
        return self.block.at.indices

    def below(
        self,
        fixed: Sequence[int],
        bound: int | None,
        sizes: Mapping[str, int],
        given: Mapping[str, int] | None = None,
    ) -> int:
        """The gates whose first indices are `fixed` and whose next one is below `bound` (None: all of them). given:
        values of further indices."""
        values = {**sizes, **dict(zip(self.indices, fixed, strict=False)), **(given or {})}
        if bound is not None:
            values[BELOW] = bound
        key = (len(fixed), bound is not None, frozenset(given) if given else NOTHING)
        found = self._forms.get(key)
        return (found or self._derive(*key))(values)

    def form(self, fixed: int, bounded: bool) -> Pieces:
        """What `below` evaluates."""
        found = self._forms.get((fixed, bounded, NOTHING))
        return (found or self._derive(fixed, bounded, NOTHING)).pieces

    def _derive(self, fixed: int, bounded: bool, given: frozenset[str]) -> Evaluated:
        constraints = list(self.block.at.constraints)
        if bounded:
            constraints.append(P(BELOW) - 1 - P(self.indices[fixed]))
        free = [name for name in self.indices[fixed:] if name not in given]
        pieces: Pieces = []
        for guards, p in self.block.copies.pieces:
            pieces += count(free, [*constraints, *guards], self.parameters, p)
        found = self._forms[fixed, bounded, given] = Evaluated(pieces)
        return found

    def holds(self, values: Mapping[str, int]) -> bool:
        """Whether there is a point at these values of sizes and indices."""
        return all(p.at(values) >= 0 for p in self.block.at.constraints)

    # ---- the indices that something depends on, one value after the other

    def deciding(self, names: set[str], fixed: int) -> tuple[str, ...]:
        """The indices after the fixed ones that decide what mentions these names: themselves, and those in their bounds."""
        free = self.indices[fixed:]
        wanted = names & set(free)
        while True:
            more = {
                other
                for p in self.block.at.constraints
                for name in wanted
                if p.linear(name) and self._innermost(p) == name
                for other in p.names() & set(free)
            }
            if more <= wanted:
                return tuple(name for name in free if name in wanted)
            wanted |= more

    def _innermost(self, p: Polynomial) -> str | None:
        """The last index of a constraint: the one that it bounds."""
        return next((name for name in reversed(self.indices) if name in p.names()), None)

    def points(
        self, names: Sequence[str], sizes: Mapping[str, int], limits: Mapping[str, int]
    ) -> Iterator[dict[str, int]]:
        """All values of some indices within their bounds. limits: further upper ends, exclusive."""
        found: list[dict[str, int]] = [{}]
        for name in names:
            following: list[dict[str, int]] = []
            for values in found:
                low, high = self._range(name, {**sizes, **values}, set(names))
                high = min(high, limits.get(name, high))
                if len(following) + high - low > MOST_POINTS:
                    raise ManySizes(f"more than {MOST_POINTS:,} calls of different sizes at one place")
                following += [{**values, name: v} for v in range(low, high)]
            found = following
        yield from found

    def _range(self, name: str, values: Mapping[str, int], names: set[str]) -> tuple[int, int]:
        lows: list[Coefficient] = []
        highs: list[Coefficient] = []
        for p in self.block.at.constraints:
            scale = p.linear(name)
            if scale and p.names() - {name} <= values.keys():
                rest = p.at({**values, name: 0})
                (lows if scale > 0 else highs).append(-(rest // scale) if scale > 0 else rest // -scale + 1)
        if not lows or not highs:
            raise NotClosed(f"the range of `{name}` is not known")
        return int(max(lows)), int(min(highs))
