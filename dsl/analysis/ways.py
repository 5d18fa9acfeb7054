"""The way down to a gate: calls of units, levels of chains without going through them, and the names in scope at a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tc0.dsl.analysis.lazy import Lazy, Terms, Wire
from tc0.dsl.analysis.levels import Chain, chain_of
from tc0.dsl.analysis.points import Env, Frame, Here, Later, Points
from tc0.dsl.analysis.prefixes import BELOW
from tc0.dsl.analysis.ranking import Numbering, Position
from tc0.dsl.analysis.tally import GateBlock
from tc0.dsl.analysis.units import Activation, Site, Unit, integers
from tc0.dsl.base.errors import NotAvailable
from tc0.dsl.core import program as t
from tc0.dsl.core.types import Float, Symbol, Wires, Word, code_bits
from tc0.dsl.symbolic.counting import Pieces
from tc0.dsl.symbolic.counting import at as value_at
from tc0.dsl.symbolic.polynomial import NotClosed


@dataclass(frozen=True, slots=True)
class Scope:
    """What is known at a place: the names, where it is, and the indices that its binders took."""

    env: Env
    here: Here
    point: tuple[int, ...]


@dataclass(slots=True)
class Ways(Points):
    """Evaluation at points, in a family with gate numbers."""

    numbering: Numbering = field(kw_only=True)
    _starts: dict[tuple[int, str], list[Pieces] | None] = field(default_factory=dict)

    # ---- down to a place

    def reach(self, frame: Frame, position: Position) -> Scope:
        """The scope of a gate, from the frame of the root."""
        scope = Scope(frame.env, Here(self.root), ())
        family = frame.family
        hops = self.numbering.hops(position)
        for at, hop in enumerate(hops):
            scope = self.level(scope, hop.level)
            element = hop.slot.elements[scope.here.activation.unit]
            scope = self._within(family, scope, element.place[0], element.place[1], hop.own)
            if at < len(hops) - 1:
                call = self.numbering.units.outline.nodes[element.place[1]]
                assert isinstance(call, t.Call)
                called = self.frame(call.target, call.arguments, scope.env, scope.here, scope.point)
                family = called.family
                scope = Scope(called.env, self.entered(call, called, scope.here, scope.point), scope.point)
        return scope

    def _within(
        self, family: t.Family, scope: Scope, path: Sequence[int], node: int, indices: tuple[int, ...]
    ) -> Scope:
        """From the body of a family to a node of it, or of a helper that is walked in place."""
        outline = self.numbering.units.outline
        steps, left = list(path), list(indices)
        while True:
            target = outline.call(steps) or outline.nodes[node]
            scope = self._down(scope, target, steps, left)
            if not steps:
                return scope
            assert isinstance(target, t.Call)
            called = self.frame(target.target, target.arguments, scope.env, scope.here, scope.point)
            scope = Scope(called.env, scope.here.deeper(steps.pop(0)), scope.point)

    def _down(self, scope: Scope, target: t.Expr, steps: list[int], left: list[int]) -> Scope:
        """From the body of a family down to a node of it; takes the steps and indices on the way from the lists."""
        env, here, point = scope.env, scope.here, scope.point
        chain = [*self.numbering.units.outline.chain(target), target]
        for parent, child in zip(chain, chain[1:], strict=False):
            match parent:
                case t.Block():
                    env = self.scope(parent, env, here, point, child)
                case t.Comprehension(bounds=bounds) if child is parent.body:
                    own, left[: len(bounds)] = tuple(left[: len(bounds)]), []
                    env = {**env, **dict(zip([b.name for b in bounds], own, strict=True))}
                    point = (*point, *own)
                case t.Fold() if child is parent.step:
                    unrolled = (here.path, id(parent)) in here.activation.unit.walk.unrolled
                    step = steps.pop(0) if unrolled else left.pop(0)
                    env = {**env, parent.index: step, parent.state: self._state(parent, env, here, point, step)}
                    here, point = (here.deeper(step), point) if unrolled else (here, (*point, step))
                case _:
                    pass
        return Scope(env, here, point)

    def _state(self, fold: t.Fold, env: Env, here: Here, point: tuple[int, ...], step: int) -> object:
        first = self.value(fold.init, env, here, point)
        if isinstance(first, Lazy):
            return Lazy(first.dims, lambda i: self.state(fold, env, here, point, step).get(i))  # type: ignore[attr-defined]
        return Later(lambda: self.state(fold, env, here, point, step))

    # ---- calls

    def call(self, expr: t.Call, env: Env, here: Here, point: tuple[int, ...]) -> object:
        unit = here.activation.unit
        chain = chain_of(unit)
        if chain is not None and chain.site is unit.sites.get((here.path, id(expr))) and self._is_last(unit, expr):
            scope = self.level(Scope(env, here, point), self.numbering.calls(here.activation))
            return self.value(unit.family.body.get(), scope.env, scope.here, point)
        frame = self.frame(expr.target, expr.arguments, env, here, point)
        if frame.family.table:
            raise NotAvailable("E1005", "gates of tables at one point of a circuit", expr.span)
        return self.value(frame.family.body.get(), frame.env, self.entered(expr, frame, here, point), point)

    def entered(self, expr: t.Call, frame: Frame, here: Here, point: tuple[int, ...]) -> Here:
        """Where the body of a called family stands."""
        unit = here.activation.unit
        element = unit.sites.get((here.path, id(expr)))
        if element is None:
            return here.deeper(id(expr))
        chain = chain_of(unit)
        if chain is not None:
            return self._below(here, chain, 1)
        site = element.members[0]  # its cases differ in sizes, which the frame knows, seldom in other parameters
        if len({m.fixed for m in element.members if isinstance(m, Site)}) > 1:
            site = next(m for m in element.members if _holds(m, here.values(m.at.indices, point)))
        assert isinstance(site, Site)
        numbers = {name: v for name in integers(frame.family) if type(v := frame.env[name]) is int}
        activation = self.numbering.units.activation(frame.family, site.fixed, numbers)
        return Here(activation, (*here.absolute, id(expr)), len(point))

    def _is_last(self, unit: Unit, call: t.Call) -> bool:
        """Whether a call is all that a family gives where it is made."""
        chain = [*self.numbering.units.outline.chain(call), call]
        return all(
            (isinstance(parent, t.If) and child is not parent.condition)
            or (isinstance(parent, t.Block) and child is parent.result)
            for parent, child in zip(chain, chain[1:], strict=False)
        )

    # ---- levels of a chain

    def _below(self, here: Here, chain: Chain, level: int) -> Here:
        """So many levels further down a chain."""
        node = chain.site.place[1]
        prefix, before = here.prefix, 0
        if prefix and isinstance(last := prefix[-1], tuple) and last[0] == node:
            prefix, before = prefix[:-1], last[1]
        args = chain.at(here.activation.args, level)
        return Here(Activation(here.activation.unit, args), (*prefix, (node, before + level)), here.outer)

    def level(self, scope: Scope, level: int) -> Scope:
        """The frame of a chain so many levels further down; what its parameters are there is known without those between."""
        if not level:
            return scope
        unit = scope.here.activation.unit
        chain = chain_of(unit)
        assert chain is not None
        here = self._below(scope.here, chain, level)
        env: dict[str, object] = {name: scope.env[name] for name in (p.name for p in unit.family.statics)}
        env |= {s.name: scope.env[s.name] for s in unit.family.sizes}
        env |= here.activation.values
        call = self.numbering.units.outline.nodes[chain.site.place[1]]
        assert isinstance(call, t.Call)
        for parameter, argument in zip(unit.family.parameters, call.arguments, strict=True):
            env[parameter.name] = self._carried(chain, parameter, argument, scope, level, env)
        return Scope(env, here, scope.point)

    def _carried(
        self, chain: Chain, parameter: t.Parameter, argument: t.Expr, scope: Scope, level: int, names: Env
    ) -> object:
        """What a parameter is at a level: the same, a part of itself again and again, or what the level before gives."""
        argument = self._written(chain, argument)
        match argument:
            case t.Variable(name=name) if name == parameter.name:
                return scope.env[name]
            case t.Element(array=array, selectors=selectors) if (
                isinstance(inner := self._written(chain, array), t.Variable)
                and inner.name == parameter.name
                and all(isinstance(s, t.Range) for s in selectors)
            ):
                offsets = self._offsets(chain, parameter, selectors, scope.here.activation, level)
                if offsets is not None:
                    return self._part(parameter, offsets, scope.env, names)
            case _:
                pass
        return self._from_before(chain, parameter, argument, scope, level, names)

    def _written(self, chain: Chain, expr: t.Expr) -> t.Expr:
        """An expression, or what a `let` before the call of the chain says that it is."""
        call = self.numbering.units.outline.nodes[chain.site.place[1]]
        lets: dict[str, t.Expr] = {}
        way = [*self.numbering.units.outline.chain(call), call]
        for parent, child in zip(way, way[1:], strict=False):
            if isinstance(parent, t.Block):
                for local in parent.locals:
                    if local.value is child:
                        break
                    lets[local.name] = local.value
        while True:
            match expr:
                case t.Variable(name=name) if name in lets:
                    expr = lets.pop(name)
                case t.AsWord(bits=inner) | t.Bits(word=inner):  # the same wires
                    expr = inner
                case _:
                    return expr

    def _offsets(
        self, chain: Chain, parameter: t.Parameter, selectors: Sequence[object], activation: Activation, level: int
    ) -> list[int] | None:
        """Where the part that a parameter is at a level starts, along every axis; None where there is no closed form."""
        key = (id(chain), parameter.name)
        if key not in self._starts:
            walk = chain.unit.walk
            env, at = walk.scopes[chain.site.place[1]]
            try:
                lows = [walk.number(s.low, env, at) for s in selectors if isinstance(s, t.Range)]
                self._starts[key] = [chain.sum(low) for low in lows]
            except NotClosed:
                self._starts[key] = None
        starts = self._starts[key]
        if starts is None:
            return None
        values = {**activation.values, BELOW: level}
        return [value_at(pieces, values) for pieces in starts]

    def _part(self, parameter: t.Parameter, offsets: Sequence[int], before: Env, names: Env) -> object:
        base = before[parameter.name]
        rank = len(offsets)

        def get(index: tuple[int, ...]) -> Wire | Terms:
            array = base.value() if isinstance(base, Later) else base
            assert isinstance(array, Lazy)
            return array.get((*(i + o for i, o in zip(index, offsets, strict=False)), *index[rank:]))

        return Lazy(self._shape(parameter, names), get)

    def _from_before(
        self, chain: Chain, parameter: t.Parameter, argument: t.Expr, scope: Scope, level: int, names: Env
    ) -> object:
        call = self.numbering.units.outline.nodes[chain.site.place[1]]

        def value() -> object:
            above = self._down(self.level(scope, level - 1), call, [], [])
            return self.value(argument, above.env, above.here, above.point)

        shape = self._shape(parameter, names)
        if not shape:
            return Later(value)
        found: list[Lazy] = []

        def get(index: tuple[int, ...]) -> Wire | Terms:
            if not found:
                array = value()
                assert isinstance(array, Lazy)
                found.append(array)
            return found[0].get(index)

        return Lazy(shape, get)

    def _shape(self, parameter: t.Parameter, names: Mapping[str, object]) -> tuple[int, ...]:
        """The dimensions of a parameter, the bits of a word included."""
        type_ = parameter.type
        assert isinstance(type_, Wires)
        dims = [self.integer(d, names) for d in type_.shape if d is not None]
        match type_.element:
            case Word(width=width) | Float(precision=width) if width is not None:
                dims.append(self.integer(width, names))
            case Symbol(symbols=symbols):
                dims.append(code_bits(len(symbols)))
            case _:
                pass
        return tuple(dims)


def _holds(block: GateBlock, values: Mapping[str, int]) -> bool:
    return all(p.at(values) >= 0 for p in block.at.constraints)
