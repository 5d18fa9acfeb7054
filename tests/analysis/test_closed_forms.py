"""Closed forms against the figures of circuits that are built and counted."""

from __future__ import annotations

import itertools
import re

import pytest

import tc0
from tc0.dsl.analysis.analyse import FIGURES, Open, analyse
from tc0.dsl.analysis.figure import Evidence
from tc0.dsl.core.program import Applied
from tests.analysis.counted import differences

PROGRAM = """
family parity(x: bit[n]) -> bit = SUM(x) % 2
family add(a: bit[n], b: bit[n]) -> bit[n + 1] {
    let c[k <= n] = SUM(2**i * (a[i] + b[i]) for i < k) // 2**k
    return [bit(if k < n then a[k] + b[k] + c[k] - 2 * c[k + 1] else c[n]) for k <= n]
}
family less(a: bit[n], b: bit[n]) -> bit = SUM(2**i * a[i] for i < n) < SUM(2**i * b[i] for i < n)
family odd_count(x: bit[n]) -> bit = OR(exact[2*j + 1](x) for j < (n + 1) // 2)
family exact[k](x: bit[n]) -> bit = THR[k](x) & !THR[k + 1](x)
family square(m: bit[n, n]) -> bit[n, n] = [OR(m[i, k] & m[k, j] for k < n) for i < n, j < n]
family closed(a: bit[n, n]) -> bit[n, n] = fold m = a for t < clog2(n) yield square(m)
family add_many(x: bit[m, w]) -> bit[w] where m >= 1 {
    let c[k <= w] = SUM(2**i * x[j, i] for j < m, i < k) // 2**k
    return [bit(SUM(x[j, k] for j < m) + c[k] - 2 * c[k + 1]) for k < w]
}
family triangle(x: bit[n]) -> bit = OR(x[i] & x[j] for i < n, j < i)
family every_third(x: bit[n]) -> bit = OR(x[i] for i < n if i % 3 == 1)
family look_ahead(a: bit[n], b: bit[n]) -> bit[n + 1] {
    let carry[i <= n] = OR(a[j] & b[j] & AND(a[k] | b[k] for k in j + 1 .. i) for j < i)
    return [(if i < n then a[i] ^ b[i] ^ carry[i] else carry[n]) for i <= n]
}
family chained(x: bit[n]) -> bit where n >= 1 = fold s = x[0] for t < n - 1 yield s ^ x[t + 1]
family halves(x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0]
    else halves(x[0..n // 2]) ^ halves(x[n // 2..n])
family one_by_one(x: bit[n]) -> bit = if n == 0 then 0 else x[n - 1] & one_by_one(x[0..n - 1])
family two_at_once(x: bit[n]) -> bit where n >= 1 {
    let h[k < 2] = if n == 1 then x[0] else two_at_once(if k == 0 then x[0..n // 2] else x[n // 2..n])
    return if n == 1 then x[0] else h[0] ^ h[1]
}
family words(a: uint(w), b: uint(w)) -> bit where w >= 1 = (a == b) | (a > b)
family choose(c: bit, a: bit[w], b: bit[w]) -> bit[w] = if c then a else b
family signed(x: bit[n]) -> bit = SUM(if i % 2 == 0 then x[i] else -3 * x[i] for i < n) >= 0
family deep_arguments(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else deep_arguments(x[i] & x[i + 1] for i < n - 1)
family halved(x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0] else OR(halved(AND(x[2*i..min(2*i + 2, n)]) for i < (n + 1) // 2), x[0])
family wide_at_the_end(x: bit[n]) -> bit where n >= 1 =
    if n <= 3 then OR(5*x[0] >= 3, x[0], x[0], x[0]) else AND(wide_at_the_end(x[0..n // 2]), wide_at_the_end(x[n // 2..n]))
family levels[k](x: bit[n]) -> bit where n >= 1 = if k == 0 then AND(x) else OR(levels[k - 1](x), x[0])
family levels_3(x: bit[n]) -> bit where n >= 1 = levels[3](x)
family primes(x: bit[n]) -> bit = OR(x[i] for i < n if is_prime(i))
family letters(v: {"a", "b", "c"}[n]) -> bit = AND(v[i] == "a" for i < n)
"""
NAMES = [
    "parity add less odd_count exact square closed add_many triangle every_third look_ahead chained halves one_by_one "
    "words choose signed letters deep_arguments halved wide_at_the_end levels levels_3 primes"
][0].split()


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    session.run(PROGRAM)
    return session


@pytest.mark.parametrize("name", NAMES)
def test_exact_figures_equal_the_count(session: tc0.Session, name: str) -> None:
    family = session[name]
    costs = analyse(Applied(family._applied.family, ()))
    counted = 0
    for point in itertools.product(range(7 if len(costs.names) < 2 else 5), repeat=len(costs.names)):
        sizes = dict(zip(costs.names, point, strict=True))
        try:
            circuit = family.instantiate(**sizes)
            circuit.size  # noqa: B018 - builds it
        except tc0.Error:
            continue  # `where` does not hold
        counted += 1
        assert not differences(costs, circuit, sizes)
    assert counted


def test_a_fixed_parameter_that_a_recursion_changes(session: tc0.Session) -> None:
    costs = analyse(Applied(session["levels"]._applied.family, (("k", 2),)))
    assert not any(isinstance(costs.figure(name), Open) for name in FIGURES)
    for n in range(1, 6):
        assert not differences(costs, session["levels"].instantiate(k=2, n=n), {"n": n})


