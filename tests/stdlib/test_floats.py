"""Circuits of floats against the reference on fractions: all pairs of small floats, of larger ones a sample and what is
likely to go wrong."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

import tc0
from tests.reference import floats as reference

Values = Sequence[Fraction]
ROUNDINGS = [pytest.param(False, id="truncated"), pytest.param(True, id="nearest")]


def code(p: int, value: Fraction) -> list[int]:
    return [int(c) for c in reference.wires(p, reference.encode(p, value))]


@cache
def values(p: int) -> list[Fraction]:
    return reference.all_values(p)


def critical(p: int) -> list[Fraction]:
    """Small and large mantissas with small, middle and large exponents."""
    _, most = reference.limits(p)
    mantissas = {1, 2, 3, most // 2, most // 2 + 1, most // 2 + 2, most - 1, most}
    exponents = {-most, 1 - most, -most // 2, -1, 0, 1, most // 2, most - 1, most}
    found = {m * Fraction(2) ** e for m in mantissas if m <= most for e in exponents}
    return sorted(found | {-v for v in found} | {Fraction(0)})


def anything(p: int, rng: random.Random) -> Fraction:
    """A float of any exponent; the list of all is too long for large p."""
    _, most = reference.limits(p)
    return rng.randint(-most, most) * Fraction(2) ** rng.randint(-most, most)


def pairs(p: int, count: int = 500) -> list[tuple[Fraction, ...]]:
    """All pairs of floats of 4 and 6 bits; else pairs of critical ones and random ones, some of them close together."""
    if p <= 6:
        return [(a, b) for a in values(p) for b in values(p)]
    rng = random.Random(p)
    found = [(rng.choice(critical(p)), rng.choice(critical(p))) for _ in range(count // 2)]
    while len(found) < count:
        a, b = anything(p, rng), anything(p, rng)
        found.append((a, b) if rng.random() < 0.6 else (a, reference.truncate(p, -a * Fraction(rng.randint(3, 9), 6))))
    return found


def results(family: str, p: int, cases: Sequence[Values]) -> np.ndarray:
    """What a family makes of the codes, one row a case."""
    session = tc0.Session()
    session.run(f"family kernel(a: bit[{p}], b: bit[{p}]) -> bit[{p}] = {family}(a, b)")
    return session["kernel"].evaluate(codes(p, cases))


def codes(p: int, cases: Sequence[Values]) -> np.ndarray:
    return np.array([[bit for value in case for bit in code(p, value)] for case in cases], dtype=bool)


def expect(p: int, cases: Sequence[Values], found: np.ndarray, meaning: Callable[[Values], Fraction]) -> None:
    for case, bits in zip(cases, found, strict=True):
        expected = meaning(case)
        assert code(p, expected) == bits.astype(int).tolist(), f"{[str(v) for v in case]}: {expected} expected"


def circuit(text: str) -> tc0.Circuit:
    found = tc0.Session().eval(text)
    assert isinstance(found, tc0.Circuit)
    return found


# ---- two operands

BINARY = [
    ("*", "float_multiply_code"),
    ("*", "float_multiply_levels_code"),
    ("*", "float_multiply_pairs_code"),
    ("/", "float_divide_code"),
    ("/", "float_divide_levels_code"),
]


@pytest.mark.parametrize("nearest", ROUNDINGS)
@pytest.mark.parametrize("p", [4, 6, 8, 10, 12])
@pytest.mark.parametrize(("symbol", "family"), BINARY)
def test_operations(symbol: str, family: str, p: int, nearest: bool) -> None:
    cases = pairs(p)
    found = results(f"{family}[{str(nearest).lower()}]", p, cases)
    expect(p, cases, found, lambda case: reference.operate(p, nearest, symbol, *case))


@pytest.mark.parametrize(
    ("family", "p", "truncated", "nearest", "depth"),
    [
        ("float_multiply_code", 8, 61, 70, 5),
        ("float_multiply_code", 12, 237, 308, 5),
        ("float_multiply_levels_code", 8, 106, 115, 4),
        ("float_multiply_levels_code", 12, 1182, 1253, 4),
        ("float_multiply_pairs_code", 8, 345, 348, 3),
        ("float_multiply_pairs_code", 12, 7239, 7244, 3),
        ("float_divide_code", 8, 59, 83, 4),
        ("float_divide_code", 12, 263, 423, 4),
        ("float_divide_levels_code", 8, 104, 128, 3),
        ("float_divide_levels_code", 12, 1208, 1368, 3),
    ],
)
def test_figures_of_operations(family: str, p: int, truncated: int, nearest: int, depth: int) -> None:
    for rounding, gates in (("false", truncated), ("true", nearest)):
        built = circuit(f"{family}[{rounding}, p = {p}]")
        assert (built.size, built.depth) == (gates, depth)
        assert built.largest_weight < 2 ** (3 * p // 2)


# ---- sums

SUMS = ["float_sum_code", "float_sum_cascade_code", "float_sum_poly_code"]


def sums(p: int, m: int, count: int) -> list[Values]:
    """Sums of random floats, of critical ones, of what nearly cancels, and of what reaches a middle or the largest float."""
    rng = random.Random(m + p)
    _, most = reference.limits(p)
    least, largest = Fraction(1, 2**most), most * Fraction(2) ** most
    found: list[Values] = [[largest] * m, [-largest] * m, [least] * m, [-least] * m, [Fraction(0)] * m]
    while len(found) < count:
        kind = rng.randrange(4)
        if kind == 0:
            found.append([anything(p, rng) for _ in range(m)])
        elif kind == 1:
            found.append([rng.choice(critical(p)) for _ in range(m)])
        elif kind == 2:
            half = [anything(p, rng) for _ in range(m // 2)]
            found.append(
                [*half, *(-v for v in half), *(rng.choice([least, -least, Fraction(0)]) for _ in range(m % 2))]
            )
        else:
            exponent = rng.randint(1 - most, most)
            unit, sign = Fraction(2) ** exponent, rng.choice([1, -1])
            tail = [rng.choice([unit / 2, unit / 4, least, -least, Fraction(0)]) for _ in range(m - 1)]
            found.append([reference.truncate(p, sign * v) for v in (rng.randint(most // 2, most) * unit, *tail)])
    return [rng.sample(list(case), m) for case in found]


def sums_of(family: str, p: int, m: int, cases: Sequence[Values]) -> np.ndarray:
    session = tc0.Session()
    session.run(f"family kernel(x: bit[{m}, {p}]) -> bit[{p}] = {family}(x)")
    return session["kernel"].evaluate(codes(p, cases))


@pytest.mark.parametrize("nearest", ROUNDINGS)
@pytest.mark.parametrize("p", [4, 6, 8, 10, 12])
@pytest.mark.parametrize("family", SUMS)
def test_sum_of_two(family: str, p: int, nearest: bool) -> None:
    cases = pairs(p, 500 if p < 12 else 128)
    found = sums_of(f"{family}[{str(nearest).lower()}]", p, 2, cases)
    expect(p, cases, found, lambda case: reference.total(p, nearest, case))


@pytest.mark.parametrize("nearest", ROUNDINGS)
@pytest.mark.parametrize(("p", "m"), [(4, 1), (4, 5), (6, 3), (6, 64), (8, 8), (8, 64), (10, 5)])
@pytest.mark.parametrize("family", SUMS)
def test_sum_of_many(family: str, p: int, m: int, nearest: bool) -> None:
    cases = sums(p, m, 64)
    found = sums_of(f"{family}[{str(nearest).lower()}]", p, m, cases)
    expect(p, cases, found, lambda case: reference.total(p, nearest, case))


def test_figures_of_sums() -> None:
    for p, m, levels, cascade in ((8, 2, 314, 224), (12, 2, 3318, 1428), (8, 64, 5894, 5804)):
        for rounding in ("false", "true"):
            built = circuit(f"float_sum_code[{rounding}, p = {p}, m = {m}]")
            assert (built.size, built.depth) == (levels, 3)
            built = circuit(f"float_sum_cascade_code[{rounding}, p = {p}, m = {m}]")
            assert (built.size, built.depth) == (cascade, 4)

    for p, m, truncated, nearest in ((8, 2, 570, 738), (12, 2, 4118, 5358), (8, 64, 11012, 11180)):
        for rounding, gates in (("false", truncated), ("true", nearest)):
            built = circuit(f"float_sum_poly_code[{rounding}, p = {p}, m = {m}]")
            assert (built.size, built.depth) == (gates, 5)
            assert built.largest_weight < (2 * m + 2) ** 4


def test_sum_of_two_of_16_bits() -> None:
    cases = pairs(16, 64)
    found = sums_of("float_sum_cascade_code[true]", 16, 2, cases)
    expect(16, cases, found, lambda case: reference.total(16, True, case))


# ---- comparison and signs


@pytest.mark.parametrize("p", [4, 6, 8, 12, 16])
def test_comparison(p: int) -> None:
    cases = pairs(p)
    for family, relation in (
        ("float_less_code", operator.lt),
        ("float_at_least_code", operator.ge),
        ("float_equal_code", operator.eq),
    ):
        session = tc0.Session()
        session.run(f"family kernel(a: bit[{p}], b: bit[{p}]) -> bit = {family}(a, b)")
        found = session["kernel"].evaluate(codes(p, cases))
        assert [bool(row[0]) for row in found] == [relation(*case) for case in cases]


@pytest.mark.parametrize("p", [4, 6, 8])
def test_signs(p: int) -> None:
    cases = [(v,) for v in values(p)]
    session = tc0.Session()
    meanings: dict[str, Callable[[Fraction], Fraction]] = {
        "float_abs_code": abs,
        "float_negate_code": operator.neg,
        "float_relu_code": lambda v: max(v, Fraction(0)),
    }
    for family, meaning in meanings.items():
        found = session[family].evaluate(codes(p, cases), p=p)
        expect(p, cases, found, lambda case, meaning=meaning: meaning(case[0]))


@pytest.mark.parametrize("p", [4, 6, 8, 12])
def test_extremes(p: int) -> None:
    m = 5
    rng = random.Random(p)
    cases = [
        [rng.choice(critical(p)) if rng.random() < 0.5 else anything(p, rng) for _ in range(m)] for _ in range(300)
    ]
    session = tc0.Session()
    for family, meaning in (("float_max_code", max), ("float_min_code", min)):
        expect(p, cases, session[family].evaluate(codes(p, cases), p=p, m=m), meaning)


# ---- functions of one float


@pytest.mark.parametrize("nearest", ROUNDINGS)
@pytest.mark.parametrize("p", [4, 6, 8, 10])
@pytest.mark.parametrize("family", ["float_sqrt_code", "float_sqrt_levels_code", "float_exp_code"])
def test_functions(family: str, p: int, nearest: bool) -> None:
    meaning = reference.exp if family == "float_exp_code" else reference.sqrt
    cases = [(v,) for v in values(p)[:: 1 if p < 10 else 3]]
    session = tc0.Session()
    session.run(f"family kernel(x: bit[{p}]) -> bit[{p}] = {family}[{str(nearest).lower()}](x)")
    found = session["kernel"].evaluate(codes(p, cases))
    expect(p, cases, found, lambda case: meaning(p, nearest, case[0]))


@pytest.mark.parametrize(
    ("family", "p", "truncated", "nearest", "depth"),
    [
        ("float_sqrt_code", 8, 23, 23, 4),
        ("float_sqrt_code", 12, 76, 76, 4),
        ("float_sqrt_levels_code", 8, 53, 53, 3),
        ("float_sqrt_levels_code", 12, 751, 751, 3),
        ("float_exp_code", 8, 48, 48, 3),
        ("float_exp_code", 12, 215, 216, 3),
    ],
)
def test_figures_of_functions(family: str, p: int, truncated: int, nearest: int, depth: int) -> None:
    for rounding, gates in (("false", truncated), ("true", nearest)):
        built = circuit(f"{family}[{rounding}, p = {p}]")
        assert (built.size, built.depth) == (gates, depth)
        assert built.largest_weight <= 2 ** (p - 2)


def test_functions_of_12_bits() -> None:
    """Against square and bounds of the exponential, at some floats: the reference's search is slow here."""
    for family, meaning in (("float_exp_code", reference.exp), ("float_sqrt_code", reference.sqrt)):
        cases = [(v,) for v in values(12)[:: 7 if family == "float_exp_code" else 101]]
        session = tc0.Session()
        session.run(f"family kernel(x: bit[12]) -> bit[12] = {family}[true](x)")
        found = session["kernel"].evaluate(codes(12, cases))
        expect(12, cases, found, lambda case, meaning=meaning: meaning(12, True, case[0]))
