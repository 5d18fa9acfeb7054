"""Calls in the cost reading: sizes bound from shapes, bodies walked in place, recursion left as an unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tc0.dsl.analysis.boxes import boxed, constants
from tc0.dsl.analysis.domain import Domain, rename
from tc0.dsl.analysis.numbers import cases_of, number
from tc0.dsl.analysis.tally import Derived, GateBlock, HelperCall
from tc0.dsl.analysis.values import (
    Array,
    BitContent,
    Cases,
    FamilyValue,
    Known,
    Number,
    Value,
    as_form,
    greatest,
    merge,
    one,
    total,
)
from tc0.dsl.base.record import record
from tc0.dsl.core.program import Applied, Expr, Family, Size
from tc0.dsl.core.types import Bit, Float, Form, Symbol, Wires, Word, code_bits
from tc0.dsl.symbolic import atoms
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise
from tc0.dsl.symbolic.polynomial import ONE, ZERO, NotClosed, Polynomial
from tc0.dsl.symbolic.work import UsedUp, allowance

if TYPE_CHECKING:
    from tc0.dsl.analysis.cost import Walk
    from tc0.dsl.analysis.numbers import Environment

P = Polynomial.of
BODY = 1_500  # steps of elimination for the body of a family at constant sizes, before its circuit is counted instead


def call(walk: Walk, target: Expr, arguments: Sequence[Expr], env: Environment, at: Domain, expr: Expr) -> Cases:
    """A family applied to arguments: one call for each consistent combination of their cases."""
    families = walk.cases(target, env, at)
    combinations = gathered(walk, arguments, env, at)
    results: list[tuple[Guards, Value]] = []
    for choice, family in families:
        if not isinstance(family, FamilyValue):
            raise NotClosed(f"`{target.span.text}` is a family that is not known")
        for guards, values in combinations:
            inner = at.under((*choice, *guards))
            if not inner.empty:
                found = apply(walk, family, values, inner, expr)
                results += [((*choice, *guards, *own), value) for own, value in found]
    return merge(results, at.known)


def gathered(walk: Walk, arguments: Sequence[Expr], env: Environment, at: Domain) -> list[tuple[Guards, list[Value]]]:
    """The arguments, in order: one list of values for each consistent combination of their cases."""
    combinations: list[tuple[Guards, list[Value]]] = [((), [])]
    for argument in arguments:
        found = walk.cases(argument, env, at)
        combinations = [
            ((*guards, *own), [*values, value])
            for guards, values in combinations
            for own, value in found
            if not (guards and own) or not at.under((*guards, *own)).empty
        ]
    return combinations


def apply(walk: Walk, value: FamilyValue, arguments: Sequence[Value], at: Domain, expr: Expr) -> Cases:
    """One call with known shapes."""
    family = value.family
    env: dict[str, Cases] = {}
    for name, cases in value.fixed:
        env[name] = _only(cases, at)
    for size in family.sizes:
        if size.name not in env:
            env[size.name] = one(Number(bind(walk, size, arguments, env, at)))
    for parameter, argument in zip(family.parameters, arguments, strict=True):
        env[parameter.name] = one(_declared(walk, parameter.type, argument, env, at))
    if family in walk.active:
        if walk.helper is not None and family is not walk.active[0]:
            raise _Recurs(family)
        return recurring(walk, family, arguments, env, at)
    if family.table:
        return table(walk, family, arguments, env, at, expr)
    presumed = at
    if family.where is not None:
        try:
            guards = cases_of(family.where, True, env, at, walk.cases)
        except UsedUp:
            raise
        except NotClosed:
            guards = []  # nothing is presumed then
        if len(guards) == 1:
            presumed = at.under(guards[0])
    before = (len(walk.tally.blocks), len(walk.tally.helpers), len(walk.tally.reasons), len(walk.recurring))
    folds = len(walk.folds)
    counted = constants(family, env) if walk.count is not None else None
    loose, allowed = walk.loose, BODY if counted is not None else None
    walk.active.append(family)
    walk.path.append(id(expr))
    try:
        with allowance(allowed) if allowed is not None else nullcontext():
            found = walk.cases(family.body.get(), env, presumed)
            found = tuple(
                (guards, _declared(walk, family.result, value, env, presumed.under(guards))) for guards, value in found
            )
        if counted is None or (walk.loose == loose and all(b.certain for b in walk.tally.blocks[before[0] :])):
            return found
    except _Recurs as e:
        if e.family is not family:
            raise
    except NotClosed:
        if counted is None:
            raise
    finally:
        walk.path.pop()
        walk.active.pop()
    lists: tuple[list[Any], ...] = (walk.tally.blocks, walk.tally.helpers, walk.tally.reasons, walk.recurring)
    for found_, length in zip(lists, before, strict=True):
        del found_[length:]
    del walk.folds[folds:]
    if counted is not None and walk.count is not None:
        walk.loose = loose
        return boxed(walk, walk.count(counted), arguments, at)
    return helped(walk, family, arguments, env, presumed)


def _declared(walk: Walk, type: Wires, value: Value, env: Mapping[str, Cases], at: Domain) -> Value:
    """A form with its declared range, where it has one."""
    if (
        not isinstance(type.element, Form)
        or type.element.low is None
        or type.element.high is None
        or not isinstance(value, Array)
    ):
        return value
    low, high = number(type.element.low, env, at, walk.cases), number(type.element.high, env, at, walk.cases)
    return replace(value, content=replace(as_form(value.content), low=total(low), high=total(high), honest=False))


def _only(cases: Cases, at: Domain) -> Cases:
    live = tuple((g, v) for g, v in cases if not g or not at.under(g).empty)
    if len(live) != 1:
        raise NotClosed("a parameter in brackets that is a case distinction")
    return one(live[0][1])


def bind(walk: Walk, size: Size, arguments: Sequence[Value], env: Mapping[str, Cases], at: Domain) -> Polynomial:
    """A size from the shape of an argument."""
    if size.parameter is None or size.axis is None:
        raise NotClosed(f"the size `{size.name}` is not given")
    argument = arguments[size.parameter]
    if not isinstance(argument, Array):
        raise NotClosed(f"the size `{size.name}` of what is no array")
    dim = argument.boxed().dims[size.axis]
    if size.scale is None:
        return dim
    assert size.offset is not None
    offset = number(size.offset, env, at, walk.cases)
    return atoms.floor_div(dim - offset, size.scale, at)


def dimensions(type: Wires, env: Mapping[str, Cases], walk: Walk, at: Domain) -> tuple[Polynomial, ...]:
    """The shape of a declared type, the bits of a word included."""
    found = [number(d, env, at, walk.cases) for d in type.shape if d is not None]
    match type.element:
        case Word(width=width) | Float(precision=width) if width is not None:
            found.append(number(width, env, at, walk.cases))
        case Symbol(symbols=symbols):
            found.append(P(code_bits(len(symbols))))
        case Bit():
            pass
        case Form() | Float() | Word():
            raise NotClosed("a result of forms or floats in a recursion")
    return tuple(found)


def table(
    walk: Walk, family: Family, arguments: Sequence[Value], env: Mapping[str, Cases], at: Domain, expr: Expr
) -> Cases:
    """A table: b NOTs, 2**b ANDs, m ORs. Which minterms an OR reads depends on the rows: at most all of them."""
    bits = P(0)
    depth = Piecewise.of(Join.GREATEST, [])
    for argument in arguments:
        assert isinstance(argument, Array) and isinstance(argument.content, BitContent)
        count = ONE
        for dim in argument.dims:
            count = count * dim
        bits = bits + count
        depth = depth.plus(walk.depth_of(argument, at)[0])
    dims = dimensions(family.result, env, walk, at)
    outputs = ONE
    for dim in dims:
        outputs = outputs * dim
    rows = atoms.power(bits)
    for sub, (kind, copies, inputs) in enumerate((("NOT", bits, ONE), ("AND", rows, bits), ("OR", outputs, rows))):
        place = (tuple(walk.path), id(expr), sub)
        exact = kind != "OR"  # an OR of no minterm has no wires
        block = GateBlock(
            kind,
            at,
            total(copies),
            total(inputs),
            greatest(1),
            total(inputs),
            expr.span,
            weight_exact=exact or at.proves(bits - 1),
            place=place,
            folds=tuple(walk.folds),
            fanin_exact=exact,
        )
        walk.tally.blocks.append(block)
    walk.tally.reasons.append(f"the wires of the table `{family.name}` depend on its rows")
    names = tuple(walk.fresh("k") for _ in dims)
    deep = Piecewise.of(Join.GREATEST, [((), P(3)), *((g, p + 3) for g, p in depth.pieces)])
    return one(Array(names, dims, BitContent(deep, False)))


class _Recurs(Exception):
    """A family below the one that is analysed has called itself: it is analysed by itself."""

    def __init__(self, family: Family) -> None:
        self.family = family


@record
class Helper:
    """The closed forms of a family that is called. names: its parameters. kinds: of its gates. figure: one of them by
    name, and whether it is exact."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    figure: Callable[[str], Derived]
    depth: Callable[[], Depth]


