"""The text of a family and of all that it calls, as an outline: nodes by identity, the way down to each, and their order.

Gates are numbered in the order of the text: operands before their operator, `let`s in order, `then` before `else`. A place
is known by the calls on the way to it and its node; `key` makes places comparable, so that the cases of a program, however
they were met, have one order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from tc0.dsl.core import program as t

Key = tuple[int, ...]


class Outline:
    """nodes: every node of a family and of the families that it calls, by id. recursive: those that come back to themselves."""

    def __init__(self, family: t.Family) -> None:
        self.nodes: dict[int, t.Expr] = {}
        self._parents: dict[int, object] = {}
        self._rank: dict[int, int] = {}
        self._bodies: dict[int, t.Family] = {}
        calls: dict[t.Family, list[t.Family]] = {}
        waiting = [family]
        while waiting:
            at = waiting.pop()
            if at not in calls:
                calls[at] = self._enter(at)
                waiting += calls[at]
        self.recursive = frozenset(f for f in calls if _comes_back(f, calls))

    def _enter(self, family: t.Family) -> list[t.Family]:
        """Notes all nodes of a family; the families that it mentions."""
        body = family.body.get()
        mentioned = []
        stack: list[tuple[object, bool]] = [(body, False)]
        while stack:
            node, done = stack.pop()
            if done:
                self._rank[id(node)] = len(self._rank)
                continue
            self.nodes[id(node)] = node  # type: ignore[assignment]
            if isinstance(node, t.Reference):
                mentioned.append(node.family)
            children = list(_children(node))
            stack.append((node, True))
            for child in reversed(children):
                self._parents[id(child)] = node
                stack.append((child, False))
        return mentioned

    def chain(self, node: object) -> list[object]:
        """The nodes from the body of its family down to a node, without it."""
        found: list[object] = []
        at = self._parents.get(id(node))
        while at is not None:
            found.append(at)
            at = self._parents.get(id(at))
        return found[::-1]

    def call(self, steps: Sequence[int]) -> t.Call | None:
        """The first call on a path; steps of folds that were written out stand before it."""
        for step in steps:
            found = self.nodes.get(step)
            if isinstance(found, t.Call):
                return found
        return None

    def folds(self, target: object) -> Iterator[t.Fold]:
        """The folds whose steps a node is in, outermost first."""
        chain = [*self.chain(target), target]
        for parent, child in zip(chain, chain[1:], strict=False):
            if isinstance(parent, t.Fold) and child is parent.step:
                yield parent

    def key(
        self, place: tuple[tuple[int, ...], int, int], unrolled: set[tuple[tuple[int, ...], int]]
    ) -> tuple[Key, tuple[tuple[tuple[int, ...], int], ...]]:
        """What a place is ordered by, and the folds around it whose steps are an index: (path, node) each."""
        path, node, sub = place
        order: list[int] = []
        around: list[tuple[tuple[int, ...], int]] = []
        before: tuple[int, ...] = ()
        steps = list(path)
        while True:
            target = self.call(steps) or self.nodes[node]
            for fold in self.folds(target):
                if (before, id(fold)) in unrolled:
                    order += [self._rank[id(fold)], steps[0]]
                    before = (*before, steps.pop(0))
                else:
                    around.append((before, id(fold)))
            order.append(self._rank[id(target)])
            if not steps:
                return (*order, sub), tuple(around)
            before = (*before, steps.pop(0))


def _comes_back(start: t.Family, calls: dict[t.Family, list[t.Family]]) -> bool:
    seen: set[t.Family] = set()
    waiting = list(calls[start])
    while waiting:
        family = waiting.pop()
        if family is start:
            return True
        if family not in seen:
            seen.add(family)
            waiting += calls[family]
    return False


def _children(node: object) -> Iterator[object]:
    """The expressions directly inside of a node, in the order in which they are evaluated."""
    if not is_dataclass(node) or isinstance(node, (t.Constant, t.Family, t.Function)):
        return
    for f in fields(node):
        if not f.compare:
            continue
        stack = [getattr(node, f.name)]
        while stack:
            value = stack.pop()
            if isinstance(value, tuple):
                stack.extend(reversed(value))
            elif isinstance(value, (t.Bound, t.Range, t.Local)):
                stack.extend(reversed([getattr(value, g.name) for g in fields(value) if g.compare]))
            elif (
                is_dataclass(value)
                and hasattr(value, "span")
                and hasattr(value, "type")
                and not isinstance(value, (t.Family, t.Function))
            ):
                yield value
