"""Bounds of what is not in closed form: ranges that are not known, weights with all digits 1, arrays with more points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha1

from tc0.dsl.analysis.domain import MARK, Domain, unknown
from tc0.dsl.analysis.values import (
    Array,
    BitContent,
    FormContent,
    NumberContent,
    Undecided,
    Value,
    as_form,
    change_content,
    greatest,
    total,
)
from tc0.dsl.symbolic import atoms
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial, names_in
from tc0.dsl.symbolic.work import UsedUp

P = Polynomial.of


def or_unknown(make: Callable[[], Piecewise], name: str, value: Piecewise, at: Domain) -> Piecewise:
    """A range or a weight; where it has no closed form, a number that is not known: terms and depth do without it."""
    try:
        return make()
    except UsedUp:
        raise
    except NotClosed:
        return total(hidden(name, value, at))


def or_at_most(
    make: Callable[[Piecewise], tuple[Piecewise, bool]], value: Piecewise, at: Domain
) -> tuple[Piecewise, bool]:
    """A weight, and whether it is exact; where it has no closed form, that of its digits all 1, else one not known."""
    try:
        return make(value)
    except UsedUp:
        raise
    except NotClosed:
        pass
    try:
        return make(at_most(value))[0], False
    except UsedUp:
        raise
    except NotClosed:
        return Piecewise.of(value.join, [((), hidden("weight", value, at))]), False


def at_most(value: Piecewise) -> Piecewise:
    return Piecewise.of(value.join, [(guards, digits_all_1(p)) for guards, p in value.pieces])


def digits_all_1(p: Polynomial) -> Polynomial:
    """At least the polynomial: digits `bit(i, j)` are 1 where they add and 0 where they take away."""
    found = P(0)
    for monomial, coefficient in p.terms.items():
        rest = tuple((s, e) for s, e in monomial if s.kind != "bit")
        if len(rest) < len(monomial) and any(s.kind != "power" for s, _ in rest):
            raise NotClosed(f"the weight {p}")  # what a digit is multiplied by may be negative
        if len(rest) == len(monomial) or coefficient > 0:
            found = found + Polynomial({rest: coefficient})
    return found


def hidden(name: str, value: Piecewise, at: Domain) -> Polynomial:
    """A number that is not known, the same for the same figure of this name."""
    text = "; ".join(f"{p} [{', '.join(map(str, guards))}]" for guards, p in value.pieces)
    return unknown(f"{name}{sha1(text.encode()).hexdigest()}", at)


def relaxed(array: Array, at: Domain) -> Array:
    """An array with more points: guards that are not linear in its indices are dropped. Its terms, its weights and
    its depth are bounds of those of the array; its range is not known."""
    own = set(array.indices)

    def kept(guards: Guards) -> Guards:
        return tuple(g for g in guards if not any(not s.is_name and names_in(s) & own for s in g.symbols()))

    def change(value: Piecewise) -> Piecewise:
        if value.join is Join.SUM and any(p.names() & own or not at.proves(p) for _, p in value.pieces):
            raise NotClosed("a sum over points that are not counted")  # it could be negative where there are none
        return Piecewise.of(value.join, [(kept(guards), p) for guards, p in value.pieces])

    points = tuple(dict.fromkeys(map(kept, array.points)))
    match array.content:
        case BitContent() as content:
            return replace(array, points=points, content=BitContent(change(content.depth), False))
        case FormContent() as content:
            form = replace(
                content,
                terms=change(content.terms),
                depth=change(content.depth),
                low=total(hidden("low", content.low, at)),
                high=total(hidden("high", content.high, at)),
                weight=change(content.weight),
                unit=or_unknown(lambda: change(at_most(content.unit)), "unit", content.unit, at),
                exact=False,
                weight_exact=False,
                honest=False,
                literal=(((), 0),),
            )
            return replace(array, points=points, content=form)
        case _:
            raise NotClosed("a sum of numbers")


def of_unknown_weight(form: FormContent, weight: Polynomial) -> FormContent:
    """The form times a weight that is not in closed form: only its terms and its depth are known."""
    open_ = greatest(weight)
    return replace(
        form,
        low=total(atoms.opaque(f"{MARK}low", weight)),  # two numbers: it is not known that they are equal
        high=total(atoms.opaque(f"{MARK}high", weight)),
        weight=open_,
        unit=total(weight),
        literal=(((), 0),),
        exact=form.exact,
    )


def either(left: Value, right: Value, at: Domain, fresh: Callable[[str], str]) -> Value:
    """One of two values, it is not known which: as deep as the deeper, as many terms as both, nothing exact."""
    if not (isinstance(left, Array) and isinstance(right, Array)) or left.listed or right.listed:
        raise Undecided("a choice between values of unlike shape")
    if len(left.dims) != len(right.dims) or any(a != b for a, b in zip(left.dims, right.dims, strict=True)):
        raise Undecided("a choice between arrays of different lengths")
    change = {old: Polynomial.of(new) for old, new in zip(right.indices, left.indices, strict=True)}
    one_, other = left.content, change_content(right.content, change, at.known)
    if isinstance(one_, BitContent) and isinstance(other, BitContent):
        return replace(left, content=BitContent(one_.depth.plus(other.depth), False))
    if isinstance(one_, NumberContent) and isinstance(other, NumberContent):
        return replace(left, content=NumberContent(total(unknown(fresh("choice"), at))))
    form = as_form(one_).plus(as_form(other))
    low, high = total(unknown(fresh("low"), at)), total(unknown(fresh("high"), at))
    return replace(left, content=replace(form, low=low, high=high, exact=False, weight_exact=False, honest=False))
