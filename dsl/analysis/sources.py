"""The program at index variables: which wires a phrase is, as formulas in the sizes and the indices around it.

What `points` says for numbers this says for symbols: a value is a list of cases (guards, value), an array a function from
index polynomials to cases, a form a tuple of groups of wires. Gates are named by their place and index polynomials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tc0.dsl.analysis.calls import dimensions
from tc0.dsl.analysis.domain import Domain
from tc0.dsl.analysis.numbers import branches, cases_of
from tc0.dsl.analysis.outline import Outline
from tc0.dsl.analysis.tally import Place
from tc0.dsl.analysis.units import Unit, UnitWalk
from tc0.dsl.analysis.values import Known, Number, one
from tc0.dsl.core import program as t
from tc0.dsl.core.types import Bit, FamilyOf, Form, Static, Wires, Word
from tc0.dsl.symbolic import atoms
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.piecewise import Guards, Piecewise
from tc0.dsl.symbolic.polynomial import ONE, ZERO, NotClosed, Polynomial

P = Polynomial.of
MOST_PASSED = 40  # phrases one in another, on the way from a gate to what feeds it
Index = tuple[Polynomial, ...]


@dataclass(frozen=True, slots=True)
class FromGate:
    """A gate: its place, its indices, and which of the thresholds of a `//` or `%` at that point it is."""

    place: Place
    indices: Index
    copy: Polynomial = ZERO


@dataclass(frozen=True, slots=True)
class FromInput:
    """An input wire: as in the program, and its number among all inputs."""

    name: str
    indices: Index
    number: Polynomial


@dataclass(frozen=True, slots=True)
class FromConstant:
    bit: Polynomial


@dataclass(frozen=True, slots=True)
class Added:
    """No wire: the constant of a form, which its weight is."""


Source = FromGate | FromInput | FromConstant | Added


@dataclass(frozen=True, slots=True)
class Group:
    """A source for every point of indices of its own, under guards, with a weight."""

    indices: tuple[str, ...]
    guards: Guards
    source: Source
    weight: Polynomial = ONE


@dataclass(frozen=True, slots=True)
class Sums:
    """A form: the groups of its terms."""

    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """An array: its dimensions, and what is at an index."""

    dims: Index
    get: Callable[[Index, Domain], Found]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with a guard, or whose bounds mention other binders: its elements, each with its indices and constraints."""

    elements: Callable[[Domain], Iterator[tuple[tuple[str, ...], Domain, Found]]]


@dataclass(frozen=True, slots=True)
class Given:
    """A family with values of its parameters."""

    family: t.Family
    fixed: Mapping[str, Any]


Found = list[tuple[Guards, Any]]  # the value: a source, Sums, Grid, Listed or Given
Env = Mapping[str, Any]  # of static names their cases, of others a function that finds the value


@dataclass(frozen=True, slots=True)
class Spot:
    """Calls and unrolled steps on the way, and the indices around."""

    path: tuple[int, ...] = ()
    point: Index = ()


class _Scratch(UnitWalk):
    """Static expressions; lengths of arrays on wires are those of their formulas."""

    sources: Sources

    def _outright(self, expr: t.Expr, env: Any) -> Any:
        return super()._outright(expr, {name: v for name, v in env.items() if isinstance(v, tuple)})

    def _length(self, array: t.Expr, axis: int, env: Any, at: Domain) -> Any:
        if not isinstance(array.type, Wires):
            return super()._length(array, axis, env, at)
        return tuple((g, Number(grid_of(v).dims[axis])) for g, v in self.sources.value(array, env, Spot(), at))


