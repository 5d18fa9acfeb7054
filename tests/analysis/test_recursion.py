"""Closed forms of families that call themselves, and of families that call such ones, against counted circuits."""

from __future__ import annotations

import itertools
import os
import re
from random import Random

import pytest

import tc0
from tc0.dsl.analysis.analyse import FIGURES, Open, analyse
from tests.analysis.counted import differences

PROGRAM = """
family halves(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else halves(x[0..n // 2]) ^ halves(x[n // 2..n])
family outer(x: bit[n]) -> bit where n >= 1 = halves(x) & x[0]
family rows(m: bit[n, k]) -> bit where n >= 1 and k >= 1 = OR(halves(m[i]) for i < n)
family prefixes(x: bit[n]) -> bit[n] = [halves(x[0..i + 1]) for i < n]
family deeper(x: bit[n]) -> bit where n >= 1 = halves(x[i] & x[0] for i < n)
family twice(x: bit[n]) -> bit where n >= 1 = halves([halves(x), x[0]])
family one_by_one(x: bit[n]) -> bit = if n == 0 then 0 else x[n - 1] & one_by_one(x[0..n - 1])
family pairs(x: bit[n]) -> bit where n >= 1 = if n <= 2 then x[0] else x[n-1] & pairs(x[0..n - 2])
family threes(x: bit[n]) -> bit = if n < 3 then OR(x) else AND(threes(x[0..n - 3]), x[n-1], x[n-2])
family lower(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else lower(x[0..n // 2]) | x[n - 1]
family upper(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else OR(upper(x[0..(n + 1) // 2]), AND(x))
family quarter(x: bit[n]) -> bit where n >= 1 = if n < 4 then AND(x) else OR(quarter(x[0..n // 4]), x[0])
family base3(x: bit[n]) -> bit where n >= 1 = if n <= 3 then AND(x) else base3(x[0..n // 2]) & base3(x[n // 2..n])
family base5(x: bit[n]) -> bit where n >= 1 = if n <= 5 then AND(x[i] | x[0] for i < n) else base5(x[0..n // 2]) & base5(x[n // 2..n]) & x[0]
family levels[k](x: bit[n]) -> bit where n >= 1 = if k == 0 then AND(x) else OR(levels[k - 1](x), x[0])
family levels3(x: bit[n]) -> bit where n >= 1 = levels[3](x)
family sumlevels(x: bit[n]) -> bit where n >= 1 = OR(levels[i](x) for i < n)
family steps[k](x: bit[n]) -> bit where n >= 1 = if k == 0 then OR(x) else AND(steps[k - 1](x[0..(n + 1) // 2]), x[0])
family both[k](x: bit[n]) -> bit where n >= 1 = if k == 0 then OR(x) else AND(both[k - 1](x[0..n]), both[k-1](x))
family even(x: bit[n]) -> bit = if n == 0 then 1 else !odd(x[0..n-1])
family odd(x: bit[n]) -> bit = if n == 0 then 0 else even(x[0..n-1]) & x[n - 1]
family user(x: bit[n]) -> bit = even(x) | odd(x)
family grid(m: bit[n, w]) -> bit where n >= 1 and w >= 1 = if n == 1 then AND(m[0]) else grid(m[0..n-1]) & OR(m[n-1])
family gridh(m: bit[n, w]) -> bit where n >= 1 and w >= 1 = if n == 1 then AND(m[0]) else OR(gridh(m[0..n//2]), gridh(m[n//2..n]), OR(m[0]))
family grow(m: bit[n, w]) -> bit where n >= 1 = if n == 1 then AND(m[0]) else grow([[if j < w then m[i,j] else m[n-1, 0] for j < w + 1] for i < n - 1])
family tail(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else tail(x[0..1]) & tail(x[1..n])
family thirds(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else thirds(x[0..(n + 2) // 3]) & thirds(x[(n + 2) // 3..n])
family third(x: bit[n]) -> bit where n >= 1 = if n < 3 then x[0] else third(x[0..n // 3]) & x[0]
family fib(x: bit[n]) -> bit where n >= 1 = if n <= 2 then x[0] else fib(x[0..n - 1]) & fib(x[0..n - 2])
family quad(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else quad(x[0..n // 2]) & quad(x[n // 2..n]) & OR(x[i] & x[j] for i < n, j < n)
family lin(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else lin(x[0..n // 2]) & lin(x[n // 2..n]) & OR(!x[i] for i < n)
family acc[a](x: bit[n]) -> bit where n >= 1 = if n == 1 then THR[a](x) else acc[a + 1](x[0..n-1]) & THR[a](x)
family stepr[r](x: bit[n]) -> bit where r >= 1 = if n <= r then AND(x) else AND(stepr[r](x[0..n-r]), x[0])
family usesr(x: bit[n]) -> bit = stepr[4](x)
family xorby(x: bit[n]) -> bit = if n == 0 then 0 else if n == 1 then x[0] else xorby(x[0..n//2]) ^ xorby(x[n//2..n])
family adder(x: bit[n]) -> bit = OR(xorby(x[0..i]) for i <= n)
family deeparg(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else deeparg(x[i] & x[i + 1] for i < n - 1)
family usedeep(x: bit[n]) -> bit where n >= 1 = deeparg(!x[i] for i < n)
family halved(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else OR(halved(AND(x[2*i..min(2*i + 2, n)]) for i < (n + 1) // 2), x[0])
family const0(x: bit[n]) -> bit = if n == 0 then 1 else OR(const0(x[1..n]))
family useconst(x: bit[n]) -> bit = const0(!x[i] for i < n)
family scale(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else (SUM((i + 1) * x[i] for i < n) >= n) & scale(x[0..n-1])
family nested(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else nested(x[0..n-1]) & one_by_one(x)
family sums(m: bit[n, n]) -> bit = OR(one_by_one(m[i]) for i < n if i % 2 == 0)
family hm1(x: bit[n]) -> bit = if n == 0 then 1 else hm1(x[0..(n - 1) // 2]) & x[0]
family ternary(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else AND(ternary(x[0..n//2]), ternary(x[0..n//2]), x[0])
family ternary4(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else AND(ternary4(x[0..n//2]) for k < 4)
"""
NAMES = re.findall(r"^family (\w+)", PROGRAM, re.M)
OPEN = {  # no closed form is known, or none is derived
    "quarter": {"wires", "unit_wires"},
    "thirds": {"depth"},
    "third": {"size", "wires", "depth", "unit_wires"},
    "fib": {"size", "wires", "unit_wires"},
    "quad": {"size", "wires", "unit_wires", "fanin"},
}


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    session.run(PROGRAM)
    return session


