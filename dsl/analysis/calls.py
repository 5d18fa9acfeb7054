"""Calls in the cost reading: sizes bound from shapes, bodies walked in place, recursion left as an unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tc0.dsl.analysis.domain import Domain
from tc0.dsl.analysis.numbers import cases_of, number
from tc0.dsl.analysis.tally import GateBlock
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
from tc0.dsl.core.program import Expr, Family, Size
from tc0.dsl.core.types import Bit, Float, Form, Symbol, Wires, Word, code_bits
from tc0.dsl.symbolic import atoms
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise
from tc0.dsl.symbolic.polynomial import ONE, NotClosed, Polynomial

if TYPE_CHECKING:
    from tc0.dsl.analysis.cost import Walk
    from tc0.dsl.analysis.numbers import Environment

P = Polynomial.of


def call(walk: Walk, target: Expr, arguments: Sequence[Expr], env: Environment, at: Domain, expr: Expr) -> Cases:
    """A family applied to arguments: one call for each consistent combination of their cases."""
    (_, family), *rest = walk.cases(target, env, at)
    if rest or not isinstance(family, FamilyValue):
        raise NotClosed(f"`{target.span.text}` is a family that is not known")
    combinations: list[tuple[Guards, list[Value]]] = [((), [])]
    for argument in arguments:
        found = walk.cases(argument, env, at)
        combinations = [
            ((*guards, *own), [*values, value])
            for guards, values in combinations
            for own, value in found
            if not (guards and own) or not at.under((*guards, *own)).empty
        ]
    results: list[tuple[Guards, Value]] = []
    for guards, values in combinations:
        inner = at.under(guards)
        results += [((*guards, *own), value) for own, value in apply(walk, family, values, inner, expr)]
    return merge(results, at.known)


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
        return recurring(walk, family, arguments, env, at)
    if family.table:
        return table(walk, family, arguments, env, at, expr)
    presumed = at
    if family.where is not None:
        guards = cases_of(family.where, True, env, at, walk.cases)
        if len(guards) == 1:
            presumed = at.under(guards[0])
    walk.active.append(family)
    walk.path.append(id(expr))
    try:
        found = walk.cases(family.body.get(), env, presumed)
        return tuple(
            (guards, _declared(walk, family.result, value, env, presumed.under(guards))) for guards, value in found
        )
    finally:
        walk.path.pop()
        walk.active.pop()


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


def recurring(walk: Walk, family: Family, arguments: Sequence[Value], env: Mapping[str, Cases], at: Domain) -> Cases:
    """A call of a family that is at work: its figures are unknowns in its sizes. Its result is at most as deep as its
    deepest argument and it together."""
    sizes: dict[str, Polynomial] = {}
    for name in (*(p.name for p in family.statics), *(s.name for s in family.sizes)):
        (_, value), *rest = env[name]
        if rest or not isinstance(value, (Number, Known)):
            raise NotClosed(f"the recursion of `{family.name}`")
        if isinstance(value, Number):
            sizes[name] = value.value
    if family is not walk.active[-1]:
        raise NotClosed(f"`{family.name}` and `{walk.active[-1].name}` call one another")
    walk.recurring.append((family, at, sizes))
    depth = atoms.opaque(f"depth[{family.name}]", *sizes.values())
    dims = dimensions(family.result, env, walk, at)
    names = tuple(walk.fresh("k") for _ in dims)
    given = [piece for a in arguments if isinstance(a, Array) for piece in walk.depth_of(a, at)[0].pieces if piece[1]]
    deep = Piecewise.of(Join.GREATEST, [((), depth), *((guards, p + depth) for guards, p in given)])
    return one(Array(names, dims, BitContent(deep, not given)))
