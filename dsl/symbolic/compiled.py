"""Guarded sums as Python functions: what is evaluated again and again is compiled once.

Coefficients become integers over one denominator, atoms become calls; guards are evaluated once each. What does not fit
(powers of two with negative exponents, a division by 0 under a guard that fails) is evaluated as `counting.at` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isqrt, lcm

from tc0.dsl.symbolic import polynomial
from tc0.dsl.symbolic.counting import Pieces, at
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial, Symbol

PATIENCE = 3  # evaluations before it is worth compiling
UNFIT = (ArithmeticError, KeyError, TypeError, ValueError)


class Evaluated:
    """A guarded sum that is called with values of its names."""

    __slots__ = ("_calls", "_compiled", "pieces")

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self._calls = 0
        self._compiled: Callable[[Mapping[str, int]], int] | None = None

    def __call__(self, values: Mapping[str, int]) -> int:
        self._calls += 1
        if self._calls == PATIENCE:
            try:
                self._compiled = _compile(self.pieces)
            except NotClosed:
                self._compiled = None
        if self._compiled is not None:
            try:
                return self._compiled(values)
            except UNFIT:
                pass
        return at(self.pieces, values)


def _compile(pieces: Pieces) -> Callable[[Mapping[str, int]], int]:
    """A function of the values. Raises NotClosed where something does not fit."""
    names: dict[str, str] = {}
    guards: dict[Polynomial, str] = {}
    whole = lcm(1, *(_denominator(p) for _, p in pieces))
    body: list[str] = []
    for own, p in pieces:
        for g in own:
            if g not in guards:
                guards[g] = f"g{len(guards)}"
        condition = " and ".join(guards[g] for g in own)
        body.append(f"    {f'if {condition}: ' if condition else ''}t += {_sum(p, whole, names)}")
    tests = [f"    {name} = {_sum(g, _denominator(g), names)} >= 0" for g, name in guards.items()]
    loads = [f"    {local} = v[{name!r}]" for name, local in names.items()]
    text = "\n".join(["def f(v):", *loads, *tests, "    t = 0", *body, f"    return t // {whole}"])
    scope: dict[str, object] = dict(_CALLED)
    exec(compile(text, "<closed form>", "exec"), scope)
    return scope["f"]  # type: ignore[return-value]


def _denominator(p: Polynomial) -> int:
    return lcm(1, *(Fraction(c).denominator for c in p.terms.values()))


def _sum(p: Polynomial, scale: int, names: dict[str, str]) -> str:
    """A polynomial times a number that makes it integral."""
    terms = []
    for monomial, coefficient in p.terms.items():
        factors = [str(int(coefficient * scale))]
        for symbol, exponent in monomial:
            if exponent < 0:
                raise NotClosed("a negative exponent")
            factors.append(_symbol(symbol, names) + (f"**{exponent}" if exponent > 1 else ""))
        terms.append("*".join(factors))
    return f"({' + '.join(terms)})" if terms else "0"


def _symbol(symbol: Symbol, names: dict[str, str]) -> str:
    if symbol.is_name:
        return names.setdefault(symbol.text, f"n{len(names)}")
    scales = [_denominator(a) for a in symbol.arguments]
    if symbol.kind == "floor":
        (top, bottom), (a, b) = symbol.arguments, scales
        return f"({_sum(top, a * b, names)} // {_sum(bottom, a * b, names)})"
    if symbol.kind not in _CALLED or any(s != 1 for s in scales):
        raise NotClosed(symbol.kind)
    return f"{symbol.kind}({', '.join(_sum(a, 1, names) for a in symbol.arguments)})"


_CALLED: Mapping[str, Callable[..., int]] = {
    "clog2": lambda a: (a - 1).bit_length() if a >= 1 else 0,
    "power": lambda e: 1 << e,  # a negative exponent raises ValueError
    "ones": int.bit_count,
    "positions": polynomial.ones_positions,
    "total_ones": polynomial.total_ones,
    "ones_at": polynomial.ones_at,
    "ones_below": polynomial.ones_below,
    "divisor_sum": polynomial.divisor_sum,
    "bit": lambda i, j: i >> j & 1,
    "max": max,
    "min": min,
    "isqrt": isqrt,
}