def compared(family: tc0.Family, text: str = "") -> set[str]:
    """Holds the closed forms of a family against the count at small sizes; the figures that are open."""
    costs = analyse(family._applied)
    tried = 0
    for point in itertools.product(range({1: 12, 2: 5}.get(len(costs.names), 4)), repeat=len(costs.names)):
        sizes = dict(zip(costs.names, point, strict=True))
        try:
            circuit = family.instantiate(**sizes)
            circuit.size  # noqa: B018 - builds it
        except tc0.Error:
            continue  # `where` does not hold
        tried += 1
        assert not (found := differences(costs, circuit, sizes)), f"{text}\n{found}"
    assert tried or text
    for figure in FIGURES:
        closed = costs.figure(figure)
        assert not isinstance(closed, Open) or "not covered" not in closed.reason, f"{text}\n{closed}"
    return {figure for figure in FIGURES if isinstance(costs.figure(figure), Open)}


@pytest.mark.parametrize("name", NAMES)
def test_recursion(session: tc0.Session, name: str) -> None:
    assert compared(session[name]) == OPEN.get(name, set())


TABLE = [
    ("rows", "5*k*n - 5*n + 1", "3*clog2(k) + 1"),
    ("prefixes", "5*n*(n - 1)/2", "3*clog2(n)"),
    ("pairs", "floor((n - 1)/2)", "floor((n - 1)/2)"),
    ("lower", "clog2(n + 1) - 1", "clog2(n + 1) - 1"),
    ("upper", "2*clog2(n)", "clog2(n) + 1; 0 at n = 1"),
    ("base3", None, "clog2(floor((n + 2)/3)) + 1"),
    ("levels3", "4", "4"),
    ("both", "2*2**k - 1", "k + 1"),
    ("user", "2*n + 1", "n + 1"),
    ("adder", "5*n*(n - 1)/2 + 1", "3*clog2(n) + 1"),
    ("usedeep", "n*(n + 1)/2", "n"),
]