TABLE = [
    ("parity", "floor((n + 2)/2)", "2; 1 at n <= 1"),
    ("add", "2*n + 1", "2; 1 at n = 0"),
    ("less", "1", "1"),
    ("closed", "clog2(n)*n**3 + clog2(n)*n**2", "2*clog2(n)"),
    ("halves", "5*(n - 1)", "3*clog2(n)"),
    ("chained", "5*(n - 1)", "3*(n - 1)"),
    ("one_by_one", "n", "n"),
]


@pytest.mark.parametrize(("name", "size", "depth"), TABLE, ids=[row[0] for row in TABLE])
def test_closed_forms_read_well(session: tc0.Session, name: str, size: str, depth: str) -> None:
    family = session[name]
    assert (str(family.size), str(family.depth)) == (size, depth)
    assert family.size.evidence is Evidence.EXACT


FOLDS = """
family tower[k](b: bit) -> bit = fold s = b for t < k yield !s
family uneven(x: bit[n]) -> bit where n >= 1 {
    let p[i < n] = tower[i](x[i])
    return (fold r = p for t < n yield [!r[i] for i < n])[0]
}
family with_constants(m: bit[n, n]) -> bit[n, n] {
    let start[i < n, j < n] = if i == j then 1 else m[i, j]
    return fold r = start for step < clog2(n) yield boolean_product(r, r)
}
"""


def test_a_fold_is_exact_only_where_its_state_is_even() -> None:
    session = tc0.Session()
    session.run(FOLDS)
    uneven, even = session["uneven"], session["with_constants"]
    assert uneven.depth.evidence is Evidence.AT_MOST and even.depth.evidence is Evidence.EXACT
    for n in range(1, 8):
        assert uneven.instantiate(n=n).depth <= uneven.depth.at(n=n)
        assert even.instantiate(n=n).depth == even.depth.at(n=n)


CLASSES = [
    ("parity", "TC0", "polynomial"),
    ("add", "TC0", "exponential"),
    ("odd_count", "TC0", "unit"),
    ("closed", "AC1", "unit"),
    ("look_ahead", "AC0", "unit"),
    ("halves", "NC1", "unit"),
    ("chained", "P", "unit"),
    ("square", "AC0", "unit"),
]


@pytest.mark.parametrize(("name", "class_", "weights"), CLASSES, ids=[row[0] for row in CLASSES])
def test_classes(session: tc0.Session, name: str, class_: str, weights: str) -> None:
    report = session[name].classified
    assert (report.name, report.weights) == (class_, weights)
    assert report.reasons


CLAIMS = [
    ("check depth(odd_count) == 4", True),
    ("check size(parity) == n // 2 + 1", True),
    ("check size(parity) == n // 2", False),
    ("check wires(add) == n**2 + 5*n", True),
    ("check size(closed) == clog2(n) * (n**3 + n**2)", True),
    ("check class(parity) <= TC0", True),
    ("check depth(parity) <= 2 for n >= 0", True),
    ("check depth(parity) <= 1", False),
    ("check size(look_ahead) <= n**3 for n >= 6", True),
    ("check size(halves) <= 5 * n", True),
    ("check size(add) == 2*n + 1 and depth(add) <= 2", True),
]


@pytest.mark.parametrize(("text", "holds"), CLAIMS, ids=[text for text, _ in CLAIMS])
def test_claims_for_all_sizes(session: tc0.Session, text: str, holds: bool) -> None:
    (reply,) = session.run(text).replies
    assert reply.ok is holds and reply.how == "derived"
    if not holds:
        case = reply.counterexample
        assert case is not None and case.left != case.right


def test_a_class_is_never_refuted(session: tc0.Session) -> None:
    (reply,) = session.run("check class(parity) <= AC0").replies
    assert not reply.ok and reply.how == "undecided" and reply.reason


def test_circuits_too_large_to_build_have_figures(session: tc0.Session) -> None:
    assert session.eval("size(closed[n = 10**6])") == 20 * (10**18 + 10**12)
    assert session.eval("depth(closed[n = 10**6])") == 40


def test_uniformity_grades(session: tc0.Session) -> None:
    assert session["parity"].uniformity.grade == 1
    session.run("family block(x: bit[n]) -> bit = OR(x[i * i % n] for i < n)")
    found = session["block"].uniformity
    assert found.grade == 2 and found.offending


def test_what_is_printed_says_where_it_holds(session: tc0.Session) -> None:
    session.run(
        "family rows(m: bit[n, k]) -> bit = OR(AND(m[i]) for i < n)\n"
        "family joined(x: bit[n], y: bit[m]) -> bit = OR(x[i] & y[j] for i < n, j < m if i <= j)"
    )
    assert (str(session["rows"].size), str(session["rows"].wires)) == ("n + 1", "k*n + n")
    assert str(session["rows"].fanin) == "max(n, k) (for n, k >= 1)"
    assert session["rows"].fanin.at(n=0, k=5) == 0
    assert str(session["joined"].depth) == "2 (for n, m >= 1)"


def test_a_long_closed_form_is_not_printed(session: tc0.Session) -> None:
    figure = session["iterated_add"].wires
    assert re.fullmatch(r"a closed form of \d+ terms; \.at\(m=\.\., w=\.\.\) evaluates it, \.whole\(\) .*", str(figure))
    assert figure.at(m=5, w=3) == session["iterated_add"].instantiate(m=5, w=3).wires
    assert len(figure.whole()) > len(str(figure))
