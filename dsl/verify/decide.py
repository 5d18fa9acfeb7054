"""Claims about costs decided for all sizes: `check depth(f) <= 4`, `check size(f) == n // 2 + 1`, `check class(f) <= TC0`.

Both sides become closed forms; small sizes are compared one by one, which finds the smallest refutation; what is left
is decided symbolically or reported as undecided. A derived bound decides `<=` and `<` only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from tc0.dsl.analysis.analyse import Costs, Open
from tc0.dsl.analysis.classify import classify
from tc0.dsl.analysis.domain import Domain, rename
from tc0.dsl.analysis.figure import Evidence, Figure
from tc0.dsl.analysis.numbers import number, numbers
from tc0.dsl.analysis.values import Cases, Number, one
from tc0.dsl.base.errors import Error
from tc0.dsl.core.program import Applied, Apply, Claim, Constant, Expr, Logic, Measure, Reference, Variable
from tc0.dsl.core.shapes import mentions
from tc0.dsl.core.static import evaluate
from tc0.dsl.ops.classes import name_of
from tc0.dsl.symbolic.eventual import eventually
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Join, Piecewise, chambers
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial
from tc0.dsl.symbolic.quasi import equal, one_parameter

P = Polynomial.of
CostsOf = Callable[[Applied, str | None], Costs]
TRIED = 24  # sizes of one parameter that are compared one by one
TRIED_TOGETHER = 6


@dataclass(frozen=True, slots=True)
class Decision:
    """holds: True, False, or None where it is not decided. sizes, left, right: the smallest refutation. reason: why it is
    not decided. least: the sizes it was decided for, from what on."""

    holds: bool | None
    sizes: tuple[tuple[str, int], ...] = ()
    left: str | None = None
    right: str | None = None
    reason: str = ""
    least: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a comparison: a value, whether it is exact, and how it is written."""

    value: Piecewise
    exact: bool
    rank: bool = False


def decide(claim: Claim, costs: CostsOf) -> Decision:
    """Decides a claim without wires for all its sizes."""
    assert claim.body is not None
    least = {}
    for q in claim.integers:
        if q.high is not None or not isinstance(q.low, Constant) or not isinstance(q.low.value, int):
            return Decision(None, reason=f"`{q.name}` has bounds that are not decided together with the others")
        least[q.name] = q.low.value
    families = [measure.subject.family for measure in _figures(claim.body) if isinstance(measure.subject, Reference)]
    own = {s.name for family in families for s in family.statics} | {
        s.name for family in families for s in family.sizes
    }
    for q in claim.integers:
        if q.name not in own and not mentions(claim.body, (q.name,)):
            asked = ", ".join(f"`{family.name}`" for family in families)
            hint = f"its sizes are {', '.join(f'`{name}`' for name in sorted(own))}" if own else "leave the range out"
            raise Error(
                "E0305", f"nothing in this claim depends on `{q.name}`: {asked} has no such parameter", q.span, hint
            )
    if claim.static_guard is not None:
        return Decision(None, reason="a claim for all sizes with a guard")
    return _decide(claim.body, least, costs)


def _decide(body: Expr, least: Mapping[str, int], costs: CostsOf) -> Decision:
    match body:
        case Logic(operator="and", operands=operands):
            parts = [_decide(o, least, costs) for o in operands]
            return next((d for d in parts if not d.holds), parts[-1])
        case Apply(function="<" | "<=" | ">" | ">=" | "==" | "!=" as function, arguments=(left, right)):
            sizes = dict(least)
            try:
                found = _compare(function, left, right, sizes, costs)
            except NotClosed as e:
                found = Decision(None, reason=str(e))
            return replace(found, least=tuple(sizes.items()))
        case _:
            return Decision(None, reason="a claim for all sizes is a comparison, or several joined by `and`")


def _compare(function: str, left: Expr, right: Expr, least: dict[str, int], costs: CostsOf) -> Decision:
    presumed: list[Polynomial] = [P(name) - low for name, low in least.items()]
    a, b = _side(left, least, costs, presumed), _side(right, least, costs, presumed)
    if function in (">", ">="):
        a, b, function = b, a, {">": "<", ">=": "<="}[function]
        swapped = True
    else:
        swapped = False
    known = Assumptions(tuple(presumed))
    exact = a.exact and b.exact
    for sizes in _small(least, known):
        x, y = a.value.at(sizes), b.value.at(sizes)
        if not _holds(function, x, y):
            if not exact:
                return Decision(None, reason="only a bound is derived, and it does not suffice")
            shown = (_shown(x, a, b), _shown(y, a, b))
            return Decision(False, tuple(sizes.items()), *(reversed(shown) if swapped else shown))
    if function in ("==", "!=") and not exact:
        return Decision(None, reason="only a bound is derived")
    if not b.exact:
        return Decision(None, reason="only a bound is derived, on the side that must not be exceeded")
    return _for_all(function, a.value, b.value, least, known)


