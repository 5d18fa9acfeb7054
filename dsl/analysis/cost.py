"""The cost reading: one symbolic walk over the typed program, a loop being a sum and a guard neither true nor false.

Values are shapes, ranges and depths as functions of the index variables (`values`); gates are blocks over domains
(`tally`). A family is walked once at each place where it is called; a call that comes back to a family at work is left
as an unknown, for `recurrence` to solve. What has no closed form raises `NotClosed` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from tc0.dsl.analysis import folds as on_folds
from tc0.dsl.analysis import wires as on_wires
from tc0.dsl.analysis.bounding import either
from tc0.dsl.analysis.boxes import Count
from tc0.dsl.analysis.calls import Helper, call
from tc0.dsl.analysis.domain import MARK, Domain, unknown
from tc0.dsl.analysis.numbers import Environment, branches, cases_of, number, numbers
from tc0.dsl.analysis.tally import Derived, HelperCall, Path, Tally
from tc0.dsl.analysis.values import (
    Array,
    BitContent,
    Cases,
    FamilyValue,
    FormContent,
    Known,
    Number,
    NumberContent,
    Opaque,
    Undecided,
    Value,
    change_content,
    filled,
    fused,
    gather,
    guard_content,
    merge,
    merge_contents,
    one,
    read,
    total,
)
from tc0.dsl.base.errors import Error
from tc0.dsl.core.program import (
    Apply,
    Block,
    Comprehension,
    Constant,
    Element,
    Expr,
    Family,
    Fold,
    If,
    Invoke,
    Items,
    Length,
    Logic,
    Measure,
    Range,
    Reduce,
    Reference,
    Report,
    Variable,
)
from tc0.dsl.core.static import evaluate
from tc0.dsl.core.types import FamilyOf, Kind, Static
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.counting import count
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise
from tc0.dsl.symbolic.polynomial import ZERO, NotClosed, Polynomial
from tc0.dsl.symbolic.work import UsedUp

P = Polynomial.of
FEW = 16  # elements of a list that is written out


@dataclass(slots=True)
class Walk:
    """A walk in progress. active: the families at work, innermost last. recurring: calls that came back to the first.

    entry: the depth of its inputs. helper: the closed forms of a family that calls itself, where such a call is made;
    None where it is walked in place.

    count: builds and counts a circuit at constant sizes; None where every gate has to be a block.
    reasons: why numbers are not known, in the order in which they were met. loose: there are lists of which elements may be
    missing, so that nothing that counts inputs is exact.

    path, folds: where it stands: calls and unrolled steps, and index variables of folds. levels, arrays, unrolled: what
    `connection` needs of each place: the lowest level and the number of levels of a `//` or `%`, the arrays that are
    summed, the folds whose steps were written out.
    """

    tally: Tally = field(default_factory=Tally)
    active: list[Family] = field(default_factory=list)
    recurring: list[tuple[Family, Domain, Mapping[str, Polynomial]]] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)
    path: list[int] = field(default_factory=list)
    folds: list[str] = field(default_factory=list)
    levels: dict[tuple[Path, int], list[tuple[Domain, Piecewise, Piecewise]]] = field(default_factory=dict)
    arrays: dict[tuple[Path, int], list[tuple[Domain, Array]]] = field(default_factory=dict)
    unrolled: set[tuple[Path, int]] = field(default_factory=set)
    entry: Polynomial = ZERO
    given: Mapping[str, object] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    loose: bool = False
    count: Count | None = None
    helper: Callable[[Family, tuple[tuple[str, object], ...]], Helper] | None = None

    def fresh(self, name: str) -> str:
        """An index name that no other binder of the walk has."""
        number_ = self.used.get(name, 0)
        self.used[name] = number_ + 1
        return name if number_ == 0 else f"{name}#{number_}"

    # ---- expressions

    def cases(self, expr: Expr, env: Environment, at: Domain) -> Cases:
        """The value of an expression at the points of a domain; its gates are added to the tally."""
        if isinstance(expr.type, Static):
            return self._known_or_not(expr, env, at)
        match expr:
            case Variable(name=name):
                return _live(env[name], at)
            case If():
                return self._if(expr, env, at)
            case Fold():
                return self._fold(expr, env, at)
            case Comprehension():
                return self._comprehension(expr, env, at)
            case Items(elements=elements):
                return self._items(elements, env, at)
            case Element():
                return self._element(expr, env, at)
            case Block(locals=locals_, result=result):
                inner = dict(env)
                for local in locals_:
                    inner[local.name] = self._local(local.value, inner, at)
                return self.cases(result, inner, at)
            case Reference(family=family, fixed=fixed):
                return self._family(family, fixed, env, at)
            case Measure() | Report():
                raise NotClosed("figures inside of a family")
            case _ if isinstance(expr.type, FamilyOf):
                raise NotClosed(f"`{expr.span.text}` is a family that is not known")
            case _:
                return on_wires.cases(self, expr, env, at)

    def _lengths(self, expr: Expr, env: Environment, at: Domain) -> tuple[Polynomial, ...]:
        """The lengths of a list whose elements are not known; () where they are not known either."""
        if isinstance(expr, Invoke):
            pairs = zip(expr.function.parameters, expr.arguments, strict=True)
            return self._lengths(expr.function.body.get(), {p: self._parameter(a, env, at) for p, a in pairs}, at)
        if not isinstance(expr, Comprehension) or not expr.separate:
            return ()
        return tuple(self.number(b.high, env, at) - self.number(b.low, env, at) for b in expr.bounds)

    def _known_or_not(self, expr: Expr, env: Environment, at: Domain) -> Cases:
        """A static value; an integer without a closed form is a number that is not known."""
        try:
            found = self._static(expr, env, at)
        except UsedUp:
            raise
        except NotClosed as e:
            if not _one_integer(expr):
                raise
            return one(Number(self.unknown(str(e), at)))
        if _integer(expr) and any(isinstance(value, Opaque) for _, value in found):
            reason = next(value.reason for _, value in found if isinstance(value, Opaque))
            return one(Number(self.unknown(reason, at)))
        return found

    def unknown(self, reason: str, at: Domain) -> Polynomial:
        """A number that is not in closed form, for a reason."""
        name = self.fresh(f"{len(self.reasons)}")
        self.reasons.append(reason)
        return unknown(name, at)

    def told(self, reason: str) -> str:
        """A reason as a reader may see it: numbers that are not known have names for the analysis only."""
        if MARK not in reason:
            return reason
        first = next((r for r in self.reasons if MARK not in r), None)
        return "it depends on a number that is not in closed form" + (f": {first}" if first else "")

    def _local(self, expr: Expr, env: Environment, at: Domain) -> Cases:
        """A static `let` without a closed form stands in the way only where it is used."""
        return self._parameter(expr, env, at) if isinstance(expr.type, Static) else self.cases(expr, env, at)

    def _family(
        self, family: Family, fixed: Sequence[tuple[str, Expr]], env: Environment, at: Domain
    ) -> tuple[tuple[Guards, FamilyValue], ...]:
        """A family with some parameters fixed: one for each consistent combination of their cases."""
        found: list[tuple[Guards, tuple[tuple[str, Cases], ...]]] = [((), ())]
        for name, expr in fixed:
            cases = self._parameter(expr, env, at)
            found = [
                ((*guards, *own), (*before, (name, one(value))))
                for guards, before in found
                for own, value in cases
                if not (guards and own) or not at.under((*guards, *own)).empty
            ]
        return tuple((guards, FamilyValue(family, values)) for guards, values in found)

    def _parameter(self, expr: Expr, env: Environment, at: Domain) -> Cases:
        """A value in brackets. One that has no closed form stands in the way only where it is used: the rows of a table
        change none of its figures but wires."""
        try:
            return self.cases(expr, env, at)
        except UsedUp:
            raise
        except NotClosed as e:
            return one(Opaque(str(e), self._lengths(expr, env, at)))

    def number(self, expr: Expr, env: Environment, at: Domain) -> Polynomial:
        return number(expr, env, at, self.cases)

    def numbers(self, expr: Expr, env: Environment, at: Domain) -> list[tuple[Guards, Polynomial]]:
        try:
            return numbers(expr, env, at, self.cases)
        except UsedUp:
            raise
        except NotClosed as e:
            return [((), self.unknown(str(e), at))]

    def call(self, target: Expr, arguments: Sequence[Expr], env: Environment, at: Domain, expr: Expr) -> Cases:
        return call(self, target, arguments, env, at, expr)

    def depth_of(self, array: Array, at: Domain) -> tuple[Piecewise, bool]:
        """The depth of the deepest element of an array."""
        return on_wires.deepest(array, at)

    # ---- statics

    def _static(self, expr: Expr, env: Environment, at: Domain) -> Cases:
        match expr:
            case Variable(name=name):
                return _live(env[name], at)
            case Constant(value=value):
                return one(Number(P(value)) if type(value) is int else Known(value))
            case Apply() if _integer(expr):
                return tuple((g, Number(p)) for g, p in numbers(expr, env, at, self.cases))
            case Apply() | Logic() if expr.type.kind is Kind.BOOL:  # type: ignore[union-attr]
                return tuple(
                    (g, Known(side)) for side in (True, False) for g in cases_of(expr, side, env, at, self.cases)
                )
            case If():
                return self._if(expr, env, at)
            case Element():
                return self._static_element(expr, env, at)
            case Length(array=array, axis=axis):
                return self._length(array, axis, env, at)
            case Reduce(function="SUM", array=Comprehension() as array):
                return one(Number(self._static_sum(array, env, at)))
            case Comprehension() if _integer(expr):
                return self._comprehension(expr, env, at)
            case Invoke(function=function, arguments=arguments):
                return self._invoke(expr, function.parameters, arguments, env, at)
            case _:
                return one(self._outright(expr, env))

    def _outright(self, expr: Expr, env: Environment) -> Value:
        """A static value that does not depend on any size or index."""
        values: dict[str, object] = {}
        for name, found in env.items():
            if len(found) == 1:
                value = found[0][1]
                if isinstance(value, Known):
                    values[name] = value.value
                elif isinstance(value, Number) and isinstance(value.value.constant(), int):
                    values[name] = value.value.constant()
        try:
            found_value = evaluate(expr, values)
        except (Error, KeyError):
            raise NotClosed(f"`{expr.span.text}` is not in closed form") from None
        return Number(P(found_value)) if type(found_value) is int else Known(found_value)

    def _invoke(
        self, expr: Expr, parameters: Sequence[str], arguments: Sequence[Expr], env: Environment, at: Domain
    ) -> Cases:
        """A static function: computed where its arguments are known, walked where it does not call itself."""
        assert isinstance(expr, Invoke)
        try:
            return one(self._outright(expr, env))
        except NotClosed:
            pass
        inner = {p: self.cases(a, env, at) for p, a in zip(parameters, arguments, strict=True)}
        if self.used.get(f"@{expr.function.name}", 0) > 3:
            raise NotClosed(f"the static function `{expr.function.name}` calls itself")
        self.used[f"@{expr.function.name}"] = self.used.get(f"@{expr.function.name}", 0) + 1
        try:
            body = expr.function.body.get()
            if isinstance(body.type, Static) and body.type.kind is Kind.BOOL:
                return self._static(body, inner, at)
            return tuple((g, Number(p)) for g, p in numbers(body, inner, at, self.cases))
        finally:
            self.used[f"@{expr.function.name}"] -= 1

    def _static_sum(self, array: Comprehension, env: Environment, at: Domain) -> Polynomial:
        inner, env2, cases = self._bind(array, env, at)
        own = inner.indices[len(at.indices) :]
        total = Piecewise.of(Join.SUM, [])
        for guards, domain in cases:
            for own_guards, p in numbers(array.body, env2, domain, self.cases):
                constraints = [*domain.constraints[len(at.constraints) :], *own_guards]
                total = total.plus(Piecewise.of(Join.SUM, count(own, constraints, at.known, p)))
            del guards
        if len(total.pieces) == 1 and not total.pieces[0][0]:
            return total.pieces[0][1]
        if not total.pieces:
            return P(0)
        raise NotClosed(f"the sum `{array.span.text}` depends on a case distinction")

    def _static_element(self, expr: Element, env: Environment, at: Domain) -> Cases:
        try:
            return one(self._outright(expr, env))
        except NotClosed:
            pass
        array = self.cases(expr.array, env, at)
        if any(isinstance(s, Range) for s in expr.selectors) or not all(isinstance(v, Array) for _, v in array):
            raise NotClosed(f"`{expr.span.text}` reads a table of numbers")
        return self._element(expr, env, at)

    def _length(self, array: Expr, axis: int, env: Environment, at: Domain) -> Cases:
        found: list[tuple[Guards, Value]] = []
        for guards, value in self.cases(array, env, at):
            match value:
                case Array():
                    found.append((guards, Number(value.boxed().dims[axis])))
                case Known(value=tuple() | str() as known):
                    for _ in range(axis):
                        known = known[0] if known else ()
                    found.append((guards, Number(P(len(known)))))
                case Opaque(dims=dims) if axis < len(dims):
                    found.append((guards, Number(dims[axis])))
                case _:
                    raise NotClosed(f"the length of `{array.span.text}`")
        return tuple(found)

    # ---- structure

    def _if(self, expr: If, env: Environment, at: Domain) -> Cases:
        found: list[tuple[Guards, Value]] = []
        try:
            parts = list(branches(expr.condition, expr.then, expr.other, env, at, self.cases))
        except UsedUp:
            raise
        except NotClosed:
            return self._either(expr, env, at)
        for guards, branch in parts:
            inner = at.under(guards)
            found += [((*guards, *g), v) for g, v in self.cases(branch, env, inner)]
        return merge(found, at.known)

    def _either(self, expr: If, env: Environment, at: Domain) -> Cases:
        """Both branches of a choice that is not decided: at most the gates of both."""
        if isinstance(expr.type, Static):
            raise Undecided(f"the choice `{' '.join(expr.condition.span.text.split())}`")
        with self.uncertain():
            sides = [merge(self.cases(branch, env, at), at.known) for branch in (expr.then, expr.other)]
        if any(len(side) != 1 or side[0][0] for side in sides):
            raise Undecided(f"the choice `{' '.join(expr.condition.span.text.split())}`")
        return one(either(sides[0][0][1], sides[1][0][1], at, self.fresh))

    @contextmanager
    def uncertain(self) -> Iterator[None]:
        """Gates that are added meanwhile may not be there."""
        blocks, helpers = len(self.tally.blocks), len(self.tally.helpers)
        yield
        self.tally.blocks[blocks:] = [replace(block, certain=False) for block in self.tally.blocks[blocks:]]
        self.tally.helpers[helpers:] = [_inexact(call_) for call_ in self.tally.helpers[helpers:]]

    def bound(self, high: Expr, low: Expr, env: Environment, at: Domain) -> list[tuple[Guards, Polynomial, Polynomial]]:
        """The cases of the bounds of a binder."""
        found = []
        for g, lo in numbers(low, env, at, self.cases):
            inner = at.under(g)
            found += [((*g, *h), lo, hi) for h, hi in numbers(high, env, inner, self.cases)]
        return found

    def _bind(
        self, expr: Comprehension, env: Environment, at: Domain, loose: bool = False
    ) -> tuple[Domain, Environment, list[tuple[Guards, Domain]]]:
        """The domains of the body of a comprehension, one for each case of its bounds and its guard."""
        inner = dict(env)
        domains = [at]
        for bound in expr.bounds:
            name = self.fresh(bound.name)
            inner[bound.name] = one(Number(P(name)))
            following = []
            for domain in domains:
                for guards, low, high in self.bound(
                    bound.high, bound.low, env if not domain.indices else inner, domain
                ):
                    wider = domain.under(guards).bind(name, low, high)
                    if not wider.empty:
                        following.append(wider)
            domains = following
        if expr.guard is not None and not loose:
            domains = [d.under(g) for d in domains for g in cases_of(expr.guard, True, inner, d, self.cases)]
        names = [p.value.symbols() for b in expr.bounds for _, v in inner[b.name] for p in [v] if isinstance(p, Number)]
        everything = Domain(
            (*at.indices, *(next(iter(s)).text for s in names)), at.constraints, at.parameters, at.known
        )
        return everything, inner, [((), d) for d in domains]

    def _comprehension(self, expr: Comprehension, env: Environment, at: Domain) -> Cases:
        """An array; a short list whose elements depend on numbers that are not in closed form is written out."""
        few = self._few(expr, env, at)
        if few is None:
            return self._array(expr, env, at)
        lists: tuple[list[Any], ...] = (self.tally.blocks, self.tally.helpers, self.tally.reasons, self.recurring)
        before, loose = [len(one_) for one_ in lists], self.loose
        try:
            found = self._array(expr, env, at)
            if self.loose == loose and all(b.certain for b in self.tally.blocks[before[0] :]):
                return found
        except UsedUp:
            raise
        except NotClosed:
            pass
        for one_, length in zip(lists, before, strict=True):
            del one_[length:]
        self.loose = loose
        name = expr.bounds[0].name
        return self._listing([(expr.body, {**env, name: one(Number(P(k)))}) for k in few], at)

    def _few(self, expr: Comprehension, env: Environment, at: Domain) -> range | None:
        """The values of the binder of a short list of constant length; None of other lists."""
        if self.count is None or not expr.separate or len(expr.bounds) != 1:
            return None
        (bound,) = expr.bounds
        low, high = (self.number(e, env, at).constant() for e in (bound.low, bound.high))
        return range(low, high) if type(low) is int and type(high) is int and 0 < high - low <= FEW else None

    def _array(self, expr: Comprehension, env: Environment, at: Domain) -> Cases:
        """An array as a function of its binders; listed, where it has a guard or bounds that mention other binders."""
        try:
            bound = self._bind(expr, env, at)
        except UsedUp:
            raise
        except NotClosed:
            if expr.guard is None:
                raise
            return self._at_most(expr, env, at)
        return self._elements(expr, bound, at)

    def _at_most(self, expr: Comprehension, env: Environment, at: Domain) -> Cases:
        """A list with a guard that is not decided: at most one element for every point without the guard."""
        self.loose = True  # gates that read it have at most so many inputs
        found = self._elements(expr, self._bind(expr, env, at, loose=True), at)
        return tuple((guards, self._loosened(value, at)) for guards, value in found)

    def _loosened(self, value: Value, at: Domain) -> Value:
        """A list of which elements may be missing. A sum of forms can then have any range."""
        if not isinstance(value, Array):
            return value
        match value.content:
            case BitContent() as content:
                return replace(value, content=replace(content, exact=False))
            case FormContent() as content:
                low, high = (total(self.unknown("the range of a list of forms with a guard", at)) for _ in range(2))
                form = replace(content, low=low, high=high, exact=False, weight_exact=False, honest=False)
                return replace(value, content=form)
            case _:
                return replace(value, content=NumberContent(total(self.unknown("a list with a guard", at))))

    def _elements(
        self, expr: Comprehension, bound: tuple[Domain, Environment, list[tuple[Guards, Domain]]], at: Domain
    ) -> Cases:
        everything, inner, domains = bound
        own = everything.indices[len(at.indices) :]
        found: list[tuple[Guards, Domain, Array]] = []
        for _, domain in domains:
            extra = domain.constraints[len(at.constraints) :]
            for guards, value in self.cases(expr.body, inner, domain):
                array = self._body(expr, value, own)
                found.append(((*extra, *guards), domain, array))
        if not found:
            return on_wires.empty_array(expr.type, len(expr.bounds) if expr.separate else 1)
        between = self._between(expr, own, at, domains)
        if not expr.separate and between is None:
            return one(_listed(own, [(guards, array) for guards, _, array in found]))
        cases: list[tuple[Guards, Array]] = []
        for guards, domain, array in found:
            lows, dims = between if between is not None else self._dims(own, at, domain)
            if between is not None:
                guards = guards[len(domain.constraints) - len(at.constraints) :]
            shift = {name: P(name) + low for name, low in zip(own, lows, strict=True) if low}
            kept = tuple(substitute(g, shift, at.known) for g in guards)
            kept = tuple(g for g in kept if not _is_bound(g, own, dims))
            inside = guard_content(
                change_content(array.content, shift, at.known), tuple(g for g in kept if g.names() & set(own))
            )
            outside = tuple(g for g in kept if not g.names() & set(own))
            cases.append((outside, Array((*own, *array.indices), (*dims, *array.dims), inside)))
        return filled(merge(gather(cases, at.known), at.known), len(cases[0][1].dims), at)

    def _between(
        self, expr: Comprehension, own: Sequence[str], at: Domain, domains: Sequence[tuple[Guards, Domain]]
    ) -> tuple[list[Polynomial], list[Polynomial]] | None:
        """Where a list whose guard is a mask such as `j <= i` starts, and its length: it is an array then. None where its
        points are no interval, and where numbers of gates are asked, which go by the binder itself."""
        if self.count is None or expr.separate or len(own) != 1 or len(domains) != 1:
            return None
        lows: list[Polynomial] = []
        highs: list[Polynomial] = []
        for guard in domains[0][1].constraints[len(at.constraints) :]:
            scale = guard.linear(own[0])
            rest = guard - P(own[0]) * scale if scale in (1, -1) else None
            if rest is None or own[0] in rest.names():
                return None
            (lows if scale == 1 else highs).append(-rest if scale == 1 else rest)
        low = next((p for p in lows if all(at.proves(p - q) for q in lows)), None)
        high = next((p for p in highs if all(at.proves(q - p) for q in highs)), None)
        if low is None or high is None or not at.proves(high - low + 1):
            return None
        return [low], [high - low + 1]

    def _body(self, expr: Comprehension, value: Value, own: Sequence[str]) -> Array:
        """The body of a comprehension as an array whose dimensions are the same at every point."""
        match value:
            case Number(value=p):
                return Array((), (), NumberContent(Piecewise.of(Join.SUM, [((), p)])))
            case Array():
                if any(name in own for d in value.dims for name in d.names()):
                    raise NotClosed("an array whose rows have a length that depends on a binder")
                return value.boxed()
            case _:
                raise NotClosed(f"an array of `{expr.body.span.text}`")

    def _dims(self, own: Sequence[str], at: Domain, domain: Domain) -> tuple[list[Polynomial], list[Polynomial]]:
        """Where the binders of a comprehension with separate dimensions start, and their lengths."""
        lows, dims = [], []
        position = len(at.constraints)
        for name in own:
            start = next(i for i in range(position, len(domain.constraints)) if domain.constraints[i].linear(name) == 1)
            lows.append(P(name) - domain.constraints[start])
            dims.append(domain.constraints[start + 1] + domain.constraints[start] + 1)
        return lows, dims

    def _items(self, elements: Sequence[Expr], env: Environment, at: Domain) -> Cases:
        """An array literal: element k under the guard that the index is k."""
        return self._listing([(element, env) for element in elements], at)

    def _listing(self, elements: Sequence[tuple[Expr, Environment]], at: Domain) -> Cases:
        """Elements one by one, each in its own environment."""
        name = self.fresh("k")
        found: list[tuple[Guards, Array]] = [((), on_wires.NOTHING)]
        for k, (element, env) in enumerate(elements):
            following: list[tuple[Guards, Array]] = []
            for guards, value in self.cases(element, env, at):
                for before, array in found:
                    inner = (*before, *guards)
                    if inner and at.under(inner).empty:
                        continue
                    following.append((inner, on_wires.appended(array, value, name, k, at.known)))
            found = following
        return tuple(found)

    def _element(self, expr: Element, env: Environment, at: Domain) -> Cases:
        found: list[tuple[Guards, Value]] = []
        for guards, array in self.cases(expr.array, env, at):
            if not isinstance(array, Array):
                raise NotClosed(f"`{expr.span.text}` reads a table")
            inner = at.under(guards)
            for own, value in self._select(array, expr.selectors, env, inner):
                found.append(((*guards, *own), value))
        return tuple(found)

    def _select(self, array: Array, selectors: Sequence[Expr | Range], env: Environment, at: Domain) -> Cases:
        if not selectors:
            return one(array)
        array = array.boxed()
        first, rest = selectors[0], selectors[1:]
        if not isinstance(first, Range):
            found: list[tuple[Guards, Value]] = []
            for guards, p in self.numbers(first, env, at):
                row = read(array, [p], at.under(guards).known)
                found += [((*guards, *g), v) for g, v in self._select(row, rest, env, at.under(guards))]
            return tuple(found)
        found = []
        for g, low in self.numbers(first.low, env, at):
            for h, high in self.numbers(first.high, env, at.under(g)):
                name = self.fresh("k")
                moved = change_content(array.content, {array.indices[0]: P(name) + low}, at.known)
                inner = Array(array.indices[1:], array.dims[1:], moved)
                for own, value in self._select(inner, rest, env, at.under((*g, *h))):
                    assert isinstance(value, Array)
                    sliced = Array((name, *value.indices), (high - low, *value.dims), value.content)
                    found.append(((*g, *h, *own), sliced))
        return tuple(found)

    def _fold(self, expr: Fold, env: Environment, at: Domain) -> Cases:
        return on_folds.fold(self, expr, env, at)


def _inexact(call_: HelperCall) -> HelperCall:
    def figure(name: str) -> Derived:
        return call_.figure(name)[0], False

    return replace(call_, figure=figure)


def _listed(own: Sequence[str], found: Sequence[tuple[Guards, Array]]) -> Array:
    """The points of several cases as one listed array."""
    first = found[0][1]
    contents = []
    for guards, array in found:
        if array.dims != first.dims:
            raise NotClosed("an array whose rows have different lengths")
        change = {old: P(new) for old, new in zip(array.indices, first.indices, strict=True)}
        contents.append(guard_content(change_content(array.content, change, Assumptions()), guards))
    content = merge_contents(contents)
    if content is None:
        raise NotClosed("an array of bits and forms")
    points = fused([guards for guards, _ in found])
    return Array((*own, *first.indices), first.dims, content, len(own), points)


def _one_integer(expr: Expr) -> bool:
    """Whether a static expression is an integer, not an array, as far as types tell."""
    if isinstance(expr, Invoke):
        return _one_integer(expr.function.body.get())
    return _integer(expr) and isinstance(expr.type, Static) and not expr.type.rank


def _integer(expr: Expr) -> bool:
    return isinstance(expr.type, Static) and expr.type.kind in (Kind.INTEGER, Kind.ANY)


def _live(cases: Cases, at: Domain) -> Cases:
    """The cases that are possible in a domain."""
    if len(cases) == 1:
        return cases
    return tuple((guards, value) for guards, value in cases if not guards or not at.under(guards).empty)


def _is_bound(guard: Polynomial, own: Sequence[str], dims: Sequence[Polynomial]) -> bool:
    """Whether a guard only says that an index is within its dimension."""
    return any(guard in (P(name), dim - 1 - P(name)) for name, dim in zip(own, dims, strict=True))