@record
class Depth:
    """The depth of a family whose inputs are all of depth e, as the greatest of e + inner and apart.

    exact: it is; otherwise at most that."""

    inner: Piecewise
    apart: Piecewise
    exact: bool


def once(make: Callable[[str], Derived]) -> Callable[[str], Derived]:
    """A function that remembers what it found, and why it found nothing."""
    found: dict[str, Derived | NotClosed] = {}

    def remembered(name: str) -> Derived:
        if name not in found:
            try:
                found[name] = make(name)
            except NotClosed as e:
                found[name] = e
        value = found[name]
        if isinstance(value, NotClosed):
            raise NotClosed(str(value))
        return value

    return remembered


def _parameters(
    walk: Walk, family: Family, env: Mapping[str, Cases]
) -> tuple[dict[str, Polynomial], dict[str, object]]:
    """The parameters of a call that are integers, and the others, which must be known."""
    sizes: dict[str, Polynomial] = {}
    given: dict[str, object] = {}
    for name in (*(p.name for p in family.statics), *(s.name for s in family.sizes)):
        (_, value), *rest = env[name]
        match value:
            case Number(value=p) if not rest:
                sizes[name] = p
            case Known(value=known) if not rest:
                given[name] = known
            case FamilyValue(family=inner, fixed=fixed) if not rest and not fixed:
                given[name] = Applied(inner, ())
            case _:
                raise NotClosed(f"the recursion of `{family.name}`")
    return sizes, given


