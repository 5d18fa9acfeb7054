"""A recursion as a problem: what an activation adds, its calls, and its values at small parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from tc0.dsl.base.record import record
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise
from tc0.dsl.symbolic.polynomial import ZERO, NotClosed, Polynomial

P = Polynomial.of
MOST_STEPS = 2_000  # activations of one value computed from a recurrence
DEEPEST = 200  # activations within one another

Place = tuple[Sequence[str], Guards, Mapping[str, Polynomial], Polynomial]  # binders, guards, parameters, raised by


@record
class Call:
    """guards: in the parameters, where it is made. arguments: of all parameters. copies: how many. deeper: what it raises
    the figure by (GREATEST only)."""

    guards: Guards
    arguments: Mapping[str, Polynomial]
    copies: int = 1
    deeper: Polynomial = ZERO


@record
class Problem:
    """names: the parameters. own: what one activation adds. least: from where on a parameter is tried."""

    names: tuple[str, ...]
    own: Piecewise
    calls: tuple[Call, ...]
    presumed: Assumptions
    least: Mapping[str, int]

    @property
    def changing(self) -> list[str]:
        return [n for n in self.names if any(c.arguments[n] != P(n) for c in self.calls)]


# ---- values


@dataclass(slots=True)
class _Memo:
    problem: Problem
    found: dict[tuple[int, ...], int | None] = field(default_factory=dict)
    steps: int = 0

    def value(self, point: tuple[int, ...], depth: int = 0) -> int | None:
        """The figure at one point, computed from the recurrence; None for the greatest of nothing."""
        if point in self.found:
            return self.found[point]
        self.steps += 1
        if self.steps > MOST_STEPS or depth > DEEPEST:
            raise NotClosed("a recursion that does not get smaller")
        problem = self.problem
        at = dict(zip(problem.names, point, strict=True))
        total = problem.own.join is Join.SUM
        values: list[int] = [int(p.at(at)) for guards, p in problem.own.pieces if all(g.at(at) >= 0 for g in guards)]
        if total:
            values = [problem.own.at(at)]
        for call in problem.calls:
            if all(g.at(at) >= 0 for g in call.guards):
                value = self.value(tuple(int(call.arguments[n].at(at)) for n in problem.names), depth + 1)
                if value is not None:
                    values.append(value * call.copies if total else value + int(call.deeper.at(at)))
        result = sum(values) if total else max(values, default=None)
        self.found[point] = result
        return result


def values_of(problem: Problem) -> Iterator[tuple[dict[str, int], int | None]]:
    """Values at small parameters, computed from the recurrence."""
    memo = _Memo(problem)
    changing = problem.changing
    wide = {1: 24, 2: 7}.get(len(changing), 4)
    ranges = [range(problem.least[n], problem.least[n] + (wide if n in changing else 2)) for n in problem.names]
    for point in product(*ranges):
        at = dict(zip(problem.names, point, strict=True))
        if all(p.at(at) >= 0 for p in problem.presumed.constraints if p.names() <= set(at)):
            yield at, memo.value(point)
