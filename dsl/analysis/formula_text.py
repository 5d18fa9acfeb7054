"""Formulas of gates as text: ranges as `0 <= i < n`, conditions, numbers, and what feeds a gate, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tc0.dsl.analysis.formula import Feed, PlaceFormula
from tc0.dsl.analysis.sources import Added, FromConstant, FromGate, FromInput
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.piecewise import Guards, Piecewise
from tc0.dsl.symbolic.polynomial import ONE, ZERO, Polynomial, plain

P = Polynomial.of


@dataclass(frozen=True, slots=True)
class PlaceText:
    """One case of a place. rows: (title, text)."""

    code: str
    place: str
    rows: tuple[tuple[str, str], ...]


def written(place: PlaceFormula, sizes: Sequence[str]) -> PlaceText:
    """The formulas of a place."""
    taken = set(sizes)
    names = _plain(place.indices, taken)
    known = (*place.indices, *([place.copy] if place.copy else ()))
    box = place.guards
    if place.copy:
        (copies,) = [p for _, p in place.copies.pieces] if len(place.copies.pieces) == 1 else (None,)
        box = (*box, P(place.copy), *([copies - 1 - P(place.copy)] if copies is not None else ()))
        taken.add(place.copy)
    kind = place.kind if place.kind_exact else f"{place.kind} (as written where its forms are single bits)"
    rows = [("kind", kind)]
    where = region(known, box, names)
    if where:
        rows.append(("for", where))
    rows.append(("number", value(place.number, names)))
    if known and place.number != place.first:
        rows.append(("first", value(place.first, {})))
    if place.threshold is not None:
        rows.append(("threshold", plain(_renamed(place.threshold, names))))
    if place.feeds is None:
        rows.append(("fed by", f"no formula: {place.reason}"))
    elif not place.feeds:
        rows.append(("fed by", "nothing"))
    else:
        wires = [feed for feed in place.feeds if not isinstance(feed.source, Added)]
        added = [feed for feed in place.feeds if isinstance(feed.source, Added)]
        for title, feeds in (("fed by", wires), ("plus", added)):
            rows += [(title if at == 0 else "", _feed(feed, names, taken)) for at, feed in enumerate(feeds)]
    return PlaceText(" ".join(place.span.text.split()), str(place.span), tuple(rows))


def _feed(feed: Feed, names: dict[str, Polynomial], taken: set[str]) -> str:
    inner = {**names, **_plain(feed.indices, set(taken) | {plain(p) for p in names.values()})}
    number = value(feed.number, inner)
    match feed.source:
        case FromGate():
            what = f"gate {number}"
        case FromInput(name=name, indices=indices):
            shown = f"[{', '.join(plain(_renamed(i, inner)) for i in indices)}]" if indices else ""
            what = f"{name}{shown} = input {number}"
        case FromConstant():
            what = f"the constant {number}"
        case Added():
            what = plain(_renamed(feed.weight, inner))
    plainly = feed.weight == ONE or isinstance(feed.source, Added)
    weight = "" if plainly else f", weight {plain(_renamed(feed.weight, inner))}"
    where = region(feed.indices, feed.guards, inner)
    return what + weight + (f", for {where}" if where and feed.indices else f", if {where}" if where else "")


def _plain(indices: Sequence[str], taken: set[str]) -> dict[str, Polynomial]:
    """Index names as written where they are free, else with a number; the names are taken from then on."""
    found = {}
    for name in indices:
        base = name.split("#", 1)[0]
        shown, at = base, 2
        while shown in taken:
            shown, at = f"{base}{at}", at + 1
        taken.add(shown)
        found[name] = P(shown)
    return found


def _renamed(p: Polynomial, names: dict[str, Polynomial]) -> Polynomial:
    return substitute(p, names)


def value(found: Piecewise, names: dict[str, Polynomial]) -> str:
    """One polynomial, or cases."""
    pieces = [(guards, plain(_renamed(p, names))) for guards, p in found.pieces]
    if not pieces:
        return "0"
    if len(pieces) == 1 and not pieces[0][0]:
        return pieces[0][1]
    return " + ".join(f"({text} if {region((), guards, names)} else 0)" if guards else text for guards, text in pieces)


def region(indices: Sequence[str], guards: Guards, names: dict[str, Polynomial]) -> str:
    """Ranges of indices, in order, then conditions."""
    left = list(dict.fromkeys(guards))
    parts: list[str] = []
    for at, name in enumerate(indices):
        later = set(indices[at + 1 :])
        low = next((p for p in left if p.linear(name) == 1 and not p.names() & later), None)
        high = next((p for p in left if p.linear(name) == -1 and not p.names() & later), None)
        shown = plain(_renamed(P(name), names))
        if low is not None and high is not None and low == -high:
            parts.append(f"{shown} = {plain(_renamed(P(name) - low, names))}")
        elif low is not None or high is not None:
            start = "" if low is None else f"{plain(_renamed(P(name) - low, names))} <= "
            end = "" if high is None else f" < {plain(_renamed(high + P(name) + 1, names))}"
            parts.append(f"{start}{shown}{end}")
        left = [p for p in left if p not in (low, high)]
    return " and ".join([*([", ".join(parts)] if parts else []), *_conditions(left, names)])


def _conditions(guards: Sequence[Polynomial], names: dict[str, Polynomial]) -> Iterator[str]:
    done: set[Polynomial] = set()
    for p in guards:
        if p in done:
            continue
        equal = -p in guards
        done |= {p, -p} if equal else {p}
        yield _relation(_renamed(p, names), "==" if equal else ">=")


def _relation(p: Polynomial, relation: str) -> str:
    """`i + 1 <= n` from n - i - 1 >= 0: every term on the side on which it is positive."""
    positive = Polynomial({m: c for m, c in p.terms.items() if c > 0})
    negative = Polynomial({m: -c for m, c in p.terms.items() if c < 0})
    if positive == ZERO and relation == "==":
        positive, negative = negative, positive
    return f"{plain(positive)} {relation} {plain(negative)}"