def helped(walk: Walk, family: Family, arguments: Sequence[Value], env: Mapping[str, Cases], at: Domain) -> Cases:
    """A call of a family that calls itself: its closed forms, derived once for all of its parameters, at these."""
    assert walk.helper is not None
    sizes, given = _parameters(walk, family, env)
    found = walk.helper(family, tuple(given.items()))
    change = {name: sizes[name] for name in found.names}

    def figure(name: str) -> Derived:
        try:
            value, exact = found.figure(name)
        except NotClosed as e:
            raise NotClosed(f"`{family.name}`: {e}") from None
        return rename(value, change, at.known), exact

    walk.tally.helpers.append(HelperCall(at, found.kinds, figure))
    dims = dimensions(family.result, env, walk, at)
    names = tuple(walk.fresh("k") for _ in dims)
    deep, exact = _deepened(walk, found, family, change, arguments, at)
    return one(Array(names, dims, BitContent(deep, exact)))


def _deepened(
    walk: Walk, found: Helper, family: Family, change: Mapping[str, Polynomial], arguments: Sequence[Value], at: Domain
) -> Derived:
    """The depth of the outputs of a call: that of its inputs and the family's together."""
    try:
        depth_of = found.depth()
    except NotClosed as e:
        raise NotClosed(f"the depth of `{family.name}`: {e}") from None
    given = [a for a in arguments if isinstance(a, Array)]
    pieces: list[tuple[Guards, Polynomial]] = [((), ZERO)]  # there may be no inputs
    exact = True
    for array in given:
        depth, one_exact = walk.depth_of(array, at)
        pieces += list(depth.pieces)
        exact = exact and one_exact
    inner, apart = rename(depth_of.inner, change, at.known), rename(depth_of.apart, change, at.known)
    deep = Piecewise.of(
        Join.GREATEST,
        [((*g, *h), p + q) for g, p in pieces for h, q in inner.pieces],
    )
    flat = not walk.entry and not any(p for _, p in pieces)
    return deep.plus(apart), exact and depth_of.exact and (flat or _even(given))