class Sources:
    """Formulas of one unit."""

    def __init__(self, unit: Unit, outline: Outline) -> None:
        self.unit = unit
        self.outline = outline
        self.walk = _Scratch(used=dict(unit.walk.used))
        self.walk.recursive, self.walk.scopes, self.walk.sources = outline.recursive, {}, self
        self.passed = 0

    def root(self) -> Env:
        """The parameters: static ones as symbols or as given, inputs as wires."""
        env: dict[str, Any] = {name: one(Number(P(name))) for name in self.unit.names}
        env |= {name: one(value) for name, value in self.unit.fixed.items()}
        at = Domain.start(self.unit.presumed)
        first = ZERO
        for parameter in self.unit.family.parameters:
            dims = dimensions(parameter.type, env, self.walk, at)
            grid: Any = Grid(dims, _input(parameter.name, dims, first))
            found = [((), grid)] if dims else grid.get((), at)
            env[parameter.name] = _always(found)
            count = ONE
            for dim in dims:
                count = count * dim
            first = first + count
        return env

    # ---- values

    def numbers(self, expr: t.Expr, env: Env, at: Domain) -> list[tuple[Guards, Polynomial]]:
        return self.walk.numbers(expr, env, at)

    def number(self, expr: t.Expr, env: Env, at: Domain) -> Polynomial:
        return self.walk.number(expr, env, at)

    def value(self, expr: t.Expr, env: Env, spot: Spot, at: Domain) -> Found:
        """The cases of a phrase."""
        self.passed += 1
        try:
            if self.passed > MOST_PASSED:
                raise NotClosed("what feeds it passes through too many phrases")
            return [(g, v) for g, v in self._value(expr, env, spot, at) if not g or not at.under(g).empty]
        finally:
            self.passed -= 1

    def _value(self, expr: t.Expr, env: Env, spot: Spot, at: Domain) -> Found:
        if isinstance(expr.type, Static):
            return [(g, v) for g, v in self.walk.cases(expr, env, at)]
        match expr:
            case t.Variable(name=name):
                found: Found = env[name](at)
                return found
            case t.Reference(family=family, fixed=fixed):
                return [((), Given(family, {name: self._kept(e, env, spot, at) for name, e in fixed}))]
            case t.If(condition=condition, then=then, other=other):
                taken = branches(condition, then, other, env, at, self.walk.cases)
                return [((*g, *h), v) for g, e in taken for h, v in self.value(e, env, spot, at.under(g))]
            case t.Block(result=result):
                return self.value(result, self.scope(expr, env, spot, at), spot, at)
            case t.Comprehension(separate=True):
                return self._comprehension(expr, env, spot, at)
            case t.Comprehension():
                return [((), Listed(lambda inner: self._elements(expr, env, spot, inner)))]
            case t.Items(elements=elements):
                return [((), self._items(elements, env, spot, at))]
            case t.Element():
                return self._element(expr, env, spot, at)
            case t.Fold(times=times):
                found = []
                for g, steps in self.numbers(times, env, at):
                    found += [((*g, *h), v) for h, v in self.state(expr, env, spot, steps, at.under(g))]
                return found
            case t.Lift():
                return self._lift(expr, env, at)
            case t.ToForm(value=inner):
                return self._each(self.value(inner, env, spot, at), lambda v, i, d: [((), sums_of(v))])
            case t.Bits(word=inner) | t.AsWord(bits=inner):
                return self.value(inner, env, spot, at)
            case t.Value(word=word):
                return self._word_value(word, env, spot, at)
            case t.Resize(word=word):
                return self._resize(expr, word, env, spot, at)
            case t.ToBit(value=inner):
                return self._each(self.value(inner, env, spot, at), lambda v, i, d: self._gate(expr, 0, spot, i))
            case t.Choose(then=then):
                return self._each(self.value(then, env, spot, at), lambda v, i, d: self._gate(expr, 3, spot, i))
            case t.Gate() | t.Not() | t.Threshold() | t.Modulo():
                return self._gate(expr, 0, spot)
            case t.Xor():
                return self._gate(expr, 4, spot)
            case t.Same(negated=negated):
                return self._gate(expr, 4 if negated else 3, spot)
            case t.IsSymbol(negated=negated):
                return self._gate(expr, 1 if negated else 0, spot)
            case t.Compare(operator=operator):
                return self._gate(expr, 2 if operator in ("==", "!=") else 0, spot)
            case t.Linear(terms=terms):
                parts = [self.forms(e, env, spot, at, sign) for sign, e in terms]
                return [(g, _joined(v)) for g, v in together(parts, at)]
            case t.Scale(weight=weight, form=form):
                found = []
                for g, by in self.numbers(weight, env, at):
                    found += [((*g, *h), scaled(v, by)) for h, v in self.forms(form, env, spot, at.under(g))]
                return found
            case t.Sum(array=array):
                return self.summed(array, env, spot, at)
            case t.Within(form=form):
                return self.forms(form, env, spot, at)
            case t.Quotient() | t.Remainder():
                return self._divided(expr, env, spot, at)
            case t.Call():
                return self._call(expr, env, spot, at)
            case _:
                raise NotClosed(f"`{expr.span.text}`")

    def forms(self, expr: t.Expr, env: Env, spot: Spot, at: Domain, sign: int = 1) -> Found:
        """A form, a bit or a static integer as a form."""
        return [(g, scaled(sums_of(v), P(sign))) for g, v in self.value(expr, env, spot, at)]

    def _gate(self, expr: t.Expr, sub: int, spot: Spot, index: Index = ()) -> Found:
        return [((), FromGate((spot.path, id(expr), sub), (*spot.point, *index)))]

    def _each(self, found: Found, change: Callable[[Any, Index, Domain], Found]) -> Found:
        """Every element of an array (or one element) changed."""

        def grid(array: Grid) -> Grid:
            def get(index: Index, at: Domain) -> Found:
                return [
                    ((*g, *h), w)
                    for g, v in array.get(index, at)
                    for h, w in (change(v, index, at.under(g)) if not isinstance(v, Grid) else [((), v)])
                ]

            return Grid(array.dims, get)

        return [
            (g, grid(v)) if isinstance(v, Grid) else (g, w)
            for g, v in found
            for _, w in ([((), v)] if isinstance(v, Grid) else change(v, (), Domain.start(self.unit.presumed)))
        ]

    def scope(self, block: t.Block, env: Env, spot: Spot, at: Domain, before: object | None = None) -> Env:
        """The names in a block, or those before a part of it."""
        inner = dict(env)
        for local in block.locals:
            if local.value is before:
                break
            inner[local.name] = self._kept(local.value, dict(inner), spot, at)
        return inner

    def _kept(self, expr: t.Expr, env: Env, spot: Spot, at: Domain) -> Any:
        """A value for a name: static ones now, others when they are asked for."""
        if isinstance(expr.type, Static):
            return self.walk.cases(expr, env, at)
        if isinstance(expr.type, FamilyOf):
            return _always(self.value(expr, env, spot, at))
        return lambda inner: self.value(expr, env, spot, inner)

    # ---- arrays

    def _comprehension(self, expr: t.Comprehension, env: Env, spot: Spot, at: Domain) -> Found:
        bounds = [
            [
                ((*g, *h), (lo, hi))
                for g, lo in self.numbers(b.low, env, at)
                for h, hi in self.numbers(b.high, env, at.under(g))
            ]
            for b in expr.bounds
        ]
        return [(g, self._grid_of(expr, pairs, env, spot, at.under(g))) for g, pairs in together(bounds, at)]

    def _grid_of(self, expr: t.Comprehension, pairs: Sequence[Any], env: Env, spot: Spot, at: Domain) -> Grid:
        own = len(pairs)

        def body(index: Index, inner: Domain) -> Found:
            values = tuple(lo + i for (lo, _), i in zip(pairs, index, strict=True))
            names = {b.name: one(Number(v)) for b, v in zip(expr.bounds, values, strict=True)}
            return self.value(expr.body, {**env, **names}, Spot(spot.path, (*spot.point, *values)), inner)

        def get(index: Index, inner: Domain) -> Found:
            found = body(index[:own], inner)
            if len(index) == own:
                return found
            return [((*g, *h), w) for g, v in found for h, w in grid_of(v).get(index[own:], inner.under(g))]

        dims = tuple(hi - lo for lo, hi in pairs)
        assert isinstance(expr.type, Wires)
        if len(expr.type.shape) + (expr.type.element.__class__.__name__ in ("Word", "Symbol", "Float")) == own:
            return Grid(dims, get)
        inner, names = at, []
        for dim in dims:
            names.append(self.walk.fresh("k"))
            inner = inner.bind(names[-1], ZERO, dim)
        more = {grid_of(v).dims for _, v in body(tuple(P(n) for n in names), inner)}
        if len(more) != 1 or any(d.names() & set(names) for d in next(iter(more))):
            raise NotClosed("an array whose rows differ in length")
        return Grid((*dims, *more.pop()), get)

    def _elements(
        self, expr: t.Comprehension, env: Env, spot: Spot, at: Domain
    ) -> Iterator[tuple[tuple[str, ...], Domain, Found]]:
        """The elements of a listed comprehension, case by case of its bounds and guard."""
        domains: list[tuple[Domain, Env]] = [(at, env)]
        names: tuple[str, ...] = ()
        for bound in expr.bounds:
            name = self.walk.fresh(bound.name)
            names = (*names, name)
            following: list[tuple[Domain, Env]] = []
            for domain, inner in domains:
                for g, lo in self.numbers(bound.low, inner, domain):
                    for h, hi in self.numbers(bound.high, inner, domain.under(g)):
                        wider = domain.under((*g, *h)).bind(name, lo, hi)
                        if not wider.empty:
                            following.append((wider, {**inner, bound.name: one(Number(P(name)))}))
            domains = following
        for domain, inner in domains:
            guards = [()] if expr.guard is None else cases_of(expr.guard, True, inner, domain, self.walk.cases)
            for g in guards:
                held = domain.under(g)
                here = Spot(spot.path, (*spot.point, *(P(n) for n in names)))
                yield names, held, self.value(expr.body, inner, here, held)

    def _items(self, elements: Sequence[t.Expr], env: Env, spot: Spot, at: Domain) -> Grid:
        kept = [self._kept(e, env, spot, at) for e in elements]
        first = kept[0](at)
        more = grid_of(first[0][1]).dims if isinstance(first[0][1], Grid) else ()

        def get(index: Index, inner: Domain) -> Found:
            found: Found = []
            for k, element in enumerate(kept):
                here = _equal(index[0], P(k))
                if here is None or (here and inner.under(here).empty):
                    continue
                for g, v in element(inner.under(here)):
                    if len(index) > 1:
                        found += [((*here, *g, *h), w) for h, w in grid_of(v).get(index[1:], inner.under((*here, *g)))]
                    else:
                        found.append(((*here, *g), v))
            return found

        return Grid((P(len(elements)), *more), get)

    def _element(self, expr: t.Element, env: Env, spot: Spot, at: Domain) -> Found:
        choices: list[Found] = [self.value(expr.array, env, spot, at)]
        for s in expr.selectors:
            if isinstance(s, t.Range):
                lows = self.numbers(s.low, env, at)
                choices.append(
                    [((*g, *h), (lo, hi - lo)) for g, lo in lows for h, hi in self.numbers(s.high, env, at.under(g))]
                )
            else:
                choices.append([(g, (p, None)) for g, p in self.numbers(s, env, at)])
        found: Found = []
        for g, (array, *picked) in together(choices, at):
            grid = grid_of(array)
            dims = (*(d for _, d in picked if d is not None), *grid.dims[len(picked) :])

            def get(index: Index, inner: Domain, grid: Grid = grid, picked: Sequence[Any] = picked) -> Found:
                given = iter(index)
                full = tuple(low if d is None else low + next(given) for low, d in picked)
                return grid.get((*full, *given), inner)

            if dims:
                found.append((g, Grid(dims, get)))
            else:
                found += [((*g, *h), v) for h, v in get((), at.under(g))]
        return found

    def _lift(self, expr: t.Lift, env: Env, at: Domain) -> Found:
        assert isinstance(expr.type, Wires)
        if not expr.type.shape and isinstance(expr.type.element, Form):
            return [(g, sums_of(v)) for g, v in self.walk.cases(expr.value, env, at)]
        if not expr.type.shape and isinstance(expr.type.element, Bit):
            return [(g, _constant(v)) for g, v in self.walk.cases(expr.value, env, at)]
        raise NotClosed(f"the constants `{expr.span.text}`")

    def _word_value(self, word: t.Expr, env: Env, spot: Spot, at: Domain) -> Found:
        assert isinstance(word.type, Wires)
        signed = isinstance(word.type.element, Word) and word.type.element.signed
        found: Found = []
        for g, array in self.value(word, env, spot, at):
            grid = grid_of(array)
            width = grid.dims[-1]

            def get(index: Index, inner: Domain, grid: Grid = grid, width: Polynomial = width) -> Found:
                name = self.walk.fresh("k")
                ends = [(P(name), width - 1 - P(name) - signed)] + (
                    [(P(name) - width + 1, width - 1 - P(name))] if signed else []
                )
                groups: list[Group] = []
                for top, box in enumerate(ends):
                    for h, v in grid.get((*index, P(name)), inner.under(box)):
                        weight = atoms.power(P(name)) * (-1 if top else 1)
                        groups.append(Group((name,), (*box, *h), v, weight))
                return [((), Sums(tuple(groups)))]

            if len(grid.dims) == 1:
                found += [((*g, *h), v) for h, v in get((), at.under(g))]
            else:
                found.append((g, Grid(grid.dims[:-1], get)))
        return found

    def _resize(self, expr: t.Resize, word: t.Expr, env: Env, spot: Spot, at: Domain) -> Found:
        assert isinstance(expr.type, Wires) and isinstance(expr.type.element, Word) and isinstance(word.type, Wires)
        assert expr.type.element.width is not None
        signed = isinstance(word.type.element, Word) and word.type.element.signed
        width = self.number(expr.type.element.width, env, at)
        found: Found = []
        for g, array in self.value(word, env, spot, at):
            grid = grid_of(array)
            old = grid.dims[-1]

            def get(index: Index, inner: Domain, grid: Grid = grid, old: Polynomial = old) -> Found:
                inside, above = (old - 1 - index[-1],), (index[-1] - old,)
                values: Found = []
                if not inner.under(inside).empty:
                    values += [((*inside, *h), v) for h, v in grid.get(index, inner.under(inside))]
                if not inner.under(above).empty:
                    top = grid.get((*index[:-1], old - 1), inner.under(above)) if signed else [((), FromConstant(ZERO))]
                    values += [((*above, *h), v) for h, v in top]
                return values

            found.append((g, Grid((*grid.dims[:-1], width), get)))
        return found

    # ---- folds and calls

    def state(self, fold: t.Fold, env: Env, spot: Spot, steps: Polynomial, at: Domain) -> Found:
        """The state of a fold after some steps."""
        found: Found = []
        if not at.under((-steps,)).empty:
            none: Guards = () if steps.constant() is not None else (-steps,)
            found += [((*none, *g), v) for g, v in self.value(fold.init, env, spot, at.under(none))]
        if not at.under((steps - 1,)).empty:
            some: Guards = () if steps.constant() is not None else (steps - 1,)
            inner, here = self.step(fold, env, spot, steps - 1)
            found += [((*some, *g), v) for g, v in self.value(fold.step, inner, here, at.under(some))]
        return found

    def step(self, fold: t.Fold, env: Env, spot: Spot, step: Polynomial) -> tuple[Env, Spot]:
        """The names in a step of a fold, and where it stands."""
        inner = {
            **env,
            fold.index: one(Number(step)),
            fold.state: lambda at: self._before(fold, env, spot, step, at),
        }
        if (spot.path, id(fold)) in self.unit.walk.unrolled:
            return inner, Spot((*spot.path, int(step.constant() or 0)), spot.point)
        return inner, Spot(spot.path, (*spot.point, step))

    def _before(self, fold: t.Fold, env: Env, spot: Spot, steps: Polynomial, at: Domain) -> Found:
        """The state before a step; of an array only the elements that are asked for."""

        def get(index: Index, inner: Domain) -> Found:
            found = self.state(fold, env, spot, steps, inner)
            return [((*g, *h), w) for g, v in found for h, w in grid_of(v).get(index, inner.under(g))]

        first = self.value(fold.init, env, spot, at)
        if any(isinstance(v, Grid) for _, v in first):
            return [(g, Grid(grid_of(v).dims, get)) for g, v in first]
        return self.state(fold, env, spot, steps, at)

    def _call(self, expr: t.Call, env: Env, spot: Spot, at: Domain) -> Found:
        if (spot.path, id(expr)) in self.unit.sites:
            raise NotClosed(f"it is fed by the output of the call `{' '.join(expr.span.text.split())}`")
        found: Found = []
        for g, inner, family in self.frames(expr, env, spot, at):
            if family.table:
                raise NotClosed("gates of tables")
            here = Spot((*spot.path, id(expr)), spot.point)
            found += [((*g, *h), v) for h, v in self.value(family.body.get(), inner, here, at.under(g))]
        return found

    def frames(self, expr: t.Call, env: Env, spot: Spot, at: Domain) -> Iterator[tuple[Guards, Env, t.Family]]:
        """The names in the body of a called family, case by case of its arguments."""
        arguments = [self.value(a, env, spot, at) for a in (expr.target, *expr.arguments)]
        for g, (given, *values) in together(arguments, at):
            assert isinstance(given, Given)
            inner: dict[str, Any] = dict(given.fixed)
            held = at.under(g)
            for size in given.family.sizes:
                if size.name not in inner:
                    assert size.parameter is not None and size.axis is not None
                    dim = grid_of(values[size.parameter]).dims[size.axis]
                    if size.scale is not None:
                        assert size.offset is not None
                        dim = atoms.floor_div(dim - self.number(size.offset, inner, held), size.scale, held)
                    inner[size.name] = one(Number(dim))
            for parameter, value in zip(given.family.parameters, values, strict=True):
                inner[parameter.name] = _always([((), value)])
            yield g, inner, given.family

    # ---- forms

    def summed(self, array: t.Expr, env: Env, spot: Spot, at: Domain) -> Found:
        """The sum of an array."""
        found: Found = []
        for g, value in self.value(array, env, spot, at):
            found.append((g, Sums(tuple(self._groups(value, at.under(g))))))
        return found

    def _groups(self, value: Any, at: Domain) -> Iterator[Group]:
        match value:
            case Listed(elements=elements):
                for names, domain, found in elements(at):
                    yield from self._within(names, at, domain, found)
            case Grid(dims=dims, get=get):
                names, domain = (), at
                for dim in dims:
                    names = (*names, self.walk.fresh("k"))
                    domain = domain.bind(names[-1], ZERO, dim)
                if not domain.empty:
                    yield from self._within(names, at, domain, get(tuple(P(n) for n in names), domain))
            case _:
                yield from sums_of(value).groups

    def _within(self, names: tuple[str, ...], at: Domain, domain: Domain, found: Found) -> Iterator[Group]:
        for g, value in found:
            held = domain.under(g)
            for group in self._groups(value, held):
                own = held.constraints[len(at.constraints) :]
                yield replace(group, indices=(*names, *group.indices), guards=(*own, *group.guards))

    def levels(self, expr: t.Expr, spot: Spot) -> Iterator[tuple[Guards, Polynomial, Polynomial]]:
        """The lowest level of a `//` or `%` at a point, and how many there are, case by case."""
        for domain, low, copies in self.unit.walk.levels[spot.path, id(expr)]:
            change = dict(zip(domain.indices, spot.point, strict=True))
            guards = tuple(substitute(p, change) for p in domain.constraints)
            guards = tuple(p for p in guards if p.constant() is None)
            for g, p in _alone(low):
                for h, q in _alone(copies):
                    moved = (*guards, *(substitute(r, change) for r in (*g, *h)))
                    yield moved, substitute(p, change), substitute(q, change)

    def _divided(self, expr: t.Quotient | t.Remainder, env: Env, spot: Spot, at: Domain) -> Found:
        found: Found = []
        for g, low, copies in self.levels(expr, spot):
            held = at.under(g)
            if held.empty:
                continue
            g = tuple(p for p in g if not at.proves(p))
            name = self.walk.fresh("u")
            source = FromGate((spot.path, id(expr), 0), spot.point, P(name))
            lowest = Sums((Group((), (), Added(), low),) if low else ())
            quotient = _joined([Sums((Group((name,), (P(name), copies - 1 - P(name)), source),)), lowest])
            if isinstance(expr, t.Quotient):
                found.append((g, quotient))
                continue
            modulus = self.number(expr.modulus, env, held)
            for h, form in self.forms(expr.form, env, spot, held):
                found.append(((*g, *h), Sums((*form.groups, *scaled(quotient, -modulus).groups))))
        return found


