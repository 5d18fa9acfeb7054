"""Polynomials with rational coefficients over names and *atoms*: integers that are no polynomials themselves.

An atom is `floor(e / c)`, `clog2(e)`, `2**m`, a digit sum, ... of polynomials (`atoms` makes them in canonical form). A
power of two may have a negative exponent, so that `floor(e / 2**t)` sums stay closed. Two polynomials are equal iff they
have the same terms; a symbol is identified by its canonical text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from math import isqrt, lcm
from types import MappingProxyType


class NotClosed(Exception):
    """Something has no closed form here, with the reason in words."""


Coefficient = int | Fraction
Monomial = tuple[tuple["Symbol", int], ...]  # symbols with exponents, sorted by text; () is the constant


class Symbol:
    """A name (kind "name"), or an atom. arguments: polynomials. text: canonical, what identifies it."""

    __slots__ = ("_hash", "arguments", "kind", "text")

    def __init__(self, kind: str, text: str, arguments: tuple[Polynomial, ...] = ()) -> None:
        self.kind = kind
        self.text = text
        self.arguments = arguments
        self._hash = hash(text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Symbol) and self.text == other.text

    def __hash__(self) -> int:
        return self._hash

    def __lt__(self, other: Symbol) -> bool:
        return self.text < other.text

    def __repr__(self) -> str:
        return self.text

    @property
    def is_name(self) -> bool:
        return self.kind == "name"


class Polynomial:
    """An immutable sum of monomials with non-zero coefficients."""

    __slots__ = ("_hash", "terms")

    terms: Mapping[Monomial, Coefficient]

    def __init__(self, terms: Mapping[Monomial, Coefficient] = MappingProxyType({})) -> None:
        self.terms = terms
        self._hash: int | None = None

    @staticmethod
    def of(value: Polynomial | Coefficient | str) -> Polynomial:
        """A number, a name, or a polynomial as it is."""
        if isinstance(value, Polynomial):
            return value
        if isinstance(value, str):
            return Polynomial.symbol(Symbol("name", value))
        return Polynomial({(): _integral(value)}) if value else ZERO

    @staticmethod
    def symbol(symbol: Symbol) -> Polynomial:
        return Polynomial({((symbol, 1),): 1})

    # ---- arithmetic

    def __add__(self, other: Polynomial | Coefficient) -> Polynomial:
        total = dict(self.terms)
        for monomial, coefficient in Polynomial.of(other).terms.items():
            value = _integral(total.get(monomial, 0) + coefficient)
            if value:
                total[monomial] = value
            else:
                del total[monomial]
        return Polynomial(total)

    __radd__ = __add__

    def __neg__(self) -> Polynomial:
        return Polynomial({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __sub__(self, other: Polynomial | Coefficient) -> Polynomial:
        return self + -Polynomial.of(other)

    def __rsub__(self, other: Coefficient) -> Polynomial:
        return -self + other

    def __mul__(self, other: Polynomial | Coefficient) -> Polynomial:
        if not isinstance(other, Polynomial):
            return Polynomial({m: _integral(c * other) for m, c in self.terms.items()}) if other else ZERO
        total: dict[Monomial, Coefficient] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                monomial = times(left, right)
                value = _integral(total.get(monomial, 0) + a * b)
                if value:
                    total[monomial] = value
                else:
                    del total[monomial]
        return Polynomial(total)

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Polynomial:
        total = ONE
        for _ in range(exponent):
            total = total * self
        return total

    # ---- comparison

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __repr__(self) -> str:
        return plain(self)

    __str__ = __repr__

    # ---- questions

    def constant(self) -> Coefficient | None:
        """The value of a polynomial without symbols, else None."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and () in self.terms:
            return self.terms[()]
        return None

    def symbols(self) -> set[Symbol]:
        """The symbols of its monomials, not those inside of atoms."""
        return {symbol for monomial in self.terms for symbol, _ in monomial}

    def names(self) -> set[str]:
        """All names, those inside of atoms included."""
        found: set[str] = set()
        for symbol in self.symbols():
            found |= {symbol.text} if symbol.is_name else names_in(symbol)
        return found

    def coefficients(self, name: str) -> dict[int, Polynomial]:
        """The polynomial by powers of a name, in its monomials (not inside of atoms)."""
        found: dict[int, dict[Monomial, Coefficient]] = {}
        for monomial, coefficient in self.terms.items():
            power, rest = 0, []
            for symbol, exponent in monomial:
                if symbol.is_name and symbol.text == name:
                    power = exponent
                else:
                    rest.append((symbol, exponent))
            found.setdefault(power, {})[tuple(rest)] = coefficient
        return {power: Polynomial(terms) for power, terms in found.items()}

    def linear(self, name: str) -> int | None:
        """The coefficient of a name that occurs linearly, with an integer coefficient, and in no atom; else None."""
        scale: Coefficient = 0
        for monomial, coefficient in self.terms.items():
            for symbol, exponent in monomial:
                if symbol.is_name:
                    if symbol.text == name:
                        if exponent != 1 or len(monomial) > 1:
                            return None
                        scale = coefficient
                elif name in names_in(symbol):
                    return None
        return scale if isinstance(scale, int) else None

    # ---- values

    def at(self, values: Mapping[str, int]) -> Coefficient:
        """The value for values of its names."""
        from_atoms: dict[Symbol, Coefficient] = {}
        total: Coefficient = 0
        for monomial, coefficient in self.terms.items():
            value = coefficient
            for symbol, exponent in monomial:
                base: Coefficient
                if symbol.is_name:
                    base = values[symbol.text]
                else:
                    if symbol not in from_atoms:
                        from_atoms[symbol] = value_of(symbol, [a.at(values) for a in symbol.arguments])
                    base = from_atoms[symbol]
                value = value * (base**exponent if exponent >= 0 else Fraction(1) / base**-exponent)
            total = total + value
        return _integral(total)

    def map_symbols(self, change: Callable[[Symbol], Polynomial]) -> Polynomial:
        """Every symbol replaced by a polynomial; one with a negative exponent must become a monomial."""
        total = ZERO
        for monomial, coefficient in self.terms.items():
            product = Polynomial.of(coefficient)
            for symbol, exponent in monomial:
                base = change(symbol)
                product = product * (base**exponent if exponent >= 0 else inverse(base) ** -exponent)
            total = total + product
        return total


