"""Closed forms of counts against enumeration: the domains of the literature, and random ones."""

from __future__ import annotations

import itertools
import os
import random

import pytest

from tc0.dsl.symbolic.atoms import ceil_log, floor_div, power
from tc0.dsl.symbolic.counting import at, count
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Join, Piecewise, chambers
from tc0.dsl.symbolic.polynomial import ONE, NotClosed, Polynomial
from tc0.dsl.symbolic.quasi import one_parameter, show

P = Polynomial.of
n, m, w, i, j, k, t = map(P, "nmwijkt")


def brute(indices: str, constraints: list[Polynomial], weight: Polynomial, values: dict[str, int], reach: int) -> int:
    total = 0
    for point in itertools.product(range(-2, reach), repeat=len(indices)):
        here = {**values, **dict(zip(indices, point, strict=True))}
        if all(c.at(here) >= 0 for c in constraints):
            total += int(weight.at(here))
    return total


ONE_SIZE = [
    ("ij", [i, n - 1 - i, j, i - j], "n*(n + 1)/2"),
    ("ij", [i, j, n - 2 * i - 3 * j], "floor((n**2 + 6*n + 12)/12)"),
    ("ij", [i, j, n - 1 - i - 2 * j, i - j], "floor((n + 1)*(n + 2)/6)"),
    ("ij", [i, n - 1 - i, j, n - 1 - j, 2 - (i - j), 2 + (i - j)], "5*n - 6"),
    ("ij", [i, n - 1 - i, j - i, n - 1 - j, 2 * i - j], "floor((n + 1)**2/4)"),
    ("ijkw", [i, j, k, w, n - 1 - i - j - k - w], "n*(n + 1)*(n + 2)*(n + 3)/24"),
    ("i", [i, n - 1 - i, (i - 3 * floor_div(i, 3)) - 1, 1 - (i - 3 * floor_div(i, 3))], "floor((n + 1)/3)"),
    ("ij", [i, n - 1 - i, j, n - 1 - j, -((i + j) - 2 * floor_div(i + j, 2))], "floor((n**2 + 1)/2)"),
    ("ij", [i, n**2 - 1 - i, j, n - 1 - j], "n**3"),
    ("ij", [i, n - 1 - i, j, i * 0 + ceil_log(n) - 1 - j], "clog2(n)*n"),
]


@pytest.mark.parametrize(("indices", "constraints", "text"), ONE_SIZE, ids=[t for *_, t in ONE_SIZE])
def test_one_size(indices: str, constraints: list[Polynomial], text: str) -> None:
    known = Assumptions((n - 1,))
    pieces = count(list(indices), constraints, known)
    found = one_parameter(Piecewise.of(Join.SUM, pieces), "n", 1)
    assert found is not None
    assert show(found.polynomial, "n") == text
    for value in range(1, 5 if len(indices) > 2 else 9):
        reach = value * value + 1 if text == "n**3" else value + 3
        assert found.at(value) == at(pieces, {"n": value}) == brute(indices, constraints, ONE, {"n": value}, reach)


SEVERAL = [
    ("ij", [i, n - 1 - i, j, n - 1 - j, w - (i - j), w + (i - j)], "nw", 2),
    ("ij", [i, n - 1 - i, j, m - 1 - j, w - 1 - i - j], "nmw", 5),
    ("kt", [k - 1, w - k, t - 1, m - 1 - floor_div(m - 1, power(k)) - t], "mw", 1),
    ("k", [k, n - 1 - k, m - power(k)], "nm", 3),
]


@pytest.mark.parametrize(("indices", "constraints", "names", "most"), SEVERAL)
def test_several_sizes(indices: str, constraints: list[Polynomial], names: str, most: int) -> None:
    known = Assumptions(tuple(P(name) - 1 for name in names))
    pieces = count(list(indices), constraints, known)
    cells = chambers(Piecewise.of(Join.SUM, pieces), known)
    assert cells is not None and len(cells) <= most
    for point in itertools.product(range(1, 6), repeat=len(names)):
        values = dict(zip(names, point, strict=True))
        expected = brute(indices, constraints, ONE, values, 12)
        assert at(pieces, values) == expected
        chosen = [c.polynomial.at(values) for c in cells if any(all(g.at(values) >= 0 for g in x) for x in c.guards)]
        assert chosen == [expected]


def test_weights_are_summed() -> None:
    pieces = count(["i", "j"], [i, n - 1 - i, j, i - j], Assumptions((n,)), (i + 2 * j) * power(j))
    for value in range(6):
        assert at(pieces, {"n": value}) == sum((a + 2 * b) * 2**b for a in range(value) for b in range(a + 1))


def test_an_unbounded_index_is_reported() -> None:
    with pytest.raises(NotClosed, match="unbounded"):
        count(["i"], [i], Assumptions(()))


def random_domain(rng: random.Random) -> tuple[list[str], list[Polynomial]]:
    """One to three indices with bounds and guards of the kinds that families use."""
    indices = ["i", "j", "k"][: rng.randint(1, 3)]
    constraints: list[Polynomial] = []
    for at_, name in enumerate(indices):
        before = P(indices[rng.randrange(at_)]) if at_ else n
        high = rng.choice([n, n + 1, floor_div(n + 1, 2), n * 2, floor_div(n, 3) + 1, m, before, before + 1])
        constraints += [P(name), high - 1 - P(name)]
    for _ in range(rng.randint(0, 2)):
        a, b = P(rng.choice(indices)), P(rng.choice(indices))
        match rng.randrange(5):
            case 0:
                constraints.append(a - b)
            case 1:
                constraints.append(n - a - b)
            case 2:
                constraints.append(a * 2 - b - 1)
            case 3:
                modulus = rng.choice([2, 3])
                rest = a + b - floor_div(a + b, modulus) * modulus
                constraints += [rest - 1, 1 - rest]
            case _:
                constraints.append(m - a)
    return indices, constraints


def test_random_domains_agree_with_enumeration() -> None:
    tried = int(os.environ.get("TC0_DOMAINS", "120"))
    rng = random.Random(20)
    open_, wrong = 0, []
    for number in range(tried):
        indices, constraints = random_domain(rng)
        known = Assumptions((n, m))
        try:
            pieces = count(indices, constraints, known)
        except NotClosed:
            open_ += 1
            continue
        for values in ({"n": 0, "m": 2}, {"n": 1, "m": 1}, {"n": 3, "m": 2}, {"n": 4, "m": 5}):
            expected = brute("".join(indices), constraints, ONE, values, 11)
            if at(pieces, values) != expected:
                wrong.append((number, values))
    assert not wrong
    assert open_ <= max(1, tried // 100)
