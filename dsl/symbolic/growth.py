"""Growth of closed forms: Theta where it is proved, O otherwise.

A polynomial over atoms becomes a sum of *keys*, products over the parameters of 2**E(n) * n**a * (log n)**b *
(log log n)**c, with coefficients that are polynomials in *fuzz*: unknown numbers of a known interval. Atoms are replaced
by identities (floor(x/c) is x/c - f with f in [0, (c-1)/c]; clog2(x) is log2 x + f; 2**clog2(x) is x f with f in [1, 2]),
so that leading terms may cancel soundly; Theta is claimed only where the interval of a leading coefficient excludes 0.
Sources of the intervals: total_ones(N) is N log2(N)/2 + N f with f in [-0.2076, 0] (Delange 1975); divisor_sum(N) is
N ln N + N f with f in [0, 1].
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import log2
from typing import Literal

from tc0.dsl.base.record import record
from tc0.dsl.symbolic.fuzz import Fuzz, FuzzTerms, interval
from tc0.dsl.symbolic.polynomial import Polynomial, Symbol

P = Polynomial.of
Exponent = tuple[tuple[Fraction, Fraction], ...]  # (degree, coefficient), by falling degree: 2**(c n**d + ..)
Rate = tuple[Exponent, Fraction, Fraction, Fraction]  # 2**E(n) n**a (log n)**b (loglog n)**c
Key = tuple[tuple[str, Rate], ...]
HIGHEST_POWER = 32  # that is tried for a bound
FLAT: Rate = ((), Fraction(0), Fraction(0), Fraction(0))
Order = Literal["<", ">", "="]


class Unknown(Exception):
    """A growth that is not derived here, with the reason."""


@record
class Expansion:
    """A sum of keys with coefficients in fuzz."""

    terms: Mapping[Key, FuzzTerms]

    def plus(self, other: Expansion) -> Expansion:
        total: dict[Key, dict[tuple[Fuzz, ...], Fraction]] = {key: dict(value) for key, value in self.terms.items()}
        for key, value in other.terms.items():
            into = total.setdefault(key, {})
            for fuzz, c in value.items():
                into[fuzz] = into.get(fuzz, Fraction(0)) + c
                if not into[fuzz]:
                    del into[fuzz]
            if not into:
                del total[key]
        return Expansion(total)

    def times(self, other: Expansion) -> Expansion:
        total = Expansion({})
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                product: dict[tuple[Fuzz, ...], Fraction] = {}
                for f, c in a.items():
                    for g, d in b.items():
                        both = tuple(sorted((*f, *g), key=id))
                        product[both] = product.get(both, Fraction(0)) + c * d
                total = total.plus(Expansion({_product(left, right): {f: c for f, c in product.items() if c}}))
        return total

    def scaled(self, factor: Fraction) -> Expansion:
        return Expansion(
            {key: {f: c * factor for f, c in value.items()} for key, value in self.terms.items() if factor}
        )


def _known(value: Fraction | int) -> Expansion:
    return Expansion({(): {(): Fraction(value)}}) if value else Expansion({})


def _fuzz(low: float, high: float) -> Expansion:
    return Expansion({(): {(Fuzz(float(low), float(high)),): Fraction(1)}})


def _key(name: str, rate: Rate) -> Expansion:
    return Expansion({((name, rate),): {(): Fraction(1)}})


# ---- keys


def _product(left: Key, right: Key) -> Key:
    rates = dict(left)
    for name, (exponent, a, b, c) in right:
        e0, a0, b0, c0 = rates.get(name, FLAT)
        exponents = dict(e0)
        for degree, scale in exponent:
            exponents[degree] = exponents.get(degree, Fraction(0)) + scale
        rate = (tuple(sorted(((d, s) for d, s in exponents.items() if s), reverse=True)), a0 + a, b0 + b, c0 + c)
        if rate == FLAT:
            rates.pop(name, None)
        else:
            rates[name] = rate
    return tuple(sorted(rates.items()))


def _inverted(key: Key) -> Key:
    return tuple((name, (tuple((d, -s) for d, s in e), -a, -b, -c)) for name, (e, a, b, c) in key)


def _compare_exponents(left: Exponent, right: Exponent) -> int:
    for (d1, c1), (d2, c2) in zip(
        (*left, (Fraction(-1), Fraction(0))), (*right, (Fraction(-1), Fraction(0))), strict=False
    ):
        if d1 != d2:
            return (1 if c1 > 0 else -1) if d1 > d2 else (-1 if c2 > 0 else 1)
        if c1 != c2:
            return 1 if c1 > c2 else -1
    return 0


def compare_rates(left: Rate, right: Rate) -> int:
    """-1, 0 or 1: which of two rates in one parameter grows faster."""
    found = _compare_exponents(left[0], right[0])
    return found or (left[1:] > right[1:]) - (left[1:] < right[1:])


def compare_keys(left: Key, right: Key) -> Order | None:
    """Which of two keys grows faster as all parameters grow, in any way; None where that depends on the way."""
    a, b = dict(left), dict(right)
    signs = {compare_rates(a.get(name, FLAT), b.get(name, FLAT)) for name in {*a, *b}} - {0}
    if not signs:
        return "="
    return "<" if signs == {-1} else ">" if signs == {1} else None


def leading(expansion: Expansion) -> list[Key]:
    """The keys that no other exceeds."""
    keys = list(expansion.terms)
    return [key for key in keys if not any(compare_keys(key, other) == "<" for other in keys)]


# ---- expansion


def expand(p: Polynomial) -> Expansion:
    """A polynomial over atoms as a sum of keys. Raises Unknown."""
    total = Expansion({})
    for monomial, coefficient in p.terms.items():
        product = _known(Fraction(coefficient))
        for symbol, exponent in monomial:
            base = _symbol(symbol) if exponent > 0 else _reciprocal(Polynomial.symbol(symbol))
            for _ in range(abs(exponent)):
                product = product.times(base)
        total = total.plus(product)
    return total


def _reciprocal(divisor: Polynomial) -> Expansion:
    """1 / divisor, where its fastest growing part is one key; what grows more slowly changes it by less than any factor."""
    base = expand(divisor)
    keys = leading(base)
    if len(keys) != 1:
        raise Unknown(f"1 / ({divisor})")
    low, high = interval(base.terms[keys[0]])
    if low <= 0:
        raise Unknown(f"1 / ({divisor})")
    inverted = Expansion({_inverted(keys[0]): {(): Fraction(1)}})
    if len(base.terms) > 1:
        return inverted.times(_fuzz(0.99 / float(high), 1.01 / float(low)))
    if low == high:
        return inverted.scaled(1 / Fraction(low))
    return inverted.times(_fuzz(1 / float(high), 1 / float(low)))


def _symbol(symbol: Symbol) -> Expansion:
    a = symbol.arguments
    match symbol.kind:
        case "name":
            return _key(symbol.text, ((), Fraction(1), Fraction(0), Fraction(0)))
        case "floor":
            divisor = a[1].constant()
            if isinstance(divisor, int):
                return expand(a[0]).scaled(Fraction(1, divisor)).plus(_fuzz((1 - divisor) / divisor, 0))
            return expand(a[0]).times(_reciprocal(a[1])).plus(_fuzz(-1, 0))
        case "clog2":
            return logarithm(a[0]).plus(_fuzz(0, 1))
        case "power":
            return _power_of_two(a[0])
        case "ones":
            return _digits(a[0]).times(_fuzz(0, 1))
        case "positions":
            length = _digits(a[0])
            return length.times(length).times(_fuzz(0, 0.5))
        case "total_ones":
            n = expand(a[0])
            return n.times(logarithm(a[0])).scaled(Fraction(1, 2)).plus(n.times(_fuzz(-0.2076, 0)))
        case "ones_at":
            position = a[1].constant()
            n = expand(a[0])
            if isinstance(position, int):
                return n.scaled(Fraction(1, 2)).plus(_fuzz(-(2.0**position), 0))
            return n.times(_fuzz(0, 1))
        case "ones_below":
            return expand(a[1]).times(_fuzz(0, 1))
        case "divisor_sum":
            n = expand(a[0])
            return n.times(logarithm(a[0])).times(_fuzz(0.693147, 0.693148)).plus(n.times(_fuzz(0, 1)))
        case "bit":
            return _fuzz(0, 1)
        case "isqrt":
            return _square_root(a[0])
        case _:
            raise Unknown(f"the growth of {symbol}")


def _digits(p: Polynomial) -> Expansion:
    """A bound of the number of binary digits of p >= 0."""
    try:
        return logarithm(p + 1).plus(_fuzz(0, 1))
    except Unknown:
        return logarithm(_without_divisors(p) + 1).plus(_fuzz(0, 1))


def _without_divisors(p: Polynomial) -> Polynomial:
    """Not less than p: a / d for d >= 1 is at most a. Only for floors with positive coefficients."""
    for monomial, coefficient in p.terms.items():
        for symbol, exponent in monomial:
            if symbol.kind == "floor" and (coefficient < 0 or exponent != 1 or len(monomial) > 1):
                raise Unknown(f"the growth of {p}")
    return p.map_symbols(lambda s: s.arguments[0] if s.kind == "floor" else Polynomial.symbol(s))


def _square_root(p: Polynomial) -> Expansion:
    inner = expand(p)
    keys = leading(inner)
    if len(keys) != 1 or len(inner.terms) > 1 or any(e for _, (e, *_rest) in keys[0]):
        raise Unknown(f"the growth of isqrt({p})")
    low, high = interval(inner.terms[keys[0]])
    if low <= 0:
        raise Unknown(f"the growth of isqrt({p})")
    half = tuple((name, (e, a / 2, b / 2, c / 2)) for name, (e, a, b, c) in keys[0])
    return (
        Expansion({half: {(): Fraction(1)}})
        .times(_fuzz(float(low) ** 0.5 - 1e-9, float(high) ** 0.5 + 1e-9))
        .plus(_fuzz(-1, 0))
    )


def _power_of_two(exponent: Polynomial) -> Expansion:
    """2**m of a monomial m: n**c where m is a logarithm, an exponential where it is a power of a name."""
    ((monomial, coefficient),) = exponent.terms.items()
    if len(monomial) == 1 and monomial[0][1] == 1 and coefficient == 1:
        symbol = monomial[0][0]
        if symbol.kind == "clog2":
            return expand(symbol.arguments[0]).times(_fuzz(1, 2))
        if symbol.kind == "floor":
            return _power_of_floor(symbol)
    if len(monomial) == 1 and monomial[0][0].is_name:
        name, degree = monomial[0][0].text, Fraction(monomial[0][1])
        return _key(name, (((degree, Fraction(coefficient)),), Fraction(0), Fraction(0), Fraction(0)))
    raise Unknown(f"the growth of 2**({exponent})")


def _power_of_floor(symbol: Symbol) -> Expansion:
    """2**floor((a n + b) / d)."""
    top, divisor = symbol.arguments[0], symbol.arguments[1].constant()
    names = top.names()
    if len(names) != 1 or not isinstance(divisor, int):
        raise Unknown(f"the growth of 2**({symbol})")
    (name,) = names
    scale, offset = top.linear(name), (top - P(name) * (top.linear(name) or 0)).constant()
    if not scale or offset is None:
        raise Unknown(f"the growth of 2**({symbol})")
    rate: Rate = (((Fraction(1), Fraction(scale, divisor)),), Fraction(0), Fraction(0), Fraction(0))
    high = float(Fraction(offset) / divisor)
    return _key(name, rate).times(_fuzz(2.0 ** (high - (divisor - 1) / divisor), 2.0**high))


def logarithm(p: Polynomial) -> Expansion:
    """log2 p for a p that grows and has one leading key."""
    expansion = expand(p)
    keys = leading(expansion)
    if len(keys) != 1:
        raise Unknown(f"log({p}), a sum in several parameters")
    low, high = interval(expansion.terms[keys[0]])
    if low <= 0:
        raise Unknown(f"log({p}), whose leading term may vanish")
    total = Expansion({})
    for name, (exponent, a, b, _) in keys[0]:
        for degree, scale in exponent:
            total = total.plus(_key(name, ((), degree, Fraction(0), Fraction(0))).scaled(scale))
        total = total.plus(_key(name, ((), Fraction(0), Fraction(1), Fraction(0))).scaled(a))
        total = total.plus(_key(name, ((), Fraction(0), Fraction(0), Fraction(1))).scaled(b))
    if len(expansion.terms) > 1 or low != 1 or high != 1:
        slack = 1e-6 if len(expansion.terms) > 1 else 0.0
        total = total.plus(_fuzz(log2(float(low)) - slack, log2(float(high)) + slack))
    return total


# ---- results


@record
class Growth:
    """tight: Theta is proved (O otherwise). keys: the leading ones; none for the constant 0."""

    tight: bool
    keys: tuple[Key, ...]

    def __str__(self) -> str:
        if not self.keys:
            return "0"
        return f"{'Theta' if self.tight else 'O'}({' + '.join(show_key(k) for k in self.keys)})"


CONSTANT = Growth(True, ((),))


def growth(p: Polynomial) -> Growth:
    """The growth of one polynomial. Raises Unknown."""
    expansion = expand(p)
    keys = leading(expansion)
    intervals = [interval(expansion.terms[key]) for key in keys]
    return Growth(all(low > 0 for low, _ in intervals), tuple(keys))


def greatest(growths: Iterable[Growth]) -> Growth:
    """The growth of the greatest (or the sum) of several non-negative values."""
    found: list[tuple[Key, bool]] = [(key, g.tight) for g in growths for key in g.keys]
    kept = [(key, tight) for key, tight in found if not any(compare_keys(key, other) == "<" for other, _ in found)]
    keys = tuple(dict.fromkeys(key for key, _ in kept))
    return Growth(all(any(tight for k, tight in kept if k == key) for key in keys), keys)


def bounded_by(left: Growth, right: Growth) -> bool:
    """Whether left is O(right)."""
    return all(any(compare_keys(key, other) in ("<", "=") for other in right.keys) for key in left.keys)


def polynomially(left: Growth, right: Growth) -> bool:
    """Whether left is at most a power of right: of the product of its keys, each of which right is at least."""
    product: Key = ()
    for key in right.keys:
        product = _product(product, key)
    power: Key = ()
    for _ in range(HIGHEST_POWER):
        power = _product(power, product)
        if bounded_by(left, Growth(True, (power,))):
            return True
    return False


def show_key(key: Key) -> str:
    """`n**2 log n`."""
    found: list[str] = []
    for name, (exponent, a, b, c) in key:
        if exponent:
            parts = [_scaled(scale, name if degree == 1 else f"{name}**{degree}") for degree, scale in exponent]
            text = " + ".join(parts)
            found.append(f"2**{text}" if len(parts) == 1 and exponent[0][1] == 1 else f"2**({text})")
        found += _factor(name, a) + _factor(f"log {name}", b) + _factor(f"log log {name}", c)
    return " ".join(found) if found else "1"


def _scaled(scale: Fraction, text: str) -> str:
    whole = text if scale.numerator == 1 else f"{scale.numerator}*{text}"
    return whole if scale.denominator == 1 else f"{whole}/{scale.denominator}"


def _factor(base: str, exponent: Fraction) -> list[str]:
    if not exponent:
        return []
    if exponent == 1:
        return [base]
    shown = f"({base})" if " " in base else base
    return [f"{shown}**{exponent}" if exponent.denominator == 1 and exponent > 0 else f"{shown}**({exponent})"]
