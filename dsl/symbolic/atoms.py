"""Atoms in canonical form: floors, logarithms, powers of two, digit sums of polynomials.

Every function here returns a polynomial that is equal to what its name says for all integer values of the names that
satisfy the assumptions. Simplifications that need an inequality ask the assumptions for it; what is not proved stays an
atom.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, isqrt
from typing import Protocol

from tc0.dsl.symbolic.polynomial import (
    ONE,
    ZERO,
    Coefficient,
    Monomial,
    NotClosed,
    Polynomial,
    Symbol,
    divisor_sum,
    inverse,
    ones_positions,
    plain,
    times,
    total_ones,
)

P = Polynomial.of
Value = Polynomial | int | str


class Known(Protocol):
    """What is known about the names: `order.Assumptions`."""

    def proves(self, p: Polynomial) -> bool:
        """Whether p >= 0 for all integer values that satisfy the assumptions. False where it is not shown."""
        ...


class Nothing:
    """No assumptions: only constants are compared."""

    def proves(self, p: Polynomial) -> bool:
        constant = p.constant()
        return constant is not None and constant >= 0


NOTHING = Nothing()


def _atom(kind: str, text: str, *arguments: Polynomial) -> Polynomial:
    return Polynomial.symbol(Symbol(kind, text, arguments))


def _whole(p: Polynomial) -> int | None:
    """The value of a constant integer polynomial."""
    constant = p.constant()
    return constant if isinstance(constant, int) else None


POWERS = ("power", "exponential")  # atoms that are not written as calls


def _group(p: Polynomial) -> str:
    """The text of a polynomial as an operand of a quotient."""
    text = plain(p)
    return f"({text})" if not _is_called(p) and (len(p.terms) > 1 or "*" in text.replace("**", "")) else text


def _is_called(p: Polynomial) -> bool:
    """Whether a polynomial is one name or one atom that is written as a call."""
    if len(p.terms) != 1:
        return False
    ((monomial, coefficient),) = p.terms.items()
    return coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1 and monomial[0][0].kind not in POWERS


# ---- powers of two


def power(exponent: Value) -> Polynomial:
    """2**e as one monomial: `2**(2*k + 3)` is 8 * (2**k)**2."""
    factors: dict[Symbol, int] = {}
    constant = 0
    for monomial, coefficient in P(exponent).terms.items():
        if not isinstance(coefficient, int):
            raise NotClosed(f"2**({P(exponent)}): a fractional exponent")
        if monomial == ():
            constant = coefficient
            continue
        base = Polynomial({monomial: 1})
        text = f"2**{plain(base)}" if _is_called(base) else f"2**({plain(base)})"
        factors[Symbol("power", text, (base,))] = coefficient
    scale: Coefficient = 1 << constant if constant >= 0 else Fraction(1, 1 << -constant)
    return Polynomial({tuple(sorted(factors.items())): scale})


def power_of(base: int, exponent: Value) -> Polynomial:
    """base**e; of a power of two it is a power of two."""
    if base > 0 and base & (base - 1) == 0:
        return power(P(exponent) * (base.bit_length() - 1)) if base > 1 else ONE
    whole = _whole(P(exponent))
    if whole is not None and whole >= 0:
        return P(base**whole)
    return _atom("exponential", f"{base}**({plain(P(exponent))})", P(base), P(exponent))


def exponent_of(monomial: Monomial) -> Polynomial | None:
    """The exponent of a monomial that is a power of two, else None."""
    total = ZERO
    for symbol, times_ in monomial:
        if symbol.kind != "power":
            return None
        total = total + symbol.arguments[0] * times_
    return total


# ---- floors


def floor_div(numerator: Value, denominator: Value, known: Known = NOTHING) -> Polynomial:
    """floor(numerator / denominator) of a denominator that is at least 1. By a number or a power of two it is taken
    apart; by anything else it stays an atom."""
    top, bottom = P(numerator), P(denominator)
    whole = _whole(bottom)
    if whole is not None:
        if whole < 1:
            raise NotClosed(f"floor(../{whole})")
        return _floor_by_number(top, whole, known)
    if len(bottom.terms) == 1 and exponent_of(next(iter(bottom.terms))) is not None:
        scale = Fraction(next(iter(bottom.terms.values())))
        return _floor_by_power(top * scale.denominator, bottom * scale.denominator, known)
    if known.proves(top) and known.proves(bottom - 1 - top):
        return ZERO
    whole_part, rest = _multiples(top, bottom)
    if whole_part and known.proves(rest) and known.proves(bottom - 1 - rest):
        return whole_part
    if rest.constant() == -1 and known.proves(bottom - 1):
        return whole_part - 1
    return whole_part + _atom("floor", f"floor({_group(rest)}/{_group(bottom)})", rest, bottom)


def _multiples(top: Polynomial, bottom: Polynomial) -> tuple[Polynomial, Polynomial]:
    """q and r with top = q bottom + r, q the terms that are multiples of the bottom if that is one product of names."""
    if len(bottom.terms) != 1:
        return ZERO, top
    ((monomial, scale),) = bottom.terms.items()
    if scale != 1 or not all(s.is_name for s, _ in monomial):
        return ZERO, top
    inverted = tuple((s, -e) for s, e in monomial)
    quotient: dict[Monomial, Coefficient] = {}
    for m, c in top.terms.items():
        exponents = dict(m)
        if isinstance(c, int) and all(exponents.get(s, 0) >= e for s, e in monomial):
            quotient[times(m, inverted)] = c
    q = Polynomial(quotient)
    return q, top - q * bottom if quotient else top


def ceil_div(numerator: Value, denominator: Value, known: Known = NOTHING) -> Polynomial:
    """ceil(numerator / denominator)."""
    return floor_div(P(numerator) + P(denominator) - 1, denominator, known)


def _floor_by_number(top: Polynomial, d: int, known: Known) -> Polynomial:
    if d == 1:
        return top
    whole: dict[Monomial, Coefficient] = {}
    rest: dict[Monomial, Coefficient] = {}
    for monomial, coefficient in top.terms.items():
        if not isinstance(coefficient, int) or any(e < 0 for _, e in monomial):
            raise NotClosed(f"floor(({top})/{d}) of what may be fractional")
        quotient, remainder = divmod(coefficient, d)
        if quotient:
            whole[monomial] = quotient
        if remainder:
            rest[monomial] = remainder
    q, r = Polynomial(whole), Polynomial(rest)
    if r.constant() is not None:
        return q  # 0 <= r < d
    if _divides_powers(r, d, known):
        return q + r * Fraction(1, d)
    if d == 2:
        halved = _halve(r, known)
        if halved is not None:
            return q + halved
    common = d
    for monomial, coefficient in r.terms.items():
        if monomial and isinstance(coefficient, int):
            common = gcd(common, coefficient)
    if common > 1:  # floor((g X + b) / (g d)) = floor((X + floor(b / g)) / d)
        reduced = Polynomial({m: c // common for m, c in r.terms.items() if isinstance(c, int) and c // common})
        return q + _floor_by_number(reduced, d // common, known)
    return q + _atom("floor", f"floor({_group(r)}/{d})", r, P(d))


def _divides_powers(r: Polynomial, d: int, known: Known) -> bool:
    """Whether every term is a multiple of a power of two that d divides: 2**e / 2**j with e >= j."""
    if d & (d - 1):
        return False
    for monomial in r.terms:
        exponent = exponent_of(monomial) if monomial else None
        if exponent is None or not known.proves(exponent - (d.bit_length() - 1)):
            return False
    return True


def _halve(r: Polynomial, known: Known) -> Polynomial | None:
    """Special cases of floor(r / 2) with r = x or x + 1."""
    odd = r.terms.get((), 0)
    rest = r - odd
    if len(rest.terms) == 1:
        ((monomial, coefficient),) = rest.terms.items()
        symbol = monomial[0][0]
        if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1 and symbol.kind == "floor":
            top, bottom = symbol.arguments
            if _whole(bottom) is None:  # floor(floor(a / 2**t) / 2) = floor(a / 2**(t + 1))
                half = floor_div(top, bottom * 2, known)
                return half if not odd else Polynomial.symbol(symbol) - half
    if odd == 1:  # floor((x + 1) / 2) = x - floor(x / 2)
        return rest - _floor_by_number(rest, 2, known)
    return None


def _floor_by_power(top: Polynomial, bottom: Polynomial, known: Known) -> Polynomial:
    ((monomial, scale),) = bottom.terms.items()
    if not isinstance(scale, int):
        raise NotClosed(f"floor(../({bottom})): a fractional denominator")
    ((inverted, _),) = inverse(Polynomial({monomial: 1})).terms.items()
    whole: dict[Monomial, Coefficient] = {}
    rest: dict[Monomial, Coefficient] = {}
    for m, c in top.terms.items():
        divided = times(m, inverted)
        exponents = dict(m)
        contained = all(exponents.get(s, 0) >= e for s, e in monomial)
        if isinstance(c, int) and c % scale == 0 and contained and all(e >= 0 for _, e in divided):
            whole[divided] = c // scale
        else:
            rest[m] = c
    q, r = Polynomial(whole), Polynomial(rest)
    if not r:
        return q
    if known.proves(r) and known.proves(bottom - 1 - r):
        return q
    if known.proves(-r - 1):  # floor(-x / d) = -1 - floor((x - 1) / d)
        return q - 1 - _floor_by_power(-r - 1, bottom, known)
    return q + _atom("floor", f"floor({_group(r)}/{_group(bottom)})", r, bottom)


# ---- logarithms and digits


def ceil_log(argument: Value, known: Known = NOTHING) -> Polynomial:
    """clog2(e): ceil(log2 e), and 0 for e <= 1."""
    p = P(argument)
    doubled = _halved(p)
    if doubled is not None and known.proves(doubled - 2):  # clog2(ceil(x / 2)) = clog2(x) - 1
        return ceil_log(doubled, known) - 1
    shifted = _shifted(p)
    if shifted is not None and known.proves(shifted[0] * 2 - (1 << shifted[1])):
        return ceil_log(shifted[0] + 1, known) - shifted[1]  # floor(log2(floor(x / 2**k))) = floor(log2 x) - k
    constant = p.constant()
    if constant is not None:
        return P((int(constant) - 1).bit_length() if constant >= 1 else 0)
    if len(p.terms) == 1:
        ((monomial, coefficient),) = p.terms.items()
        exponent = exponent_of(monomial)
        if exponent is not None and isinstance(coefficient, int) and coefficient & (coefficient - 1) == 0:
            return exponent + (coefficient.bit_length() - 1)
    return _atom("clog2", f"clog2({plain(p)})", p)


def _halved(p: Polynomial) -> Polynomial | None:
    """The x of which this is ceil(x / 2), written x - floor(x / 2); None if it is not of this form."""
    floors = [s for s in p.symbols() if s.kind == "floor" and s.arguments[1].constant() == 2]
    if len(floors) == 1 and p.terms.get(((floors[0], 1),)) == -1:
        top = floors[0].arguments[0]
        more = (p + Polynomial.symbol(floors[0]) - top).constant()
        if isinstance(more, int):
            return top + 2 * more
    return None


def _shifted(p: Polynomial) -> tuple[Polynomial, int] | None:
    """The x and k of which this is floor(x / 2**k) + 1; None if it is not of this form."""
    floors = [s for s in p.symbols() if s.kind == "floor"]
    more = (p - Polynomial.symbol(floors[0])).constant() if len(floors) == 1 else None
    divisor = floors[0].arguments[1].constant() if floors else None
    if not isinstance(more, int) or not isinstance(divisor, int) or divisor % 2:
        return None
    power_ = divisor & -divisor
    return floor_div(floors[0].arguments[0] + (more - 1) * divisor, divisor // power_), power_.bit_length() - 1


def floor_log(argument: Value) -> Polynomial:
    """floor(log2 e) for e >= 1: clog2(e + 1) - 1."""
    return ceil_log(P(argument) + 1) - 1


def ones(argument: Value, known: Known = NOTHING) -> Polynomial:
    """The number of ones among the binary digits of e >= 0."""
    p = P(argument)
    whole = _whole(p)
    if whole is not None:
        return P(whole.bit_count())
    if known.proves(1 - p) and known.proves(p):
        return p
    return _atom("ones", f"ones({plain(p)})", p)


def positions(argument: Value, known: Known = NOTHING) -> Polynomial:
    """The sum of the positions of the ones of e >= 0."""
    p = P(argument)
    whole = _whole(p)
    if whole is not None:
        return P(ones_positions(whole))
    if known.proves(1 - p) and known.proves(p):
        return ZERO
    return _atom("positions", f"positions({plain(p)})", p)


def total_ones_of(argument: Value) -> Polynomial:
    """The ones in the binary digits of 0 .. e - 1 together."""
    p = P(argument)
    whole = _whole(p)
    return P(total_ones(whole)) if whole is not None else _atom("total_ones", f"total_ones({plain(p)})", p)


def ones_at_of(count: Value, position: Value) -> Polynomial:
    """How many of 0 .. count - 1 have digit `position` 1."""
    n, j = P(count), P(position)
    whole = _whole(j)
    if whole is not None and whole <= 2:
        block = 1 << whole
        return sum((floor_div(n + (block - 1 - r), 2 * block) for r in range(block)), ZERO)
    return _atom("ones_at", f"ones_at({plain(n)}, {plain(j)})", n, j)


def ones_below_of(number: Value, positions: Value) -> Polynomial:
    """The ones among the lowest `positions` digits of a number."""
    i, u = P(number), P(positions)
    return _atom("ones_below", f"ones_below({plain(i)}, {plain(u)})", i, u)


def bit_of(number: Value, position: Value) -> Polynomial:
    """Binary digit `position` of a number."""
    i, j = P(number), P(position)
    known, place = _whole(i), _whole(j)
    if known is not None and place is not None and place >= 0:
        return P(known >> place & 1)
    return _atom("bit", f"bit({plain(i)}, {plain(j)})", i, j)


def divisor_sum_of(limit: Value) -> Polynomial:
    """The number of pairs i, j >= 1 with i * j <= limit."""
    p = P(limit)
    whole = _whole(p)
    return P(divisor_sum(whole)) if whole is not None else _atom("divisor_sum", f"divisor_sum({plain(p)})", p)


def isqrt_of(argument: Value) -> Polynomial:
    """floor(sqrt e)."""
    p = P(argument)
    whole = _whole(p)
    return P(isqrt(whole)) if whole is not None and whole >= 0 else _atom("isqrt", f"isqrt({plain(p)})", p)


def opaque(function: str, *arguments: Polynomial) -> Polynomial:
    """A value that is only known to be the same for the same arguments."""
    return _atom("opaque", f"{function}({', '.join(plain(a) for a in arguments)})", *arguments)


# ---- extremes


def greatest(*arguments: Value, known: Known = NOTHING) -> Polynomial:
    """max(..), arguments that others exceed left out."""
    return _extreme("max", [P(a) for a in arguments], known)


def least(*arguments: Value, known: Known = NOTHING) -> Polynomial:
    """min(..), arguments that exceed others left out."""
    return _extreme("min", [P(a) for a in arguments], known)


def _extreme(kind: str, arguments: list[Polynomial], known: Known) -> Polynomial:
    sign = 1 if kind == "max" else -1
    kept: list[Polynomial] = []
    for p in arguments:
        if any(known.proves((q - p) * sign) for q in kept):
            continue
        kept = [q for q in kept if not known.proves((p - q) * sign)] + [p]
    if len(kept) == 1:
        return kept[0]
    kept.sort(key=plain)
    return _atom(kind, f"{kind}({', '.join(plain(p) for p in kept)})", *kept)


# ---- rebuilding


def rebuild(symbol: Symbol, arguments: list[Polynomial], known: Known = NOTHING) -> Polynomial:
    """An atom of the same kind with other arguments."""
    match symbol.kind:
        case "floor":
            return floor_div(arguments[0], arguments[1], known)
        case "clog2":
            return ceil_log(arguments[0], known)
        case "power":
            return power(arguments[0])
        case "ones":
            return ones(arguments[0], known)
        case "positions":
            return positions(arguments[0], known)
        case "total_ones":
            return total_ones_of(arguments[0])
        case "ones_at":
            return ones_at_of(*arguments)
        case "ones_below":
            return ones_below_of(*arguments)
        case "bit":
            return bit_of(*arguments)
        case "divisor_sum":
            return divisor_sum_of(arguments[0])
        case "max":
            return greatest(*arguments, known=known)
        case "min":
            return least(*arguments, known=known)
        case "isqrt":
            return isqrt_of(arguments[0])
        case "exponential":
            return power_of(int(arguments[0].constant() or 0), arguments[1])
        case "opaque":
            return opaque(symbol.text.split("(", 1)[0], *arguments)
        case _:
            raise NotClosed(f"{symbol.text} cannot be rebuilt")


def substitute(p: Polynomial, values: dict[str, Polynomial], known: Known = NOTHING) -> Polynomial:
    """The polynomial with names replaced, inside of atoms too."""
    if not p.names() & values.keys():
        return p

    def change(symbol: Symbol) -> Polynomial:
        if symbol.is_name:
            return values.get(symbol.text, Polynomial.symbol(symbol))
        inner = [substitute(a, values, known) for a in symbol.arguments]
        if all(new is old for new, old in zip(inner, symbol.arguments, strict=True)):
            return Polynomial.symbol(symbol)
        return rebuild(symbol, inner, known)

    return p.map_symbols(change)


__all__ = [
    "NOTHING",
    "ONE",
    "Known",
    "bit_of",
    "ceil_div",
    "ceil_log",
    "divisor_sum_of",
    "exponent_of",
    "floor_div",
    "floor_log",
    "greatest",
    "isqrt_of",
    "least",
    "opaque",
    "positions",
    "ones",
    "ones_at_of",
    "ones_below_of",
    "power",
    "power_of",
    "rebuild",
    "substitute",
    "total_ones_of",
]


def replaced(p: Polynomial, symbol: Symbol, by: Polynomial) -> Polynomial:
    """A polynomial with an atom replaced, inside of other atoms too."""

    def change(s: Symbol) -> Polynomial:
        if s == symbol:
            return by
        return Polynomial.symbol(s) if s.is_name else rebuild(s, [replaced(a, symbol, by) for a in s.arguments])

    return p.map_symbols(change)