ZERO = Polynomial()
ONE = Polynomial({(): 1})


def _integral(value: Coefficient) -> Coefficient:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def times(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left or not right:
        return left or right
    exponents = dict(left)
    for symbol, exponent in right:
        total = exponents.get(symbol, 0) + exponent
        if total:
            exponents[symbol] = total
        else:
            del exponents[symbol]
    return tuple(sorted(exponents.items()))


def inverse(monomial: Polynomial) -> Polynomial:
    """1 / monomial: powers of two have inverses."""
    if len(monomial.terms) != 1:
        raise NotClosed(f"1 / ({monomial})")
    ((symbols, coefficient),) = monomial.terms.items()
    return Polynomial({tuple((s, -e) for s, e in symbols): _integral(Fraction(1) / coefficient)})


def names_in(symbol: Symbol) -> set[str]:
    """All names inside of an atom."""
    found: set[str] = set()
    for argument in symbol.arguments:
        found |= argument.names()
    return found


def all_symbols(polynomials: Iterable[Polynomial]) -> Iterator[Symbol]:
    """Every symbol, those inside of atoms included, each once."""
    seen: set[Symbol] = set()
    stack = [symbol for p in polynomials for symbol in p.symbols()]
    while stack:
        symbol = stack.pop()
        if symbol in seen:
            continue
        seen.add(symbol)
        yield symbol
        stack.extend(inner for argument in symbol.arguments for inner in argument.symbols())


# ---- numbers behind atoms


def value_of(symbol: Symbol, arguments: list[Coefficient]) -> Coefficient:
    """The value of an atom for values of its arguments."""
    meaning = _MEANINGS.get(symbol.kind)
    if meaning is None:
        raise NotClosed(f"{symbol.text} has no value")
    return meaning(*arguments)


def _power(e: Coefficient) -> Coefficient:
    return 2 ** int(e) if e >= 0 else Fraction(1, 2 ** int(-e))


def _ones(n: Coefficient) -> int:
    return int(n).bit_count()


def ones_at(count: int, position: int) -> int:
    """How many of the integers 0 .. count - 1 have digit `position` 1."""
    if count <= 0:
        return 0
    block = 1 << position
    return count // (2 * block) * block + max(0, count % (2 * block) - block)


def total_ones(count: int) -> int:
    """The ones in the binary digits of 0 .. count - 1 together (OEIS A000788, shifted by one)."""
    return sum(ones_at(count, position) for position in range(max(count, 1).bit_length()))


def ones_below(number: int, positions: int) -> int:
    """The ones among the lowest digits of a number."""
    return (number & ((1 << max(positions, 0)) - 1)).bit_count() if number >= 0 else 0


def ones_positions(number: int) -> int:
    """The sum of the positions of the ones of a number."""
    return sum(at for at in range(number.bit_length()) if number >> at & 1)


def divisor_sum(limit: int) -> int:
    """The sum of floor(limit / i) for i >= 1: the pairs i, j >= 1 with i * j <= limit."""
    total, i = 0, 1
    while i <= limit:
        quotient = limit // i
        last = limit // quotient
        total += quotient * (last - i + 1)
        i = last + 1
    return total


_MEANINGS: Mapping[str, Callable[..., Coefficient]] = MappingProxyType(
    {
        "floor": lambda a, b: int(Fraction(a) // Fraction(b)),
        "clog2": lambda a: (int(a) - 1).bit_length() if a >= 1 else 0,
        "power": _power,
        "ones": _ones,
        "positions": lambda n: ones_positions(int(n)),
        "total_ones": lambda n: total_ones(int(n)),
        "ones_at": lambda n, j: ones_at(int(n), int(j)),
        "ones_below": lambda n, j: ones_below(int(n), int(j)),
        "divisor_sum": lambda n: divisor_sum(int(n)),
        "bit": lambda i, j: int(i) >> int(j) & 1,
        "max": lambda *v: max(v),
        "min": lambda *v: min(v),
        "isqrt": lambda n: isqrt(int(n)),
        "exponential": lambda b, e: int(b) ** int(e),
    }
)


# ---- plain text: the canonical name of atoms, and what is printed where nothing better is known


def plain(polynomial: Polynomial) -> str:
    """`(n**2 + n)/2`, terms by falling degree."""
    if not polynomial.terms:
        return "0"
    denominator = lcm(*(Fraction(c).denominator for c in polynomial.terms.values()))
    ordered = sorted(polynomial.terms.items(), key=lambda term: (-sum(e for _, e in term[0]), term[0]))
    text = ""
    for monomial, coefficient in ordered:
        whole = int(coefficient * denominator)
        factors = "*".join(_factor(symbol, exponent) for symbol, exponent in monomial)
        size = abs(whole)
        body = factors if size == 1 and factors else f"{size}*{factors}" if factors else str(size)
        sign = "-" if whole < 0 else "+"
        text += f" {sign} {body}" if text else body if whole > 0 else f"-{body}"
    if denominator == 1:
        return text
    return f"({text})/{denominator}" if len(ordered) > 1 else f"{text}/{denominator}"


def _factor(symbol: Symbol, exponent: int) -> str:
    if exponent == 1:
        return symbol.text
    base = f"({symbol.text})" if symbol.kind == "power" else symbol.text
    return f"{base}**{exponent}" if exponent > 0 else f"{base}**({exponent})"
