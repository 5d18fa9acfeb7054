"""Static expressions evaluated symbolically: integers as polynomials over atoms, conditions as disjoint guards.

What is not a number of this kind (a rational, a string, a table of numbers) must be known outright; everything else is
`NotClosed`, with the reason that a report shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from tc0.dsl.analysis.domain import Domain, unknowns
from tc0.dsl.analysis.values import Array, Cases, Known, Number, NumberContent, Undecided, Value
from tc0.dsl.base.errors import Error
from tc0.dsl.core.program import (
    Apply,
    Constant,
    Expr,
    If,
    Logic,
)
from tc0.dsl.core.static import evaluate
from tc0.dsl.core.types import Kind, Static
from tc0.dsl.symbolic import atoms
from tc0.dsl.symbolic.piecewise import Guards, chambers
from tc0.dsl.symbolic.polynomial import ONE, ZERO, NotClosed, Polynomial

P = Polynomial.of
Environment = Mapping[str, Cases]
Numbers = list[tuple[Guards, Polynomial]]
Evaluate = Callable[[Expr, Environment, Domain], Cases]


def numbers(expr: Expr, env: Environment, at: Domain, other: Evaluate) -> Numbers:
    """The cases of a static integer. other: evaluates what is no arithmetic (variables, elements, lengths, calls)."""
    match expr:
        case Constant(value=bool()):
            raise NotClosed(f"`{expr.span.text}` is no integer")
        case Constant(value=int() as value):
            return [((), P(value))]
        case Apply(function=function, arguments=arguments):
            return _apply(function, arguments, expr, env, at, other)
        case If(condition=condition, then=then, other=otherwise):
            found: Numbers = []
            for guards, branch in branches(condition, then, otherwise, env, at, other):
                inner = at.under(guards)
                found += [((*guards, *g), p) for g, p in numbers(branch, env, inner, other) if not inner.under(g).empty]
            return found
        case _:
            return [
                pair for guards, value in other(expr, env, at) for pair in _cases_of_number(guards, value, expr, at)
            ]


def _cases_of_number(guards: Guards, value: Value, expr: Expr, at: Domain) -> Numbers:
    """A number, or an element of a static array that is another one from case to case."""
    match value:
        case Array(dims=(), content=NumberContent(value=pieces)) if len(pieces.pieces) > 1 or (
            pieces.pieces and pieces.pieces[0][0]
        ):
            found = chambers(pieces, at.under(guards).known)
            if found is None:
                raise NotClosed(f"`{expr.span.text}` has too many cases")
            return [((*guards, *own), case.polynomial) for case in found for own in case.guards]
        case _:
            return [(guards, _number(value, expr))]


def _number(value: Value, expr: Expr) -> Polynomial:
    match value:
        case Number(value=p):
            return p
        case Known(value=int() as known) if not isinstance(known, bool):
            return P(known)
        case Array(dims=(), content=NumberContent(value=pieces)) if len(pieces.pieces) == 1 and not pieces.pieces[0][0]:
            return pieces.pieces[0][1]
        case Array(dims=(), content=NumberContent(value=pieces)) if not pieces.pieces:
            return ZERO
        case _:
            raise NotClosed(f"`{expr.span.text}` is not a number in closed form")


def number(expr: Expr, env: Environment, at: Domain, other: Evaluate) -> Polynomial:
    """A static integer that is one polynomial."""
    found = numbers(expr, env, at, other)
    if len(found) == 1:
        return found[0][1]
    values = {p for _, p in found}
    if len(values) == 1:
        return values.pop()
    raise NotClosed(f"`{expr.span.text}` depends on a case distinction")


def branches(
    condition: Expr, then: Expr, otherwise: Expr, env: Environment, at: Domain, other: Evaluate
) -> Iterator[tuple[Guards, Expr]]:
    """The branches of a static `if` with the guards under which each is taken; impossible ones are left out."""
    for positive, branch in ((True, then), (False, otherwise)):
        for guards in cases_of(condition, positive, env, at, other):
            if not at.under(guards).empty:
                yield guards, branch


# ---- arithmetic


def _apply(
    function: str, arguments: Sequence[Expr], expr: Expr, env: Environment, at: Domain, other: Evaluate
) -> Numbers:
    if function in ("ceil", "floor"):
        return _rounded(function, arguments[0], env, at, other)
    if function in ("abs", "min", "max") and any(unknowns(p) for a in arguments for _, p in numbers(a, env, at, other)):
        raise NotClosed(f"`{' '.join(expr.span.text.split())}` is not a number in closed form")
    if function == "abs":
        return [
            (guards, p if sign else -p)
            for guards0, p in numbers(arguments[0], env, at, other)
            for sign, guards in ((True, (*guards0, p)), (False, (*guards0, -p - 1)))
            if not at.under(guards).empty
        ]
    if function in ("min", "max"):
        return _extreme(function, arguments, env, at, other)
    found: Numbers = []
    for guards, values in _combinations([numbers(a, env, at, other) for a in arguments], at):
        found.append((guards, _operation(function, values, at.under(guards), expr)))
    return found


def _combinations(lists: Sequence[Numbers], at: Domain) -> Iterator[tuple[Guards, list[Polynomial]]]:
    """All consistent combinations of cases."""
    found: list[tuple[Guards, list[Polynomial]]] = [((), [])]
    for options in lists:
        found = [
            ((*guards, *own), [*values, p])
            for guards, values in found
            for own, p in options
            if not own or not at.under((*guards, *own)).empty
        ]
    yield from found


def _operation(function: str, v: list[Polynomial], at: Domain, expr: Expr) -> Polynomial:
    match function:
        case "+":
            return v[0] + v[1]
        case "-":
            return v[0] - v[1]
        case "*":
            return v[0] * v[1]
        case "negate":
            return -v[0]
        case "one length":  # they are equal, or the program is in error
            return next((p for p in v if p.constant() is not None), v[0])
        case "//":
            return _floor(v[0], v[1], at, expr)
        case "%":
            return v[0] - v[1] * _floor(v[0], v[1], at, expr)
        case "**":
            return _power(v[0], v[1], expr)
        case "<<":
            return v[0] * atoms.power(v[1])
        case ">>":
            return atoms.floor_div(v[0], atoms.power(v[1]), at)
        case "clog2":
            return atoms.ceil_log(v[0])
        case "flog2":
            return atoms.floor_log(v[0])
        case "bits":
            return atoms.ceil_log(v[0] + 1)
        case "bit":
            return _bit(v[0], v[1])
        case "isqrt":
            return atoms.isqrt_of(v[0])
        case _:
            return atoms.opaque(function, *v) if not all(p.constant() is not None for p in v) else _known(expr)


def _known(expr: Expr) -> Polynomial:
    """A function of constants."""
    try:
        value = evaluate(expr, {})
    except (Error, KeyError):
        raise NotClosed(f"`{expr.span.text}` is not a number in closed form") from None
    assert isinstance(value, int)
    return P(value)


def _bit(i: Polynomial, j: Polynomial) -> Polynomial:
    a, b = i.constant(), j.constant()
    if isinstance(a, int) and isinstance(b, int):
        return P(a >> b & 1)
    return atoms.bit_of(i, j)


def _floor(top: Polynomial, bottom: Polynomial, at: Domain, expr: Expr) -> Polynomial:
    """top // bottom for a positive divisor."""
    if top == bottom and at.proves(bottom - 1):
        return ONE
    divisor = bottom.constant()
    if divisor is not None and divisor < 0:
        return _floor(-top, -bottom, at, expr)
    if divisor == 0 or (divisor is None and not at.proves(bottom - 1)):
        raise NotClosed(f"`{expr.span.text}` divides by what is not known to be at least 1")
    try:
        return atoms.floor_div(top, bottom, at)
    except NotClosed as e:
        raise NotClosed(f"`{expr.span.text}`: {e}") from None