def _holds(function: str, x: int, y: int) -> bool:
    return {"<": x < y, "<=": x <= y, "==": x == y, "!=": x != y}[function]


def _shown(value: int, a: _Side, b: _Side) -> str:
    return name_of(value) if a.rank or b.rank else str(value)


def _small(least: Mapping[str, int], known: Assumptions) -> Iterator[dict[str, int]]:
    """Small sizes that satisfy what is presumed."""
    tried = TRIED if len(least) <= 1 else TRIED_TOGETHER
    for point in product(*(range(low, low + tried) for low in least.values())):
        sizes = dict(zip(least, point, strict=True))
        if all(p.at(sizes) >= 0 for p in known.constraints if p.names() <= sizes.keys()):
            yield sizes


# ---- sides


def _side(expr: Expr, least: dict[str, int], costs: CostsOf, presumed: list[Polynomial]) -> _Side:
    """One side of a claim as a guarded polynomial."""
    match expr:
        case Measure():
            return _measure(expr, least, costs, presumed)
        case Apply(function="+" | "-" | "*" as function, arguments=(x, y)) if _measures(expr):
            return _arithmetic(function, _side(x, least, costs, presumed), _side(y, least, costs, presumed))
        case _ if _measures(expr):
            raise NotClosed(f"`{expr.span.text}` is not decided for all sizes")
        case _:
            env: dict[str, Cases] = {name: one(Number(P(name))) for name in least}
            found = numbers(expr, env, Domain.start(Assumptions(tuple(presumed))), _nothing_else)
            return _Side(Piecewise.of(Join.SUM, found), True)


def _nothing_else(expr: Expr, env: Mapping[str, Cases], at: Domain) -> Cases:
    if isinstance(expr, Variable):
        return env[expr.name]
    raise NotClosed(f"`{expr.span.text}` is not a number in closed form")


def _measures(expr: Expr) -> bool:
    return any(True for _ in _figures(expr))


def _figures(expr: Expr) -> Iterator[Measure]:
    """The figures in a claim."""
    match expr:
        case Measure():
            yield expr
        case Apply(arguments=parts) | Logic(operands=parts):
            for part in parts:
                yield from _figures(part)
        case _:
            pass


def _arithmetic(function: str, a: _Side, b: _Side) -> _Side:
    left, right = _summed(a.value), _summed(b.value)
    exact = a.exact and b.exact
    match function:
        case "+":
            return _Side(left.plus(right), exact)
        case "-":
            if not b.exact:
                raise NotClosed("the difference from a bound")
            return _Side(left.plus(right.scaled(-1)), exact)
        case _:
            pieces = [((*g, *h), p * q) for g, p in left.pieces for h, q in right.pieces]
            return _Side(Piecewise.of(Join.SUM, pieces), exact)


def _summed(value: Piecewise) -> Piecewise:
    """A greatest value as disjoint cases."""
    if value.join is Join.SUM:
        return value
    if len(value.pieces) == 1 and not value.pieces[0][0]:
        return Piecewise(Join.SUM, value.pieces)
    names = value.names()
    found = chambers(value, Assumptions(tuple(P(n) - 1 for n in names)))
    if found is None:
        raise NotClosed("a greatest value with too many cases")
    return Piecewise.of(Join.SUM, [(guards, c.polynomial) for c in found for guards in c.guards])


def _measure(expr: Measure, least: dict[str, int], costs: CostsOf, presumed: list[Polynomial]) -> _Side:
    subject, fixed = _subject(expr)
    found = costs(subject, expr.negation)
    if expr.figure == "class":
        report = classify(found)
        if report.rank is None:
            raise NotClosed(f"the class is not known: {report.reasons[0] if report.reasons else report.name}")
        return _Side(Piecewise.constant(report.rank), False, rank=True)
    figure = found.figure(expr.figure)
    if isinstance(figure, Open):
        raise NotClosed(f"`{expr.span.text}` has no closed form: {figure.reason}")
    assert isinstance(figure, Figure)
    value = figure.value
    change = {name: p for name, p in fixed.items() if p != P(name)}
    if change:
        value = rename(value, change, Assumptions(tuple(presumed)))
    for name in found.names:  # a size that the claim does not name: from 1 on, the same for all families
        if name not in least and name not in fixed:
            least[name] = 1
            presumed.append(P(name) - 1)
    presumed += [c for c in found.presumed.constraints if c.names() <= set(least) and not change]
    return _Side(value, figure.evidence is Evidence.EXACT)


