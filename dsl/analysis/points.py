"""The program at one point: which wire a phrase is, at given sizes and index values, without building anything.

Arrays are functions from index tuples to wires, forms are functions from term numbers to wires with weights; a gate is
known by its place and its index tuple, so that nothing behind it is looked at. Statics are plain Python values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tc0.dsl.analysis.domain import Domain
from tc0.dsl.analysis.lazy import (
    Constant,
    Input,
    Lazy,
    Terms,
    Wire,
    as_terms,
    each,
    joined,
    no_term,
    one,
    scaled,
    stacked,
    static_dims,
)
from tc0.dsl.analysis.prefixes import BELOW
from tc0.dsl.analysis.ranking import Path, Position
from tc0.dsl.analysis.units import Activation
from tc0.dsl.analysis.values import Array as CostArray
from tc0.dsl.analysis.values import as_form
from tc0.dsl.base.errors import NotAvailable
from tc0.dsl.core import program as t
from tc0.dsl.core.static import evaluate
from tc0.dsl.core.types import Bit, Element, FamilyOf, Float, Form, Static, Symbol, Wires, Word, code_bits
from tc0.dsl.numbers.floats import to_bits
from tc0.dsl.ops.floats import convert, format_of
from tc0.dsl.symbolic.compiled import Evaluated
from tc0.dsl.symbolic.counting import Pieces, count
from tc0.dsl.symbolic.polynomial import Polynomial

P = Polynomial.of
MOST_CALLS = 16  # one in another, on the way to the gate that an element is


@dataclass(frozen=True, slots=True)
class Instance:
    """A family with values of its parameters."""

    family: t.Family
    fixed: Mapping[str, object]


Env = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Here:
    """Where a phrase stands: the activation it is in, the path to that, how many indices came before it, and the calls
    and unrolled steps since."""

    activation: Activation
    prefix: Path = ()
    outer: int = 0
    path: tuple[int, ...] = ()

    @property
    def absolute(self) -> Path:
        return (*self.prefix, *self.path)

    def deeper(self, step: int) -> Here:
        return Here(self.activation, self.prefix, self.outer, (*self.path, step))

    def values(self, indices: Sequence[str], point: tuple[int, ...]) -> dict[str, int]:
        """The integers of the activation, and its indices at a point."""
        return {**self.activation.values, **dict(zip(indices, point[self.outer :], strict=True))}


class Later:
    """A value that is found when it is asked for: a `let`, the state of a fold, what an earlier level of a chain gives."""

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], object]) -> None:
        self._find: Callable[[], object] | None = find
        self._found: object = None

    def value(self) -> object:
        if self._find is not None:
            self._found, self._find = self._find(), None
        return self._found


@dataclass(slots=True)
class Points(ABC):
    """Evaluation at points. root: where a family is entered; the cost reading of its unit, and of those that it calls,
    knows ranges and numbers of terms."""

    root: Activation
    _built: dict[int, Built] = field(default_factory=dict)

    # ---- values

    def static(self, expr: t.Expr, env: Env) -> object:
        """A static expression; lengths of arrays on wires are known from their lazy values."""
        plain = {
            name: value
            for name, value in env.items()
            if not isinstance(value, (Lazy, Constant, Input, Position, Terms, Later))
        }

        def outside(node: t.Expr, values: Mapping[str, object]) -> object:
            raise NotAvailable("E1005", f"`{node.span.text}` at one point of a circuit", node.span)

        if isinstance(expr, t.Length) and isinstance(expr.array.type, Wires):
            found = self.value(expr.array, env, Here(self.root), ())
            assert isinstance(found, Lazy)
            return found.dims[expr.axis]
        expr = self._without_lengths(expr, env)
        return evaluate(expr, plain, outside)

    def _without_lengths(self, expr: t.Expr, env: Env) -> t.Expr:
        match expr:
            case t.Length(array=array, axis=axis) if isinstance(array.type, Wires):
                found = self.value(array, env, Here(self.root), ())
                assert isinstance(found, Lazy)
                return t.Constant(found.dims[axis], expr.type, expr.span)
            case t.Apply(function=function, arguments=arguments):
                return t.Apply(function, tuple(self._without_lengths(a, env) for a in arguments), expr.type, expr.span)
            case _:
                return expr

    def integer(self, expr: t.Expr, env: Env) -> int:
        value = self.static(expr, env)
        assert type(value) is int
        return value

    def value(self, expr: t.Expr, env: Env, here: Here, point: tuple[int, ...]) -> object:
        """What an expression is at a point: a static value, a wire, a form, or an array of these."""
        if isinstance(expr.type, Static):
            return self.static(expr, env)
        match expr:
            case t.Variable(name=name):
                found = env[name]
                return found.value() if isinstance(found, Later) else found
            case t.Reference(family=family, fixed=fixed):
                return Instance(family, {name: self.value(e, env, here, point) for name, e in fixed})
            case t.If(condition=condition, then=then, other=other):
                return self.value(then if self.static(condition, env) else other, env, here, point)
            case t.Block():
                inner = self.scope(expr, env, here, point)
                return self.value(expr.result, inner, here, point)
            case t.Comprehension():
                return self._comprehension(expr, env, here, point)
            case t.Items(elements=elements):
                return stacked([self.value(e, env, here, point) for e in elements])
            case t.Element():
                return self._element(expr, env, here, point)
            case t.Fold():
                return self._fold(expr, env, here, point)
            case t.Lift():
                return self._lift(expr, env)
            case t.ToForm(value=value):
                return each(self.value(value, env, here, point), lambda e, _: e if isinstance(e, Terms) else one(e))
            case t.Bits(word=value) | t.AsWord(bits=value):
                return self.value(value, env, here, point)
            case t.Value(word=word):
                return self._word_value(expr, word, env, here, point)
            case t.Resize(word=word):
                return self._resize(expr, word, env, here, point)
            case t.ToBit(value=value):
                return each(self.value(value, env, here, point), lambda e, i: self._gate(expr, 0, here, (*point, *i)))
            case t.Choose(then=then):
                return each(self.value(then, env, here, point), lambda e, i: self._gate(expr, 3, here, (*point, *i)))
            case t.Gate() | t.Not() | t.Threshold() | t.Modulo():
                return self._gate(expr, 0, here, point)
            case t.Xor():
                return self._gate(expr, 4, here, point)
            case t.Same(negated=negated):
                return self._gate(expr, 4 if negated else 3, here, point)
            case t.IsSymbol(negated=negated):
                return self._gate(expr, 1 if negated else 0, here, point)
            case t.Compare(operator=operator):
                return self._gate(expr, 2 if operator in ("==", "!=") else 0, here, point)
            case t.Linear(terms=terms):
                return joined([scaled(self.form(e, env, here, point), sign) for sign, e in terms])
            case t.Scale(weight=weight, form=form):
                return scaled(self.form(form, env, here, point), self.integer(weight, env))
            case t.Sum(array=array):
                return self.summed(expr, array, env, here, point)
            case t.Within(form=form):
                return self.form(form, env, here, point)
            case t.Quotient() | t.Remainder():
                return self._divided(expr, env, here, point)
            case t.Call():
                return self.call(expr, env, here, point)
            case _:
                raise NotAvailable("E1005", f"`{expr.span.text}` at one point of a circuit", expr.span)

    @abstractmethod
    def call(self, expr: t.Call, env: Env, here: Here, point: tuple[int, ...]) -> object:
        """What a call gives."""

    def form(self, expr: t.Expr, env: Env, here: Here, point: tuple[int, ...]) -> Terms:
        """A form (or a bit, or a static integer) at a point."""
        return as_terms(self.value(expr, env, here, point))

    def _gate(self, expr: t.Expr, sub: int, here: Here, point: tuple[int, ...]) -> Position:
        return Position((here.absolute, id(expr), sub), point)

    def scope(self, block: t.Block, env: Env, here: Here, point: tuple[int, ...], before: object | None = None) -> Env:
        """The names in a block, its `let`s included, or those that stand before a part of it."""
        inner = dict(env)
        for local in block.locals:
            if local.value is before:
                break
            if isinstance(local.value.type, Wires):
                inner[local.name] = self._later(local.value, dict(inner), here, point)
            else:
                inner[local.name] = self.value(local.value, inner, here, point)
        return inner

    def _later(self, expr: t.Expr, env: Env, here: Here, point: tuple[int, ...]) -> Later:
        return Later(lambda: self.value(expr, env, here, point))

    # ---- arrays

    def _comprehension(self, expr: t.Comprehension, env: Env, here: Here, point: tuple[int, ...]) -> Lazy:
        if not expr.separate:
            raise NotAvailable("E1005", "an element of a list with a guard, at one point of a circuit", expr.span)
        lows, dims = [], []
        for bound in expr.bounds:
            low, high = self.integer(bound.low, env), self.integer(bound.high, env)
            lows.append(low)
            dims.append(max(0, high - low))
        own = len(dims)

        def body(index: tuple[int, ...]) -> object:
            values = tuple(low + i for low, i in zip(lows, index, strict=True))
            inner = {**env, **dict(zip([b.name for b in expr.bounds], values, strict=True))}
            return self.value(expr.body, inner, here, (*point, *values))

        more: tuple[int, ...] = ()
        if isinstance(expr.type, Wires) and len(expr.type.shape) + _word(expr.type) > own and 0 not in dims:
            first = body((0,) * own)
            assert isinstance(first, Lazy)
            more = first.dims

        def get(index: tuple[int, ...]) -> Wire | Terms:
            found = body(index[:own])
            return found.get(index[own:]) if isinstance(found, Lazy) else found  # type: ignore[return-value]

        def find(gate: Position) -> tuple[int, ...] | None:
            values = self._binders(expr, here, point, gate)
            return None if values is None else tuple(v - low for v, low in zip(values, lows, strict=True))

        return Lazy((*dims, *more), get, find if self._results(expr) is not None and not more else None)

    def _results(self, array: t.Expr) -> Built:
        """The gates that elements of a comprehension are, each built for its element alone, or None."""
        if id(array) not in self._built:
            self._built[id(array)] = _gates(array.body, {}, ()) if isinstance(array, t.Comprehension) else None
        return self._built[id(array)]

    def _binders(
        self, expr: t.Comprehension, here: Here, point: tuple[int, ...], gate: Position
    ) -> tuple[int, ...] | None:
        """The values of the binders at which the body is a gate, if it is at any."""
        inner, node, _ = gate.place
        path = here.absolute
        if inner[: len(path)] != path or (inner[len(path) :], node) not in (self._results(expr) or ()):
            return None
        if gate.indices[: len(point)] != point:
            return None
        return gate.indices[len(point) : len(point) + len(expr.bounds)]

    def _element(self, expr: t.Element, env: Env, here: Here, point: tuple[int, ...]) -> object:
        array = self.value(expr.array, env, here, point)
        assert isinstance(array, Lazy)
        picked: list[int | None] = []
        dims: list[int] = []
        lows: list[int] = []
        for selector in expr.selectors:
            if isinstance(selector, t.Range):
                low, high = self.integer(selector.low, env), self.integer(selector.high, env)
                picked.append(None)
                lows.append(low)
                dims.append(high - low)
            else:
                picked.append(self.integer(selector, env))
        rest = array.dims[len(picked) :]

        def get(index: tuple[int, ...]) -> Wire | Terms:
            given = iter(index)
            low = iter(lows)
            full = [next(low) + next(given) if p is None else p for p in picked]
            return array.get((*full, *given))

        return Lazy((*dims, *rest), get) if dims or rest else get(())

    def _lift(self, expr: t.Lift, env: Env) -> object:
        value = self.static(expr.value, env)
        assert isinstance(expr.type, Wires)
        rank, element = len(expr.type.shape), expr.type.element
        width, code = self._code(element, env)
        dims = static_dims(value)[:rank]

        def get(index: tuple[int, ...]) -> Wire | Terms:
            at: object = value
            for i in index[:rank]:
                at = at[i]  # type: ignore[index]
            found = code(at)
            if isinstance(element, Form):
                return Terms(0, no_term, found)
            return Constant(found >> index[rank] & 1 if width is not None else found)

        if width is not None:
            dims = (*dims, width)
        return Lazy(dims, get) if dims else get(())

    def _code(self, element: Element, env: Env) -> tuple[int | None, Callable[[Any], int]]:
        """The wires of an element (None where it is one, or a form), and what they hold for a static value, as an integer."""
        match element:
            case Word(width=declared) if declared is not None:
                return self.integer(declared, env), lambda v: int(v)
            case Symbol(symbols=symbols):
                return code_bits(len(symbols)), lambda v: symbols.index(v)
            case Float(precision=declared, nearest=nearest) if declared is not None:
                format = format_of(self.integer(declared, env), nearest)
                return format.precision, lambda v: sum(b << k for k, b in enumerate(to_bits(convert(format, v))))
            case _:
                return None, lambda v: int(v)

    def _word_value(self, expr: t.Value, word: t.Expr, env: Env, here: Here, point: tuple[int, ...]) -> object:
        array = self.value(word, env, here, point)
        assert isinstance(array, Lazy) and isinstance(word.type, Wires) and isinstance(word.type.element, Word)
        width, signed = array.dims[-1], word.type.element.signed

        def form(outer: tuple[int, ...]) -> Terms:
            def at(k: int) -> tuple[Wire, int]:
                wire = array.get((*outer, k))
                assert not isinstance(wire, Terms)
                return wire, -(1 << k) if signed and k == width - 1 else 1 << k

            return Terms(width, at)

        return form(()) if len(array.dims) == 1 else Lazy(array.dims[:-1], form)

    def _resize(self, expr: t.Resize, word: t.Expr, env: Env, here: Here, point: tuple[int, ...]) -> Lazy:
        array = self.value(word, env, here, point)
        assert isinstance(array, Lazy) and isinstance(expr.type, Wires) and isinstance(expr.type.element, Word)
        assert (
            isinstance(word.type, Wires) and isinstance(word.type.element, Word) and expr.type.element.width is not None
        )
        width, old, signed = self.integer(expr.type.element.width, env), array.dims[-1], word.type.element.signed

        def get(index: tuple[int, ...]) -> Wire | Terms:
            if index[-1] < old:
                return array.get(index)
            return array.get((*index[:-1], old - 1)) if signed and old else Constant(0)

        return Lazy((*array.dims[:-1], width), get)

    # ---- folds and calls

    def _fold(self, expr: t.Fold, env: Env, here: Here, point: tuple[int, ...]) -> object:
        times = self.integer(expr.times, env)
        return self.state(expr, env, here, point, times)

    def state(self, expr: t.Fold, env: Env, here: Here, point: tuple[int, ...], steps: int) -> object:
        """The state of a fold after some steps; the steps before are looked at only where they are asked for."""
        if steps <= 0:
            return self.value(expr.init, env, here, point)
        inner = {**env, expr.index: steps - 1}
        unrolled = (here.path, id(expr)) in here.activation.unit.walk.unrolled
        at = (here.deeper(steps - 1), point) if unrolled else (here, (*point, steps - 1))
        first = self.value(expr.init, env, here, point)
        if isinstance(first, Lazy):
            inner[expr.state] = Lazy(first.dims, lambda i: self.state(expr, env, here, point, steps - 1).get(i))  # type: ignore[attr-defined]
        else:
            inner[expr.state] = Later(lambda: self.state(expr, env, here, point, steps - 1))
        return self.value(expr.step, inner, *at)

    def frame(self, target: t.Expr, arguments: Sequence[t.Expr], env: Env, here: Here, point: tuple[int, ...]) -> Frame:
        """The names in the body of a called family."""
        family = self.value(target, env, here, point)
        assert isinstance(family, Instance) and isinstance(target.type, FamilyOf)
        values = [self._later(a, env, here, point) for a in arguments]
        inner: dict[str, object] = dict(family.fixed)
        for size in family.family.sizes:
            if size.name in inner:
                continue
            assert size.parameter is not None and size.axis is not None
            argument = values[size.parameter].value()
            assert isinstance(argument, Lazy)
            dim = argument.dims[size.axis]
            if size.scale is None:
                inner[size.name] = dim
            else:
                assert size.offset is not None
                inner[size.name] = (dim - self.integer(size.offset, inner)) // size.scale
        for parameter, value in zip(family.family.parameters, values, strict=True):
            inner[parameter.name] = value
        return Frame(family.family, inner)

    # ---- forms

    def _divided(self, expr: t.Quotient | t.Remainder, env: Env, here: Here, point: tuple[int, ...]) -> Terms:
        low, copies = self.threshold(expr, here, point)
        place = (here.absolute, id(expr), 0)

        def gate(k: int) -> tuple[Wire, int]:
            return Position(place, point, k), 1

        def find(gate: Position) -> bool:
            return gate.place == place and gate.indices == point

        quotient = Terms(copies, gate, low, find)
        if isinstance(expr, t.Quotient):
            return quotient
        modulus = self.integer(expr.modulus, env)
        return joined([self.form(expr.form, env, here, point), scaled(quotient, -modulus)])

    def threshold(self, expr: t.Expr, here: Here, point: tuple[int, ...]) -> tuple[int, int]:
        """The lowest level of a `//` or `%`, and how many thresholds it has."""
        for domain, low, copies in here.activation.unit.walk.levels[here.path, id(expr)]:
            values = here.values(domain.indices, point)
            if all(p.at(values) >= 0 for p in domain.constraints):
                return low.at(values), copies.at(values)
        return 0, 0

    def summed(self, expr: t.Expr, array: t.Expr, env: Env, here: Here, point: tuple[int, ...]) -> Terms:
        """The sum of an array as a form: term k is found by bisection on the number of terms before an index."""
        for domain, cost in here.activation.unit.walk.arrays.get((here.path, id(expr)), ()):
            values = here.values(domain.indices, point)
            if all(p.at(values) >= 0 for p in domain.constraints):
                return self._terms(expr, array, cost, domain, values, env, here, point)
        return Terms(0, no_term)

    def _terms(
        self,
        expr: t.Expr,
        array: t.Expr,
        cost: CostArray,
        domain: Domain,
        values: Mapping[str, int],
        env: Env,
        here: Here,
        point: tuple[int, ...],
    ) -> Terms:
        content = as_form(cost.content)
        unit = here.activation.unit

        def below(fixed: int, bounded: bool) -> Evaluated:
            key = (id(cost), fixed, bounded)  # the cases of a place have counts of their own
            found = unit.terms.get(key)
            if found is None:
                pieces: Pieces = []
                for region in cost.regions():
                    extra = [P(BELOW) - 1 - P(cost.indices[fixed])] if bounded else []
                    for guards, p in content.terms.pieces:
                        pieces += count(cost.indices[fixed:], [*region, *guards, *extra], unit.presumed, p)
                found = unit.terms[key] = Evaluated(pieces)
            return found

        total = below(0, False)(values)
        lazy = self.value(array, env, here, point) if not cost.listed else None

        def at(k: int) -> tuple[Wire, int]:
            placed = dict(values)
            found: list[int] = []
            for position, name in enumerate(cost.indices):
                form = below(position, True)
                low, high = 0, 1
                while form({**placed, BELOW: high}) <= k:
                    low, high = high, high * 2
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if form({**placed, BELOW: middle}) <= k else (low, middle)
                k -= form({**placed, BELOW: low})
                placed[name] = low
                found.append(low)
            if isinstance(lazy, Lazy):
                return as_terms(lazy.get(tuple(found))).at(k)
            return self._listed(array, tuple(found), env, here, point).at(k)

        def find(gate: Position) -> bool:
            """Only the element that the gate was built for is looked at."""
            if isinstance(lazy, Lazy):
                assert lazy.find is not None
                index = lazy.find(gate)
                return index is not None and as_terms(lazy.get(index)).fed_by(gate)
            assert isinstance(array, t.Comprehension)
            values = self._binders(array, here, point, gate)
            return values is not None and self._listed(array, values, env, here, point).fed_by(gate)

        alone = lazy.find if isinstance(lazy, Lazy) else self._results(array)
        return Terms(total, at, find=find if alone is not None else None)

    def _listed(self, array: t.Expr, values: tuple[int, ...], env: Env, here: Here, point: tuple[int, ...]) -> Terms:
        """The element of a list with a guard at given values of its binders."""
        if not isinstance(array, t.Comprehension):
            raise NotAvailable("E1005", "an element of a list with a guard, at one point of a circuit", array.span)
        own = len(array.bounds)
        inner = {**env, **dict(zip([b.name for b in array.bounds], values[:own], strict=True))}
        found = self.value(array.body, inner, here, (*point, *values[:own]))
        return as_terms(found.get(values[own:]) if isinstance(found, Lazy) else found)


@dataclass(frozen=True, slots=True)
class Frame:
    family: t.Family
    env: Env


# ---- helpers

Built = frozenset[tuple[Path, int]] | None  # calls on the way, and the node that builds the gate


def _gates(body: t.Expr, names: Mapping[str, t.Expr], calls: Path) -> Built:
    """The gates that an expression can be, if it is always one built by itself (and not one that stands elsewhere)."""
    match body:
        case _ if not isinstance(body.type, Wires) or body.type.shape or not isinstance(body.type.element, Bit):
            return None
        case (
            t.Gate()
            | t.Not()
            | t.Threshold()
            | t.Modulo()
            | t.Xor()
            | t.ToBit()
            | t.Choose()
            | t.Compare()
            | t.Same()
            | t.IsSymbol()
        ):
            return frozenset({(calls, id(body))})
        case t.If(then=then, other=other):
            either = _gates(then, names, calls), _gates(other, names, calls)
            return either[0] | either[1] if either[0] is not None and either[1] is not None else None
        case t.Block(locals=locals_, result=result):
            return _gates(result, {local.name: local.value for local in locals_}, calls)
        case t.Variable(name=name) if name in names:
            return _gates(names[name], {}, calls)
        case t.Call(target=t.Reference(family=family)) if not family.table and len(calls) < MOST_CALLS:
            return _gates(family.body.get(), {}, (*calls, id(body)))
        case _:
            return None


def _word(type: Wires) -> int:
    return 0 if isinstance(type.element, (Bit, Form)) else 1