def _power(base: Polynomial, exponent: Polynomial, expr: Expr) -> Polynomial:
    b, e = base.constant(), exponent.constant()
    if isinstance(e, int) and 0 <= e <= 64:
        return base**e
    if isinstance(b, int) and b >= 1:
        return atoms.power_of(b, exponent)
    raise NotClosed(f"the power `{expr.span.text}`")


def _rounded(function: str, argument: Expr, env: Environment, at: Domain, other: Evaluate) -> Numbers:
    """`ceil(a / b)` and `floor(a / b)`; of an integer it is the integer."""
    if isinstance(argument.type, Static) and argument.type.kind is Kind.INTEGER:
        return numbers(argument, env, at, other)
    match argument:
        case Apply(function="/", arguments=(a, b)):
            found: Numbers = []
            pairs = _combinations([numbers(a, env, at, other), numbers(b, env, at, other)], at)
            for guards, (top, bottom) in pairs:
                inner = at.under(guards)
                shifted = top + bottom - 1 if function == "ceil" else top
                found.append((guards, _floor(shifted, bottom, inner, argument)))
            return found
        case Constant(value=Fraction() as value):
            return [((), P(-(-value // 1) if function == "ceil" else value // 1))]
        case _:
            return [((), _known(Apply(function, (argument,), argument.type, argument.span)))]


def _extreme(function: str, arguments: Sequence[Expr], env: Environment, at: Domain, other: Evaluate) -> Numbers:
    """min and max, one case for each argument that it can be."""
    found: Numbers = []
    sign = 1 if function == "max" else -1
    for guards, values in _combinations([numbers(a, env, at, other) for a in arguments], at):
        inner = at.under(guards)
        kept: list[Polynomial] = []
        for p in values:
            if any(inner.proves((q - p) * sign) for q in kept):
                continue
            kept = [q for q in kept if not inner.proves((p - q) * sign)] + [p]
        for k, p in enumerate(kept):
            own = tuple((p - q) * sign - (1 if j < k else 0) for j, q in enumerate(kept) if j != k)
            if not inner.under(own).empty:
                found.append(((*guards, *own), p))
    return found


# ---- conditions


def cases_of(condition: Expr, positive: bool, env: Environment, at: Domain, other: Evaluate) -> list[Guards]:
    """Disjoint guards that together say that a condition holds (or does not)."""
    match condition:
        case Constant(value=bool() as value):
            return [()] if value is positive else []
        case Apply(function="not", arguments=(a,)):
            return cases_of(a, not positive, env, at, other)
        case Logic(operator=operator, operands=operands):
            return _logic(operator == "and", operands, positive, env, at, other)
        case Apply(function="<" | "<=" | ">" | ">=" | "==" | "!=" as function, arguments=(a, b)):
            return _comparison(function, a, b, positive, condition, env, at, other)
        case Apply():  # such as is_prime(i)
            raise NotClosed(f"the condition `{condition.span.text}`")
        case _:
            found: list[Guards] = []
            for guards, truth in other(condition, env, at):
                if not isinstance(truth, Known) or not isinstance(truth.value, bool):
                    raise NotClosed(f"the condition `{condition.span.text}`")
                if truth.value is positive:
                    found.append(guards)
            return found


def _logic(
    conjunction: bool, operands: Sequence[Expr], positive: bool, env: Environment, at: Domain, other: Evaluate
) -> list[Guards]:
    """`and` that holds, or `or` that does not: all operands. Otherwise: the first operand that decides, disjointly."""
    if conjunction is positive:
        found: list[Guards] = [()]
        for operand in operands:
            extended = []
            for guards in found:
                inner = at.under(guards)
                for own in cases_of(operand, positive, env, inner, other):
                    if not inner.under(own).empty:
                        extended.append((*guards, *own))
            found = extended
        return found
    found = []
    before: list[Guards] = [()]
    for operand in operands:
        following: list[Guards] = []
        for guards in before:
            inner = at.under(guards)
            found += [
                (*guards, *own) for own in cases_of(operand, positive, env, inner, other) if not inner.under(own).empty
            ]
            following += [
                (*guards, *own)
                for own in cases_of(operand, not positive, env, inner, other)
                if not inner.under(own).empty
            ]
        before = following
    return found


def _comparison(
    function: str,
    left: Expr,
    right: Expr,
    positive: bool,
    condition: Expr,
    env: Environment,
    at: Domain,
    other: Evaluate,
) -> list[Guards]:
    opposite = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
    if not positive:
        function = opposite[function]
    if not all(isinstance(e.type, Static) and e.type.kind in (Kind.INTEGER, Kind.ANY) for e in (left, right)):
        known = _known_truth(condition, env, at, other)
        return [()] if known is positive else []
    found: list[Guards] = []
    for guards, (a, b) in _combinations([numbers(left, env, at, other), numbers(right, env, at, other)], at):
        d = a - b
        if unknowns(d):
            raise Undecided(f"the condition `{' '.join(condition.span.text.split())}`")
        cases: dict[str, list[Guards]] = {
            "<": [(-d - 1,)],
            "<=": [(-d,)],
            ">": [(d - 1,)],
            ">=": [(d,)],
            "==": [(d, -d)],
            "!=": [(d - 1,), (-d - 1,)],
        }
        for own in cases[function]:
            if not at.under((*guards, *own)).empty:
                found.append((*guards, *(g for g in own if g.constant() is None)))
    return found


def _known_truth(condition: Expr, env: Environment, at: Domain, other: Evaluate) -> bool:
    """A comparison of static values that are known outright."""
    assert isinstance(condition, Apply)
    values = []
    for argument in condition.arguments:
        found = other(argument, env, at)
        if len(found) != 1 or not isinstance(found[0][1], Known):
            raise NotClosed(f"the condition `{condition.span.text}`")
        values.append(found[0][1].value)
    same = values[0] == values[1]
    return same if condition.function == "==" else not same
