"""The operands of a gate as formulas: the groups of wires that feed it, and its threshold, by the kind of its phrase.

What `operands` says for numbers this says for symbols.
"""

from __future__ import annotations

from collections.abc import Sequence

from tc0.dsl.analysis.domain import Domain
from tc0.dsl.analysis.sources import Env, FromGate, Grid, Group, Sources, Spot, Sums, grid_of, scaled, sums_of, together
from tc0.dsl.core import program as t
from tc0.dsl.core.types import Bit, Wires
from tc0.dsl.symbolic.piecewise import Guards
from tc0.dsl.symbolic.polynomial import ONE, ZERO, NotClosed, Polynomial

P = Polynomial.of
Forms = list[tuple[Guards, Sums]]


def operands(
    s: Sources,
    node: t.Expr,
    sub: int,
    env: Env,
    spot: Spot,
    index: tuple[Polynomial, ...],
    at: Domain,
    copy: str | None,
) -> tuple[Polynomial | None, Forms]:
    """The threshold of a gate, where it has one, and its inputs, case by case."""

    def own(k: int, more: tuple[Polynomial, ...] = ()) -> Sums:
        return sums_of(FromGate((spot.path, id(node), k), (*spot.point, *more)))

    def element(expr: t.Expr) -> Forms:
        found = s.value(expr, env, spot, at)
        if not index:
            return [(g, sums_of(v)) for g, v in found]
        return [((*g, *h), sums_of(w)) for g, v in found for h, w in grid_of(v).get(index, at.under(g))]

    def both(*parts: Forms) -> Forms:
        return [(g, Sums(tuple(x for f in forms for x in f.groups))) for g, forms in together(parts, at)]

    match node:
        case t.Gate(operands=operands, spread=spread) | t.Modulo(operands=operands, spread=spread):
            return None, _inputs(s, operands, spread, env, spot, at)
        case t.Threshold(operands=operands, spread=spread, least=least):
            return s.number(least, env, at), _inputs(s, operands, spread, env, spot, at)
        case t.Not(operand=operand):
            bit = isinstance(operand.type, Wires) and isinstance(operand.type.element, Bit)
            return (None if bit else ZERO), s.forms(operand, env, spot, at, 1 if bit else -1)
        case t.Xor(left=left, right=right):
            a, b = s.forms(left, env, spot, at), s.forms(right, env, spot, at)
            inverses: list[Forms] = [[((), own(k))] for k in (0, 2)]
            ands: list[Forms] = [[((), own(k))] for k in (1, 3)]
            parts: list[list[Forms]] = [[b], [a, inverses[0]], [a], [inverses[1], b], ands]
            return None, both(*parts[sub])
        case t.ToBit(value=inner):
            return ONE, element(inner)
        case t.Choose(condition=condition, then=then, other=other):
            bit_ = s.forms(condition, env, spot, at)
            if sub == 0:
                return None, bit_
            if sub == 1:
                return None, both(bit_, element(then))
            if sub == 2:
                return None, both([((), own(0))], element(other))
            return None, both([((), own(1, index))], [((), own(2, index))])
        case t.Compare(left=left, right=right, operator=operator):
            if sub == 2:
                return None, both([((), own(0))], [((), own(1))])
            low_first = operator in ("<", "<=") or (operator in ("==", "!=") and sub == 1)
            a = s.forms(left, env, spot, at, -1 if low_first else 1)
            b = s.forms(right, env, spot, at, 1 if low_first else -1)
            return (ONE if operator in ("<", ">", "!=") else ZERO), both(a, b)
        case t.Same(left=left, right=right):
            if sub == 4:
                return None, [((), own(3))]
            if sub == 2:
                return None, both([((), own(0, index))], [((), own(1, index))])
            if sub == 3:
                dims = grid_of(s.value(left, env, spot, at)[0][1]).dims
                names = tuple(s.walk.fresh("k") for _ in dims)
                box = tuple(g for n, d in zip(names, dims, strict=True) for g in (P(n), d - 1 - P(n)))
                source = FromGate((spot.path, id(node), 2), (*spot.point, *(P(n) for n in names)))
                return None, [((), Sums((Group(names, box, source),)))]
            a, b = element(left), element(right)
            minus = b if sub == 0 else a
            minus[:] = [(g, scaled(v, P(-1))) for g, v in minus]
            return ZERO, both(a, b)
        case t.IsSymbol(symbol=symbol, number=number):
            if sub == 1:
                return None, [((), own(0))]
            code = s.number(number, env, at).constant()
            if not isinstance(code, int):
                raise NotClosed("which symbol it is compared with depends on an index")
            return None, [(g, _coded(grid_of(v), code, at.under(g))) for g, v in s.value(symbol, env, spot, at)]
        case t.Quotient(form=form, modulus=modulus) | t.Remainder(form=form, modulus=modulus):
            assert copy is not None
            lows = {low for g, low, _ in s.levels(node, spot) if not at.under(g).empty}
            if len(lows) != 1:
                raise NotClosed("the lowest threshold is a case distinction")
            m = s.number(modulus, env, at)
            return (lows.pop() + 1 + P(copy)) * m, s.forms(form, env, spot, at)
        case _:
            raise NotClosed("the inputs of such a gate")


def _inputs(s: Sources, operands: Sequence[t.Expr], spread: bool, env: Env, spot: Spot, at: Domain) -> Forms:
    if spread:
        return s.summed(operands[0], env, spot, at)
    parts = [s.forms(o, env, spot, at) for o in operands]
    return [(g, Sums(tuple(x for f in forms for x in f.groups))) for g, forms in together(parts, at)]


def _coded(bits: Grid, code: int, at: Domain) -> Sums:
    """The bits of a symbol where its code has a 1, and 1 - bit where it has a 0."""
    width = bits.dims[0].constant()
    assert isinstance(width, int)
    groups: list[Group] = []
    for k in range(width):
        weight = ONE if code >> k & 1 else P(-1)
        groups += [Group((), g, v, weight) for g, v in bits.get((P(k),), at)]
    return Sums(tuple(groups))
