"""Closed forms of sums over one index: powers (Faulhaber), powers of two (geometric), and floors by powers of two."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import comb

from tc0.dsl.symbolic.atoms import NOTHING, Known, ceil_log, floor_div, ones, positions, power, replaced, substitute
from tc0.dsl.symbolic.polynomial import ZERO, Monomial, NotClosed, Polynomial, Symbol, names_in

P = Polynomial.of
Sums = tuple[Fraction, ...]


@cache
def faulhaber(exponent: int) -> tuple[Fraction, ...]:
    """Coefficients of S(x), the sum of v**exponent for v = 0 .. x, a polynomial in x that is valid for x >= -1."""
    if exponent == 0:
        return (Fraction(1), Fraction(1))
    # (x + 1)**(k + 1) is the sum of (v + 1)**(k + 1) - v**(k + 1): solve for the highest power
    total = [Fraction(comb(exponent + 1, i)) for i in range(exponent + 2)]
    for lower in range(exponent):
        for i, c in enumerate(faulhaber(lower)):
            total[i] -= comb(exponent + 1, lower) * c
    return tuple(c / (exponent + 1) for c in total)


@cache
def geometric(exponent: int, base: Fraction) -> tuple[Fraction, ...]:
    """Coefficients of q with q(x) - q(x - 1) / base = x**exponent: the sum of v**exponent * base**v for v <= x is
    base**x * q(x) and a constant."""
    q = [Fraction(0)] * (exponent + 1)
    for degree in range(exponent, -1, -1):
        right = Fraction(1 if degree == exponent else 0)
        for e in range(degree + 1, exponent + 1):
            right += q[e] * comb(e, degree) * (-1) ** (e - degree) / base
        q[degree] = right / (1 - 1 / base)
    return tuple(q)


def _horner(coefficients: tuple[Fraction, ...], x: Polynomial) -> Polynomial:
    total = ZERO
    for c in reversed(coefficients):
        total = total * x + P(c)
    return total


def sum_between(
    weight: Polynomial, index: str, low: Polynomial, high: Polynomial, known: Known = NOTHING
) -> Polynomial:
    """The sum of `weight` for index = low .. high, valid whenever high >= low - 1.

    Raises NotClosed where the index hides in an atom that has no rule here.
    """
    total = ZERO
    logarithmic: dict[Polynomial, Polynomial] = {}
    for monomial, coefficient in weight.terms.items():
        inner = _logarithm(monomial, index)
        if inner is not None:
            logarithmic[inner] = logarithmic.get(inner, ZERO) + Polynomial({monomial: coefficient})
            continue
        exponent, base, rest, floor = _parts(monomial, index)
        factor = Polynomial({rest: coefficient})
        if floor is not None:
            if exponent > 1 or base:
                raise NotClosed(f"the sum of {weight} over {index}")
            total = total + factor * _floors(floor, exponent, index, low, high, known)
        elif base == 0:
            sums = faulhaber(exponent)
            total = total + factor * (_horner(sums, high) - _horner(sums, low - 1))
        else:
            q = geometric(exponent, Fraction(2) ** base)
            above = power(high * base) * _horner(q, high)
            below = power((low - 1) * base) * _horner(q, low - 1)
            total = total + factor * (above - below)
    for inner, part in logarithmic.items():
        total = total + _logarithms(part, inner, index, low, high, known)
    return total


def _logarithm(monomial: Monomial, index: str) -> Polynomial | None:
    """The x of a factor clog2(x) that holds the index, inside of a power of two or not; None if there is none."""
    for symbol, _ in monomial:
        if symbol.kind == "clog2" and index in names_in(symbol):
            return symbol.arguments[0]
        if symbol.kind == "power" and index in names_in(symbol) and symbol.arguments[0] != P(index):
            for inner in symbol.arguments[0].symbols():
                if inner.kind == "clog2" and index in names_in(inner):
                    return inner.arguments[0]
    return None


def _logarithms(
    weight: Polynomial, inner: Polynomial, index: str, low: Polynomial, high: Polynomial, known: Known
) -> Polynomial:
    """The sum of p(v) g(clog2(v + c)), p a polynomial in the index v and g one in the logarithm and its power of two.

    g(clog2(x)) is g(0) and g(k + 1) - g(k) for every k with 2**k < x. So the sum for x = 1 .. y is P(y) g(clog2(y))
    without P(2**k) (g(k + 1) - g(k)) for all k < clog2(y), P being the sum of p: a sum of powers of two again.
    """
    shift = inner - P(index)
    if index in shift.names() or not known.proves(low + shift - 1):
        raise NotClosed(f"the sum of {weight} over {index}")
    level, moved = f"{index}^", P(index) - shift
    log = ceil_log(inner)
    ((symbol, _),) = next(iter(log.terms))
    by_level = replaced(weight, symbol, P(level))
    if any(index in names_in(s) for s in by_level.symbols() if not s.is_name):
        raise NotClosed(f"the sum of {weight} over {index}")
    in_x = substitute(by_level, {index: moved})  # in x = v + c, with the logarithm as a name
    total = ZERO
    for exponent, part in in_x.coefficients(index).items():
        sums, first = faulhaber(exponent), int(exponent == 0)
        step = substitute(part, {level: P(level) + 1}) - part

        def up_to(
            y: Polynomial, part: Polynomial = part, step: Polynomial = step, sums: Sums = sums, first: int = first
        ) -> Polynomial:
            top = ceil_log(y, known)
            whole = _horner(sums, y) - first  # from 1 on
            below = _horner(sums, power(P(level))) - first
            lost = sum_between(below * step, level, ZERO, top - 1, known)
            return whole * substitute(part, {level: top}) - lost

        start = low + shift - 1
        before = ZERO if start == ZERO else up_to(start)
        total = total + up_to(high + shift) - before
    return total


def _parts(monomial: Monomial, index: str) -> tuple[int, int, Monomial, Symbol | None]:
    """The power of the index, the power of 2**index, the rest, and a floor that holds the index."""
    exponent, base, floor = 0, 0, None
    rest = []
    for symbol, e in monomial:
        if symbol.is_name and symbol.text == index:
            exponent = e
        elif not symbol.is_name and index in names_in(symbol):
            if symbol.kind == "power" and symbol.arguments[0] == P(index):
                base += e
            elif symbol.kind == "floor" and e == 1 and floor is None:
                floor = symbol
            else:
                raise NotClosed(f"the sum of {symbol.text} over {index}")
        else:
            rest.append((symbol, e))
    return exponent, base, tuple(rest), floor


def _floors(floor: Symbol, exponent: int, index: str, low: Polynomial, high: Polynomial, known: Known) -> Polynomial:
    """The sum of index**exponent * floor(a / 2**(index + s)), exponent 0 or 1.

    Legendre: floor(a/2) + floor(a/4) + ... is a minus the ones of a. With the exponents as weights, 1 floor(a/2) +
    2 floor(a/4) + ... is 2 a minus twice the ones and minus the positions of the ones of a.
    """
    top, bottom = floor.arguments
    if index in top.names() or not known.proves(top):
        raise NotClosed(f"the sum of {floor.text} over {index}")
    ((monomial, scale),) = bottom.terms.items()
    ((only, _),) = power(P(index)).terms.items()
    if monomial != only or not isinstance(scale, int) or scale & (scale - 1):
        raise NotClosed(f"the sum of {floor.text} over {index}")
    shift = scale.bit_length() - 1

    def tail(start: Polynomial) -> Polynomial:
        """The sum over t >= start of floor(top / 2**t), or of (t - shift) * floor(top / 2**t)."""
        if start.constant() == 0:
            first = top * (0 - shift) if exponent else top
            return first + tail(P(1))
        whole = floor_div(top, power(start - 1), known)
        plain_sum = whole - ones(whole, known)
        if not exponent:
            return plain_sum
        weighted = whole * 2 - positions(whole, known) - ones(whole, known) * 2
        return weighted + plain_sum * (start - 1 - shift)

    return tail(low + shift) - tail(high + 1 + shift)
