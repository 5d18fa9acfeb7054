"""What holds from some size on: signs of polynomials with floors, logarithms and roots in one parameter."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from tc0.dsl.symbolic.atoms import exponent_of, rebuild, replaced
from tc0.dsl.symbolic.polynomial import ZERO, Coefficient, Polynomial, Symbol, all_symbols

P = Polynomial.of
ALWAYS = -(10**9)
LARGEST_LOGARITHM = 60  # that a guard compares with


def vanishing(p: Polynomial, name: str) -> tuple[Polynomial, int]:
    """The polynomial without the atoms that are constant from some n on (floor(5 / 2**n) is 0), and that n."""
    start = ALWAYS
    while True:
        for symbol in sorted(p.symbols()):
            settled = _settled(symbol, name)
            if settled is not None:
                value, at = settled
                start = max(start, at)

                def change(s: Symbol, target: Symbol = symbol, by: Polynomial = value) -> Polynomial:
                    return by if s == target else Polynomial.symbol(s)

                p = p.map_symbols(change)
                break
        else:
            return p, start


def _settled(symbol: Symbol, name: str) -> tuple[Polynomial, int] | None:
    """What an atom is for all large n, if that is a constant, and from where on."""
    if symbol.kind == "floor":
        top, bottom = symbol.arguments[0].constant(), symbol.arguments[1]
        if isinstance(top, int) and top >= 0 and bottom.constant() is None and len(bottom.terms) == 1:
            ((monomial, scale),) = bottom.terms.items()
            exponent = exponent_of(monomial)
            if exponent == P(name) and isinstance(scale, int):
                return ZERO, max(0, (top // scale).bit_length())
    if symbol.kind in ("ones", "positions"):
        inner, start = vanishing(symbol.arguments[0], name)
        if inner.constant() is not None and inner != symbol.arguments[0]:
            return rebuild(symbol, [inner]), start
    return None


def eventually(guard: Polynomial, name: str) -> tuple[bool, int] | None:
    """Whether p >= 0 for all n from some n on, and that n; None where it is not decided here."""
    constant = guard.constant()
    if constant is not None:
        return constant >= 0, ALWAYS
    settled, start = vanishing(guard, name)
    if settled != guard:
        decided = eventually(settled, name)
        return None if decided is None else (decided[0], max(start, decided[1]))
    logarithm = _logarithm(guard, name)
    if logarithm is not None:
        return logarithm
    coefficients = dense(guard, name)
    if coefficients is not None:
        return _sign(coefficients)
    bounds = _envelope(guard, name)
    if bounds is None:
        return _by_root(guard, name)
    (a, b), (c, d) = bounds  # a n + b <= p(n) <= c n + d for n >= 0
    if a > 0:
        return True, -floor(b / a)
    if a == 0 and b >= 0:
        return True, ALWAYS
    if c < 0:
        return False, floor(d / -c) + 1
    if c == 0 and d < 0:
        return False, ALWAYS
    return None


def _sign(coefficients: list[Fraction]) -> tuple[bool, int]:
    """Whether a polynomial is at least 0 for all large n, and from which n >= 0 on it is (or is not)."""
    if not any(coefficients[1:]):
        return coefficients[0] >= 0, ALWAYS
    positive = coefficients[-1] > 0
    bound = 1 + max((abs(c / coefficients[-1]) for c in coefficients[:-1]), default=Fraction(0))  # Cauchy
    start = floor(bound) + 1

    def holds(n: int) -> bool:
        return (sum(c * n**k for k, c in enumerate(coefficients)) >= 0) is positive

    while start > 0 and start < 10_000 and holds(start - 1):
        start -= 1
    return positive, start if start > 0 else ALWAYS


def _logarithm(guard: Polynomial, name: str) -> tuple[bool, int] | None:
    """k clog2(e) + q >= 0: clog2(e) <= j says e <= 2**j."""
    atoms = [s for s in guard.symbols() if s.kind == "clog2"]
    if len(atoms) != 1 or not set(guard.terms) <= {((atoms[0], 1),), ()}:
        return None
    inner = atoms[0].arguments[0]
    scale, offset = guard.terms[((atoms[0], 1),)], guard.terms.get((), 0)
    level = -floor(Fraction(offset) / scale) - 1 if scale > 0 else floor(Fraction(offset) / -scale)
    if level < 0:
        return scale > 0, ALWAYS
    if level > LARGEST_LOGARITHM:
        return None
    exceeds = eventually(inner - (1 << level) - 1, name)
    return None if exceeds is None else (exceeds[0] is (scale > 0), exceeds[1])


Line = tuple[Fraction, Fraction]


def _envelope(p: Polynomial, name: str) -> tuple[Line, Line] | None:
    """Lines below and above p for n >= 0: floors by constants lose less than 1, and n**2 >= n."""
    low, high = [Fraction(0), Fraction(0)], [Fraction(0), Fraction(0)]
    for monomial, coefficient in p.terms.items():
        bounds = _term(monomial, name)
        if bounds is None:
            return None
        below, above = bounds
        if coefficient < 0:
            below, above = above, below
        if below is None or above is None:
            if (below is None) == (above is None):
                return None
            return None
        for at in (0, 1):
            low[at] += coefficient * below[at]
            high[at] += coefficient * above[at]
    return (low[0], low[1]), (high[0], high[1])


def _term(monomial: tuple[tuple[object, int], ...], name: str) -> tuple[Line | None, Line | None] | None:
    if not monomial:
        return (Fraction(0), Fraction(1)), (Fraction(0), Fraction(1))
    if len(monomial) != 1 or monomial[0][1] != 1:
        return None
    symbol = monomial[0][0]
    kind, text = getattr(symbol, "kind", ""), getattr(symbol, "text", "")
    if kind == "name":
        return ((Fraction(1), Fraction(0)), (Fraction(1), Fraction(0))) if text == name else None
    arguments: tuple[Polynomial, ...] = getattr(symbol, "arguments", ())
    if kind != "floor":
        return None
    divisor = arguments[1].constant()
    inner = _envelope(arguments[0], name)
    if inner is None or not isinstance(divisor, int):
        return None
    (a, b), (c, d) = inner
    return (a / divisor, (b - (divisor - 1)) / divisor), (c / divisor, d / divisor)


# ---- floors of quotients, and integer roots


def _by_root(guard: Polynomial, name: str) -> tuple[bool, int] | None:
    """p(n, s) >= 0 for s = isqrt(a n + b), p linear in n: s**2 <= a n + b <= s**2 + 2 s makes it a question about s."""
    guard, start = _without_quotient(guard, name)
    roots = {s for s in all_symbols([guard]) if s.kind == "isqrt"}
    if len(roots) != 1:
        return None
    (root,) = roots
    inner = dense(root.arguments[0], name)
    if inner is None or len(inner) != 2 or inner[1] <= 0:
        return None
    offset, scale = inner
    fresh = f"{name}'"
    s = P(fresh)
    slope, rest = Fraction(0), ZERO
    for monomial, coefficient in replaced(guard, root, s).terms.items():
        if monomial == ((_name(name), 1),):
            slope = Fraction(coefficient)
        elif any(x.is_name and x.text == name for x, _ in monomial):
            return None
        else:
            rest += Polynomial({monomial: coefficient})
    least, most = (s * s - offset) * (1 / scale), (s * s + s * 2 - offset) * (1 / scale)
    low, high = (least, most) if slope >= 0 else (most, least)
    for bound, side, truth in ((rest + low * slope, 0, True), (rest + high * slope, 1, False)):
        bounded = _without_floors(bound, fresh)
        decided = None if bounded is None else _sign(bounded[side])
        if decided is not None and decided[0] is truth:
            level = max(decided[1], 0)
            return truth, max(start, ceil((level * level - offset) / scale))
    return None


def _name(text: str) -> Symbol:
    ((monomial, _),) = P(text).terms.items()
    return monomial[0][0]


def _without_quotient(guard: Polynomial, name: str) -> tuple[Polynomial, int]:
    """floor(x / d) >= k as x - k d >= 0, and the other way round, from where on d is positive."""
    for symbol in guard.symbols():
        if symbol.kind != "floor" or isinstance(symbol.arguments[1].constant(), int):
            continue
        if not set(guard.terms) <= {((symbol, 1),), ()}:
            continue
        top, divisor = symbol.arguments
        positive = eventually(divisor - 1, name)
        if positive is None or not positive[0]:
            continue
        scale, offset = guard.terms[((symbol, 1),)], guard.terms.get((), 0)
        if scale > 0:  # floor(x / d) >= k
            return top - divisor * ceil(Fraction(-offset) / scale), positive[1]
        return divisor * (floor(Fraction(offset) / -scale) + 1) - 1 - top, positive[1]
    return guard, ALWAYS


def _without_floors(p: Polynomial, name: str) -> tuple[list[Fraction], list[Fraction]] | None:
    """Polynomials in n >= 0 below and above p, as coefficients: x / d - (d - 1) / d <= floor(x / d) <= x / d."""
    low, high = ZERO, ZERO
    for monomial, coefficient in p.terms.items():
        below, above = Polynomial({(): coefficient}), Polynomial({(): coefficient})
        if sum(symbol.kind == "floor" for symbol, _ in monomial) > 1:
            return None
        for symbol, exponent in monomial:
            factor = Polynomial.symbol(symbol)
            lower = upper = factor
            if symbol.kind == "floor":
                divisor = symbol.arguments[1].constant()
                if exponent != 1 or not isinstance(divisor, int):
                    return None
                upper = symbol.arguments[0] * Fraction(1, divisor)
                lower = upper - Fraction(divisor - 1, divisor)
            if coefficient < 0:
                lower, upper = upper, lower
            for _ in range(exponent):
                below, above = below * lower, above * upper
        low, high = low + below, high + above
    bounds = dense(low, name), dense(high, name)
    return None if bounds[0] is None or bounds[1] is None else (bounds[0], bounds[1])


def dense(p: Polynomial, name: str) -> list[Fraction] | None:
    """Coefficients by rising degree of a polynomial in this name alone."""
    found: dict[int, Coefficient] = {}
    for monomial, coefficient in p.terms.items():
        if any(not s.is_name or s.text != name for s, _ in monomial):
            return None
        found[monomial[0][1] if monomial else 0] = coefficient
    return [Fraction(found.get(k, 0)) for k in range(max(found, default=0) + 1)]