def _even(arguments: Sequence[Array]) -> bool:
    """Whether all elements of all arguments are known to have the same depth."""
    depths = set()
    for array in arguments:
        if not isinstance(array.content, BitContent):
            return False
        depths |= {p for _, p in array.content.depth.pieces}
    return len(depths) <= 1 and not any(p.names() & {*a.indices} for p in depths for a in arguments)


def recurring(walk: Walk, family: Family, arguments: Sequence[Value], env: Mapping[str, Cases], at: Domain) -> Cases:
    """A call of a family that is at work: its figures are unknowns in its parameters. Its depth is an unknown too, beyond
    that of its arguments: `depth[..](parameters, how much deeper its arguments are)`."""
    sizes, given = _parameters(walk, family, env)
    if walk.helper is not None and any(walk.given.get(name) != value for name, value in given.items()):
        raise NotClosed(f"the recursion of `{family.name}`")
    walk.recurring.append((family, at, sizes))
    deeper, exact = _beyond(walk, family, arguments, at)
    depth = atoms.opaque(f"depth[{family.name}]", *sizes.values(), deeper)
    dims = dimensions(family.result, env, walk, at)
    names = tuple(walk.fresh("k") for _ in dims)
    return one(Array(names, dims, BitContent(greatest(depth), exact)))


def _beyond(walk: Walk, family: Family, arguments: Sequence[Value], at: Domain) -> tuple[Polynomial, bool]:
    """How much deeper the arguments of a call are than the inputs, and whether all of them are."""
    pieces: list[tuple[Guards, Polynomial]] = []
    exact = True
    for array in arguments:
        if isinstance(array, Array) and not any(dim == ZERO for dim in array.dims):
            depth, one_exact = walk.depth_of(array, at)
            pieces += list(depth.pieces)
            exact = exact and one_exact
    if any(s.text.startswith("depth[") for _, p in pieces for s in p.symbols()):
        raise NotClosed(f"a recursion of `{family.name}` on what depends on its own result")
    entry = walk.entry.names()
    deeper = {p - walk.entry for _, p in pieces if not entry or p.names() & entry}
    apart = {p for _, p in pieces if entry and not p.names() & entry}
    if any(p.names() & entry for p in deeper):
        raise NotClosed(f"a recursion of `{family.name}` on what grows deeper unevenly")
    top = next((p for p in (*deeper, *apart, ZERO) if all(at.proves(p - q) for q in (*deeper, *apart))), None)
    if top is None:
        raise NotClosed(f"a recursion of `{family.name}` on what grows deeper unevenly")
    everywhere = any(not g and p == top + walk.entry for g, p in pieces)
    even = not pieces or (len(deeper) == 1 and (everywhere or not apart) and top in deeper)
    return top, exact and even