# ---- helpers


def _always(found: Found) -> Callable[[Domain], Found]:
    return lambda at: found


def grid_of(value: Any) -> Grid:
    if not isinstance(value, Grid):
        raise NotClosed("an array whose length depends on a guard")
    return value


def _input(name: str, dims: Index, first: Polynomial) -> Callable[[Index, Domain], Found]:
    def get(index: Index, at: Domain) -> Found:
        number = ZERO
        for i, dim in zip(index, dims, strict=True):
            number = number * dim + i
        return [((), FromInput(name, index, first + number))]

    return get


def _constant(value: object) -> Any:
    match value:
        case Number(value=p):
            return FromConstant(p)
        case Known(value=known) if isinstance(known, (bool, int)):
            return FromConstant(P(int(known)))
        case _:
            raise NotClosed("a constant that is no number")


def sums_of(value: Any) -> Sums:
    match value:
        case Sums():
            return value
        case Number(value=p):
            return Sums((Group((), (), Added(), p),) if p else ())
        case Known(value=known) if isinstance(known, (bool, int)):
            return Sums((Group((), (), Added(), P(int(known))),) if known else ())
        case FromGate() | FromInput() | FromConstant():
            return Sums((Group((), (), value),))
        case _:
            raise NotClosed("a form of forms")


def scaled(form: Sums, by: Polynomial) -> Sums:
    return form if by == ONE else Sums(tuple(replace(g, weight=g.weight * by) for g in form.groups))


def _joined(forms: Sequence[Sums]) -> Sums:
    return Sums(tuple(g for form in forms for g in form.groups))


def _alone(value: Piecewise) -> list[tuple[Guards, Polynomial]]:
    """The pieces of a value that is one polynomial, or of one case distinction."""
    if not value.pieces:
        return [((), ZERO)]
    if len(value.pieces) > 1:
        raise NotClosed("how many levels there are is a case distinction")
    return list(value.pieces)


def _equal(p: Polynomial, q: Polynomial) -> Guards | None:
    """The guards of an equality; None where it does not hold."""
    d = p - q
    constant = d.constant()
    if constant is not None:
        return None if constant else ()
    return (d, -d)


def together(lists: Sequence[Found], at: Domain) -> Iterator[tuple[Guards, list[Any]]]:
    """All consistent combinations of cases."""
    found: list[tuple[Guards, list[Any]]] = [((), [])]
    for options in lists:
        found = [
            ((*guards, *own), [*values, v])
            for guards, values in found
            for own, v in options
            if not own or not at.under((*guards, *own)).empty
        ]
    yield from found