def _subject(expr: Measure) -> tuple[Applied, dict[str, Polynomial]]:
    """The family of a figure, and its sizes that are fixed symbolically (`depth(g[m = n])`)."""
    assert isinstance(expr.subject, Reference)
    values: list[tuple[str, object]] = []
    symbolic: dict[str, Polynomial] = {}
    for name, value in expr.subject.fixed:
        try:
            values.append((name, evaluate(value, {})))
        except (Error, KeyError):  # it mentions a quantifier
            names = {n: one(Number(P(n))) for n in _variables(value)}
            symbolic[name] = number(value, names, Domain.start(Assumptions()), _nothing_else)
    return Applied(expr.subject.family, tuple(values)), symbolic


def _variables(expr: Expr) -> Sequence[str]:
    match expr:
        case Variable(name=name):
            return [name]
        case Apply(arguments=arguments):
            return [n for a in arguments for n in _variables(a)]
        case _:
            return []


# ---- for all sizes


def _for_all(function: str, a: Piecewise, b: Piecewise, least: Mapping[str, int], known: Assumptions) -> Decision:
    if len(least) == 1:
        decided = _one_size(function, a, b, next(iter(least.items())), known)
        if decided is not None:
            return decided
    greatest = a.pieces if a.join is Join.GREATEST else None
    if greatest is not None and function in ("<", "<="):
        results = [
            _everywhere(function, Piecewise.of(Join.SUM, [(g, p)]), b, known.constraints, g) for g, p in greatest
        ]
        results.append(_everywhere(function, Piecewise.of(Join.SUM, []), b, known.constraints, ()))
        return Decision(True) if all(results) else Decision(None, reason="not decided for all sizes")
    if _everywhere(function, _summed(a), _summed(b), known.constraints, ()):
        return Decision(True)
    return Decision(None, reason="not decided for all sizes")


def _everywhere(
    function: str, a: Piecewise, b: Piecewise, constraints: Sequence[Polynomial], guards: Sequence[Polynomial]
) -> bool:
    """Whether the comparison holds in every chamber of the difference."""
    known = Assumptions((*constraints, *guards))
    if not known.feasible([]):
        return True
    cells = chambers(_summed(b).plus(a.scaled(-1)), known)
    if cells is None:
        return False
    for cell in cells:
        for own in cell.guards:
            inside = Assumptions((*known.constraints, *own))
            p = cell.polynomial
            ok = not p if function == "==" else inside.proves(p if function == "<=" else p - 1)
            if function == "!=":
                ok = inside.proves(p - 1) or inside.proves(-p - 1)
            if not ok:
                return False
    return True


def _one_size(function: str, a: Piecewise, b: Piecewise, size: tuple[str, int], known: Assumptions) -> Decision | None:
    """One parameter: equal or ordered from some size on, and compared one by one below it."""
    name, least = size
    left, right = one_parameter(a, name, least), one_parameter(b, name, least)
    if left is None or right is None:
        return None
    start = max([least, *(n + 1 for n, _ in (*left.exceptions, *right.exceptions))])
    difference = right.polynomial - left.polynomial
    if function == "==":
        same = not difference or equal(left.polynomial, right.polynomial, name)
        if not same:
            return None if same is None else _search(function, a, b, name, least, known)
    elif function in ("<", "<="):
        margin = difference if function == "<=" else difference - 1
        decided = (True, start) if Assumptions((P(name) - start,)).proves(margin) else eventually(margin, name)
        if decided is None:
            return None
        if not decided[0]:
            return _search(function, a, b, name, least, known)
        start = max(start, decided[1])
    else:
        return None
    if start > 100_000:
        return None
    for n in range(least, start):
        at = {name: n}
        if all(p.at(at) >= 0 for p in known.constraints) and not _holds(function, a.at(at), b.at(at)):
            return Decision(False, ((name, n),), str(a.at(at)), str(b.at(at)))
    return Decision(True)


def _search(function: str, a: Piecewise, b: Piecewise, name: str, least: int, known: Assumptions) -> Decision | None:
    """The smallest refutation, which is known to exist."""
    for n in range(least, least + 100_000):
        at = {name: n}
        if all(p.at(at) >= 0 for p in known.constraints) and not _holds(function, a.at(at), b.at(at)):
            return Decision(False, ((name, n),), str(a.at(at)), str(b.at(at)))
    return None