@pytest.mark.parametrize(("name", "size", "depth"), TABLE, ids=[row[0] for row in TABLE])
def test_recursions_read_well(session: tc0.Session, name: str, size: str | None, depth: str) -> None:
    family = session[name]
    assert size is None or str(family.size) == size
    assert str(family.depth) == depth


# ---- random programs

LONG = int(os.environ.get("TC0_PROGRAMS", "0"))
SEEDS = range(25) if not LONG else range(10**6, 10**6 + LONG)
PARTS = ["x[0..n // 2]", "x[n // 2..n]", "x[0..(n + 1) // 2]", "x[0..n - 1]", "x[1..n]", "x[0..n - 2]", "x[0..1]"]
PARTS += [
    "x[0..n // 4]",
    "x[i] & x[i + 1] for i < n - 1",
    "!x[i] for i < n // 2",
    "x[n // 2 + i] | x[i] for i < n // 2",
]
OWN = ["OR(x)", "AND(x)", "x[0]", "!x[n - 1]", "OR(x[i] & x[j] for i < n, j < i)", "THR[2](x)", "SUM(x) % 2", "MAJ(x)"]
USES = [
    "{f}(x)",
    "OR({f}(x[0..i + {b}]) for i < n - {b} + 1)",
    "{f}(!x[i] for i < n)",
    "AND({f}(x), !{f}([!x[1], x[0]]), x[0])",
]


def recursive(seed: int) -> str:
    """A random family `f` that calls itself, and a family `g` that calls it."""
    draw = Random(seed)
    last = draw.choice([1, 1, 1, 2, 3])
    parts = draw.choice(
        [[draw.choice(PARTS)], [draw.choice(PARTS)], ["x[0..n // 2]", "x[n // 2..n]"], draw.choices(PARTS, k=2)]
    )
    static, down = ("[k]", "[k - 1]") if draw.random() < 0.2 else ("", "")
    inner = [*(f"f{down}({part})" for part in parts), *draw.sample(OWN, draw.randint(0, 2))]
    draw.shuffle(inner)
    gate = draw.choice(["AND", "OR", "MAJ"])
    step = f"{gate}({', '.join(inner)})" if draw.random() < 0.8 else " ^ ".join(f"bit({i})" for i in inner)
    if draw.random() < 0.2:
        step = f"!({step})"
    base = draw.choice([*OWN, "x[0] & x[0]", "1"])
    where = f"n <= {last}" + (" or k <= 0" if static else "")
    text = f"family f{static}(x: bit[n]) -> bit where n >= 1 = if {where} then {base} else {step}\n"
    use = draw.choice(USES).format(f="f[2]" if static else "f", b=draw.randint(1, 2))
    return f"{text}family g(x: bit[n]) -> bit where n >= 2 = {use}\n"


@pytest.mark.parametrize("seed", SEEDS)
def test_random_recursion(seed: int) -> None:
    text = recursive(seed)
    session = tc0.Session()
    session.run(text)
    for name in ("f", "g"):
        compared(session[name], text)


def test_what_is_not_found_is_given_up() -> None:
    session = tc0.Session()
    session.run(
        "family fib(x: bit[n]) -> bit where n >= 1 = if n <= 2 then x[0] else fib(x[0..n - 1]) & fib(x[0..n - 2])"
    )
    found = analyse(session["fib"]._applied).figure("size")
    assert isinstance(found, Open) and found.reason == "a recursion whose closed form is not found"
