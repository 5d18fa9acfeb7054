"""The direct connection language as formulas against the netlists of small circuits: every gate, its number and what feeds it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import floor

import pytest

import tc0
from tc0.dsl.analysis.connection import Connection
from tc0.dsl.analysis.formula import PlaceFormula
from tc0.dsl.analysis.formula_text import written
from tc0.dsl.analysis.sources import Added, FromConstant, FromGate, FromInput
from tc0.dsl.netlist import Netlist
from tc0.dsl.symbolic.polynomial import Polynomial
from tests.analysis.test_closed_forms import PROGRAM
from tests.analysis.test_connection import FEEDING, LIBRARY, NAMES, gates

FED = "triangles twice called guarded mixed quotients".split()
WIDEST = 14  # greater than every index at the sizes that are tried


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    session.run(PROGRAM + FEEDING)
    return session


def points(names: Sequence[str], guards: Sequence[Polynomial], values: dict[str, int]) -> Iterator[dict[str, int]]:
    """All values of the names under the guards."""
    for point in itertools.product(range(WIDEST), repeat=len(names)):
        found = {**values, **dict(zip(names, point, strict=True))}
        if all(g.at(found) >= 0 for g in guards):
            yield found


def shown(place: PlaceFormula, sizes: Sequence[str], title: str) -> str | None:
    """A row as printed, where the names of its indices are as written."""
    if any("#" in name for name in place.indices):
        return None
    return dict(written(place, sizes).rows).get(title)


def evaluated(text: str, values: dict[str, int]) -> int:
    """A printed formula, as a reader of Python reads it."""
    names = {name: Fraction(v) for name, v in values.items()}
    clog2 = {"clog2": lambda v: max(int(v) - 1, 0).bit_length()}
    found = eval(text, {"floor": floor, "min": min, "max": max, **clog2, **names})
    assert found == int(found)
    return int(found)


def verified(
    formula: tuple[PlaceFormula, ...], netlist: Netlist, connection: Connection, sizes: dict[str, int]
) -> None:
    built = gates(netlist)
    thresholds = [t for b in netlist.blocks for t in ([None] * b.count if b.thresholds is None else b.thresholds)]
    first = {FromGate: 2 + netlist.inputs, FromInput: 2, FromConstant: 0}
    seen: set[int] = set()
    for place in formula:
        texts = [shown(place, list(sizes), title) for title in ("number", "threshold")]
        for point in points(place.indices, place.guards, sizes):
            for copy in range(place.copies.at(point)):
                values = {**point, place.copy: copy} if place.copy else point
                number = place.number.at(values)
                assert number not in seen and 0 <= number < len(built), (place, values)
                seen.add(number)
                assert texts[0] is None or evaluated(texts[0], values) == number
                kind, wires, weights = built[number]
                assert place.kind == kind or not place.kind_exact
                if place.threshold is not None and place.kind_exact:
                    threshold = connection.gate(number).threshold
                    assert place.threshold.at(values) == threshold
                    assert texts[1] is None or evaluated(texts[1], values) == threshold
                assert place.feeds is not None, place.reason
                found = [
                    (first[type(feed.source)] + feed.number.at(inner), feed.weight.at(inner))
                    for feed in place.feeds
                    if not isinstance(feed.source, Added)
                    for inner in points(feed.indices, feed.guards, values)
                ]
                added = [
                    feed.weight.at(inner)
                    for feed in place.feeds
                    if isinstance(feed.source, Added)
                    for inner in points(feed.indices, feed.guards, values)
                ]
                if place.threshold is not None and kind == "THR":
                    assert thresholds[number] == place.threshold.at(values) - sum(added)
                assert sorted(found) == sorted(zip(wires, weights, strict=True)), (place.span.text, values)
    assert len(seen) == len(built)


@pytest.mark.parametrize("name", [*NAMES, *LIBRARY, *FED])
def test_every_gate_of_small_circuits(session: tc0.Session, name: str) -> None:
    family = session[name]
    assert isinstance(family, tc0.Family)
    found = family.formula()
    looked_at = 0
    for point in itertools.product(range(1, 4), repeat=len(found.sizes)):
        sizes = dict(zip(found.sizes, point, strict=True))
        try:
            netlist = family.instantiate(**sizes).netlist
        except tc0.Error:
            continue  # `where` does not hold
        verified(found.places, netlist, family.connection(**sizes), sizes)
        looked_at += 1
    assert looked_at


@pytest.mark.parametrize("name", ["parity", "closed", "look_ahead", "pairs"])
def test_numbers_at_large_sizes(session: tc0.Session, name: str) -> None:
    """The formulas and the connection reading speak of the same gates."""
    session.run("family pairs(x: bit[n]) -> bit = OR(x[i] & !x[j] for i < n, j < i)")
    family = session[name]
    assert isinstance(family, tc0.Family)
    connection = family.connection(n=10**6)
    lines = {place.span for place in family.formula().places}
    for number in range(0, connection.size, connection.size // 7 + 1):
        info = connection.gate(number)
        assert info.span in lines
        own = [v for _, v in info.indices]
        candidates = [p for p in family.formula().places if p.span == info.span and len(p.indices) == len(own)]
        values = [{"n": 10**6, **dict(zip(p.indices, own, strict=True))} for p in candidates]
        numbers = [
            p.number.at({**v, **({p.copy: 0} if p.copy else {})})
            for p, v in zip(candidates, values, strict=True)
            if all(g.at(v) >= 0 for g in p.guards)
        ]
        assert any(g <= number for g in numbers)
        assert number in numbers or any(p.copy for p in candidates)


def test_text(session: tc0.Session) -> None:
    session.run("family some(x: bit[n]) -> bit = OR(x[i] & !x[j] for i < n, j < i)")
    (reply,) = session.run("formula(some)").replies
    assert reply.places[1][0] == "x[i] & !x[j]"
    assert reply.places[1][2] == (
        ("kind", "AND"),
        ("for", "0 <= i < n, 0 <= j < i"),
        ("number", "(i**2 + n**2 - i + 2*j - n)/2"),
        ("first", "(n**2 - n)/2"),
        ("fed by", "x[i] = input i"),
        ("", "gate (i**2 - i + 2*j)/2"),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("formula(halves)", "it calls itself"),
        ("formula(levels_3)", "calls itself"),
        ("formula(primes)", "is_prime"),
    ],
)
def test_without_formulas(session: tc0.Session, text: str, reason: str) -> None:
    with pytest.raises(tc0.NotAvailable) as found:
        session.run(text)
    assert found.value.code == "E1005" and reason in found.value.message
